import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogInMemory } from '../../src/catalog/build.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { PageDocument } from '../../src/model/page.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { catalogPageData } from '../../src/page/data/catalog-page.ts';
import type { PageSource } from '../../src/page/data/page-data.ts';
import { pageData } from '../../src/page/data/page-data.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { documentOf, profileNamed, shipped } from '../support/shipped.ts';

// The data of pages that the browser is given.

function sourceOf(documents: readonly CaptureDocument[], series: readonly string[] = []): PageSource {
  const { errata, reviews, evidence = [] } = shipped();
  return {
    heads: documents,
    kernels: documents.map(kernelOf),
    series: new Set(series),
    errata,
    reviews,
    erratumApplies: appliesTo,
    evidence,
    rules: [],
    profiles: ['memory', 'memfd', 'pci'].map(profileNamed),
    targets: ['x86_64-4k', 'arm64-16k'],
  };
}

/** Upstream's kernels as they ship, for two targets. */
export function upstreamPage(): PageDocument {
  const upstream = shipped().documents.filter(({ vendor }) => vendor === null);
  return pageData(sourceOf(upstream.sort((a, b) => compareReleases(a.release, b.release))));
}

/** As many kernels as asked for, no two of which take each other's marker: every cell its own class. */
export function syntheticPage(count: number): PageDocument {
  const source = {
    ...sourceOf([documentOf('7.2.12'), documentOf('6.19.11')]),
    targets: ['x86_64-4k'] as const,
  };
  const data = pageData({ ...source, profiles: [profileNamed('memory')] });
  const [head] = data.kernels;
  const [matrix] = data.matrices;
  assert.ok(head && matrix);
  const [works = 0, refused = 0] = matrix.cells;
  const positions = Array.from({ length: count }, (_, at) => at);
  const kernels = positions.map((at) => ({ ...head, release: `9.${Math.floor(at / 20)}.${(at % 20) + 1}` }));
  const cells = positions.flatMap((row) => positions.map((column) => (row === column ? works : refused)));
  return {
    ...data,
    kernels,
    faulty: {},
    matrices: [{ ...matrix, classOf: positions, classes: count, cells }],
  };
}

/** Very many kernels of twelve classes, as a catalog has them. */
export async function manyPage(count: number): Promise<PageDocument> {
  return catalogPageData(catalogInMemory(contentWith(manyKernels(count))));
}

export const HOSTILE_RELEASE = '</script><img src=x onerror="window.harmed=1"><b>7.9';
export const HOSTILE_STRUCT = '<img src=x onerror="window.harmed=1">';

/** A kernel whose names are markup; no capture document may have them, but a page must not trust that. */
export function hostilePage(): PageDocument {
  const hostile = structuredClone(documentOf('7.3.4'));
  hostile.release = HOSTILE_RELEASE;
  hostile.vendor = '<script>window.harmed=1</script>';
  hostile.provenance.note = '<img src=x onerror="window.harmed=1">\u2028';
  const { kho } = hostile.components;
  const [first] = Object.values(kho?.structs ?? {});
  if (kho && first) {
    kho.structs[HOSTILE_STRUCT] = structuredClone(first);
    if (kho.marker) kho.marker.writes = '<script>window.harmed=1</script>';
  }
  return pageData(sourceOf([documentOf('7.2.12'), documentOf('7.3.4'), hostile]));
}

/** A catalog without a kernel. */
export function emptyPage(): PageDocument {
  return pageData(sourceOf([]));
}

/** The script of axe-core, to be run in a page. */
export function axeScript(): string {
  return readFileSync(join(packageRoot(), 'node_modules/axe-core/axe.min.js'), 'utf8');
}
