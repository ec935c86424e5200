import type { DemandedFormat, WindowFormat, WindowOutput, WindowRelease } from '../model/window.ts';
import { releaseRanges } from './release-ranges.ts';
import { verdictText } from './style.ts';

// What all renderings of a window say in the same words.

/** `window stable+2`, `the pairs of policy.yaml`. */
export function windowTitle({ class: name, policy, both }: WindowOutput): string {
  const reach = name === null ? `the pairs of ${policy}` : `window ${name}`;
  const from = name !== null && policy !== null ? ` of ${policy}` : '';
  return `${reach}${from}${both ? ', both ways' : ''}`;
}

/** Who writes a format, in few words, with the machines that do. */
export function usersOf({ writers, hosts, asOf }: WindowFormat): string {
  const names =
    writers.length > 0 ? releaseRanges(writers, writers) : `none that is known (as ${asOf} wrote it)`;
  const machines = hosts === null ? '' : `; ${hosts} ${hosts === 1 ? 'machine' : 'machines'} of the fleet`;
  return `written by ${names}${machines}`;
}

/** `read`, or what not reading it does and since when. */
export function stateOf({ state, verdict, effect, droppedBy, counts }: DemandedFormat): string {
  if (state === 'read') return verdict === 'compatible' ? 'read' : 'read, with notes';
  const since = droppedBy === null ? '' : `, dropped by ${droppedBy}`;
  const aside = counts ? '' : ', a note for these profiles';
  return `${state === 'missing' ? 'not read' : 'not known'}: ${verdictText(verdict, effect)}${aside}${since}`;
}

/** `reads 5 of the 9 formats inside the window`. */
export function countWords({ demands, mustRead, droppedTooEarly, mayDrop }: WindowRelease): string {
  if (demands === 0) return 'no other kernel is inside its window';
  if (mustRead.length === 0) return 'nobody inside the window writes anything';
  const read = mustRead.filter(({ state }) => state === 'read').length;
  const dropped = droppedTooEarly.length > 0 ? `; ${droppedTooEarly.length} dropped too early` : '';
  const free = mayDrop.length > 0 ? `; may drop ${mayDrop.length}` : '';
  return `reads ${read} of the ${mustRead.length} formats inside the window${dropped}${free}`;
}

/** The name of a format without the component that has a column of its own. */
export function formatName({ marker, guardedBy, asOf }: WindowFormat): string {
  const guard = guardedBy === undefined ? '' : ` (the marker of ${guardedBy})`;
  return `${marker}${guard} as of ${asOf}`;
}

/** Machines with a release that nobody knows: what they write is not counted. */
export function strangersOf({ fleet }: WindowOutput): string | undefined {
  if (!fleet || fleet.unknown.length === 0) return undefined;
  const names = fleet.unknown.map(({ release, hosts }) => `${release} (${hosts})`);
  return `not counted, as the release is not known: ${names.join(', ')}`;
}
