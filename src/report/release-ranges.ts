import { byCodeUnit } from '../model/canonical.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';

const CHANGED_SHOWN = 3;

/**
 * Releases in few words, as ranges of those that were looked at: `6.18.5 … 6.18.15, 7.0`. A range holds every one of
 * upstream's own kernels between its ends; kernels of vendors and of posted series stand behind, and are counted where
 * they are many.
 */
export function releaseRanges(releases: readonly string[], order: readonly string[]): string {
  const upstream = upstreamIn(order);
  const parts = runsOf(upstream, releases).map(runText);
  const changed = others(releases, upstream).sort((a, b) => compareReleases(a, b) || byCodeUnit(a, b));
  const names = changed.length > CHANGED_SHOWN && parts.length > 0 ? [countText(changed.length)] : changed;
  return [...parts, ...names].join(', ');
}

function isChanged(release: string): boolean {
  return parseReleaseName(release)?.vendor !== null;
}

function countText(count: number): string {
  return `and ${count} of vendors and posted series`;
}

const upstreamByOrder = new WeakMap<readonly string[], readonly string[]>();

/** Upstream's own of an order: many ranges are told by one. */
function upstreamIn(order: readonly string[]): readonly string[] {
  const known = upstreamByOrder.get(order) ?? order.filter((release) => !isChanged(release));
  upstreamByOrder.set(order, known);
  return known;
}

/** Those that are no upstream kernels, whether or not the order has them. */
function others(releases: readonly string[], upstream: readonly string[]): string[] {
  const positions = positionsIn(upstream);
  return releases.filter((release) => !positions.has(release) && isChanged(release));
}

const positionsByOrder = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function positionsIn(order: readonly string[]): ReadonlyMap<string, number> {
  const known = positionsByOrder.get(order) ?? new Map(order.map((release, at) => [release, at]));
  positionsByOrder.set(order, known);
  return known;
}

/** Wanted names that follow each other without a gap. */
function runsOf(order: readonly string[], wanted: readonly string[]): string[][] {
  const positions = positionsIn(order);
  const places = new Set(wanted.flatMap((release) => positions.get(release) ?? []));
  const runs: string[][] = [];
  let last = Number.NaN;
  for (const at of [...places].sort((a, b) => a - b)) {
    const release = order[at] as string;
    if (at === last + 1) runs.at(-1)?.push(release);
    else runs.push([release]);
    last = at;
  }
  return runs;
}

/** Two stand beside each other, more are written by their ends. */
function runText(run: readonly string[]): string {
  return run.length < 3 ? run.join(', ') : `${run[0]} … ${run.at(-1)}`;
}

/** The releases of a class as one name. */
export function rangeName(releases: readonly string[], order: readonly string[]): string {
  return runsOf(order, releases).map(runText).join(', ');
}
