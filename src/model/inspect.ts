import type { Target } from './target.ts';
import type { Effect } from './verdict-kind.ts';

// What `inspect --format json` prints: the data that one kernel hands to the next, decoded. Offsets and sizes are bytes.

/** Bytes that nothing is known of, or that are not what they should be. */
export interface InspectedBytes {
  /**
   * How many there are.
   * @minimum 0
   * @asType integer
   */
  count: number;
  /** True where all are zero. */
  isZero: boolean;
  /** The first 64 in hex. */
  hex: string;
}

/** A member of a struct, an element of an array, or a property of a node. */
export interface InspectedValue {
  /** `sessions_pa`, `[3]`, `preserved-memory-map`. */
  name: string;
  /**
   * From the start of the blob; absent for a property of a devicetree.
   * @minimum 0
   * @asType integer
   */
  offset?: number;
  /** As the kernel declares it; `bytes` where nothing is known of it. */
  type: string;
  /** Integers beyond 2^53 are decimal strings. */
  value?: boolean | number | string | string[];
  /** The integer in hex, `0x1f`. */
  hex?: string;
  /** A physical address, which a file cannot be followed to. */
  isAddress?: boolean;
  /** Names of the flags that are set, and what is left of the value in hex. */
  flags?: string[];
  /** Instead of a value. */
  bytes?: InspectedBytes;
  /** Of a struct, a union or an array. */
  members?: InspectedValue[];
  /** The blob that stands behind it, where it was given as well. */
  blob?: string;
  /** What is not as it should be. */
  notes?: string[];
}

export interface InspectedNode {
  /** With its unit address; `/` for the root. */
  name: string;
  properties: InspectedValue[];
  nodes: InspectedNode[];
  /** The blob that stands behind it, where it was given as well. */
  blob?: string;
  notes?: string[];
}

/**
 * What there is of a blob.
 * - `whole`: all of it
 * - `cut`: fewer bytes than it says itself
 * - `released`: it came to the running kernel, which freed the memory after it had read it; the bytes are something else's
 * - `missing`: the tree leads to it, or it belongs into the folder, and there is no such file
 * - `unreadable`: the file cannot be read
 * - `damaged`: the bytes begin as a devicetree and are none
 */
export type BlobState = 'cut' | 'damaged' | 'missing' | 'released' | 'unreadable' | 'whole';

export interface InspectedBlob {
  /** The path as it was given. */
  path: string;
  /**
   * In bytes.
   * @minimum 0
   * @asType integer
   */
  size: number;
  state: BlobState;
  form: 'bytes' | 'fdt' | 'struct';
  /** The name of the entry in KHO's tree: `LUO`; `KHO` for that tree itself; null where it is not known or was named as a struct. */
  entry: string | null;
  /** The component whose data it is. */
  component: string | null;
  /** How that is known. */
  recognizedBy: 'file-name' | 'marker' | 'option' | null;
  /** The marker in the bytes. */
  marker: string | null;
  /** The kernel by whose layouts it is decoded. */
  decodedAs: string | null;
  /** The known kernels that could have written it, oldest first. */
  writers: string[];
  tree?: InspectedNode;
  members?: InspectedValue[];
  notes: string[];
}

export type AcceptanceVerdict = 'accepted' | 'misread' | 'refused' | 'unknown';

export interface AcceptanceFinding {
  /** The path of the blob. */
  blob: string;
  component: string | null;
  /** `accepted` for a note that changes nothing. */
  verdict: AcceptanceVerdict;
  effect: Effect | null;
  message: string;
  /** What the kernel prints then, in its own words. */
  sees?: string;
}

/** Whether a kernel would accept the data. */
export interface Acceptance {
  release: string;
  verdict: AcceptanceVerdict;
  effect: Effect | null;
  findings: AcceptanceFinding[];
  /** Blobs that it would not come to, because something before them is refused. */
  unreached: string[];
  /** What was not among the blobs and must pass before them, in words. */
  assumed: string[];
}

/** `inspect --format json`. */
export interface InspectOutput {
  target: Target;
  /** The kernel that `--release` names. */
  release: string | null;
  /** The known kernels that could have written all of it, oldest first. */
  writers: string[];
  /** The same in words: `7.2.6 … 7.3.4`. */
  writersText: string;
  blobs: InspectedBlob[];
  /** With `--for`. */
  acceptance?: Acceptance;
}
