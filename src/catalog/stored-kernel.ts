import type { Kernel, KernelComponent } from '../verdict/kernel.ts';
import type { KernelBrief } from './write.ts';

// Kernels of a catalog. Very many are looked at together, and of nearly all only what they share with others is wanted: line
// numbers and files are read when somebody asks for them.

/** What is read of each kernel of a catalog. */
export interface StoredRow {
  /** Its row in the catalog. */
  id: number;
  release: string;
  content: number;
  /** The ids of its lists of places, as JSON, in the order of the components. */
  places: string;
  brief: string;
}

/** Reads what a kernel shares with others. */
export interface StoredParts {
  /** By component, in their order; one object for each content. */
  facts(content: number): ReadonlyMap<string, KernelComponent['facts']>;
  places(list: number): KernelComponent['places'];
  brief(text: string): KernelBrief;
  files(id: number): NonNullable<Kernel['files']>;
}

class StoredComponent implements KernelComponent {
  readonly facts: KernelComponent['facts'];
  readonly #list: number;
  readonly #parts: StoredParts;

  constructor(facts: KernelComponent['facts'], list: number, parts: StoredParts) {
    this.facts = facts;
    this.#list = list;
    this.#parts = parts;
  }

  get places(): KernelComponent['places'] {
    return this.#parts.places(this.#list);
  }
}

/** A kernel of a row. Its properties are its own, so that it can be copied as any other. */
export function storedKernel(row: StoredRow, parts: StoredParts): Kernel {
  const { release, content } = row;
  const { targets, origin, fidelity, khoByDefault } = parts.brief(row.brief);
  const facts = parts.facts(content);
  let components: ReadonlyMap<string, KernelComponent> | undefined;
  const kernel: Kernel = {
    release,
    targets,
    origin,
    alike: facts,
    get components() {
      components ??= componentsOf(row, facts, parts);
      return components;
    },
    get files() {
      return parts.files(row.id);
    },
  };
  if (fidelity) kernel.fidelity = fidelity;
  if (khoByDefault !== undefined) kernel.khoByDefault = khoByDefault;
  return kernel;
}

function componentsOf(
  { places }: StoredRow,
  facts: ReadonlyMap<string, KernelComponent['facts']>,
  parts: StoredParts,
): Map<string, KernelComponent> {
  const lists = JSON.parse(places) as number[];
  return new Map(
    [...facts].map(([id, own], at) => [id, new StoredComponent(own, lists[at] as number, parts)] as const),
  );
}
