import type { Btf } from './btf.ts';
import { corrupt } from './corrupt.ts';
import type { BtfType } from './model.ts';

/** How many types may wrap each other. The kernel stops at 32 (MAX_RESOLVE_DEPTH). */
export const MAX_DEPTH = 64;

/** The kinds that only qualify or tag another type. */
export function isQualifier(type: BtfType): type is Extract<BtfType, { type: number }> {
  const { kind } = type;
  return kind === 'const' || kind === 'volatile' || kind === 'restrict' || kind === 'type-tag';
}

/** The type below typedefs, qualifiers and tags, with its id. Throws BTF_CORRUPT for a cycle. */
export function bareType(btf: Btf, id: number): { id: number; type: BtfType } {
  let current = id;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const type = btf.type(current);
    if (type.kind !== 'typedef' && !isQualifier(type)) return { id: current, type };
    current = type.type;
  }
  throw corrupt(`type ${id} leads through more than ${MAX_DEPTH} types`);
}

/** sizeof in bytes for a target with 8-byte pointers; undefined for void, functions and what is only declared. */
export function sizeOfType(btf: Btf, id: number): number | undefined {
  let elements = 1;
  let current = id;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const { type } = bareType(btf, current);
    if (type.kind === 'array') {
      elements *= type.length;
      current = type.type;
      continue;
    }
    const size = type.kind === 'ptr' ? 8 : 'size' in type && type.kind !== 'datasec' ? type.size : undefined;
    const total = size === undefined ? undefined : size * elements;
    if (total !== undefined && !Number.isSafeInteger(total * 8)) throw corrupt(`type ${id} is too large`);
    return total;
  }
  throw corrupt(`type ${id} has more than ${MAX_DEPTH} dimensions`);
}
