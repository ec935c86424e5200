import type { Catalog } from '../../catalog/catalog.ts';
import { khoAvailability } from '../../model/availability.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { ListedRelease, ListOutput } from '../../model/outputs.ts';
import { renderList } from '../../report/list-terminal.ts';
import { renderReusedMarkers } from '../../report/reused-markers-terminal.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { Likeness } from '../../verdict/kernel.ts';
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
        const markers = findReusedMarkers(catalog.allKernels(), target);
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

/** Every kernel of a catalog. What kernels with the same facts share is told once. */
export function listReleases(catalog: Catalog): ListOutput {
  const tests = countTests(catalog.evidence());
  const shared = new Map<string, Pick<ListedRelease, 'kho' | 'markers'>>();
  const likeness = new Likeness();
  const numbers = new Map<object, number>();
  const releases = catalog.listedKernels().map(({ row, kernel, source }): ListedRelease => {
    const alike = likeness.of(kernel);
    const number = numbers.get(alike) ?? numbers.size;
    numbers.set(alike, number);
    const key = `${number} ${kernel.khoByDefault}`;
    const facts = shared.get(key) ?? listedFacts(kernel);
    shared.set(key, facts);
    const { release, base, vendor, date } = row;
    return { release, base, vendor, date, source, ...facts, tests: tests.get(release) ?? 0 };
  });
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

function listedFacts(kernel: Kernel): Pick<ListedRelease, 'kho' | 'markers'> {
  const markers: ListedRelease['markers'] = {};
  const states = [...kernel.components].map(([id, { facts }]) => [id, facts] as const);
  for (const [id, { marker }] of states) {
    const writes = marker?.writes;
    if (writes === undefined) continue;
    const text = typeof writes === 'object' ? JSON.stringify(writes) : writes;
    markers[id] = marker?.name === undefined ? text : `${marker.name} ${text}`;
  }
  const { khoByDefault } = kernel;
  const kho = khoAvailability({
    components: Object.fromEntries(states),
    ...(khoByDefault !== undefined && { khoByDefault }),
  });
  return { kho, markers };
}
