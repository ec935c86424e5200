import type { Catalog } from '../../catalog/catalog.ts';
import type { ListedRelease } from '../../model/outputs.ts';
import { renderList } from '../../report/list-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

export const command = defineCommand({
  usage: 'list',
  summary: 'The kernels that are known: release, base, vendor, date, source, markers.',
  example: 'luo-abi list --format json',
  options: [FORMAT_OPTION, CATALOG_OPTION],
  async run(_args, options, io) {
    const catalog = await openCatalog(options, io);
    try {
      const releases = catalog.kernels().map(({ release }) => listedRelease(release, catalog));
      printResult(
        { terminal: () => renderList({ releases }, io.render), json: () => ({ releases }) },
        options,
        io,
      );
      return 0;
    } finally {
      catalog.close();
    }
  },
});

function listedRelease(release: string, catalog: Catalog): ListedRelease {
  const document = catalog.document(release);
  const markers: ListedRelease['markers'] = {};
  for (const [id, { marker }] of Object.entries(document?.components ?? {})) {
    const writes = marker?.writes;
    if (writes === undefined) continue;
    markers[id] = typeof writes === 'object' ? JSON.stringify(writes) : writes;
  }
  return {
    release,
    base: document?.base ?? release,
    vendor: document?.vendor ?? null,
    date: document?.date ?? null,
    source: document?.provenance.kind ?? 'unknown',
    markers,
  };
}
