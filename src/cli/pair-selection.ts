import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import { carriersOf, computeTable, PairJudge } from '../matrix/matrix.ts';
import { withTested } from '../matrix/matrix-evidence.ts';
import { withGroups } from '../matrix/matrix-groups.ts';
import { PAIR_CLASSES } from '../matrix/pair-classes.ts';
import { isWholeName, matchesRange } from '../matrix/range.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { PairClass } from '../model/outputs.ts';
import type { PairTable } from '../model/pair-table.ts';
import type { Profile } from '../model/profile.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { componentIdsOf } from '../verdict/kernel.ts';
import type { OptionDefinition, OptionValues } from './command.ts';
import type { Judging } from './judging.ts';
import { checkProfile, checkTarget } from './options.ts';
import type { ShowProgress } from './progress.ts';

// Which pairs `matrix` and `pairs` look at.

export const PAIR_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--releases <range>', summary: 'a range of releases in the language of semver: ">=6.18 <7.2"' },
  {
    flags: '--class <name>',
    summary: `only pairs of a class: ${PAIR_CLASSES.join(', ')}`,
    choices: PAIR_CLASSES,
  },
  { flags: '--vendors', summary: 'kernels of vendors and of posted series as well' },
  { flags: '--all-releases', summary: 'every release of a series stands for it, not its newest alone' },
  { flags: '--backward', summary: 'count the way back as well' },
];

/** The class that --class names. @throws ToolError USAGE */
export function classOf({ class: name }: OptionValues): PairClass | undefined {
  if (name === undefined) return undefined;
  const known = PAIR_CLASSES.find((candidate) => candidate === name);
  if (known) return known;
  throw new ToolError('USAGE', `--class ${String(name)}: known classes are ${PAIR_CLASSES.join(', ')}`);
}

/** The kernels of a catalog in the range of --releases. @throws ToolError RELEASE_UNKNOWN where there is none */
export function selectKernels(catalog: Catalog, { releases }: OptionValues): Kernel[] {
  const kernels = catalog.allKernels();
  const chosen =
    typeof releases === 'string' ? kernels.filter(({ release }) => matchesRange(release, releases)) : kernels;
  if (chosen.length === 0) {
    throw new ToolError('RELEASE_UNKNOWN', `--releases ${String(releases ?? '')}: no known release is in it`);
  }
  return chosen;
}

export interface MatrixRequest {
  kernels: readonly Kernel[];
  profile: Profile;
  target: Target;
  options: OptionValues;
  judging: Judging;
  /** Records of tests to be told beside the verdicts. */
  evidence?: readonly EvidenceDocument[];
  only: PairClass | undefined;
  carriersOnly: boolean;
  /** Shows how far it has come. */
  progress?: ShowProgress | undefined;
}

/** The matrix of a profile over the kernels that are worth a look. */
export function tableOf({
  kernels: inRange,
  profile,
  target,
  options,
  judging,
  evidence = [],
  only,
  carriersOnly,
  progress,
}: MatrixRequest): PairTable {
  const input = {
    ...judging,
    profile,
    target,
    allReleases: options.allReleases === true,
    backward: options.backward === true,
    ...(only !== undefined && { only }),
  };
  const named = wholeNames(options.releases);
  checkTarget(
    target,
    inRange.filter(({ release }) => named.includes(release)),
  );
  // A build for another target is no kernel of this matrix.
  const kernels = inRange.filter(({ targets }) => targets === undefined || targets.includes(target));
  checkProfile(profile, componentIdsOf(kernels));
  const judge = new PairJudge(kernels, input);
  const shown = chooseKernels(judge, kernels, {
    carriersOnly,
    vendors: options.vendors === true,
    named,
  });
  const bar = progress?.(`matrix of ${profile.name}`, shown.length);
  const onRow = (done: number): void => bar?.at(done);
  const table = withGroups(computeTable({ ...input, kernels: shown, onRow }, judge), shown, profile);
  bar?.end();
  return withTested(table, evidence);
}

/** The releases that a range writes out: those of vendors too are then meant. */
function wholeNames(range: OptionValues[string]): string[] {
  return typeof range === 'string' ? range.split(/[\s|]+/).filter(isWholeName) : [];
}

/**
 * Upstream kernels where some of them carry the state, else every kernel that does: a matrix is of use where the state
 * exists. `vendors` takes all.
 */
function chooseKernels(
  judge: PairJudge,
  kernels: readonly Kernel[],
  { carriersOnly, vendors, named }: { carriersOnly: boolean; vendors: boolean; named: readonly string[] },
): readonly Kernel[] {
  if (vendors) return carriersOnly ? carriersOf(judge, kernels) : kernels;
  const upstream = kernels.filter(
    ({ release }) => parseReleaseName(release)?.vendor === null || named.includes(release),
  );
  const carriers = carriersOf(judge, upstream);
  if (carriers.length === 0) return carriersOf(judge, kernels);
  return carriersOnly ? carriers : upstream;
}
