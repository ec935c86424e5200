import { overview } from '../../ask/overview.ts';
import { renderOverview } from '../../report/overview-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, TARGET_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { targetOf } from '../options.ts';

export const command = defineCommand({
  usage: 'overview',
  summary:
    'The first look: each upstream series to the next, how many pairs of each class are safe, and how to go on. Exit 0 whatever the verdicts are.',
  example: 'luo-abi overview --target arm64-16k',
  options: [TARGET_OPTION, FORMAT_OPTION, CATALOG_OPTION],
  async run(_args, options, io) {
    const target = targetOf(options);
    return withCatalog(options, io, async (catalog) => {
      const output = await overview({ ...askingOf(io), catalog, target });
      printResult({ terminal: () => renderOverview(output, io.render), json: () => output }, options, io);
      return 0;
    });
  },
});
