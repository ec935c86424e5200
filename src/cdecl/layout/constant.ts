import type { ConstantValue } from '../../model/layout.ts';
import { Evaluator } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse-expression.ts';
import { whereOf } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import type { ConstantFact } from '../parse/declared.ts';
import { expandTokens, type MacroScope } from '../preprocess/expand.ts';
import type { FileView } from '../preprocess/file-view.ts';
import type { Macro } from '../preprocess/macro.ts';
import { macroScope } from '../preprocess/macro-scope.ts';
import { END_OF_FILE } from '../preprocess/space.ts';
import type { Lookup } from './lookup.ts';

interface Place {
  readonly lookup: Lookup;
  readonly view: FileView;
}

/** The value of a macro or enumerator, seen from the end of a file. Throws ToolError where it has none that is constant. */
export function evaluateConstant(place: Place, name: string): ConstantFact | undefined {
  const { lookup, view } = place;
  const isOwn = lookup.declarations(view).index.byEnumerator.has(name);
  const macro = lookup.space.macro({ view, at: END_OF_FILE, name, isDeep: !isOwn });
  if (macro && !macro.parameters) return evaluateMacro(place, macro);
  const enumerator = lookup.enumerator(view, name);
  if (!enumerator) return evaluateObject(place, name);
  const fact = {
    value: toConstant(enumerator.value),
    where: whereOf(enumerator.view, enumerator.line),
    macro: false,
  };
  return enumerator.tag === undefined ? fact : { ...fact, enumTag: enumerator.tag };
}

/**
 * The tokens that an object-like macro of a file stands for, with some macros left as they are written; undefined where
 * there is no such macro. Throws ToolError where it grows without end.
 */
export function expandMacro(
  { lookup, view }: Place,
  name: string,
  kept: ReadonlySet<string>,
): Token[] | undefined {
  const macro = lookup.space.macro({ view, at: END_OF_FILE, name, isDeep: false });
  if (!macro || macro.parameters) return undefined;
  const scope = endScope({ lookup, view });
  const keeping: MacroScope = {
    ...scope,
    macro: (used, isCall, line) => (kept.has(used) ? undefined : scope.macro(used, isCall, line)),
  };
  return expandTokens(macro.body, keeping, macro.source);
}

/** The macros in force at the end of a file. */
function endScope({ lookup, view }: Place): MacroScope {
  const enumerators = { has: (name: string) => lookup.declarations(view).index.byEnumerator.has(name) };
  return macroScope({ space: lookup.space, view, at: END_OF_FILE, depth: 'shaped', enumerators });
}

function evaluateMacro({ lookup, view }: Place, macro: Macro): ConstantFact | undefined {
  const { line, source, name } = macro;
  const scope = endScope({ lookup, view });
  const tokens = expandTokens([{ kind: 'name', text: name, line, space: false }], scope, source);
  if (tokens.length === 0) return undefined;
  const host = lookup.scopeOf(view);
  const node = parseExpression(tokens, host, source, line);
  const value =
    node.node === 'string' ? node.text : toConstant(new Evaluator(host, source).integer(node).value);
  return { value, where: whereOf(source, line), macro: true };
}

/** A `static const` integer or string. */
function evaluateObject({ lookup, view }: Place, name: string): ConstantFact | undefined {
  const object = lookup.object(view, name);
  if (!object) return undefined;
  const { parsed, initializer } = object;
  const scope = lookup.scopeAt(parsed);
  const line = initializer[0]?.line ?? 1;
  const node = parseExpression(scope.expand(initializer), scope, parsed.view, line);
  const value =
    node.node === 'string' ? node.text : toConstant(scope.initialValue(parsed, initializer).value);
  return { value, where: whereOf(parsed.view, line), macro: false };
}

function toConstant(value: bigint): ConstantValue {
  const isSmall = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isSmall ? Number(value) : value.toString();
}
