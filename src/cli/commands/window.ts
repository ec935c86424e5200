import { ToolError } from '../../errors.ts';
import { PAIR_CLASSES } from '../../matrix/pair-classes.ts';
import { renderWindowMarkdown } from '../../report/window-markdown.ts';
import { renderWindow } from '../../report/window-terminal.ts';
import { openCatalog } from '../catalog-file.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { isHeld, windowOf } from '../windowing.ts';

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
    const catalog = await openCatalog(options, io);
    try {
      const output = await windowOf({ operands, catalog, options, io });
      const renderings = {
        terminal: () => renderWindow(output, io.render),
        json: () => output,
        markdown: () => renderWindowMarkdown(output),
      };
      printResult(renderings, options, io);
      return isHeld(output) ? 0 : 1;
    } finally {
      catalog.close();
    }
  },
});

/** What a policy says itself. */
const OF_A_CLASS = ['both', 'profile', 'target', 'with', 'vendors', 'allReleases'] as const;

/** @throws ToolError USAGE for no window or two of them */
function checkUsage(operands: readonly string[], options: OptionValues): void {
  const isClass = options.class !== undefined;
  if (isClass === (options.policy !== undefined)) {
    throw new ToolError('USAGE', 'window: give one of --class <name> and --policy <file>');
  }
  if (isClass) return;
  const [option] = OF_A_CLASS.filter((name) => options[name] !== undefined);
  if (operands.length === 0 && option === undefined) return;
  const extra = operands[0] ?? `--${option === 'allReleases' ? 'all-releases' : option}`;
  throw new ToolError('USAGE', `window: ${extra} beside --policy: the policy says that itself`);
}
