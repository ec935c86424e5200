import { list, reusedMarkers } from '../../ask/list.ts';
import { renderList } from '../../report/list-terminal.ts';
import { renderReusedMarkers } from '../../report/reused-markers-terminal.ts';
import { withCatalog } from '../asking.ts';
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
    return withCatalog(options, io, async (catalog) => {
      if (options.reusedMarkers === true) {
        const reused = await reusedMarkers({ catalog, target });
        const terminal = (): string => renderReusedMarkers(reused, io.render);
        printResult({ terminal, json: () => reused }, options, io);
        return 0;
      }
      const output = list({ catalog });
      printResult({ terminal: () => renderList(output, io.render), json: () => output }, options, io);
      return 0;
    });
  },
});
