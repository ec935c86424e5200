import type { ComponentFacts } from '../diff/rule.ts';
import { NOT_SPOKEN_OF } from '../model/bare-state.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { StructState } from '../model/component-state.ts';
import type { Fidelity } from '../model/fidelity.ts';
import type { Layout } from '../model/layout.ts';
import type { ProvenanceFile } from '../model/provenance.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';

/** A component of one kernel: its facts, and where each stands. Kernels with equal facts share the `facts` object. */
export interface KernelComponent {
  facts: ComponentFacts;
  places: Readonly<Record<string, string>>;
}

/** One kernel as verdicts see it. */
export interface Kernel {
  release: string;
  /** The targets that its document covers; all where it is not said. */
  targets?: readonly Target[];
  components: ReadonlyMap<string, KernelComponent>;
  /** One object for all kernels with the same facts in every component; absent where nobody knows that. */
  alike?: object;
  /** Where its facts come from, as its document says; from source where it is not said. */
  origin?: CaptureDocument['origin'];
  fidelity?: Readonly<Record<string, Fidelity>>;
  /** Whether its KHO runs where the command line says nothing; undefined where that is not known. */
  khoByDefault?: boolean;
  /** What its facts were read from; where it is not said, nothing tells of which kernel they are but its name. */
  files?: readonly ProvenanceFile[];
}

/** A kernel from its document. */
export function kernelOf(document: CaptureDocument): Kernel {
  const components = new Map<string, KernelComponent>();
  for (const [id, { places, ...facts }] of Object.entries(document.components)) {
    components.set(id, { facts, places });
  }
  return { ...kernelHead(document), components };
}

/** What a kernel takes from its document beside the components. */
export function kernelHead(document: Omit<CaptureDocument, 'components'>): Omit<Kernel, 'components'> {
  const { release, targets, origin, fidelity, khoByDefault, provenance } = document;
  const { files } = provenance;
  const optional = { ...(fidelity && { fidelity }), ...(khoByDefault !== undefined && { khoByDefault }) };
  return { release, targets, origin, ...optional, files };
}

/** The component's facts; a component that the document does not speak of is not known. */
export function factsOf(kernel: Kernel, id: string): ComponentFacts {
  return kernel.components.get(id)?.facts ?? NOT_CAPTURED;
}

/** The components that some of the kernels speak of; those that are alike are asked once. */
export function componentIdsOf(kernels: Iterable<Kernel>): string[] {
  const seen = new Set<object>();
  const ids = new Set<string>();
  for (const kernel of kernels) {
    const own = kernel.alike ?? kernel;
    if (seen.has(own)) continue;
    seen.add(own);
    for (const id of kernel.components.keys()) ids.add(id);
  }
  return [...ids];
}

/** What two kernels share that say the same of every component, each fact an object that they share. */
export class Likeness {
  readonly #known = new WeakMap<object, object>();
  readonly #byText = new Map<string, object>();
  /** By component, then by its facts: two characters. */
  readonly #texts = new Map<string, Map<object, string>>();
  #count = 0;

  /** One object for all kernels with the same facts. */
  of(kernel: Kernel): object {
    if (kernel.alike) return this.#known.get(kernel.alike) ?? this.#enter(kernel.alike, kernel);
    return this.#byComponents(kernel);
  }

  #enter(alike: object, kernel: Kernel): object {
    const found = this.#byComponents(kernel);
    this.#known.set(alike, found);
    return found;
  }

  #byComponents({ components }: Kernel): object {
    let text = '';
    for (const [id, { facts }] of components) text += this.#textOf(id, facts);
    const found = this.#byText.get(text) ?? {};
    this.#byText.set(text, found);
    return found;
  }

  #textOf(id: string, facts: object): string {
    const own = this.#texts.get(id) ?? new Map<object, string>();
    this.#texts.set(id, own);
    const known = own.get(facts);
    if (known !== undefined) return known;
    this.#count += 1;
    const text = String.fromCharCode(this.#count >>> 15, this.#count & 0x7fff);
    own.set(facts, text);
    return text;
  }
}

const NOT_CAPTURED: ComponentFacts = {
  available: 'unknown',
  reason: NOT_SPOKEN_OF,
  options: [],
  needs: [],
  structs: {},
  constants: {},
  fdt: [],
  checks: [],
  code: [],
  unchecked: [],
};

export function isAvailable(facts: ComponentFacts): boolean {
  return facts.available === 'yes' || facts.available === 'buildable';
}

type LayoutLookup = (tag: string) => Layout | undefined;

/** What was looked up is kept as long as its kernel: a kernel is of many pairs, and of many targets in each. */
const lookups = new WeakMap<Kernel, Map<Target, LayoutLookup>>();

/** Finds the layout of `struct NAME` or `union NAME` in any component of a kernel; of several the last one's. */
export function layoutLookup(kernel: Kernel, target: Target): LayoutLookup {
  const own = lookups.get(kernel) ?? new Map<Target, LayoutLookup>();
  const lookup = own.get(target) ?? lookupIn(kernel, target);
  lookups.set(kernel, own.set(target, lookup));
  return lookup;
}

function lookupIn(kernel: Kernel, target: Target): LayoutLookup {
  const known = new Map<string, Layout | undefined>();
  return (tag) => {
    if (known.has(tag)) return known.get(tag);
    const layout = layoutNamed(kernel, tag.replace(/^(?:struct|union) /, ''), target);
    known.set(tag, layout);
    return layout;
  };
}

function layoutNamed({ components }: Kernel, name: string, target: Target): Layout | undefined {
  let found: Layout | undefined;
  for (const { facts } of components.values()) {
    if (Object.hasOwn(facts.structs, name))
      found = forTarget((facts.structs[name] as StructState).layout, target) ?? found;
  }
  return found;
}
