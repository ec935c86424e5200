import type { ReachedRelease, ReachOutput } from '../model/route.ts';
import { conditionLines } from './condition-lines.ts';
import { releaseRanges } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

/** What can be reached and from where one can come back, by number of hops and verdict. */
export function renderReach(reach: ReachOutput, options: RenderOptions): string {
  const { release, profile, target } = reach;
  const lines = [
    `${options.chalk.bold(release)}  ${profile} on ${target}`,
    `  can be updated to${countOf(reach.reached)}`,
    ...renderSide(reach.reached, reach, options),
    `  can be gone back to from${countOf(reach.rollback)}`,
    ...renderSide(reach.rollback, reach, options),
  ];
  return `${lines.join('\n')}\n`;
}

function countOf({ length }: readonly ReachedRelease[]): string {
  return length === 0 ? ' no other kernel' : ` ${length} ${length === 1 ? 'kernel' : 'kernels'}`;
}

function renderSide(
  side: readonly ReachedRelease[],
  { releases }: ReachOutput,
  options: RenderOptions,
): string[] {
  const { chalk, width } = options;
  const groups = new Map<string, ReachedRelease[]>();
  for (const entry of side) {
    const key = `${String(entry.hops).padStart(9)} ${entry.verdict} ${entry.conditions?.join('; ') ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const members = groups.get(key) ?? [];
    const { hops = 1, verdict = 'compatible', conditions } = members[0] ?? {};
    const sign = signOf(verdict, null);
    const names = releaseRanges(
      members.map(({ release }) => release),
      releases,
    );
    const count = `${hops} ${hops === 1 ? 'hop' : 'hops'}`.padEnd(7);
    const [head = '', ...tail] = wrap(names, width, ' '.repeat(16));
    const line = `    ${sign.paint(chalk, ` ${sign.mark} `)} ${count} ${head.trimStart()}`;
    return [line, ...tail, ...conditionLines(conditions, ' '.repeat(18), options)];
  });
}
