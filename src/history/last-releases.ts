import compare from 'semver/functions/compare.js';
import prerelease from 'semver/functions/prerelease.js';
import { parseReleaseName } from '../model/release-name.ts';
import type { GitTag } from '../sources/git-repository.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import type { RevisionSnapshots } from './snapshots.ts';

/**
 * The kernels that a tree stands behind: the newest final release that is not newer than it, and the release that its
 * Makefile names where that one is a candidate. By tags alone; none where the repository has none.
 */
export function lastReleases(
  snapshots: RevisionSnapshots,
  release: string,
  tags: readonly GitTag[],
): { name: string; kernel: Kernel }[] {
  const own = parseReleaseName(release);
  if (!own) return [];
  const named = tags.flatMap((tag) => {
    const name = parseReleaseName(tag.name);
    return name?.vendor === null ? [{ tag, name }] : [];
  });
  const before = named.filter(({ name }) => compare(name.version, own.version) <= 0);
  const final = before.filter(({ name }) => prerelease(name.version) === null);
  const newest = [final.at(-1), before.at(-1)].flatMap((found) => found?.tag ?? []);
  return [...new Set(newest)].map(({ name, commit }) => ({
    name,
    kernel: kernelOf(snapshots.capture(commit, name)),
  }));
}
