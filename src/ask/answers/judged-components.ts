import type { Judging } from '../../catalog/judging.ts';
import { Signatures } from '../../matrix/signatures.ts';
import { TARGETS } from '../../model/target.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { Judged, KnownComponents } from '../../verdict/pair.ts';
import { Lru } from './lru.ts';

/** Findings of kept judgements. */
const KEPT = 1 << 16;

/** What components come to by themselves: judged once for all pairs of kernels that write, and read, the same of them. */
export class JudgedComponents {
  readonly #signatures: Signatures;
  readonly #numbers = new Map<string, number>();
  /** By kernel, then by component. */
  readonly #sides = {
    outgoing: new WeakMap<Kernel, Map<string, number>>(),
    incoming: new WeakMap<Kernel, Map<string, number>>(),
  };
  readonly #judged = new Lru<Judged>(KEPT);

  /** `kernels` say all that any of those that will be asked about does. */
  constructor(kernels: readonly Kernel[], judging: Judging) {
    this.#signatures = new Signatures(kernels, { ...judging, targets: TARGETS });
  }

  /** Those of a pair; `how` tells apart what is judged on other targets, or told under other names. */
  between(outgoing: Kernel, incoming: Kernel, how: string): KnownComponents {
    const keyOf = (id: string): string =>
      `${how} ${id} ${this.#side(outgoing, id, 'outgoing')} ${this.#side(incoming, id, 'incoming')}`;
    return {
      get: (id) => this.#judged.get(keyOf(id)),
      set: (id, judged) => this.#judged.set(keyOf(id), judged, 1 + judged.findings.length),
    };
  }

  #side(kernel: Kernel, id: string, side: 'incoming' | 'outgoing'): number {
    const known = this.#sides[side].get(kernel)?.get(id);
    if (known !== undefined) return known;
    const own = this.#sides[side].get(kernel) ?? new Map<string, number>();
    const number = this.#numberOf(this.#signatures.of(kernel, id, side));
    this.#sides[side].set(kernel, own.set(id, number));
    return number;
  }

  #numberOf(signature: string): number {
    const known = this.#numbers.get(signature) ?? this.#numbers.size;
    this.#numbers.set(signature, known);
    return known;
  }
}
