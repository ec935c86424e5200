import type { DeviceTreeNode, DeviceTreeProperty } from '../formats/fdt-tree.ts';
import { stringsOf } from '../formats/fdt-tree.ts';
import type { FdtProperty } from '../model/component-state.ts';
import type { InspectedNode, InspectedValue } from '../model/inspect.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { KnownNode } from './entries.ts';
import { isPath, nodesOf, ROOT_ENTRY } from './entries.ts';
import { exactNumber, inspectedBytes, readBits, readText } from './read-value.ts';

// A devicetree's properties by what a kernel says of them. The kernel copies its integers into the tree as they lie in memory,
// little endian; only the tree around them is big endian.

const INTEGER_BITS: { readonly [type: string]: number } = { u8: 8, u16: 16, u32: 32, u64: 64 };
/** Properties that hold where something is: KHO's own, and the heads of arrays below LUO. */
const ADDRESS_PROPERTY = /^(?:fdt|preserved-data|preserved-memory-map|.*-header)$/;

export interface TreeRequest {
  root: DeviceTreeNode;
  /** The name of the tree's entry in KHO's. */
  entry: string | undefined;
  /** By whose facts; undefined where no known kernel has such a tree. */
  kernel: Kernel | undefined;
  /** The path of the blob that stands behind a node of KHO's tree, where it was given. */
  blobNamed?: (name: string) => { path: string; size: number } | undefined;
}

/** A tree as it is shown: known properties by their types, others as bytes. */
export function decodeTree({ root, entry, kernel, blobNamed }: TreeRequest): InspectedNode {
  const known = kernel && entry !== undefined ? nodesOf(kernel, entry) : [];
  const isRootTree = entry === ROOT_ENTRY;
  const walk = (node: DeviceTreeNode, path: string, depth: number): InspectedNode => {
    const here = known.filter((candidate) => isPath(path, candidate.path));
    const properties = node.properties.map((property) => decodeProperty(property, here));
    const below = isRootTree && depth === 1 ? blobNamed?.(node.name) : undefined;
    const isStrange = depth > 0 && kernel !== undefined && entry !== undefined && here.length === 0;
    const notes = [
      ...(isStrange ? [`${kernel.release} has no such node`] : []),
      ...(below ? sizeNote(properties, below.size) : []),
    ];
    return {
      name: depth === 0 ? '/' : node.name,
      properties,
      nodes: node.children.map((child) => walk(child, `${depth === 0 ? '' : path}/${child.name}`, depth + 1)),
      ...(below && { blob: below.path }),
      ...(notes.length > 0 && { notes }),
    };
  };
  return walk(root, '/', 0);
}

function sizeNote(properties: readonly InspectedValue[], size: number): string[] {
  const said = properties.find(({ name }) => name === 'blob-size')?.value;
  return said === undefined || said === size
    ? []
    : [`blob-size says ${String(said)}, the file has ${size} bytes`];
}

function decodeProperty(property: DeviceTreeProperty, here: readonly KnownNode[]): InspectedValue {
  const { name, value, cutName } = property;
  if (cutName === 'lost') return lostProperty(property);
  const fact = here.flatMap(({ node }) => node.properties).find((property) => property.name === name);
  if (fact) return knownProperty(fact, value);
  const strings = stringsOf(value);
  if (name === 'compatible' && strings) {
    return { name, type: 'string', value: strings.length === 1 ? (strings[0] as string) : strings };
  }
  if (value.length === 0) return { name, type: 'empty', value: true };
  return { name, ...bytesOf(value) };
}

function lostProperty({ name, value }: DeviceTreeProperty): InspectedValue {
  const strings = stringsOf(value);
  const notes = [`its name is cut off${name === '' ? '' : ` behind ${name}`}`];
  const text = strings?.length === 1 ? strings[0] : strings;
  return { name: '(lost)', ...(text ? { type: 'string', value: text } : bytesOf(value)), notes };
}

function bytesOf(value: Uint8Array): Pick<InspectedValue, 'bytes' | 'type'> {
  return { type: 'bytes', bytes: inspectedBytes(value) };
}

function knownProperty({ name, type }: FdtProperty, value: Uint8Array): InspectedValue {
  if (type === 'string') return textProperty(name, value);
  const bits = INTEGER_BITS[type];
  if (bits === undefined) return { name, type, bytes: inspectedBytes(value) };
  if (value.length * 8 !== bits) {
    return {
      name,
      type,
      bytes: inspectedBytes(value),
      notes: [`${value.length} bytes, ${bits / 8} expected`],
    };
  }
  const integer = readBits(value, 0, bits) ?? 0n;
  const hex = `0x${integer.toString(16)}`;
  return {
    name,
    type,
    value: exactNumber(integer),
    hex,
    ...(ADDRESS_PROPERTY.test(name) && { isAddress: true }),
  };
}

function textProperty(name: string, value: Uint8Array): InspectedValue {
  const { text, isEnded } = readText(value);
  return { name, type: 'string', value: text, ...(!isEnded && { notes: ['no NUL at its end'] }) };
}
