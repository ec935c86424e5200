export { Alignments, type Packing } from './alignment.ts';
export { type Btf, type BtfOptions, type FoundEnumerator, openBtf } from './btf.ts';
export { corrupt } from './corrupt.ts';
export type * from './model.ts';
export { bareType, isQualifier, MAX_DEPTH, sizeOfType } from './resolve.ts';
export { spellType } from './spell.ts';
export { btfLines } from './text.ts';
export { type BtfHeader, isBtf, readHeader } from './wire.ts';
