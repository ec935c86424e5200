import type { RouteEnds, RouteHop, RouteOutput, RouteStep } from '../model/route.ts';
import { conditionLines } from './condition-lines.ts';
import { decisionText, renderBlock } from './pair-blocks.ts';
import { releaseRanges } from './release-ranges.ts';
import { renderPossible, shimLines } from './route-shims.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

/** The hops of a route, or where each way ends. */
export function renderRoute(route: RouteOutput, options: RenderOptions): string {
  const { from, to, profile, target, rollback, hops } = route;
  const back = rollback ? ', every hop can be undone' : '';
  const title = `${options.chalk.bold(`${from} -> ${to}`)}  ${profile} on ${target}${back}`;
  const ways = hops ? renderHops(hops, route, options) : renderEnds(route, options);
  const lines = [...ways, ...(route.shims ? renderPossible(route.shims, options) : [])];
  return `${[title, ...lines].join('\n')}\n`;
}

function renderHops(hops: readonly RouteHop[], { releases }: RouteOutput, options: RenderOptions): string[] {
  return [
    `  ${hops.length === 1 ? 'one live update' : `${hops.length} live updates`}`,
    ...hops.flatMap((hop) => renderStep(`${hop.outgoing} -> ${hop.incoming}`, hop, { releases, options })),
  ];
}

/** One live update: its sign, what the pair comes to, and what would do as well in place of the incoming kernel. */
export function renderStep(
  way: string,
  step: RouteStep,
  { releases, options }: { releases: readonly string[]; options: RenderOptions },
): string[] {
  const { chalk, width } = options;
  const sign = signOf(step.verdict, step.effect);
  const equals = step.equivalents.length > 0 ? releaseRanges(step.equivalents, releases) : '';
  return [
    `    ${sign.paint(chalk, ` ${sign.mark} `)} ${way}  ${decisionText(step, chalk)}`,
    ...conditionLines(step.conditions, '          ', options),
    ...(step.rollback ? [`          back: ${decisionText(step.rollback, chalk)}`] : []),
    ...conditionLines(step.rollback?.conditions, '            ', options),
    ...shimLines(step.shims, options),
    ...(equals === '' ? [] : wrap(`instead of ${step.incoming} also: ${equals}`, width, '          ')),
  ];
}

function renderEnds(route: RouteOutput, options: RenderOptions): string[] {
  const { from, to, maxHops, releases } = route;
  const ends = route.ends as RouteEnds;
  const { width } = options;
  if (ends.shortest !== null) {
    return [
      `  no route of at most ${maxHops} ${maxHops === 1 ? 'hop' : 'hops'}; the shortest has ${ends.shortest}`,
    ];
  }
  const forward = ends.farthest
    ? `from ${from} live updates lead as far as ${ends.farthest}; in all to: ${releaseRanges(ends.reached, releases)}`
    : `from ${from} no live update leads anywhere`;
  const backward = ends.nearest
    ? `to ${to} they lead from as far back as ${ends.nearest}; in all from: ${releaseRanges(ends.reaching, releases)}`
    : `to ${to} no live update leads from anywhere`;
  return [
    '  no route',
    ...wrap(forward, width, '  '),
    ...wrap(backward, width, '  '),
    '  between them:',
    ...ends.border.flatMap((block) => renderBlock(block, releases, options)),
  ];
}
