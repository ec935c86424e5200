import { ownEvidence } from '../../catalog/own-kernel.ts';
import { matrixJson } from '../../matrix/table-json.ts';
import { pairsOf } from '../../model/pair-table.ts';
import { renderLegend, renderMatrix } from '../../report/matrix-terminal.ts';
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
import { streamResult } from '../formats.ts';
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
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const target = targetOf(options);
    const only = classOf(options);
    const named = typeof options.profile === 'string' ? profileNamed(options.profile) : undefined;
    exitCodeOf([], options);
    const catalog = await openCatalog(options, io);
    try {
      const selection = {
        kernels: selectKernels(catalog, options),
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
      await streamResult({ terminal: rendered, json }, options, io);
      const answers = matrices.flatMap((table) => pairsOf(table).map(({ answer }) => answer));
      return exitCodeOf([...answers, ...matrices.flatMap(({ tested }) => tested.flatMap(doubtOf))], options);
    } finally {
      catalog.close();
    }
  },
});
