import { overviewOf } from '../../matrix/overview.ts';
import { PROFILES } from '../../model/profile.ts';
import { renderOverview } from '../../report/overview-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, TARGET_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkTarget, targetOf } from '../options.ts';
import { FIRST_LOOK } from './matrix.ts';

export const command = defineCommand({
  usage: 'overview',
  summary:
    'The first look: each upstream series to the next, how many pairs of each class are safe, and how to go on. Exit 0 whatever the verdicts are.',
  example: 'luo-abi overview --target arm64-16k',
  options: [TARGET_OPTION, FORMAT_OPTION, CATALOG_OPTION],
  async run(_args, options, io) {
    const target = targetOf(options);
    const catalog = await openCatalog(options, io);
    try {
      const kernels = catalog
        .listedKernels()
        .flatMap(({ row, kernel }) => (row.vendor === null ? [kernel] : []));
      checkTarget(target, kernels);
      const profiles = PROFILES.filter(({ name }) => (FIRST_LOOK as readonly string[]).includes(name));
      const overview = overviewOf({ ...(await judgingFrom(catalog)), kernels, profiles, target });
      printResult({ terminal: () => renderOverview(overview, io.render), json: () => overview }, options, io);
      return 0;
    } finally {
      catalog.close();
    }
  },
});
