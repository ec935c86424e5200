import type { Expression } from '../cdecl/index.ts';
import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { AcceptedMarker, Marker, MarkerValue } from '../model/marker.ts';
import type { CodeBase } from './code-base.ts';

// A reader that takes a range of versions, as KSTATE does: a description has `version_id`, which is written, and
// `min_version_id`, the least that is still read. What is left out is 0, as C has it.

/** More versions than any description has; lower ones count as refused. */
const MAX_VERSIONS = 256;

/** Every version from the least to the own one, as a reader accepts it. */
export function valuesBetween(least: MarkerValue, own: MarkerValue): AcceptedMarker[] {
  const [from, to] = [least, own].map(Number) as [number, number];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return [];
  const first = Math.max(from, to - MAX_VERSIONS + 1);
  return Array.from({ length: Math.max(0, to - first + 1) }, (_, index): AcceptedMarker => {
    const value = first + index;
    if (value === to) return { value };
    return { value, conditions: [`what version ${value} has means the same in version ${to}`] };
  });
}

/** The versions that a description holds in the code at hand; a doubt where they do not show. */
export function readRange(
  { marker: { object, macro } }: Era,
  marker: Marker,
  { base, valueNamed }: { base: CodeBase; valueNamed(name: string): MarkerValue | undefined },
): { marker: Marker; doubts: FoundDoubt[] } {
  if (macro !== undefined || !object) return { marker, doubts: [] };
  const set = base.find(object.symbol)?.value;
  const [own, least] = ['.version_id', '.min_version_id'].map((member) => {
    // Of one that is set twice the last counts.
    const given = set?.args.findLast(({ op, text }) => op === 'designate' && text === member);
    return given ? numberOf(given.args[0], valueNamed) : 0;
  });
  // Below 0 it matters whether the member has a sign.
  const isShown = own !== undefined && least !== undefined && own >= 0 && least >= 0;
  if (isByName(set) && isShown)
    return { marker: { ...marker, writes: own, accepts: valuesBetween(least, own) }, doubts: [] };
  if (!base.hasCode) return { marker, doubts: [] };
  const message = `the versions of ${object.symbol} do not show in the code at hand`;
  return { marker, doubts: [{ code: 'check-not-confirmed', subject: object.symbol, message }] };
}

/** Whether an initializer says what it sets: `{ .version_id = 2 }` or `{ 0 }`, no values by their place. */
function isByName(set: Expression | undefined): boolean {
  if (set?.op !== 'list') return false;
  const isZero = set.args.length === 1 && set.args[0]?.op === 'number' && set.args[0].text === '0';
  return isZero || set.args.every(({ op, text }) => op === 'designate' && text?.startsWith('.'));
}

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '<<': (left, right) => left * 2 ** right,
};

function numberOf(
  value: Expression | undefined,
  valueNamed: (name: string) => MarkerValue | undefined,
): number | undefined {
  const { op = '', text = '', args = [] } = value ?? {};
  const number = ((): number | undefined => {
    if (op === 'number') return literalOf(text);
    if (op === 'name') return literalOf(String(valueNamed(text) ?? ''));
    const [left, right] = args.map((arg) => numberOf(arg, valueNamed));
    if (op === 'neg' && left !== undefined) return -left;
    if (op === 'cast') return left;
    return left === undefined || right === undefined ? undefined : OPERATIONS[op]?.(left, right);
  })();
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An integer as C writes it. */
function literalOf(text: string): number | undefined {
  const digits = /^(-?(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+))(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)?$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  return /^-?0\d+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}
