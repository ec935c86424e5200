import { pairMarkers } from '../diff/pair-markers.ts';
import type { ComponentFacts } from '../diff/rule.ts';
import { MARKER_RULES } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';
import { Interner } from './interner.ts';
import type { Side, Signatures } from './signatures.ts';

// A marker that is refused ends what is looked at of a component: its formats lie behind that gate, and which value was not
// taken changes no more than words. Of kernels that bear very many markers nearly all pairs end here.

/** Tells pairs apart that a component's marker refuses. */
export class ClosedGates {
  readonly #signatures: Signatures;
  readonly #target: Target;
  readonly #numbers = new Interner();
  /** By side, then component, then kernel. */
  readonly #known = { incoming: new Map<string, Numbers>(), outgoing: new Map<string, Numbers>() };

  constructor(signatures: Signatures, target: Target) {
    this.#signatures = signatures;
    this.#target = target;
  }

  /** Equal for pairs that come to the same of a component, since its marker refuses them; undefined where it does not. */
  keyOf(id: string, outgoing: Kernel, incoming: Kernel): string | undefined {
    if (outgoing === incoming || !this.#isRefused(id, outgoing, incoming)) return undefined;
    return `${id} ${this.#numberOf(id, outgoing, 'outgoing')} ${this.#numberOf(id, incoming, 'incoming')}`;
  }

  #isRefused(id: string, outgoing: Kernel, incoming: Kernel): boolean {
    const [written, read] = [factsOf(outgoing, id), factsOf(incoming, id)];
    if (!isAvailable(written) || !isAvailable(read) || !written.marker || !read.marker) return false;
    // Under the marker of another component its answer counts.
    if (MARKER_RULES[read.marker.kind].holds === 'nothing' || read.marker.guardedBy !== undefined)
      return false;
    const pair = pairMarkers({
      component: id,
      target: this.#target,
      outgoing: this.#sideOf(outgoing, written),
      incoming: this.#sideOf(incoming, read),
      errata: [],
      reviews: [],
    });
    return pair !== undefined && pair.accepted === undefined && !pair.isDisplaced;
  }

  #sideOf(kernel: Kernel, facts: ComponentFacts): Parameters<typeof pairMarkers>[0]['incoming'] {
    return { release: kernel.release, facts, layoutOf: layoutLookup(kernel, this.#target) };
  }

  #numberOf(id: string, kernel: Kernel, side: Side): number {
    const numbers = this.#known[side].get(id) ?? new Map<Kernel, number>();
    this.#known[side].set(id, numbers);
    const known = numbers.get(kernel) ?? this.#numbers.number(this.#textOf(id, kernel, side));
    numbers.set(kernel, known);
    return known;
  }

  /** All that stands before the gate or decides what a refusal does. */
  #textOf(id: string, kernel: Kernel, side: Side): string {
    const { structs, constants, fdt, fdtUnread, checks, code, marker, ...before } = factsOf(kernel, id);
    const { writes, accepts, ...how } = marker ?? {};
    const dispatcher = marker?.dispatcher === undefined ? null : factsOf(kernel, marker.dispatcher).reader;
    return JSON.stringify([before, how, dispatcher, this.#signatures.faultsOf(kernel, id, side)]);
  }
}

type Numbers = Map<Kernel, number>;
