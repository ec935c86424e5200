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
    const given = set?.args.find(({ op, text }) => op === 'designate' && text === member);
    return given ? numberOf(given.args[0], valueNamed) : 0;
  });
  if (set && own !== undefined && least !== undefined)
    return { marker: { ...marker, writes: own, accepts: valuesBetween(least, own) }, doubts: [] };
  if (!base.hasCode) return { marker, doubts: [] };
  const message = `the versions of ${object.symbol} do not show in the code at hand`;
  return { marker, doubts: [{ code: 'check-not-confirmed', subject: object.symbol, message }] };
}

function numberOf(
  value: Expression | undefined,
  valueNamed: (name: string) => MarkerValue | undefined,
): number | undefined {
  const known = value?.op === 'name' ? valueNamed(value.text ?? '') : value?.op === 'number' && value.text;
  const number = known === undefined || known === false || known === '' ? Number.NaN : Number(known);
  return Number.isSafeInteger(number) ? number : undefined;
}
