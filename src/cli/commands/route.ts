import { route } from '../../ask/route.ts';
import { renderRoute } from '../../report/route-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { countOf, located, profileOf, targetOf } from '../options.ts';
import { WAY_OPTIONS, wayOf } from '../way-options.ts';

export const command = defineCommand({
  usage: 'route <from> <to>',
  summary: 'The live updates that lead from one kernel to another by safe pairs alone; exit 1 where none do.',
  example: 'luo-abi route 6.18.15 7.3.4 --profile memory --with ./7.3.4+acme1.json',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    ...WAY_OPTIONS,
    {
      flags: '--shims <number>',
      summary: 'hops that so many shims in all would make safe count as well, and what each needs',
    },
    { flags: '--rollback', summary: 'every hop must be safe backwards as well' },
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run([from = '', to = ''], options, io) {
    const asked = {
      ...askingOf(io),
      ...wayOf(options),
      profile: profileOf(options),
      target: targetOf(options),
      shims: countOf(options.shims, '--shims'),
      rollback: options.rollback === true,
    };
    return withCatalog(options, io, async (catalog) => {
      const output = await route(located(from), located(to), { ...asked, catalog });
      printResult({ terminal: () => renderRoute(output, io.render), json: () => output }, options, io);
      return output.hops ? 0 : 1;
    });
  },
});
