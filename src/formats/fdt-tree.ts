// A devicetree as a value, and the numbers of its flattened form.

/** The first four bytes. */
export const FDT_MAGIC = 0xd00dfeed;

/** Tokens of the structure block. */
export const FDT_BEGIN_NODE = 1;
export const FDT_END_NODE = 2;
export const FDT_PROP = 3;
export const FDT_NOP = 4;
export const FDT_END = 9;

export interface DeviceTreeProperty {
  name: string;
  value: Uint8Array;
  /** Where the name stands in the strings block; encoding keeps it while it fits. */
  nameOffset?: number;
  /**
   * Of a blob that was cut: `lost` where the strings block ends before the name does (`name` is then what there is of it),
   * `fitting` where a known name was put in for it (`restoreNames`).
   */
  cutName?: 'fitting' | 'lost';
}

export interface DeviceTreeNode {
  /** With its unit address, `memory@0`; empty for the root. */
  name: string;
  properties: DeviceTreeProperty[];
  children: DeviceTreeNode[];
}

/** Where the blocks stand, in bytes from the start. */
export interface DeviceTreePlaces {
  reservations: number;
  structure: number;
  strings: number;
  total: number;
}

/** What a blob lacks that has fewer bytes than its header says. */
export interface DeviceTreeCut {
  /** Bytes by the header, and at hand. */
  said: number;
  there: number;
  /** Bytes of the whole strings block. */
  stringsSize: number;
  /** The path of the node in which the structure block ends; absent where that block is whole. */
  inside?: string;
}

export interface DeviceTree {
  version: number;
  lastCompatible: number;
  bootCpu: number;
  reservations: { address: bigint; size: bigint }[];
  root: DeviceTreeNode;
  /** The strings block as it was read; encoding adds what is missing behind it. */
  strings?: Uint8Array;
  places?: DeviceTreePlaces;
  /** Only where the blob is not whole. */
  cut?: DeviceTreeCut;
  /** What a reader may trip over, in words: names that stand twice, bytes behind the end; not more than 100. */
  remarks: string[];
}

/** The value of a property of a node; of two with one name the first, as readers do. */
export function propertyOf(node: DeviceTreeNode, name: string): Uint8Array | undefined {
  return node.properties.find((property) => property.name === name && property.cutName !== 'lost')?.value;
}

/** The child of a node by its full name. */
export function childOf(node: DeviceTreeNode, name: string): DeviceTreeNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** The strings of a property that holds a list of them; undefined where the bytes are no such list. */
export function stringsOf(value: Uint8Array): string[] | undefined {
  if (value.length === 0 || value.at(-1) !== 0) return undefined;
  const strings = textOf(value.subarray(0, -1)).split('\0');
  return strings.every((text) => /^[\x20-\x7e]+$/.test(text)) ? strings : undefined;
}

/** Names are ASCII; other bytes are kept as the code units of Latin-1, so that they come back equal. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
