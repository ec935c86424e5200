import type { Catalog } from '../../catalog/catalog.ts';
import type { PairVerdict } from '../../model/finding.ts';
import { renderCheck } from '../../report/check-terminal.ts';
import { judgePair } from '../../verdict/pair.ts';
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
import { exitCodeOf, profileOf, targetOf } from '../options.ts';
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
    FORMAT_OPTION,
    CATALOG_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const profile = profileOf(options);
    const target = targetOf(options);
    const catalog = await openCatalog(options, io);
    try {
      const pair = await judge({ outgoing, incoming, catalog, options, io });
      printResult({ terminal: () => renderCheck(pair, io.render), json: () => pair }, options, io);
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
    }): Promise<PairVerdict> {
      const { kernel: from } = await resolveKernel(request.outgoing, request.catalog, request.io);
      const { kernel: to } = await resolveKernel(request.incoming, request.catalog, request.io);
      const strangers = [from, to].map(({ release }) => release).filter((release) => !catalog.has(release));
      const judging = await judgingFrom(request.catalog, strangers);
      const pair = judgePair({ ...judging, outgoing: from, incoming: to, profile, target });
      if (request.options.both !== true) return pair;
      return { ...pair, rollback: judgePair({ ...judging, outgoing: to, incoming: from, profile, target }) };
    }
  },
});
