import type { Catalog } from '../../catalog/catalog.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { ownEvidence } from '../../catalog/own-kernel.ts';
import { ToolError } from '../../errors.ts';
import { checkPairs } from '../../matrix/limits.ts';
import type { MatrixInput } from '../../matrix/matrix.ts';
import { carriersOf, PairJudge, tableSteps } from '../../matrix/matrix.ts';
import { withTested } from '../../matrix/matrix-evidence.ts';
import { withGroups } from '../../matrix/matrix-groups.ts';
import { isWholeName, matchesRange } from '../../matrix/range.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { PairClass } from '../../model/outputs.ts';
import type { PairTable } from '../../model/pair-table.ts';
import type { Profile } from '../../model/profile.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import { TARGETS } from '../../model/target.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { componentIdsOf } from '../../verdict/kernel.ts';
import { inSteps, rest, working } from '../../work.ts';
import type { Asking } from '../asking.ts';
import { checkProfile } from '../kernels/profiles.ts';
import { checkTarget } from '../kernels/targets.ts';

/** Which pairs of a catalog a question about many of them looks at. */
export interface PairSelection extends Asking {
  catalog: Catalog;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Only releases in this range, in the language of semver: `>=6.18 <7.2`. */
  releases?: string | undefined;
  /** Only pairs of this class. */
  only?: PairClass | undefined;
  /** Kernels of vendors and of posted series as well. */
  vendors?: boolean;
  /** Every release of a series stands for it, not its newest alone. */
  allReleases?: boolean;
  /** Pairs of a class count backwards as well. */
  backward?: boolean;
}

/** The same, with what is asked of those pairs. */
export interface TablesRequest extends PairSelection {
  profiles: readonly Profile[];
  /** Only kernels that carry the state of the profile. */
  carriersOnly: boolean;
  /** Refuses, where no class is asked for, more kernels than this: USAGE. */
  mostKernels?: number;
  /** Each pair will be an entry of JSON: refuses more than that holds, and says what helps. */
  pairByPair?: string | undefined;
}

/** The matrix of each profile over the kernels that are worth a look, as tables. @throws ToolError as `matrix` */
export function tablesOf(request: TablesRequest): Promise<PairTable[]> {
  return working(request, async () => {
    const { catalog, only, profiles, pairByPair, mostKernels = Number.POSITIVE_INFINITY } = request;
    const inRange = selectKernels(catalog, request.releases);
    if (inRange.length > mostKernels && only === undefined) {
      const message = `${inRange.length} kernels are too many for one matrix; give a range with releases, or a class`;
      throw new ToolError('USAGE', message);
    }
    if (pairByPair !== undefined && only === undefined) checkPairs(inRange.length, pairByPair);
    const judging = await judgingFrom(catalog);
    const evidence = ownEvidence(catalog.evidence(), catalog);
    const tables: PairTable[] = [];
    for (const profile of profiles) {
      await rest();
      tables.push(await tableOf(request, { ...judging, profile, inRange, evidence }));
    }
    return tables;
  });
}

/** The kernels of a catalog in a range. @throws ToolError RELEASE_UNKNOWN where there is none */
function selectKernels(catalog: Catalog, releases: string | undefined): Kernel[] {
  const kernels = catalog.allKernels();
  const chosen =
    releases === undefined ? kernels : kernels.filter(({ release }) => matchesRange(release, releases));
  if (chosen.length > 0) return chosen;
  throw new ToolError('RELEASE_UNKNOWN', `\`releases\` ${releases ?? ''}: no known release is in it`);
}

type OneTable = Omit<MatrixInput, 'kernels' | 'target'> & {
  inRange: readonly Kernel[];
  /** Records of tests to be told beside the verdicts. */
  evidence: readonly EvidenceDocument[];
};

async function tableOf(
  { target = TARGETS[0], releases, only, vendors = false, allReleases, backward, ...request }: TablesRequest,
  { inRange, evidence, ...judging }: OneTable,
): Promise<PairTable> {
  const { profile } = judging;
  const input = {
    ...judging,
    target,
    allReleases: allReleases === true,
    backward: backward === true,
    ...(only !== undefined && { only }),
  };
  const named = wholeNames(releases);
  checkTarget(
    target,
    inRange.filter(({ release }) => named.includes(release)),
  );
  // A build for another target is no kernel of this matrix.
  const kernels = inRange.filter(({ targets }) => targets === undefined || targets.includes(target));
  checkProfile(profile, componentIdsOf(kernels));
  const judge = new PairJudge(kernels, input);
  const { carriersOnly } = request;
  const shown = worthALook(judge, kernels, { carriersOnly, vendors, named });
  const steps = tableSteps({ ...input, kernels: shown }, judge);
  const table = await inSteps(`matrix of ${profile.name}`, shown.length, steps);
  return withTested(withGroups(table, shown, profile), evidence);
}

/** The releases that a range writes out: those of vendors too are then meant. */
function wholeNames(range: string | undefined): string[] {
  return range?.split(/[\s|]+/).filter(isWholeName) ?? [];
}

/**
 * Upstream kernels where some of them carry the state, else every kernel that does: a matrix is of use where the state
 * exists. `vendors` takes all.
 */
function worthALook(
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
