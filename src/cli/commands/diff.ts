import { ToolError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { DiffOutput } from '../../model/outputs.ts';
import { renderDiff } from '../../report/diff-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { diffKernels } from '../diffing.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { sharedTarget } from '../options.ts';
import type { ResolvedKernel } from '../resolve.ts';
import { resolveKernel } from '../resolve.ts';

export const command = defineCommand({
  usage: 'diff <outgoing> <incoming>',
  summary:
    'Every difference between what OUTGOING writes and INCOMING reads, rule by rule, behind closed gates too.',
  example: 'luo-abi diff 7.1.13 7.2.12 --component luo-session',
  options: [
    { flags: '--component <id>', summary: 'one component only' },
    {
      flags: '--drift',
      summary:
        'tell what a build (INCOMING) made of its base (OUTGOING): switched off, changed, not compared',
    },
    TARGET_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const catalog = await openCatalog(options, io);
    try {
      const from = await resolveKernel(outgoing, catalog, io);
      const to = await resolveKernel(incoming, catalog, io);
      const target = sharedTarget(options, [from.kernel, to.kernel]);
      const components = chosen(options.component, from, to);
      const releases = [from, to].map(({ kernel }) => kernel.release);
      const strangers = releases.filter((release) => !catalog.has(release));
      const judging = await judgingFrom(catalog, strangers);
      const diff: DiffOutput = diffKernels({
        from,
        to,
        target,
        components,
        isWhole: options.component === undefined,
        judging,
        catalog,
      });
      if (options.drift === true) await printDrift(diff, options, io);
      else printResult({ terminal: () => renderDiff(diff, io.render), json: () => diff }, options, io);
      return 0;
    } finally {
      catalog.close();
    }
  },
});

async function printDrift(diff: DiffOutput, options: OptionValues, io: Io): Promise<void> {
  const { driftOf } = await import('../../diff/drift.ts');
  const { renderDrift } = await import('../../report/drift-terminal.ts');
  const drift = driftOf(diff);
  printResult({ terminal: () => renderDrift(drift, io.render), json: () => drift }, options, io);
}

/** The components that one of the two documents speaks of; the one asked for, where one is. */
function chosen(asked: unknown, ...kernels: ResolvedKernel[]): string[] {
  const ids = [...new Set(kernels.flatMap(({ kernel }) => [...kernel.components.keys()]))].sort();
  if (typeof asked !== 'string') return ids;
  if (ids.includes(asked)) return [asked];
  const near = nearest(asked, ids);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw new ToolError('COMPONENT_UNKNOWN', `${asked}: no such component; known: ${ids.join(', ')}${hint}`);
}
