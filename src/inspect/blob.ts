import { isFdt, parseFdt } from '../formats/fdt.ts';
import { restoreNames } from '../formats/fdt-names.ts';
import type { DeviceTree } from '../formats/fdt-tree.ts';
import type { BlobState } from '../model/inspect.ts';

/** Bytes that one kernel hands to the next, as they stand in a file. */
export interface Blob {
  /** As the user gave it. */
  path: string;
  /** The last part of the path: in debugfs the name of the entry in KHO's tree, or `fdt` for the tree itself. */
  name: string;
  bytes: Uint8Array;
  /** Parsed, where the bytes are a devicetree. */
  tree?: DeviceTree;
  /** From the folder `in` of debugfs: the running kernel was handed it, and may have freed the memory since. */
  isIncoming?: boolean;
  /** Why there are no bytes that could be looked at. */
  fault?: { state: Extract<BlobState, 'damaged' | 'missing' | 'unreadable'>; message: string };
}

/** @throws ToolError FDT_CORRUPT, FDT_TRUNCATED for bytes that begin as a devicetree and are none */
export function openBlob(
  path: string,
  bytes: Uint8Array,
  { isIncoming = false }: Pick<Blob, 'isIncoming'> = {},
): Blob {
  const tree = isFdt(bytes) && restoreNames(parseFdt(bytes), ['compatible']);
  return { path, name: nameOf(path), bytes, ...(tree && { tree }), ...(isIncoming && { isIncoming }) };
}

/** A blob that ought to be at a path and cannot be looked at. */
export function lostBlob(path: string, fault: NonNullable<Blob['fault']>, bytes = new Uint8Array()): Blob {
  return { path, name: nameOf(path), bytes, fault };
}

function nameOf(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
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
