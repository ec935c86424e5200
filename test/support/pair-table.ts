import type { MatrixPair, ProfileMatrix } from '../../src/model/outputs.ts';
import type { PairTable, UnitPair } from '../../src/model/pair-table.ts';

/** Pairs as units of one kernel each, and the names of the kernels by position. */
export function unitsOf(pairs: readonly MatrixPair[]): { pairs: UnitPair[]; releases: string[] } {
  const releases = [...new Set(pairs.flatMap(({ outgoing, incoming }) => [outgoing, incoming]))];
  const units = new Map(releases.map((release, at) => [release, [at]]));
  const unit = (release: string): number[] => units.get(release) as number[];
  return {
    releases,
    pairs: pairs.map((answer) => ({
      outgoing: unit(answer.outgoing),
      incoming: unit(answer.incoming),
      answer,
    })),
  };
}

/** A table over the pairs of a matrix that was written by hand, each kernel a unit. */
export function tableOver(matrix: ProfileMatrix): PairTable {
  const { profile, target, releases, equivalents = [], groups, pairs } = matrix;
  const byPair = new Map(pairs.map((pair) => [`${pair.outgoing} ${pair.incoming}`, pair]));
  const at = (outgoing: number, incoming: number): MatrixPair =>
    byPair.get(`${releases[outgoing]} ${releases[incoming]}`) as MatrixPair;
  const units = releases.map((_, position) => [position]);
  return {
    profile,
    target,
    releases,
    equivalents,
    ...(groups && { groups }),
    units,
    unitOf: units.map((_, number) => number),
    answer: at,
    classOf: (outgoing, incoming) => at(outgoing, incoming).class[0],
    incomingOf: () => [],
    classPairs: (name) =>
      pairs
        .filter((pair) => pair.class.includes(name))
        .map((answer) => ({
          outgoing: units[releases.indexOf(answer.outgoing)] as number[],
          incoming: units[releases.indexOf(answer.incoming)] as number[],
          answer,
        })),
    tested: [],
  };
}
