import { readFleet } from '../../ask/files/fleet.ts';
import { PAIR_CLASSES } from '../../ask/matrices/classes.ts';
import { formatWindow, isHeld, policyWindow } from '../../ask/window.ts';
import { PROFILES } from '../../model/profile.ts';
import { renderWindowMarkdown } from '../../report/window-markdown.ts';
import { renderWindow } from '../../report/window-terminal.ts';
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
import { classOf, located } from '../options.ts';
import { checkUsage, windowOf } from '../window-options.ts';

export const command = defineCommand({
  usage: 'window [releases...]',
  summary:
    'The formats that each kernel must still read, those that it may drop, and those that were dropped too early; exit 1 where one is missing.',
  example: 'luo-abi window ../linux --class stable+2 --profile memfd --fleet hosts.csv',
  options: [
    {
      flags: '--class <name>',
      summary: `how far back a kernel must read, all that is nearer with it: ${PAIR_CLASSES.join(', ')}`,
      choices: PAIR_CLASSES,
    },
    { flags: '--policy <file>', summary: 'the window of a policy, or the pairs that it names' },
    { flags: '--both', summary: 'what later kernels write must be read as well: a way back' },
    PROFILE_OPTION,
    TARGET_OPTION,
    { flags: '--fleet <file>', summary: 'machines (JSON or CSV): count those that write each format' },
    { flags: '--with <release>', summary: 'a further kernel that writes; may be repeated', repeatable: true },
    { flags: '--vendors', summary: 'kernels of vendors write as well' },
    { flags: '--all-releases', summary: 'show every release, not the newest of each series alone' },
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json or markdown; NAME=FILE writes a file; may be repeated',
      choices: ['terminal', 'json', 'markdown'],
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(operands, options, io) {
    checkUsage(operands, options);
    const names = PROFILES.map(({ name }) => name);
    const reach = classOf(options);
    return withCatalog(options, io, async (catalog) => {
      const fleet = typeof options.fleet === 'string' ? readFleet(options.fleet, names) : undefined;
      const asked = { ...askingOf(io), catalog, fleet };
      const output =
        reach === undefined
          ? await policyWindow(String(options.policy), asked)
          : await formatWindow(operands.map(located), { ...asked, ...windowOf(options), class: reach });
      const renderings = {
        terminal: () => renderWindow(output, io.render),
        json: () => output,
        markdown: () => renderWindowMarkdown(output),
      };
      printResult(renderings, options, io);
      return isHeld(output) ? 0 : 1;
    });
  },
});
