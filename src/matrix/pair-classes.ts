import type { PairClass } from '../model/outputs.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';

/** The pair classes (SEMANTICS, section 8), in the order in which reports show them. */
export const PAIR_CLASSES: readonly PairClass[] = ['stable-sequential', 'main+1', 'stable+2'];

export interface ClassOptions {
  /** Every release of a series stands for it, not its newest alone. */
  allReleases?: boolean;
  /** The way back counts as well. */
  backward?: boolean;
}

interface Series {
  name: string;
  releases: string[];
}

/** Series in order, each with its releases in order. Kernels of a vendor belong to no class of upstream. */
function seriesOf(releases: readonly string[]): Series[] {
  const upstream = releases.filter((release) => parseReleaseName(release)?.vendor === null);
  const byName = new Map<string, string[]>();
  for (const release of [...upstream].sort(compareReleases)) {
    const name = parseReleaseName(release)?.series ?? release;
    byName.set(name, [...(byName.get(name) ?? []), release]);
  }
  return [...byName].map(([name, members]) => ({ name, releases: members }));
}

/**
 * The classes of every ordered pair that has one, by `outgoing incoming`. A series between two others counts only
 * where a kernel of it is known, unless `order` names the series that exist.
 */
export function classifyPairs(
  releases: readonly string[],
  order: readonly string[],
  { allReleases = false, backward = false }: ClassOptions = {},
): Map<string, PairClass[]> {
  const series = seriesOf(releases);
  const classes = new Map<string, PairClass[]>();
  const add = (outgoing: string, incoming: string, name: PairClass): void => {
    const ways = backward
      ? [[outgoing, incoming] as const, [incoming, outgoing] as const]
      : [[outgoing, incoming] as const];
    for (const way of ways) {
      const key = pairKey(...way);
      classes.set(key, [...(classes.get(key) ?? []), name]);
    }
  };
  for (const { releases: members } of series) {
    for (const [index, release] of members.entries()) {
      const next = members[index + 1];
      if (next !== undefined) add(release, next, 'stable-sequential');
    }
  }
  const step = (distance: number, name: PairClass): void => {
    for (const from of series) {
      const target = order[order.indexOf(from.name) + distance];
      const to = series.find((candidate) => candidate.name === target);
      if (!to) continue;
      for (const outgoing of representatives(from, allReleases)) {
        for (const incoming of representatives(to, allReleases)) add(outgoing, incoming, name);
      }
    }
  };
  step(1, 'main+1');
  step(2, 'stable+2');
  return classes;
}

function representatives({ releases }: Series, allReleases: boolean): readonly string[] {
  return allReleases ? releases : releases.slice(-1);
}

export function pairKey(outgoing: string, incoming: string): string {
  return `${outgoing} ${incoming}`;
}

/** Upstream series with KHO, in order: what follows what, whether or not a kernel of it is known here. */
export const SERIES_ORDER = ['6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'] as const;

/** The known order with series from the kernels at hand that are newer than it. */
export function seriesOrder(releases: readonly string[]): string[] {
  const seen = releases.flatMap((release) => parseReleaseName(release)?.series ?? []);
  const all = new Set<string>([...SERIES_ORDER, ...seen.filter((series) => series !== 'next')]);
  return [...all].sort(compareReleases);
}
