import { compareReleases, parseReleaseName } from './release-name.ts';
import type { Target } from './target.ts';

/**
 * What a commit did to the handed-over data: `additive`: nothing that was there changed; `bumped`: the marker was raised;
 * `new`: the component came to be; `none`: the bytes stayed; `semantic`: the same bytes mean something else; `silent-break`:
 * they changed under an unchanged marker.
 */
export type CommitKind = 'additive' | 'bumped' | 'new' | 'none' | 'semantic' | 'silent-break';

/** A commit that touched what a component hands over. */
export interface KnownCommit {
  /**
   * Its object id, or the beginning of it.
   * @pattern ^[0-9a-f]{12,40}$
   */
  commit: string;
  /** The first release with it. */
  first: string;
  /** Of series before that one which took it as well: the first release of each with it. */
  backportedTo: string[];
  component: string;
  kinds: CommitKind[];
  /** What guarded the data before and after; null where nothing was written yet. */
  marker: { before: string | number | null; after: string | number };
  /** Where the bytes changed; absent where they did on all. */
  targets?: Target[];
  /** What changed, in a few words. */
  what: string;
}

/** The commits of one branch that touched handed-over data, in the order in which they came. */
export interface CommitsDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /** Equal to the file name. */
  branch: string;
  /** What it rests on. */
  source: string;
  commits: KnownCommit[];
}

/** The version of a document of commits that this program writes and reads. */
export const COMMITS_SCHEMA_VERSION = 1;

/** Kernels between which a component changed. */
export interface Change {
  component: string;
  outgoing: readonly string[];
  incoming: readonly string[];
  /** Those that are looked at; all where it is not said. */
  targets?: readonly Target[];
}

/**
 * The commits that lie between each of the outgoing and each of the incoming kernels, whichever is the older: silent breaks
 * first, else in the order given. What left the bytes as they were is not among them. A downstream kernel stands for its
 * base: what its vendor took over is not known.
 */
export function commitsBetween(commits: readonly KnownCommit[], change: Change): KnownCommit[] {
  const found = commits.filter(
    (known) =>
      known.component === change.component &&
      !known.kinds.includes('none') &&
      isOnOneOf(known, change) &&
      divides(known, change),
  );
  const isSilent = ({ kinds }: KnownCommit): boolean => kinds.includes('silent-break');
  return [...found.filter(isSilent), ...found.filter((known) => !isSilent(known))];
}

function isOnOneOf({ targets: own }: KnownCommit, { targets: wanted }: Change): boolean {
  return !own || !wanted || own.some((target) => wanted.includes(target));
}

/** Whether one side has the commit and the other does not, in every pair; a name that is none has no place in the order. */
function divides(known: KnownCommit, { outgoing, incoming }: Change): boolean {
  const [has, others] = [outgoing, incoming].map(
    (side) => new Set(side.map((name) => hasCommit(known, name))),
  );
  if (has?.size !== 1 || others?.size !== 1 || has.has(undefined) || others.has(undefined)) return false;
  return has.has(true) !== others.has(true);
}

function hasCommit({ first, backportedTo }: KnownCommit, name: string): boolean | undefined {
  const release = parseReleaseName(name);
  if (!release) return undefined;
  const { base, series } = release;
  return [first, ...backportedTo.filter((backport) => parseReleaseName(backport)?.series === series)].some(
    (from) => compareReleases(from, base) <= 0,
  );
}
