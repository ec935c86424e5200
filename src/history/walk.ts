import type { GitChange } from '../sources/git-repository.ts';
import { each } from '../work.ts';
import type { RevisionSnapshots } from './snapshots.ts';

/** Commits whose trees, with those of their parents, are read in one go. */
const CHUNK = 64;

/** How a walk reads ahead. */
interface Ahead<T> {
  /** Items whose trees are read in one go. */
  size: number;
  preload(chunk: readonly T[]): void;
}

/** Revisions one after the other, each behind a rest; what many of them need is read ahead in a run of git. */
export async function* walked<T>(
  label: string,
  items: readonly T[],
  { size, preload }: Ahead<T>,
): AsyncGenerator<T> {
  let at = 0;
  for await (const item of each(label, items)) {
    if (at % size === 0) preload(items.slice(at, at + size));
    at += 1;
    yield item;
  }
}

/** The same for commits that are held against their parents. */
export function walkedChanges(
  label: string,
  changes: readonly GitChange[],
  snapshots: RevisionSnapshots,
): AsyncGenerator<GitChange> {
  const preload = (chunk: readonly GitChange[]): void =>
    snapshots.preload(chunk.flatMap(({ oid, parents }) => [oid, ...parents]));
  return walked(label, changes, { size: CHUNK, preload });
}
