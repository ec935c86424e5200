import { byCodeUnit } from '../model/canonical.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';

const CHANGED_SHOWN = 3;

/**
 * Releases in few words, as ranges of those that were looked at: `6.18.5 … 6.18.15, 7.0`. A range holds every one of
 * upstream's own kernels between its ends; kernels of vendors and of posted series stand behind, and are counted where
 * they are many.
 */
export function releaseRanges(releases: readonly string[], order: readonly string[]): string {
  const wanted = new Set(releases);
  const upstream = order.filter((release) => !isChanged(release));
  const parts = runsOf(upstream, wanted).map(runText);
  const changed = releases.filter(isChanged).sort((a, b) => compareReleases(a, b) || byCodeUnit(a, b));
  const names = changed.length > CHANGED_SHOWN && parts.length > 0 ? [countText(changed.length)] : changed;
  return [...parts, ...names].join(', ');
}

function isChanged(release: string): boolean {
  return parseReleaseName(release)?.vendor !== null;
}

function countText(count: number): string {
  return `and ${count} of vendors and posted series`;
}

/** Wanted names that follow each other without a gap. */
function runsOf(order: readonly string[], wanted: ReadonlySet<string>): string[][] {
  const runs: string[][] = [];
  let run: string[] | undefined;
  for (const release of order) {
    if (!wanted.has(release)) run = undefined;
    else if (run) run.push(release);
    else {
      run = [release];
      runs.push(run);
    }
  }
  return runs;
}

/** Two stand beside each other, more are written by their ends. */
function runText(run: readonly string[]): string {
  return run.length < 3 ? run.join(', ') : `${run[0]} … ${run.at(-1)}`;
}

/** The releases of a class as one name. */
export function rangeName(releases: readonly string[], order: readonly string[]): string {
  return runsOf(order, new Set(releases)).map(runText).join(', ');
}
