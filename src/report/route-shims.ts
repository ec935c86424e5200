import type { RouteShim, RouteShims } from '../model/route.ts';
import { conditionLines } from './condition-lines.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

const SHOWN = 12;

/** What a hop needs, a line for each shim. */
export function shimLines(
  shims: readonly RouteShim[] | undefined,
  { width }: RenderOptions,
  indent = '          ',
): string[] {
  return (shims ?? []).flatMap((shim) => wrap(`needs ${shimWords(shim)}`, width, indent));
}

/** `kho (kho-v3 as of 7.1.13): not generated: …`. */
export function shimWords({ component, marker, asOf, isGenerated, words }: RouteShim): string {
  const made = isGenerated ? 'generated' : 'not generated';
  return `${component} (${marker} as of ${asOf}): ${made}${words === '' ? '' : `, ${words}`}`;
}

/** How many shims a way would need, and the hops that the number allowed makes possible. */
export function renderPossible({ most, least, possible }: RouteShims, options: RenderOptions): string[] {
  const number = `${most} ${most === 1 ? 'shim' : 'shims'}`;
  const enough =
    least === null
      ? 'no number of shims makes a route: what is missing is not a format that is read otherwise'
      : least > most
        ? `no route with at most ${number}; the fewest are ${least}`
        : '';
  if (possible.length === 0) return enough === '' ? [] : [`  ${enough}`];
  const rest = possible.length - SHOWN;
  return [
    ...(enough === '' ? [] : [`  ${enough}`]),
    `  hops that at most ${number} would make safe:`,
    ...possible
      .slice(0, SHOWN)
      .flatMap(({ outgoing, incoming, shims, back = [], conditions }) => [
        `        ${outgoing} -> ${incoming}`,
        ...conditionLines(conditions, '          ', options),
        ...shimLines([...shims, ...back], options),
      ]),
    ...(rest > 0 ? [`        and ${rest} more: --format json has them`] : []),
  ];
}
