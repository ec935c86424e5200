import { isFdt, parseFdt } from '../formats/fdt.ts';
import type { DeviceTree } from '../formats/fdt-tree.ts';

/** Bytes that one kernel hands to the next, as they stand in a file. */
export interface Blob {
  /** As the user gave it. */
  path: string;
  /** The last part of the path: in debugfs the name of the entry in KHO's tree, or `fdt` for the tree itself. */
  name: string;
  bytes: Uint8Array;
  /** Parsed, where the bytes are a devicetree. */
  tree?: DeviceTree;
}

/** @throws ToolError FDT_CORRUPT, FDT_TRUNCATED for bytes that begin as a devicetree and are none */
export function openBlob(path: string, bytes: Uint8Array): Blob {
  const name = path.split('/').findLast((part) => part !== '') ?? path;
  return { path, name, bytes, ...(isFdt(bytes) && { tree: parseFdt(bytes) }) };
}

/** A struct that `--component` names, or the way through several that stand one behind the other. */
export interface NamedStruct {
  component: string;
  struct: string;
}

/** What a blob is. */
export interface Identity {
  /** The name of its entry in KHO's tree, `KHO` for the tree itself. */
  entry?: string;
  /** Instead of an entry. */
  structs?: readonly NamedStruct[];
  recognizedBy: 'file-name' | 'marker' | 'option';
}
