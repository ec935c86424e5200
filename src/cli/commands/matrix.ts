import { ownEvidence } from '../../catalog/own-kernel.ts';
import { ToolError } from '../../errors.ts';
import { classMatrixOf } from '../../matrix/class-matrix.ts';
import { checkPairs } from '../../matrix/limits.ts';
import { matrixJson } from '../../matrix/table-json.ts';
import { pairsOf } from '../../model/pair-table.ts';
import { renderLegend, renderMatrix } from '../../report/matrix-terminal.ts';
import { renderClassMatrix } from '../../report/site/matrix-files.ts';
import { openCatalog } from '../catalog-file.ts';
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
import { judgingFrom } from '../judging.ts';
import { doubtOf, exitCodeOf, profileNamed, targetOf } from '../options.ts';
import { classOf, PAIR_OPTIONS, selectKernels, tableOf } from '../pair-selection.ts';

/** What is shown when no profile is named. */
export const FIRST_LOOK = ['memory', 'memfd', 'pci'] as const;

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
    const only = classOf(options);
    const named = typeof options.profile === 'string' ? profileNamed(options.profile) : undefined;
    const formats = formatsOf(options);
    if (formats.includes('classes') && (named === undefined || only !== undefined)) {
      throw new ToolError(
        'USAGE',
        '--format classes holds every pair of one profile: name it with --profile, and leave --class out',
      );
    }
    exitCodeOf([], options);
    const catalog = await openCatalog(options, io);
    try {
      const kernels = selectKernels(catalog, options);
      if (formats.includes('json') && only === undefined) {
        checkPairs(
          kernels.length,
          '--format classes has each class of kernels once, --releases and --class take fewer',
        );
      }
      const selection = {
        kernels,
        target,
        options,
        judging: await judgingFrom(catalog),
        evidence: ownEvidence(catalog.evidence(), catalog),
        progress: io.progress,
      };
      const matrices =
        named === undefined
          ? FIRST_LOOK.map((name) =>
              tableOf({ ...selection, profile: profileNamed(name), only, carriersOnly: true }),
            )
          : [tableOf({ ...selection, profile: named, only, carriersOnly: false })];
      const shape = { ...io.render, isWide: options.wide === true };
      const rendered = (): string =>
        `${matrices.map((matrix) => renderMatrix(matrix, shape)).join('\n')}\n${renderLegend(io.render)}`;
      const json = (): unknown => {
        const [first, ...others] = matrices.map(matrixJson);
        return named === undefined ? { matrices: [first, ...others] } : first;
      };
      const classes = (): string => matrices.map((table) => renderClassMatrix(classMatrixOf(table))).join('');
      await streamResult({ terminal: rendered, json, classes }, options, io);
      const answers = matrices.flatMap((table) => pairsOf(table).map(({ answer }) => answer));
      return exitCodeOf([...answers, ...matrices.flatMap(({ tested }) => tested.flatMap(doubtOf))], options);
    } finally {
      catalog.close();
    }
  },
});
