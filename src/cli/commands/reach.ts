import { reach } from '../../ask/reach.ts';
import { renderReach } from '../../report/reach-terminal.ts';
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
import { located, profileOf, targetOf } from '../options.ts';
import { WAY_OPTIONS, wayOf } from '../way-options.ts';

export const command = defineCommand({
  usage: 'reach <release>',
  summary: 'All that can be reached from a kernel by safe pairs, and all from which one can go back to it.',
  example: 'luo-abi reach 7.1.8 --profile memfd',
  options: [PROFILE_OPTION, TARGET_OPTION, ...WAY_OPTIONS, FORMAT_OPTION, COMPONENTS_OPTION, CATALOG_OPTION],
  async run([release = ''], options, io) {
    const asked = {
      ...askingOf(io),
      ...wayOf(options),
      profile: profileOf(options),
      target: targetOf(options),
    };
    return withCatalog(options, io, async (catalog) => {
      const output = await reach(located(release), { ...asked, catalog });
      printResult({ terminal: () => renderReach(output, io.render), json: () => output }, options, io);
      return output.reached.length > 0 ? 0 : 1;
    });
  },
});
