import { seriesOrder } from '../matrix/pair-classes.ts';
import type { PairClass } from '../model/outputs.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { FallsOut } from '../model/window.ts';

// How far back a window reaches. A class names its farthest pairs; a window that takes the series before last and not the last
// one would be none, so that it takes in all that is nearer.

/** Series from the incoming kernel's own back to the farthest that it must read. */
const DEPTH: Record<PairClass, number> = { 'stable-sequential': 0, 'main+1': 1, 'stable+2': 2 };

/** A kernel that must be read. */
export interface Demand {
  outgoing: string;
  class: PairClass[];
  direction: 'backward' | 'forward';
}

export interface ReachOptions {
  class: PairClass;
  /** What later kernels write must be read too. */
  both: boolean;
}

/** Every kernel that is inside the window of a release, oldest first. Candidates bind nobody where a release of their series is known. */
export function demandsOn(release: string, known: readonly string[], options: ReachOptions): Demand[] {
  const order = seriesOrder(known);
  const others = withoutCandidates(known).filter((other) => other !== release);
  return others.sort(compareReleases).flatMap((other): Demand[] => {
    const isLater = compareReleases(other, release) > 0;
    if (isLater && !options.both) return [];
    const [near, far] = isLater ? [other, release] : [release, other];
    const distance = seriesAt(near, order) - seriesAt(far, order);
    if (Number.isNaN(distance) || distance > DEPTH[options.class]) return [];
    if (options.class === 'stable-sequential' && !isNext(far, near, others)) return [];
    return [{ outgoing: other, class: classAt(distance), direction: isLater ? 'backward' : 'forward' }];
  });
}

function seriesAt(release: string, order: readonly string[]): number {
  const at = order.indexOf(parseReleaseName(release)?.series ?? '');
  return at < 0 ? Number.NaN : at;
}

function classAt(distance: number): PairClass[] {
  const [name] = Object.entries(DEPTH).find(([, depth]) => depth === distance) ?? [];
  return name === undefined ? [] : [name as PairClass];
}

/** No other release of the series lies between the two. */
function isNext(far: string, near: string, known: readonly string[]): boolean {
  return !known.some((other) => compareReleases(other, far) > 0 && compareReleases(other, near) < 0);
}

function withoutCandidates(known: readonly string[]): string[] {
  const isCandidate = (release: string): boolean => /-rc\d/.test(parseReleaseName(release)?.base ?? '');
  const released = new Set(
    known.filter((release) => !isCandidate(release)).map((release) => parseReleaseName(release)?.series),
  );
  return known.filter((release) => !isCandidate(release) || !released.has(parseReleaseName(release)?.series));
}

export interface KnownDates {
  releases: readonly string[];
  dateOf(release: string): string | null;
}

/** Linus Torvalds releases a series every nine or ten weeks. */
const DAYS_A_SERIES = 66;

/** When what was last written by a release leaves the window of a class. */
export function fallsOutAfter(last: string, window: PairClass, { releases, dateOf }: KnownDates): FallsOut {
  const series = parseReleaseName(last)?.series ?? last;
  if (window === 'stable-sequential') return afterNext(last, series, { releases, dateOf });
  const order = seriesOrder(releases);
  const steps = DEPTH[window] + 1;
  const names = [...order];
  while (names.length <= order.indexOf(series) + steps) names.push(seriesAfter(names.at(-1) as string));
  const name = names[order.indexOf(series) + steps] as string;
  const own = releases.filter((release) => parseReleaseName(release)?.series === name);
  const isKnown = own.length > 0;
  const date = firstDate(own, dateOf);
  const expected = isKnown || order.includes(name) ? null : expectedMonth(name, names, { releases, dateOf });
  const when = date ?? (expected === null ? 'no date is known' : `about ${expected}`);
  return { with: name, isKnown, date, expected, words: `falls out with ${name} (${when})` };
}

function afterNext(last: string, series: string, { releases, dateOf }: KnownDates): FallsOut {
  const later = releases
    .filter((release) => parseReleaseName(release)?.series === series && compareReleases(release, last) > 0)
    .sort(compareReleases);
  const name = later[1] ?? null;
  const date = name === null ? null : dateOf(name);
  const words =
    name === null
      ? `falls out with the second release of ${series} after ${last}`
      : `falls out with ${name} (${date ?? 'no date is known'})`;
  return { with: name, isKnown: name !== null, date, expected: null, words };
}

/** 6.19 is followed by 7.0. */
function seriesAfter(series: string): string {
  const [major = 0, minor = 0] = series.split('.').map(Number);
  return minor >= 19 ? `${major + 1}.0` : `${major}.${minor + 1}`;
}

function firstDate(releases: readonly string[], dateOf: KnownDates['dateOf']): string | null {
  const dates = releases.flatMap((release) => dateOf(release) ?? []).sort();
  return dates[0] ?? null;
}

function expectedMonth(name: string, order: readonly string[], known: KnownDates): string | null {
  for (let at = order.indexOf(name) - 1, steps = 1; at >= 0; at -= 1, steps += 1) {
    const own = known.releases.filter((release) => parseReleaseName(release)?.series === order[at]);
    const date = firstDate(own, known.dateOf);
    if (date === null) continue;
    const day = new Date(`${date}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + steps * DAYS_A_SERIES);
    return day.toISOString().slice(0, 7);
  }
  return null;
}
