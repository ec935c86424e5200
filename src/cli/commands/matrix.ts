import { compactMatrices } from '../../ask/matrix.ts';
import { ToolError } from '../../errors.ts';
import { renderLegend, renderMatrix } from '../../report/matrix-terminal.ts';
import { renderClassMatrix } from '../../report/site/matrix-files.ts';
import { askingOf, withCatalog } from '../asking.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { formatsOf, streamResult } from '../formats.ts';
import { exitCodeOf, failOnOf, namedProfile, targetOf } from '../options.ts';
import { PAIR_OPTIONS, selectionOf } from '../pair-options.ts';

export const command = defineCommand({
  usage: 'matrix',
  summary: 'The verdicts of every ordered pair, and how many pairs of each class are safe.',
  example: 'luo-abi matrix --profile memfd --releases ">=7.1" --class main+1',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    ...PAIR_OPTIONS,
    { flags: '--wide', summary: 'every kernel a row and a column, however wide the window is' },
    FAIL_ON_OPTION,
    {
      ...FORMAT_OPTION,
      summary:
        'terminal, json, or classes (JSON by class of kernels); NAME=FILE writes a file; may be repeated',
      choices: ['terminal', 'json', 'classes'],
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const target = targetOf(options);
    const selection = selectionOf(options);
    const profile = namedProfile(options);
    const formats = formatsOf(options);
    if (formats.includes('classes') && (profile === undefined || selection.only !== undefined)) {
      throw new ToolError(
        'USAGE',
        '--format classes holds every pair of one profile: name it with --profile, and leave --class out',
      );
    }
    failOnOf(options);
    const pairByPair = formats.includes('json')
      ? '--format classes has each class of kernels once, --releases and --class take fewer'
      : undefined;
    return withCatalog(options, io, async (catalog) => {
      const asked = { ...askingOf(io), ...selection, catalog, target, profile, pairByPair };
      const { tables, json, classes, answers } = await compactMatrices(asked);
      const shape = { ...io.render, isWide: options.wide === true };
      const renderings = {
        terminal: () =>
          `${tables.map((table) => renderMatrix(table, shape)).join('\n')}\n${renderLegend(io.render)}`,
        json,
        classes: () => classes().map(renderClassMatrix).join(''),
      };
      await streamResult(renderings, options, io);
      return exitCodeOf(answers(), options);
    });
  },
});
