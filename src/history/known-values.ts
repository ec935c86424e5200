import { createHash } from 'node:crypto';
import { knownMarkerOf } from '../diff/known-markers.ts';
import type { SideFacts } from '../diff/rule.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';

// Which values of a marker are in use, and for what: asked before somebody raises it.

/** A value of a marker in one kernel, with a hash of all that it stands for there. */
interface UsedValue {
  release: string;
  value: string;
  form: string;
}

/** Where other kernels come from, if they are asked for at all. */
export type OtherKernels = () => readonly Kernel[];

/** The values that other kernels use. */
export class KnownValues {
  readonly #others: OtherKernels;
  readonly #byComponent = new Map<string, UsedValue[]>();

  constructor(others: OtherKernels) {
    this.#others = others;
  }

  /** Releases in which a component's marker has the value that it has in `kernel`, and stands for something else. */
  namesakes(kernel: Kernel, component: string): string[] {
    const own = usedValue(kernel, component);
    if (!own) return [];
    const same = this.#valuesOf(component).filter(({ value }) => value === own.value);
    // Where some kernel has the same under the same value, it is a backport, or the release that the change went into.
    if (same.some(({ form }) => form === own.form)) return [];
    return [...new Set(same.map(({ release }) => release))];
  }

  /** The value after the one that a kernel writes which no other kernel uses; undefined where it ends in no number. */
  next(kernel: Kernel, component: string): string | undefined {
    const writes = factsOf(kernel, component).marker?.writes;
    const [, head = '', digits] = /^(.*?)(\d+)$/s.exec(String(writes)) ?? [];
    if (digits === undefined || typeof writes === 'object') return undefined;
    const used = new Set(this.#valuesOf(component).map(({ value }) => value));
    let number = BigInt(digits) + 1n;
    while (used.has(`${head}${number}`)) number += 1n;
    return `${head}${number}`;
  }

  #valuesOf(component: string): UsedValue[] {
    let values = this.#byComponent.get(component);
    values ??= this.#others().flatMap((kernel) => usedValue(kernel, component) ?? []);
    this.#byComponent.set(component, values);
    return values;
  }
}

function usedValue(kernel: Kernel, component: string): UsedValue | undefined {
  const { marker } = factsOf(kernel, component);
  if (marker?.writes === undefined) return undefined;
  const guarded = [...kernel.components.keys()]
    .filter((id) => id === component || factsOf(kernel, id).marker?.guardedBy === component)
    .filter((id) => isAvailable(factsOf(kernel, id)))
    .sort(byCodeUnit);
  const forms = TARGETS.flatMap((target) =>
    guarded.map((id) => {
      const side: SideFacts = {
        release: kernel.release,
        facts: { ...factsOf(kernel, id), marker },
        layoutOf: layoutLookup(kernel, target),
      };
      return `${id} ${knownMarkerOf(side, target)?.layoutHash ?? ''}`;
    }),
  );
  const form = createHash('sha256').update(forms.join('\n')).digest('hex');
  return { release: kernel.release, value: String(marker.writes), form };
}
