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

class StoredKernel implements Kernel {
  readonly release: string;
  readonly targets: NonNullable<Kernel['targets']>;
  readonly origin: NonNullable<Kernel['origin']>;
  readonly alike: ReadonlyMap<string, KernelComponent['facts']>;
  declare readonly components: Kernel['components'];
  declare readonly files: NonNullable<Kernel['files']>;
  declare readonly fidelity?: NonNullable<Kernel['fidelity']>;
  declare readonly khoByDefault?: boolean;
  readonly #row: StoredRow;
  readonly #parts: StoredParts;
  #components: Kernel['components'] | undefined;

  constructor(row: StoredRow, parts: StoredParts) {
    const { targets, origin, fidelity, khoByDefault } = parts.brief(row.brief);
    this.release = row.release;
    this.targets = targets;
    this.origin = origin;
    this.alike = parts.facts(row.content);
    this.#row = row;
    this.#parts = parts;
    // Of its own, so that it can be copied as any other; the same for all kernels, which costs a tenth of one for each.
    Object.defineProperty(this, 'components', COMPONENTS);
    Object.defineProperty(this, 'files', FILES);
    if (fidelity) this.fidelity = fidelity;
    if (khoByDefault !== undefined) this.khoByDefault = khoByDefault;
  }

  static components(kernel: StoredKernel): Kernel['components'] {
    kernel.#components ??= componentsOf(kernel.#row, kernel.alike, kernel.#parts);
    return kernel.#components;
  }

  static files(kernel: StoredKernel): NonNullable<Kernel['files']> {
    return kernel.#parts.files(kernel.#row.id);
  }
}

const COMPONENTS: PropertyDescriptor & ThisType<StoredKernel> = {
  enumerable: true,
  get() {
    return StoredKernel.components(this);
  },
};

const FILES: PropertyDescriptor & ThisType<StoredKernel> = {
  enumerable: true,
  get() {
    return StoredKernel.files(this);
  },
};

/** A kernel of a row. */
export function storedKernel(row: StoredRow, parts: StoredParts): Kernel {
  return new StoredKernel(row, parts);
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
