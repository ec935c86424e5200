import { lexText } from '../lex/lexer.ts';
import { appendTokens, skipGroup, spellTokens, type Token } from '../lex/token.ts';
import type { Macro } from './macro.ts';

/** One invocation of a macro: its arguments, and how an argument is expanded where no `#` or `##` touches it. */
export interface Invocation {
  readonly macro: Macro;
  readonly invocation: Token;
  readonly groups: readonly (readonly Token[])[];
  expand(group: readonly Token[]): Token[];
}

/** The macro's body with its parameters replaced, `#` and `##` applied (C11 6.10.3.1 to 6.10.3.3, GNU `, ## rest`). */
export function substitute(call: Invocation): Token[] {
  const { macro, invocation } = call;
  if (!macro.parameters && !macro.body.some((token) => token.text === '##')) {
    return macro.body.map((token, index) => moved(token, invocation, index === 0));
  }
  const expandedByIndex = new Map<number, Token[]>();
  const parts = replaceParameters(call, macro.body, expandedByIndex);
  const output = dropPlacemarkers(paste(parts, macro));
  const [first] = output;
  if (first) output[0] = { ...first, space: invocation.space };
  return output;
}

/** What an empty argument leaves behind is the white space before it. */
function dropPlacemarkers(tokens: readonly Token[]): Token[] {
  const output: Token[] = [];
  let space = false;
  for (const token of tokens) {
    if (token.kind === 'placemarker') space ||= token.space;
    else {
      output.push(space && !token.space ? { ...token, space } : token);
      space = false;
    }
  }
  return output;
}

function moved(token: Token, invocation: Token, isFirst: boolean): Token {
  return { ...token, line: invocation.line, space: isFirst ? invocation.space : token.space };
}

/** A `##` that stands in the body itself; one that comes out of an argument is only text. */
const PASTE: Token = { kind: 'punct', text: '##', line: 0, space: false };

function replaceParameters(
  call: Invocation,
  body: readonly Token[],
  expanded: Map<number, Token[]>,
): Token[] {
  const output: Token[] = [];
  for (let index = 0; index < body.length; index += 1) {
    const token = body[index]!;
    const next = body[index + 1];
    if (token.text === '##') output.push(PASTE);
    else if (token.text === '#' && call.macro.parameters && next && parameterIndex(call, next) >= 0) {
      output.push(stringify(argumentOf(call, next), token, call.invocation));
      index += 1;
    } else if (token.text === '__VA_OPT__' && call.macro.variadic !== undefined && next?.text === '(') {
      const end = skipGroup(body, index + 1);
      if (body[index - 1]?.text !== '##' || call.groups.at(-1)!.length === 0) output.push(placemarker(token));
      if (call.groups.at(-1)!.length > 0)
        appendTokens(output, replaceParameters(call, body.slice(index + 2, end - 1), expanded));
      index = end - 1;
    } else appendTokens(output, replaceOne(call, body, index, expanded));
  }
  return output;
}

function replaceOne(
  call: Invocation,
  body: readonly Token[],
  index: number,
  expanded: Map<number, Token[]>,
): Token[] {
  const token = body[index]!;
  const parameter = parameterIndex(call, token);
  if (parameter < 0) return [moved(token, call.invocation, false)];
  const isOperand = body[index - 1]?.text === '##' || body[index + 1]?.text === '##';
  let group: readonly Token[] = call.groups[parameter] ?? [];
  if (!isOperand) {
    let known = expanded.get(parameter);
    if (!known) {
      known = call.expand(group);
      expanded.set(parameter, known);
    }
    group = known;
  }
  if (group.length === 0) return [placemarker(token)];
  const isGnuRest = isOperand && body[index - 1]?.text === '##' && body[index - 2]?.text === ',';
  return group.map((part, at) => (at === 0 && !isGnuRest ? { ...part, space: token.space } : part));
}

function parameterIndex(call: Invocation, token: Token): number {
  return token.kind === 'name' ? (call.macro.parameters?.indexOf(token.text) ?? -1) : -1;
}

function argumentOf(call: Invocation, token: Token): readonly Token[] {
  return call.groups[parameterIndex(call, token)] ?? [];
}

function placemarker(token: Token): Token {
  return { kind: 'placemarker', text: '', line: token.line, space: token.space };
}

function stringify(group: readonly Token[], hash: Token, invocation: Token): Token {
  const text = spellTokens(
    group.map((token) =>
      token.kind === 'string' || token.kind === 'char'
        ? { ...token, text: token.text.replace(/[\\"]/g, '\\$&') }
        : token,
    ),
  );
  return { kind: 'string', text: `"${text}"`, line: invocation.line, space: hash.space };
}

function paste(parts: readonly Token[], macro: Macro): Token[] {
  const output: Token[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const token = parts[index]!;
    if (token !== PASTE) {
      output.push(token);
      continue;
    }
    const before = output.pop();
    const after = parts[index + 1];
    index += 1;
    if (!before || !after) {
      if (before) output.push(before);
      if (after) output.push(after);
    } else if (before.text === ',' && macro.variadic !== undefined) {
      if (after.kind !== 'placemarker') output.push(before, after);
    } else appendTokens(output, pasteTwo(before, after));
  }
  return output;
}

function pasteTwo(before: Token, after: Token): Token[] {
  if (before.kind === 'placemarker') return [{ ...after, space: before.space }];
  if (after.kind === 'placemarker') return [before];
  const [first, ...rest] = lexText(before.text + after.text, before.line);
  return [{ ...first!, space: before.space }, ...rest];
}
