import { errorAt, type PlacedText } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';

/** A macro definition. */
export interface Macro {
  readonly name: string;
  /** undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  /** The name of the parameter that takes the rest: `__VA_ARGS__`, or a name of its own (GNU). Last of `parameters`. */
  readonly variadic: string | undefined;
  readonly body: readonly Token[];
  readonly source: PlacedText;
  readonly line: number;
}

/** Reads what stands after `#define`. Throws C_SYNTAX. */
export function parseDefine(tokens: readonly Token[], source: PlacedText, line: number): Macro {
  const name = tokens[0];
  if (name?.kind !== 'name') throw errorAt('C_SYNTAX', '#define without a name', source, line);
  const second = tokens[1];
  if (second?.text !== '(' || second.space) {
    return {
      name: name.text,
      parameters: undefined,
      variadic: undefined,
      body: tokens.slice(1),
      source,
      line,
    };
  }
  const close = tokens.findIndex((token) => token.text === ')');
  if (close < 0) throw errorAt('C_SYNTAX', `the parameters of ${name.text} never end`, source, line);
  const { parameters, variadic } = parseParameters(tokens.slice(2, close), name.text, source, line);
  return { name: name.text, parameters, variadic, body: tokens.slice(close + 1), source, line };
}

function parseParameters(tokens: readonly Token[], name: string, source: PlacedText, line: number) {
  const parameters: string[] = [];
  let variadic: string | undefined;
  let expectName = true;
  for (const [index, token] of tokens.entries()) {
    const isLast = index === tokens.length - 1;
    if (token.kind === 'name' && expectName && variadic === undefined) parameters.push(token.text);
    else if (token.text === '...' && isLast) {
      variadic = expectName ? '__VA_ARGS__' : parameters.at(-1)!;
      if (expectName) parameters.push(variadic);
    } else if (token.text !== ',' || expectName) {
      throw errorAt('C_SYNTAX', `the parameters of ${name} are not a list of names`, source, line);
    }
    expectName = token.text === ',';
  }
  return { parameters, variadic };
}

/** True when two definitions say the same, so that a redefinition is harmless. */
export function isSameMacro(one: Macro | undefined, other: Macro | undefined): boolean {
  if (!one || !other) return one === other;
  const text = (macro: Macro) =>
    `${macro.parameters?.join(',') ?? '-'}|${macro.variadic ?? ''}|${macro.body.map((token) => token.text).join(' ')}`;
  return text(one) === text(other);
}
