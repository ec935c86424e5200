import { embeddedTag } from '../diff/encoding.ts';
import { leavesOf } from '../diff/flat-member.ts';
import type { ComponentFacts } from '../diff/rule.ts';
import type { Layout } from '../model/layout.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, layoutLookup } from '../verdict/kernel.ts';
import type { PairInput } from '../verdict/pair.ts';

/** By what judgements are told apart beside the facts. */
export interface SignatureInput extends Pick<PairInput, 'errata' | 'erratumApplies'> {
  /** Every target that a judgement looks at. */
  targets: readonly Target[];
}

interface Asked {
  dispatchers: readonly string[];
  checked: readonly string[];
}

export type Side = 'incoming' | 'outgoing';

/** Tells of some kernels which of them write, or read, the same of a component, whatever else they hold. */
export class Signatures {
  readonly #kernels: readonly Kernel[];
  readonly #input: SignatureInput;
  readonly #asked = new Map<string, Asked>();
  readonly #names = new Map<string, Map<ComponentFacts, readonly string[]>>();
  readonly #factIds = new Map<object, number>();
  readonly #layoutNumbers = new Map<Layout, number>();
  readonly #layoutTexts = new Map<string, number>();
  readonly #guards = new Map<string, readonly string[]>();

  constructor(kernels: readonly Kernel[], input: SignatureInput) {
    this.#kernels = kernels;
    this.#input = input;
  }

  /** Everything that judging a component by itself looks at on one side. */
  of(kernel: Kernel, id: string, side: Side): string {
    return `${this.#idOf(factsOf(kernel, id))} ${this.beside(kernel, id, side)}`;
  }

  /** The same without the facts of the component. */
  beside(kernel: Kernel, id: string, side: Side): string {
    const faults = this.faultsOf(kernel, id, side);
    const { asked, names, guards } = this.#besideOf(factsOf(kernel, id), id, side);
    // Most components are judged by their own facts alone.
    if (asked.length === 0 && names.length === 0 && guards.length === 0) return faults;
    const readers = asked.map((name) => factsOf(kernel, name).reader ?? null);
    const lent = guards.map((guard) => {
      const { marker } = factsOf(kernel, guard);
      return side === 'outgoing' ? (marker?.writes ?? null) : (marker?.accepts ?? null);
    });
    return `${faults} ${JSON.stringify([readers, this.#layoutsOf(kernel, names), lent])}`;
  }

  /** Whether these facts of a component are all that tells kernels with them apart. */
  areAlone(facts: ComponentFacts, id: string, side: Side): boolean {
    const { asked, names, guards } = this.#besideOf(facts, id, side);
    if (asked.length > 0 || names.length > 0 || guards.length > 0) return false;
    return !this.#input.errata?.some(({ component, side: own }) => component === id && own === side);
  }

  /** What judging a component looks at beside its own facts. */
  #besideOf(
    facts: ComponentFacts,
    id: string,
    side: Side,
  ): Record<'asked' | 'guards' | 'names', readonly string[]> {
    const { dispatchers, checked } = this.#askedFor(id);
    return {
      asked: side === 'incoming' ? dispatchers : [],
      names: this.#namesIn(id, facts, checked),
      guards: this.#guardsOf(id),
    };
  }

  /** The errata of a kernel that are of one side of a component. */
  faultsOf({ release }: Kernel, id: string, side: Side): string {
    const { errata = [], erratumApplies } = this.#input;
    let faults = '';
    for (const erratum of errata) {
      if (erratum.component !== id || erratum.side !== side) continue;
      if (erratumApplies?.(erratum, release)) faults += `${erratum.id},`;
    }
    return faults;
  }

  /** What the two sides of a pair ask of each other's kernel beside the component itself: who looks up its name, whose size is checked. */
  #askedFor(id: string): Asked {
    const known = this.#asked.get(id);
    if (known) return known;
    const all = new Set(this.#kernels.map((kernel) => factsOf(kernel, id)));
    const asked = {
      dispatchers: [...new Set([...all].flatMap(({ marker }) => marker?.dispatcher ?? []))].sort(),
      checked: [...new Set([...all].flatMap(({ checks }) => checks.map(({ struct }) => struct)))].sort(),
    };
    this.#asked.set(id, asked);
    return asked;
  }

  /** The structs of other components that a judgement looks at: what is checked, and what structs embed. */
  #namesIn(id: string, facts: ComponentFacts, checked: readonly string[]): readonly string[] {
    const known = this.#names.get(id) ?? new Map<ComponentFacts, readonly string[]>();
    this.#names.set(id, known);
    const names = known.get(facts) ?? [
      ...new Set([...this.#tagsOf(facts), ...checked.filter((name) => !(name in facts.structs))]),
    ];
    known.set(facts, names);
    return names;
  }

  /** The layouts that a kernel has of some structs, and of what they embed, however deep. */
  #layoutsOf(kernel: Kernel, structs: readonly string[]): [string, number][] {
    const names = new Set(structs);
    const found: [string, number][] = [];
    // What is added on the way is looked at as well.
    for (const name of names) {
      for (const target of this.#input.targets) {
        const layout = layoutLookup(kernel, target)(name);
        found.push([name, layout ? this.#numberOf(layout) : -1]);
        for (const tag of tagsIn(layout)) names.add(tag);
      }
    }
    return found;
  }

  /** Components whose marker answers for one, where some kernel accepts it with the layouts of another release. */
  #guardsOf(id: string): readonly string[] {
    const known = this.#guards.get(id);
    if (known) return known;
    const found = new Set<string>();
    for (const kernel of this.#kernels) {
      for (let guard = guardOf(kernel, id); guard !== undefined && !found.has(guard); ) {
        found.add(guard);
        guard = guardOf(kernel, guard);
      }
    }
    const lends = (guard: string): boolean =>
      this.#kernels.some((kernel) =>
        factsOf(kernel, guard).marker?.accepts.some(
          ({ asWritten, layoutOf }) => asWritten || layoutOf !== undefined,
        ),
      );
    const guards = [...found].some(lends) ? [...found].sort() : [];
    this.#guards.set(id, guards);
    return guards;
  }

  /** Structs that a component embeds and that are not its own. */
  #tagsOf(facts: ComponentFacts): readonly string[] {
    const names = Object.values(facts.structs).flatMap(({ layout }) =>
      this.#input.targets.flatMap((target) => tagsIn(forTarget(layout, target))),
    );
    return names.filter((name) => !(name in facts.structs));
  }

  /** Equal for layouts that say the same: kernels that no catalog shares theirs between have objects of their own. */
  #numberOf(layout: Layout): number {
    const known = this.#layoutNumbers.get(layout);
    if (known !== undefined) return known;
    const text = JSON.stringify(layout);
    const number = this.#layoutTexts.get(text) ?? this.#layoutTexts.size;
    this.#layoutTexts.set(text, number);
    this.#layoutNumbers.set(layout, number);
    return number;
  }

  #idOf(facts: object): number {
    const known = this.#factIds.get(facts);
    if (known !== undefined) return known;
    this.#factIds.set(facts, this.#factIds.size);
    return this.#factIds.size - 1;
  }
}

/** The names of the structs and unions that a layout embeds. */
function tagsIn(layout: Layout | undefined): string[] {
  if (!layout) return [];
  return leavesOf(layout).flatMap(({ encoding }) => embeddedTag(encoding)?.replace(/^\w+ /, '') ?? []);
}

function guardOf(kernel: Kernel, id: string): string | undefined {
  return factsOf(kernel, id).marker?.guardedBy;
}
