import type { Catalog } from '../../catalog/catalog.ts';
import { isTested } from '../../catalog/own-kernel.ts';
import { ToolError } from '../../errors.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { Target } from '../../model/target.ts';
import { renderShow } from '../../report/show-terminal.ts';
import { shownDocument } from '../../report/shown.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { kernelOf } from '../../verdict/kernel.ts';
import { openCatalog } from '../catalog-file.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { sharedTarget } from '../options.ts';
import { resolveKernel } from '../resolve.ts';

export const command = defineCommand({
  usage: 'show <release>',
  summary: 'What one kernel writes and reads: markers, layouts, constants, tree, availability, provenance.',
  example: 'luo-abi show 7.2.12 --component luo --target arm64-16k',
  options: [
    { flags: '--component <id>', summary: 'one component only' },
    TARGET_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([release = ''], options, io) {
    const catalog = await openCatalog(options, io);
    try {
      const resolved = await resolveKernel(release, catalog, io);
      const target = sharedTarget(options, [resolved.kernel]);
      const document = resolved.document();
      const only = typeof options.component === 'string' ? options.component : undefined;
      if (only !== undefined) checkComponent(only, document);
      const shown = {
        ...shownDocument(document, target, only),
        evidence: only === undefined ? testsOf(kernelOf(document), target, catalog) : [],
      };
      printResult({ terminal: () => renderShow(shown, io.render), json: () => shown }, options, io);
      return 0;
    } finally {
      catalog.close();
    }
  },
});

/** The tests of a kernel, and not of another that bears its name. */
function testsOf(kernel: Kernel, target: Target, catalog: Catalog): EvidenceDocument[] {
  const { release } = kernel;
  return catalog.evidence().filter((record) => {
    if (record.target !== target) return false;
    return (['outgoing', 'incoming'] as const).some(
      (side) => record[side] === release && isTested(kernel, record.images?.[side], catalog),
    );
  });
}

function checkComponent(id: string, document: CaptureDocument): void {
  if (document.components[id]) return;
  const known = Object.keys(document.components).join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `${id}: no such component; known: ${known}`);
}
