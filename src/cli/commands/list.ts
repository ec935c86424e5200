import type { Catalog } from '../../catalog/catalog.ts';
import { khoAvailability } from '../../model/availability.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { ListedRelease, ListOutput } from '../../model/outputs.ts';
import { renderList } from '../../report/list-terminal.ts';
import { renderReusedMarkers } from '../../report/reused-markers-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, TARGET_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { targetOf } from '../options.ts';

export const command = defineCommand({
  usage: 'list',
  summary:
    'The kernels that are known: release, base, vendor, date, source, whether KHO is built, runs by default or is switched off, markers.',
  example: 'luo-abi list --format json',
  options: [
    { flags: '--reused-markers', summary: 'instead: markers that stand for several layouts' },
    TARGET_OPTION,
    FORMAT_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const target = targetOf(options);
    const catalog = await openCatalog(options, io);
    try {
      if (options.reusedMarkers === true) {
        const { findReusedMarkers } = await import('../../catalog/reused-markers.ts');
        const kernels = catalog.kernels().flatMap(({ release }) => catalog.kernel(release) ?? []);
        const markers = findReusedMarkers(kernels, target);
        const terminal = (): string => renderReusedMarkers({ target, markers }, io.render);
        printResult({ terminal, json: () => ({ target, markers }) }, options, io);
        return 0;
      }
      const list = listReleases(catalog);
      printResult({ terminal: () => renderList(list, io.render), json: () => list }, options, io);
      return 0;
    } finally {
      catalog.close();
    }
  },
});

/** Every kernel of a catalog. */
export function listReleases(catalog: Catalog): ListOutput {
  const tests = countTests(catalog.evidence());
  const releases = catalog
    .kernels()
    .map(({ release }) => ({ ...listedRelease(release, catalog), tests: tests.get(release) ?? 0 }));
  return { releases };
}

/** In how many records each kernel took part, on whichever side. */
function countTests(records: readonly EvidenceDocument[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { outgoing, incoming } of records) {
    for (const release of new Set([outgoing, incoming])) counts.set(release, (counts.get(release) ?? 0) + 1);
  }
  return counts;
}

function listedRelease(release: string, catalog: Catalog): Omit<ListedRelease, 'tests'> {
  const document = catalog.document(release);
  const markers: ListedRelease['markers'] = {};
  for (const [id, { marker }] of Object.entries(document?.components ?? {})) {
    const writes = marker?.writes;
    if (writes === undefined) continue;
    const text = typeof writes === 'object' ? JSON.stringify(writes) : writes;
    markers[id] = marker?.name === undefined ? text : `${marker.name} ${text}`;
  }
  return {
    release,
    base: document?.base ?? release,
    vendor: document?.vendor ?? null,
    date: document?.date ?? null,
    source: document?.provenance.kind ?? 'unknown',
    kho: khoAvailability(document ?? { components: {} }),
    markers,
  };
}
