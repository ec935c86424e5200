import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { overviewOf } from '../matrix/overview.ts';
import type { OverviewOutput } from '../model/overview.ts';
import { PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { checkTarget } from './kernels/targets.ts';
import { FIRST_LOOK } from './matrix.ts';

export interface OverviewOptions extends Asking {
  catalog: Catalog;
  /** Default: `x86_64-4k`. */
  target?: Target;
}

/**
 * Each upstream series to the next, and how many pairs of each class are safe: what `luo-abi overview --format json` prints.
 * @throws ToolError TARGET_UNKNOWN
 */
export function overview(options: OverviewOptions): Promise<OverviewOutput> {
  return working(options, async () => {
    const { catalog, target = TARGETS[0] } = options;
    const kernels = catalog
      .listedKernels()
      .flatMap(({ row, kernel }) => (row.vendor === null ? [kernel] : []));
    checkTarget(target, kernels);
    const profiles = PROFILES.filter(({ name }) => (FIRST_LOOK as readonly string[]).includes(name));
    return overviewOf({ ...(await judgingFrom(catalog)), kernels, profiles, target });
  });
}
