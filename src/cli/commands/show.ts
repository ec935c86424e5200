import { show } from '../../ask/show.ts';
import { renderShow } from '../../report/show-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { located, namedTarget, textOf } from '../options.ts';

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
    return withCatalog(options, io, async (catalog) => {
      const shown = await show(located(release), {
        ...askingOf(io),
        catalog,
        target: namedTarget(options),
        component: textOf(options.component),
      });
      printResult({ terminal: () => renderShow(shown, io.render), json: () => shown }, options, io);
      return 0;
    });
  },
});
