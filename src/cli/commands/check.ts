import type { PairVerdict } from '../../model/finding.ts';
import { renderStaticAsserts } from '../../report/check-static-assert.ts';
import { renderCheck } from '../../report/check-terminal.ts';
import { withComparedLayouts } from '../../verdict/compared-layouts.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';
import { assertedSide } from '../asserted-side.ts';
import { openCatalog } from '../catalog-file.ts';
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
import { checkProfile, checkTarget, exitCodeOf, profileOf, targetOf } from '../options.ts';
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
      const { kernel: from } = await resolveKernel(outgoing, catalog, io);
      const { kernel: to } = await resolveKernel(incoming, catalog, io);
      checkTarget(target, [from, to]);
      checkProfile(profile, [...from.components.keys(), ...to.components.keys()]);
      const strangers = [from, to].map(({ release }) => release).filter((release) => !catalog.has(release));
      const judging = await judgingFrom(catalog, strangers);
      const judge = (writer: Kernel, reader: Kernel): PairVerdict => {
        const kernels = { outgoing: writer, incoming: reader };
        const pair = judgePair({ ...judging, ...kernels, acrossTargets: true, profile, target });
        return withComparedLayouts(pair, kernels);
      };
      const forward = judge(from, to);
      const pair = options.both === true ? { ...forward, rollback: judge(to, from) } : forward;
      const renderings = {
        terminal: () => renderCheck(pair, io.render),
        json: () => pair,
        c: () => renderProof(pair, from, to),
      };
      printResult(renderings, options, io);
      return exitCodeOf(pair.rollback ? [pair, pair.rollback] : [pair], options);
    } finally {
      catalog.close();
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
