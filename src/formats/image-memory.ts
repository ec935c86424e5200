/** A section of an image with its bytes, as it lies in the kernel's memory. */
export interface LoadedSection {
  name: string;
  address: bigint;
  bytes: Uint8Array;
}

/** The initialized data of an image, by address. */
export class ImageMemory {
  /** Where the code begins; undefined where the image does not say. */
  readonly textAddress: bigint | undefined;
  readonly #sections: readonly LoadedSection[];

  constructor(sections: readonly LoadedSection[], textAddress: bigint | undefined) {
    this.#sections = sections;
    this.textAddress = textAddress;
  }

  /** Where a section begins. */
  addressOf(section: string): bigint | undefined {
    return this.#sections.find(({ name }) => name === section)?.address;
  }

  /** Exactly so many bytes from an address on; undefined where they are not all in one section. */
  at(address: bigint, length: number): Uint8Array | undefined {
    for (const section of this.#sections) {
      const start = Number(address - section.address);
      if (start < 0 || start + length > section.bytes.byteLength) continue;
      return section.bytes.subarray(start, start + length);
    }
    return undefined;
  }
}
