export * from './code/index.ts';
export type { ConfigDependence } from './config-dependence.ts';
export type { StaticAssertion } from './layout/static-assert.ts';
export { CodeWords, type NameUse } from './lex/code-words.ts';
export { callsBeside, livingCall, livingTokens, optionsAsked } from './lex/living-calls.ts';
export type { PlacedText } from './lex/place.ts';
export { skipGroup, type Token, type TokenKind } from './lex/token.ts';
export type { ConstantFact, DeclaredEnumerator, DeclaredMacro, DeclaredStruct } from './parse/declared.ts';
export { initParser } from './parse/grammar.ts';
export { expandTokens } from './preprocess/expand.ts';
export type { Diagnostic } from './preprocess/file-view.ts';
export { kernelIncludeDirs } from './preprocess/include-dirs.ts';
export type { Macro } from './preprocess/macro.ts';
export type { CTree } from './preprocess/source.ts';
export {
  described,
  describing,
  emptyList,
  isAnswered,
  NotRunnable,
  Run,
  type RunKernel,
  type StandIns,
  U64,
} from './running/index.ts';
export type { CEnvironment, Fingerprint, LayoutFact, Unit } from './unit.ts';
export { BUILTIN_PATH, openUnit } from './unit.ts';
