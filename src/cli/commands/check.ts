import type { Catalog } from '../../catalog/catalog.ts';
import type { PairVerdict } from '../../model/finding.ts';
import { renderStaticAsserts } from '../../report/check-static-assert.ts';
import { renderCheck } from '../../report/check-terminal.ts';
import { withComparedLayouts } from '../../verdict/compared-layouts.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';
import { assertedSide } from '../asserted-side.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkProfile, exitCodeOf, profileOf, targetOf } from '../options.ts';
import { resolveKernel } from '../resolve.ts';

export const command = defineCommand({
  usage: 'check <outgoing> <incoming>',
  summary: 'The verdict of a pair: can a machine that runs OUTGOING be live-updated to INCOMING?',
  example: 'luo-abi check 7.2.12 7.3.4 --profile memfd --both',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    { flags: '--both', summary: 'add the rollback' },
    FAIL_ON_OPTION,
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json, or c (_Static_assert lines); NAME=FILE writes a file; may be repeated',
    },
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const profile = profileOf(options);
    const target = targetOf(options);
    const catalog = await openCatalog(options, io);
    try {
      const { pair, from, to } = await judge({ outgoing, incoming, catalog, options, io });
      printResult(
        {
          terminal: () => renderCheck(pair, io.render),
          json: () => pair,
          c: () => renderProof(pair, from, to),
        },
        options,
        io,
      );
      return exitCodeOf(pair.rollback ? [pair, pair.rollback] : [pair], options);
    } finally {
      catalog.close();
    }

    async function judge(request: {
      outgoing: string;
      incoming: string;
      catalog: Catalog;
      options: OptionValues;
      io: Io;
    }): Promise<{ pair: PairVerdict; from: Kernel; to: Kernel }> {
      const { kernel: from } = await resolveKernel(request.outgoing, request.catalog, request.io);
      const { kernel: to } = await resolveKernel(request.incoming, request.catalog, request.io);
      const strangers = [from, to].map(({ release }) => release).filter((release) => !catalog.has(release));
      checkProfile(profile, [...from.components.keys(), ...to.components.keys()]);
      const judging = await judgingFrom(request.catalog, strangers);
      const judgeWay = (source: Kernel, sink: Kernel): PairVerdict => {
        const kernels = { outgoing: source, incoming: sink };
        return withComparedLayouts(
          judgePair({ ...judging, ...kernels, acrossTargets: true, profile, target }),
          kernels,
        );
      };
      const pair = judgeWay(from, to);
      const isBoth = request.options.both === true;
      return { pair: isBoth ? { ...pair, rollback: judgeWay(to, from) } : pair, from, to };
    }
  },
});

/** The layouts of all components that the verdict rests on, as C that proves them. */
function renderProof(pair: PairVerdict, from: Kernel, to: Kernel): string {
  const ids = pair.components.map(({ id }) => id);
  const { profile, target } = pair;
  const outgoing = assertedSide(from, ids, target);
  const incoming = assertedSide(to, ids, target);
  return renderStaticAsserts({ profile, target, outgoing, incoming });
}
