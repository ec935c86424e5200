export * from './code/index.ts';
export { CodeWords, type NameUse } from './code-words.ts';
export type { ConfigDependence } from './config-dependence.ts';
export type { Diagnostic } from './file-view.ts';
export { initParser } from './grammar.ts';
export { kernelIncludeDirs } from './include-dirs.ts';
export type { Macro } from './macro.ts';
export type { CTree } from './source.ts';
export type { StaticAssertion } from './static-assert.ts';
export type { Token, TokenKind } from './token.ts';
export type {
  CEnvironment,
  ConstantFact,
  DeclaredEnumerator,
  DeclaredMacro,
  DeclaredStruct,
  Fingerprint,
  LayoutFact,
  Unit,
} from './unit.ts';
export { BUILTIN_PATH, openUnit } from './unit.ts';
