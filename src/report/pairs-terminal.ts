import { namedConditions } from '../model/condition.ts';
import type { ListedPairs, TableAnswer, UnitPair } from '../model/pair-table.ts';
import { badness } from '../model/verdict-kind.ts';
import type { NamedBlock } from './named-blocks.ts';
import { namedBlocks } from './named-blocks.ts';
import { renderBlock } from './pair-blocks.ts';
import type { RenderOptions } from './style.ts';

/** The pairs by verdict and cause, the worst first, and above them how many there are of each. */
export function renderPairs(list: ListedPairs, options: RenderOptions): string {
  const { profile, target, counts, safe, total, releases } = list;
  const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  const lines = [
    `${options.chalk.bold(profile)} on ${target}`,
    `  ${safe} of ${total} pairs safe${words.length > 0 ? `: ${words.join(', ')}` : ''}`,
    ...blocksOf(list).flatMap(({ pair, outgoing, incoming }) => {
      const { verdict, effect, decidedBy } = pair;
      const [only = ''] = outgoing;
      const shared = pair.conditions ?? [];
      const conditions = outgoing.length > 1 ? shared : namedConditions(shared, only);
      return renderBlock({ verdict, effect, decidedBy, conditions, outgoing, incoming }, releases, options);
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** Kernels of a class among themselves are one block; all other pairs are gathered by their cause. */
function blocksOf({ listed, table }: ListedPairs): NamedBlock<TableAnswer>[] {
  const { equivalents, releases } = table;
  const classOf = new Map(equivalents.flatMap((members, at) => members.map((release) => [release, at])));
  const classAt = ([first = 0]: UnitPair['outgoing']): number | undefined =>
    classOf.get(releases[first] as string);
  const inside = new Map<number, UnitPair[]>();
  for (const pair of listed) {
    const at = classAt(pair.outgoing);
    if (at === undefined || at !== classAt(pair.incoming)) continue;
    const known = inside.get(at);
    if (known) known.push(pair);
    else inside.set(at, [pair]);
  }
  const whole = [...inside].filter(([at, own]) => isWhole(equivalents[at] ?? [], own));
  const taken = new Set(whole.flatMap(([, own]) => own));
  const among = whole.map(([at, own]): NamedBlock<TableAnswer> => {
    const members = [...(equivalents[at] ?? [])];
    return { outgoing: members, incoming: members, pair: (own[0] as UnitPair).answer };
  });
  const left = withoutSelf(listed.filter((pair) => !taken.has(pair)));
  const rest = namedBlocks(left, releases, causeOf);
  return [...rest, ...among].sort((a, b) => rankOf(a.pair) - rankOf(b.pair));
}

/** A unit that stands on both sides is told kernel by kernel: each has a pair with all of the others, and none with itself. */
function withoutSelf(pairs: readonly UnitPair[]): UnitPair[] {
  const both = new Set(pairs.flatMap(({ outgoing, incoming }) => (outgoing === incoming ? [outgoing] : [])));
  if (both.size === 0) return [...pairs];
  const sides = new Map([...both].flatMap((unit) => unit.map((at) => [at, [at]] as const)));
  const apart = pairs.flatMap((pair): UnitPair[] => {
    const { outgoing, incoming } = pair;
    if (!both.has(outgoing)) return [pair];
    return outgoing.map((at) => {
      const others = incoming === outgoing ? incoming.filter((other) => other !== at) : incoming;
      return { ...pair, outgoing: sides.get(at) ?? [at], incoming: others };
    });
  });
  const firstOf = ([first = 0]: readonly number[]): number => first;
  return apart.sort(
    (a, b) =>
      rankOf(a.answer) - rankOf(b.answer) ||
      firstOf(a.outgoing) - firstOf(b.outgoing) ||
      firstOf(a.incoming) - firstOf(b.incoming),
  );
}

/** Every ordered pair of the class, all with one cause. */
function isWhole({ length }: readonly string[], pairs: readonly UnitPair[]): boolean {
  const causes = new Set(pairs.map(({ answer }) => JSON.stringify(causeOf(answer))));
  const count = pairs.reduce((sum, { outgoing, incoming }) => {
    return sum + outgoing.length * (incoming.length - (outgoing === incoming ? 1 : 0));
  }, 0);
  return count === length * (length - 1) && causes.size === 1;
}

function rankOf({ verdict, effect }: TableAnswer): number {
  return badness(verdict, effect);
}

function causeOf({ verdict, effect, decidedBy, conditions = [] }: TableAnswer): unknown {
  return [verdict, effect, decidedBy, conditions];
}
