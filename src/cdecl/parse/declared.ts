import type { ConstantValue, Where } from '../../model/layout.ts';

// What is told of declared names, and who answers for them.

export interface ConstantFact {
  value: ConstantValue;
  where: Where;
  /** An object-like macro; otherwise an enumerator. */
  macro: boolean;
  enumTag?: string;
}

export interface DeclaredEnumerator {
  name: string;
  enumTag?: string;
  where: Where;
}

export interface DeclaredMacro {
  name: string;
  where: Where;
  functionLike: boolean;
}

export interface DeclaredStruct {
  /** Tag, or the typedef's name for a type without a tag. */
  name: string;
  kind: 'struct' | 'union';
  where: Where;
}

/** What answers for the names of a file: a Unit. */
export interface Declared {
  /** Its path in the tree. */
  readonly path: string;
  declaredStructs(): DeclaredStruct[];
  declaredMacros(): DeclaredMacro[];
  declaredEnumerators(): DeclaredEnumerator[];
  openOptions(): Iterable<[string, Where]>;
  codeText(name: string): string | undefined;
  constant(name: string): ConstantFact | undefined;
  layout(name: string): { layout: unknown } | undefined;
}
