import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ownEvidence } from '../catalog/own-kernel.ts';
import { ToolError } from '../errors.ts';
import { expandTable } from '../matrix/expand-table.ts';
import { computeTable } from '../matrix/matrix.ts';
import { withTested } from '../matrix/matrix-evidence.ts';
import { withGroups } from '../matrix/matrix-groups.ts';
import { matchesRange } from '../matrix/range.ts';
import type { MatrixOutput, PairClass } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { checkCovered, profileFrom } from './kernels.ts';

export interface MatrixOptions {
  catalog: Catalog;
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Only releases in this range, in the language of semver: `>=6.18 <7.2`. */
  releases?: string;
  /** Only pairs of this class. */
  only?: PairClass;
  /** Kernels of vendors and of posted series as well. */
  vendors?: boolean;
  /** Every release of a series stands for it, not its newest alone. */
  allReleases?: boolean;
  /** Pairs of a class count backwards as well. */
  backward?: boolean;
}

/**
 * The verdicts of every ordered pair of the kernels of a catalog, in the form of `luo-abi matrix --profile … --format json`.
 * Without `vendors` upstream's releases alone, also where none of them carries the state.
 * @throws ToolError RELEASE_UNKNOWN where no release is in the range, PROFILE_UNKNOWN, TARGET_UNKNOWN, USAGE for a bad range
 */
export async function matrix(options: MatrixOptions): Promise<MatrixOutput> {
  const { catalog, target = 'x86_64-4k', releases, only, vendors = false, allReleases, backward } = options;
  const profile = profileFrom(options.profile);
  const kernels = catalog
    .listedKernels()
    .filter(({ row: { vendor } }) => vendors || vendor === null)
    .filter(({ row: { release } }) => releases === undefined || matchesRange(release, releases))
    .map(({ kernel }) => kernel);
  if (kernels.length === 0) {
    throw new ToolError('RELEASE_UNKNOWN', `${releases ?? 'the catalog'}: no known release is in it`);
  }
  checkCovered(target, kernels);
  const judging = await judgingFrom(catalog);
  const computed = computeTable({
    ...judging,
    kernels,
    profile,
    target,
    ...(only !== undefined && { only }),
    ...(allReleases !== undefined && { allReleases }),
    ...(backward !== undefined && { backward }),
  });
  const tested = withTested(computed, ownEvidence(catalog.evidence(), catalog));
  return expandTable(withGroups(tested, kernels, profile));
}
