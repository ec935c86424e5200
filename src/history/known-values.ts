import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import { readsOther } from './judge-change.ts';

// Which values of a marker are in use, and for what: asked before somebody raises it.

/** A kernel that may use a value already. */
export interface OtherKernel extends Kernel {
  /** Nobody released it: that it says the same says nothing of who had the value first. */
  isBranch?: boolean;
}

/** Kernels that may use a value of a marker; others may be among them. */
export type OtherKernels = (value: string) => readonly OtherKernel[];

/** The values of markers that other kernels use. */
export class KnownValues {
  readonly #others: OtherKernels;

  constructor(others: OtherKernels) {
    this.#others = others;
  }

  /** Releases in which a component's marker has the value that it has in `kernel`, and names something else. */
  namesakes(kernel: Kernel, component: string): string[] {
    const own = markerValue(kernel, component);
    if (own === undefined) return [];
    const same = this.#others(own).filter((other) => markerValue(other, component) === own);
    const differing = same.filter((other) =>
      guardedIn(kernel, component).some((id) => readsOther(other, kernel, id)),
    );
    // Where some release has the same under the same value, it is a backport, or the release that the change went into.
    if (same.some((other) => !other.isBranch && !differing.includes(other))) return [];
    return [...new Set(differing.map(({ release }) => release))];
  }

  /** The value after the one that a kernel writes which no other kernel uses; undefined where it ends in no number. */
  next(kernel: Kernel, component: string): string | undefined {
    const own = markerValue(kernel, component);
    const [, head = '', digits] = /^(.*?)(\d+)$/s.exec(own ?? '') ?? [];
    if (digits === undefined) return undefined;
    const isUsed = (value: string): boolean =>
      this.#others(value).some((other) => markerValue(other, component) === value);
    let number = BigInt(digits) + 1n;
    while (isUsed(`${head}${number}`)) number += 1n;
    return `${head}${number}`;
  }
}

/** The component itself, and those without a marker of their own that its marker answers for. */
function guardedIn(kernel: Kernel, component: string): string[] {
  const others = [...kernel.components.keys()].filter(
    (id) => factsOf(kernel, id).marker?.guardedBy === component,
  );
  return [component, ...others];
}

function markerValue(kernel: Kernel, component: string): string | undefined {
  const writes = factsOf(kernel, component).marker?.writes;
  return writes === undefined || typeof writes === 'object' ? undefined : String(writes);
}
