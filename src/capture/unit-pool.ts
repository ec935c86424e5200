// Not from the index of cdecl: that leads to the grammar, whose types users of the package do not have.
import type { CTree } from '../cdecl/preprocess/source.ts';
import type { Unit } from '../cdecl/unit.ts';

/** Units that are kept for each file and target; neighbouring kernels come one after the other. */
const KEPT = 2;

/** SHA-256 of a file of a tree by its path; undefined where it is absent. */
type Digest = (path: string) => string | undefined;

interface PooledUnit {
  unit: Unit;
  config: ReadonlyMap<string, string> | undefined;
  /** Of the tree that the unit reads. */
  digest: Digest;
}

/**
 * C units of the kernels that were captured before, for those in which everything is the same that a unit was read
 * from. Kernels are captured one at a time: a unit that is taken reads the new tree from then on.
 */
export class UnitPool {
  readonly #units = new Map<string, PooledUnit[]>();

  /** The units as one capture sees them. */
  for(digest: Digest, config: ReadonlyMap<string, string> | undefined): PooledUnits {
    return {
      take: (key, tree) => {
        const pooled = this.#units.get(key) ?? [];
        const at = pooled.findIndex(
          (one) => one.config === config && one.unit.isDrawnFrom((path) => one.digest(path) === digest(path)),
        );
        const [known] = at < 0 ? [] : pooled.splice(at, 1);
        if (!known) return undefined;
        known.unit.moveTo(tree);
        pooled.unshift({ ...known, digest });
        return known.unit;
      },
      keep: (key, unit) => {
        const pooled = this.#units.get(key) ?? [];
        pooled.unshift({ unit, config, digest });
        this.#units.set(key, pooled.slice(0, KEPT));
      },
    };
  }
}

/** What one capture takes from a pool and leaves there. */
export interface PooledUnits {
  take(key: string, tree: CTree): Unit | undefined;
  keep(key: string, unit: Unit): void;
}
