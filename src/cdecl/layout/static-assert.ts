import { ToolError } from '../../errors.ts';
import type { Where } from '../../model/layout.ts';
import { errorAt, whereOf } from '../lex/place.ts';
import { skipGroup, spellTokens, type Token } from '../lex/token.ts';
import type { RawDeclaration } from '../parse/split.ts';
import type { Diagnostic, FileView } from '../preprocess/file-view.ts';
import type { Lookup } from './lookup.ts';
import { Scope } from './scope.ts';

/** A static_assert, _Static_assert or BUILD_BUG_ON at file level. */
export interface StaticAssertion {
  where: Where;
  /** What it asserts, as it is written. */
  text: string;
  /** undefined where something in it is not known. */
  holds: boolean | undefined;
  /** Present where it fails. */
  diagnostic?: Diagnostic;
}

/** Evaluates the assertions of a file. */
export function checkAssertions(lookup: Lookup, view: FileView): StaticAssertion[] {
  return lookup.declarations(view).raw.flatMap((raw) => {
    const name = raw.tokens[0]?.text ?? '';
    if (
      !/^(?:static_assert|_Static_assert|BUILD_BUG_ON|BUILD_BUG_ON_MSG)$/.test(name) ||
      raw.tokens[1]?.text !== '('
    )
      return [];
    return [check(lookup, view, raw, name.startsWith('BUILD_BUG'))];
  });
}

function check(lookup: Lookup, view: FileView, raw: RawDeclaration, isNegated: boolean): StaticAssertion {
  const tokens = firstArgument(raw.tokens);
  const { line } = raw.tokens[0]!;
  const text = spellTokens(tokens);
  const holds = evaluate(new Scope(lookup, view, raw.at), tokens, line, isNegated);
  const assertion = { where: whereOf(view, line), text, holds };
  if (holds !== false) return assertion;
  const error = errorAt(
    'C_STATIC_ASSERT',
    `the assertion does not hold: ${isNegated ? `not (${text})` : text}`,
    view,
    line,
  );
  const { source = '' } = error.details;
  return {
    ...assertion,
    diagnostic: { code: error.code, message: error.message, where: assertion.where, source },
  };
}

function evaluate(
  scope: Scope,
  tokens: readonly Token[],
  line: number,
  isNegated: boolean,
): boolean | undefined {
  try {
    return (scope.evaluate(scope.expand(tokens), line).value !== 0n) !== isNegated;
  } catch (error) {
    if (error instanceof ToolError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}

function firstArgument(tokens: readonly Token[]): Token[] {
  const end = skipGroup(tokens, 1) - 1;
  let index = 2;
  while (index < end && tokens[index]!.text !== ',') {
    index = /^[([{]$/.test(tokens[index]!.text) ? skipGroup(tokens, index) : index + 1;
  }
  return tokens.slice(2, Math.min(index, end));
}
