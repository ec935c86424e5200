import { INT } from '../expression/ctype.ts';
import { Evaluator } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse-expression.ts';
import { errorAt } from '../lex/place.ts';
import { skipGroup, type Token } from '../lex/token.ts';
import { expandTokens, numberToken } from './expand.ts';
import type { FileView } from './file-view.ts';
import { type MacroSource, macroScope } from './macro-scope.ts';

/** One `#if` or `#elif`. */
export interface Condition {
  readonly space: MacroSource;
  readonly view: FileView;
  readonly at: number;
  readonly tokens: readonly Token[];
  readonly line: number;
}

const HOST = {
  isTypeStart: () => false,
  isPreprocessing: true,
  /** C11 6.10.1: a name that is no macro counts as 0. */
  valueOf: () => ({ type: INT, value: 0n }),
  typeOf: () => INT,
};

/** The truth of a condition (C11 6.10.1). Throws C_SYNTAX, C_DIVISION, C_DEPTH, C_EXPANSION. */
export function evaluateCondition(condition: Condition): boolean {
  const { view, line } = condition;
  const resolved = resolveDefined(condition);
  const tokens = expandTokens(
    resolved,
    macroScope({ ...condition, before: condition.at, depth: 'always' }),
    view,
  );
  if (tokens.length === 0) throw errorAt('C_SYNTAX', '#if without an expression', view, line);
  const node = parseExpression(dropCalls(tokens), HOST, view, line);
  return new Evaluator(HOST, view).integer(node).value !== 0n;
}

function resolveDefined({ space, view, at, tokens, line }: Condition): Token[] {
  const output: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    if (token.text !== 'defined' && !token.text.startsWith('__has_')) {
      output.push(token);
      continue;
    }
    const isGroup = tokens[index + 1]?.text === '(';
    const name = tokens[isGroup ? index + 2 : index + 1];
    if (name?.kind !== 'name' && token.text === 'defined')
      throw errorAt('C_SYNTAX', 'defined without a name', view, line);
    if (token.text === 'defined') view.noteOption(name!.text, line);
    const isTrue = token.text === 'defined' && space.isDefined(view, at, name!.text);
    output.push(numberToken(isTrue ? 1 : 0, line));
    index = isGroup ? skipGroup(tokens, index + 1) - 1 : token.text === 'defined' ? index + 1 : index;
  }
  return output;
}

/** A call of what is no macro has no meaning in an `#if`; compilers reject it, headers hide it behind a test. */
function dropCalls(tokens: readonly Token[]): Token[] {
  const output: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    const isCall = token.kind === 'name' && tokens[index + 1]?.text === '(';
    output.push(isCall ? numberToken(0, token.line) : token);
    if (isCall) index = skipGroup(tokens, index + 1) - 1;
  }
  return output;
}
