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
    const known = byName.get(name);
    if (known) known.push(release);
    else byName.set(name, [release]);
  }
  return [...byName].map(([name, members]) => ({ name, releases: members }));
}

/** Where a release stands among those that a classifier was made for. */
interface Standing {
  /** In the order of the series; -1 for one that is not among them. */
  series: number;
  /** In its series. */
  place: number;
  /** It stands for its series. */
  isRepresentative: boolean;
}

/**
 * Says of every ordered pair of some releases, by positions, of which class it is. A series between two others counts only
 * where a kernel of it is known, unless `order` names the series that exist. No pair is of two classes: they are told apart
 * by how far the series are from each other.
 */
export class PairClassifier {
  readonly #standings: (Standing | undefined)[];
  /** By series in the order, by place: positions. */
  readonly #series = new Map<number, number[]>();
  readonly #options: Required<ClassOptions>;

  constructor(
    releases: readonly string[],
    order: readonly string[],
    { allReleases = false, backward = false }: ClassOptions = {},
  ) {
    this.#options = { allReleases, backward };
    this.#standings = releases.map(() => undefined);
    const positions = new Map(releases.map((release, position) => [release, position]));
    // A series that the order does not name has no neighbours.
    let unnamed = order.length + STEPS['stable+2'];
    for (const { name, releases: members } of seriesOf(releases)) {
      const known = order.indexOf(name);
      const series = known < 0 ? unnamed : known;
      if (known < 0) unnamed += 1 + STEPS['stable+2'];
      const own = members.map((release) => positions.get(release) as number);
      this.#series.set(series, own);
      for (const [place, position] of own.entries()) {
        const isRepresentative = allReleases || place === own.length - 1;
        this.#standings[position] = { series, place, isRepresentative };
      }
    }
  }

  /** How many releases it was made for. */
  get size(): number {
    return this.#standings.length;
  }

  /** The class of a pair, by positions. */
  classOf(outgoing: number, incoming: number): PairClass | undefined {
    const [from, to] = [this.#standings[outgoing], this.#standings[incoming]];
    if (!from || !to) return undefined;
    const name = classBetween(from, to);
    return name ?? (this.#options.backward ? classBetween(to, from) : undefined);
  }

  /** Equal for kernels, by position, that have the same partners in a class; undefined for one that has none. */
  partnersKey(name: PairClass, position: number): string | undefined {
    const from = this.#standings[position];
    if (!from || (name !== 'stable-sequential' && !from.isRepresentative)) return undefined;
    return name === 'stable-sequential' ? String(position) : String(from.series);
  }

  /** The incoming kernels with which an outgoing one is a pair of a class, by position, in order. */
  incomingOf(name: PairClass, outgoing: number): number[] {
    const from = this.#standings[outgoing];
    if (!from) return [];
    const ways = this.#options.backward ? [1, -1] : [1];
    const candidates = ways.flatMap((way) => {
      if (name !== 'stable-sequential') return this.#series.get(from.series + way * STEPS[name]) ?? [];
      return this.#series.get(from.series)?.[from.place + way] ?? [];
    });
    return candidates.filter((to) => this.classOf(outgoing, to) === name).sort((a, b) => a - b);
  }
}

const STEPS = { 'main+1': 1, 'stable+2': 2 } as const;

function classBetween(from: Standing, to: Standing): PairClass | undefined {
  const distance = to.series - from.series;
  if (distance === 0) return to.place === from.place + 1 ? 'stable-sequential' : undefined;
  if (!from.isRepresentative || !to.isRepresentative) return undefined;
  return distance === STEPS['main+1'] ? 'main+1' : distance === STEPS['stable+2'] ? 'stable+2' : undefined;
}

/** The classes of every ordered pair that has one, by `outgoing incoming`, class after class. */
export function classifyPairs(
  releases: readonly string[],
  order: readonly string[],
  options: ClassOptions = {},
): Map<string, PairClass[]> {
  const { allReleases = false, backward = false } = options;
  const classifier = new PairClassifier(releases, order, { allReleases });
  const classes = new Map<string, PairClass[]>();
  for (const name of PAIR_CLASSES) {
    for (const [outgoing, release] of releases.entries()) {
      for (const incoming of classifier.incomingOf(name, outgoing)) {
        classes.set(pairKey(release, releases[incoming] as string), [name]);
        if (backward) classes.set(pairKey(releases[incoming] as string, release), [name]);
      }
    }
  }
  return classes;
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
