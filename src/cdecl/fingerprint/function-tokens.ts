import type { Token } from '../lex/token.ts';
import type { FileDeclarations } from '../parse/file-declarations.ts';
import type { RawDeclaration } from '../parse/split.ts';

/** A function definition as it is written, macros not expanded. */
export interface FunctionText {
  /** From the first specifier to the closing brace. */
  readonly tokens: readonly Token[];
  /** Index of the brace that opens the body. */
  readonly body: number;
  readonly line: number;
  /** Index of the function's name. */
  readonly name: number;
}

/** The definition of a function in a file, among its active branches. */
export function findFunction(declarations: FileDeclarations, name: string): FunctionText | undefined {
  for (const raw of declarations.raw) {
    if (raw.body === undefined) continue;
    const index = nameIndex(raw, raw.body, name);
    if (index !== undefined)
      return { tokens: raw.tokens, body: raw.body, line: raw.tokens[index]!.line, name: index };
  }
  return undefined;
}

/** A name at the level of the signature that a parenthesis follows: the function's name, or a macro's that makes it. */
function nameIndex(raw: RawDeclaration, body: number, name: string): number | undefined {
  let depth = 0;
  for (let index = 0; index < body; index += 1) {
    const { text } = raw.tokens[index]!;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    else if (depth === 0 && text === name && raw.tokens[index + 1]?.text === '(') return index;
  }
  return undefined;
}
