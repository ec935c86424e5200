import type { RouteGraph } from '../../src/matrix/route-graph.ts';
import { buildRouteGraph, judgesFor } from '../../src/matrix/route-graph.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

/** The kernels of upstream that ship with the program, oldest first. */
export function upstreamKernels(): Kernel[] {
  return shipped()
    .documents.filter(({ vendor }) => vendor === null)
    .map(kernelOf)
    .sort((a, b) => compareReleases(a.release, b.release));
}

/** The graph of some kernels on x86_64-4k. */
export function shippedGraph(
  kernels: readonly Kernel[],
  profile: string,
  { rollback, also = [] }: { rollback: boolean; also?: readonly string[] },
): RouteGraph {
  const { errata, reviews } = shipped();
  const ordered = [...kernels].sort((a, b) => compareReleases(a.release, b.release));
  const byRelease = new Map(ordered.map((kernel) => [kernel.release, kernel]));
  const profiles = [profile, ...also].map(profileNamed);
  const judges = judgesFor(ordered, profiles, {
    target: 'x86_64-4k',
    errata,
    reviews,
    erratumApplies: appliesTo,
    kernelNamed: (release) => byRelease.get(release),
  });
  return buildRouteGraph({ judges, rollback });
}
