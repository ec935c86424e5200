import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import { carriersOf, computeMatrix, PairJudge } from '../../matrix/matrix.ts';
import { withGroups } from '../../matrix/matrix-groups.ts';
import { PAIR_CLASSES } from '../../matrix/pair-classes.ts';
import { matchesRange } from '../../matrix/range.ts';
import type { PairClass, ProfileMatrix } from '../../model/outputs.ts';
import type { Profile } from '../../model/profile.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import { renderLegend, renderMatrix } from '../../report/matrix-terminal.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { openCatalog } from '../catalog-file.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  defineCommand,
  FAIL_ON_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import type { Judging } from '../judging.ts';
import { judgingFrom } from '../judging.ts';
import { checkProfile, checkTarget, exitCodeOf, profileNamed, targetOf } from '../options.ts';

/** What is shown when no profile is named. */
const FIRST_LOOK = ['memory', 'memfd', 'pci'] as const;

export const command = defineCommand({
  usage: 'matrix',
  summary: 'The verdicts of every ordered pair, and how many pairs of each class are safe.',
  example: 'luo-abi matrix --profile memfd --releases ">=7.1" --class main+1',
  options: [
    PROFILE_OPTION,
    TARGET_OPTION,
    { flags: '--releases <range>', summary: 'a range of releases in the language of semver: ">=6.18 <7.2"' },
    { flags: '--class <name>', summary: `only pairs of a class: ${PAIR_CLASSES.join(', ')}` },
    { flags: '--vendors', summary: 'kernels of vendors and of posted series as well' },
    { flags: '--all-releases', summary: 'every release of a series stands for it, not its newest alone' },
    { flags: '--backward', summary: 'count the way back as well' },
    FAIL_ON_OPTION,
    FORMAT_OPTION,
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
      };
      const matrices =
        named === undefined
          ? FIRST_LOOK.map((name) =>
              matrixOf({ ...selection, profile: profileNamed(name), only, carriersOnly: true }),
            )
          : [matrixOf({ ...selection, profile: named, only, carriersOnly: false })];
      const rendered = (): string =>
        `${matrices.map((matrix) => renderMatrix(matrix, io.render)).join('\n')}\n${renderLegend(io.render)}`;
      const [first] = matrices;
      printResult(
        { terminal: rendered, json: () => (named === undefined ? { matrices } : first) },
        options,
        io,
      );
      return exitCodeOf(
        matrices.flatMap(({ pairs }) => pairs),
        options,
      );
    } finally {
      catalog.close();
    }
  },
});

function classOf({ class: name }: OptionValues): PairClass | undefined {
  if (name === undefined) return undefined;
  const known = PAIR_CLASSES.find((candidate) => candidate === name);
  if (known) return known;
  throw new ToolError('USAGE', `--class ${String(name)}: known classes are ${PAIR_CLASSES.join(', ')}`);
}

function selectKernels(catalog: Catalog, { releases }: OptionValues): Kernel[] {
  const rows = catalog.kernels();
  const chosen =
    typeof releases === 'string' ? rows.filter(({ release }) => matchesRange(release, releases)) : rows;
  if (chosen.length === 0) {
    throw new ToolError('RELEASE_UNKNOWN', `--releases ${String(releases ?? '')}: no known release is in it`);
  }
  return chosen.flatMap(({ release }) => catalog.kernel(release) ?? []);
}

interface MatrixRequest {
  kernels: readonly Kernel[];
  profile: Profile;
  target: Target;
  options: OptionValues;
  judging: Judging;
  only: PairClass | undefined;
  carriersOnly: boolean;
}

function matrixOf({
  kernels,
  profile,
  target,
  options,
  judging,
  only,
  carriersOnly,
}: MatrixRequest): ProfileMatrix {
  const input = {
    ...judging,
    profile,
    target,
    allReleases: options.allReleases === true,
    backward: options.backward === true,
    ...(only !== undefined && { only }),
  };
  checkTarget(target, kernels);
  checkProfile(
    profile,
    kernels.flatMap(({ components }) => [...components.keys()]),
  );
  const judge = new PairJudge(kernels, input);
  const shown = chooseKernels(judge, kernels, { carriersOnly, vendors: options.vendors === true });
  return withGroups(computeMatrix({ ...input, kernels: shown }, judge), shown, profile);
}

/**
 * Upstream kernels where some of them carry the state, else every kernel that does: a matrix is of use where the state
 * exists. `vendors` takes all.
 */
function chooseKernels(
  judge: PairJudge,
  kernels: readonly Kernel[],
  { carriersOnly, vendors }: { carriersOnly: boolean; vendors: boolean },
): readonly Kernel[] {
  if (vendors) return carriersOnly ? carriersOf(judge, kernels) : kernels;
  const upstream = kernels.filter(({ release }) => parseReleaseName(release)?.vendor === null);
  const carriers = carriersOf(judge, upstream);
  if (carriers.length === 0) return carriersOf(judge, kernels);
  return carriersOnly ? carriers : upstream;
}
