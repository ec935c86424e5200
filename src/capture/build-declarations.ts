import type { Btf } from '../formats/btf/index.ts';
import { openBtf } from '../formats/btf/index.ts';
import type { ImageMemory } from '../formats/image-memory.ts';
import type { SymbolTable } from '../formats/symbols.ts';
import type { BuildFacts } from '../sources/build-facts.ts';
import type { BtfLayout } from './btf-layout.ts';
import { layoutsFromBtf } from './btf-layout.ts';
import { covered } from './covered.ts';

/** A kernel's BTF names tens of thousands of functions; with fewer it cannot show that one is missing. */
const FUNCTION_WITNESSES = 1000;

/** What a build tells of types and functions: its BTF, opened when it is first asked. */
export class BuildDeclarations {
  readonly #facts: BuildFacts;
  #blobs: readonly Btf[] | undefined;

  constructor(facts: BuildFacts) {
    this.#facts = facts;
  }

  /** Whether there is BTF of the kernel itself. */
  get hasTypes(): boolean {
    return this.#facts.btf !== undefined;
  }

  /** A struct or union by its name, from the kernel or one of its modules; several where different types bear it. */
  layouts(name: string): readonly BtfLayout[] {
    for (const blob of this.#open()) {
      const found = layoutsFromBtf(blob, name, (tag) => covered().has(tag));
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The value of an enumerator; undefined where no enumeration names it. */
  enumerator(name: string): bigint | undefined {
    for (const blob of this.#open()) {
      const value = blob.enumerator(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Whether the build has one of some functions; undefined where its BTF cannot tell. */
  hasSomeFunction(names: readonly string[]): boolean | undefined {
    const blobs = this.#open();
    if (names.some((name) => blobs.some((blob) => blob.hasFunction(name)))) return true;
    const [kernel] = blobs;
    return kernel && kernel.functionCount >= FUNCTION_WITNESSES ? false : undefined;
  }

  /**
   * The address of a variable: by the build's symbols, shifted as far as the code of its image is from where they have it;
   * else by the place in its section, where the BTF has variables.
   */
  addressOf(
    name: string,
    { memory, symbols }: { memory: ImageMemory; symbols: SymbolTable | undefined },
  ): bigint | undefined {
    const address = symbols?.addressOf(name);
    if (address !== undefined) {
      const text = symbols?.addressOf('_text');
      return text === undefined || memory.textAddress === undefined
        ? address
        : address - text + memory.textAddress;
    }
    const [kernel] = this.#open();
    const place = kernel && placeOfVariable(kernel, name);
    const start = place && memory.addressOf(place.section);
    return start === undefined ? undefined : start + BigInt(place?.offset ?? 0);
  }

  #open(): readonly Btf[] {
    this.#blobs ??= this.#openAll();
    return this.#blobs;
  }

  #openAll(): Btf[] {
    const { btf, moduleBtf } = this.#facts;
    if (!btf) return [];
    const kernel = openBtf(btf.bytes);
    return [kernel, ...moduleBtf.map(({ bytes }) => openBtf(bytes, { base: kernel }))];
  }
}

/** The section of a variable and its offset there, in bytes; undefined where the BTF has none, or several, of that name. */
function placeOfVariable(btf: Btf, name: string): { section: string; offset: number } | undefined {
  const [id, ...others] = btf.idsNamed(name, 'var');
  if (id === undefined || others.length > 0) return undefined;
  for (const section of btf.datasecs()) {
    const place = section.places.find(({ type }) => type === id);
    if (place) return { section: section.name, offset: place.offset };
  }
  return undefined;
}
