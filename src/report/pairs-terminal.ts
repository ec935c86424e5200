import { sharedConditions } from '../model/condition.ts';
import type { MatrixPair } from '../model/outputs.ts';
import type { Block } from '../model/pair-block.ts';
import { gatherBlocks } from '../model/pair-block.ts';
import type { PairsOutput } from '../model/route.ts';
import { badness } from '../model/verdict-kind.ts';
import { renderBlock } from './pair-blocks.ts';
import type { RenderOptions } from './style.ts';

/** The pairs by verdict and cause, the worst first, and above them how many there are of each. */
export function renderPairs(list: PairsOutput, options: RenderOptions): string {
  const { profile, target, counts, safe, total, releases } = list;
  const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  const lines = [
    `${options.chalk.bold(profile)} on ${target}`,
    `  ${safe} of ${total} pairs safe${words.length > 0 ? `: ${words.join(', ')}` : ''}`,
    ...blocksOf(list).flatMap(({ pair, ...sides }) => {
      const { verdict, effect, decidedBy } = pair;
      const conditions = sides.outgoing.length > 1 ? sharedConditions(pair) : (pair.conditions ?? []);
      return renderBlock({ verdict, effect, decidedBy, conditions, ...sides }, releases, options);
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** Kernels of a class among themselves are one block; all other pairs are gathered by their cause. */
function blocksOf({ pairs, equivalents }: PairsOutput): Block<MatrixPair>[] {
  const classOf = new Map(equivalents.flatMap((members, at) => members.map((release) => [release, at])));
  const inside = new Map<number, MatrixPair[]>();
  for (const pair of pairs) {
    const at = classOf.get(pair.outgoing);
    if (at !== undefined && at === classOf.get(pair.incoming))
      inside.set(at, [...(inside.get(at) ?? []), pair]);
  }
  const whole = [...inside].filter(([at, own]) => isWhole(equivalents[at] ?? [], own));
  const taken = new Set(whole.flatMap(([, own]) => own));
  const among = whole.map(([at, own]): Block<MatrixPair> => {
    const members = equivalents[at] ?? [];
    return { outgoing: members, incoming: members, pair: own[0] as MatrixPair };
  });
  const rest = gatherBlocks(
    pairs.filter((pair) => !taken.has(pair)),
    causeOf,
  );
  return [...rest, ...among].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Every ordered pair of the class, all with one cause. */
function isWhole({ length }: readonly string[], pairs: readonly MatrixPair[]): boolean {
  const causes = new Set(pairs.map((pair) => JSON.stringify(causeOf(pair))));
  return pairs.length === length * (length - 1) && causes.size === 1;
}

function rankOf({ pair: { verdict, effect } }: Block<MatrixPair>): number {
  return badness(verdict, effect);
}

function causeOf(pair: MatrixPair): unknown {
  return [pair.verdict, pair.effect, pair.decidedBy, sharedConditions(pair)];
}
