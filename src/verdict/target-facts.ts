import type { ComponentFacts, SideFacts } from '../diff/rule.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from './kernel.ts';
import { layoutLookup } from './kernel.ts';

// Of most components every target says the same, and a pair that was compared on one needs no other.

type LayoutOf = SideFacts['layoutOf'];

/** The layouts that a comparison looked up. */
export class LookedUp {
  readonly #looked = new Map<Kernel, Map<string, ReturnType<LayoutOf>>>();

  /** A lookup that is written down. */
  through(kernel: Kernel, target: Target): LayoutOf {
    const layoutOf = layoutLookup(kernel, target);
    const own = this.#looked.get(kernel) ?? new Map<string, ReturnType<LayoutOf>>();
    this.#looked.set(kernel, own);
    return (tag) => {
      const layout = layoutOf(tag);
      own.set(tag, layout);
      return layout;
    };
  }

  /** Whether each of them is the very same on another target. */
  isEqualOn(target: Target): boolean {
    return [...this.#looked].every(([kernel, found]) => {
      const layoutOf = layoutLookup(kernel, target);
      return [...found].every(([tag, layout]) => layoutOf(tag) === layout);
    });
  }
}

const naming = new WeakMap<ComponentFacts, boolean>();
const NAMES: ReadonlySet<string> = new Set(TARGETS);

/** Whether facts say anything of single targets, in whatever place. */
export function namesTarget(facts: ComponentFacts): boolean {
  const known = naming.get(facts) ?? isNaming(facts);
  naming.set(facts, known);
  return known;
}

function isNaming(value: unknown): boolean {
  if (typeof value === 'string') return NAMES.has(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(isNaming);
  // Pairs of keys and values, made for each object, take ten times as long at a start.
  for (const key in value) {
    if (NAMES.has(key) || isNaming(value[key as keyof typeof value])) return true;
  }
  return false;
}
