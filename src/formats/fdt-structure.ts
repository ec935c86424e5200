import { Cursor } from '../bytes/cursor.ts';
import type { DeviceTreeNode, DeviceTreeProperty } from './fdt-tree.ts';
import { FDT_BEGIN_NODE, FDT_END, FDT_END_NODE, FDT_NOP, FDT_PROP, textOf } from './fdt-tree.ts';

/** Nodes within nodes, the root included; the kernel's own unflattener stops at as many (drivers/of/fdt.c). */
export const FDT_MAX_DEPTH = 64;
/** Bytes of a property's name (the specification allows 31) and of a node's path. Keep crafted blobs from costing time. */
const MAX_PROPERTY_NAME = 256;
const MAX_PATH = 1024;
const MAX_REMARKS = 100;

/** Reads the structure block, token by token. */
export class StructureWalker {
  readonly remarks: string[] = [];
  readonly #cursor: Cursor;
  readonly #block: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #names = new Map<number, string>();

  constructor(block: Uint8Array, base: number, strings: Uint8Array) {
    const label = 'FDT structure block';
    this.#cursor = new Cursor(block, { label, code: 'FDT_CORRUPT', bigEndian: true, base });
    this.#block = block;
    this.#strings = strings;
  }

  read(): DeviceTreeNode {
    if (this.#token() !== FDT_BEGIN_NODE) throw this.#cursor.fail('no root node');
    const root = this.#node('', 1);
    if (root.name !== '') this.remarks.push(`the root node has the name ${root.name}`);
    const token = this.#token();
    if (token !== FDT_END) throw this.#cursor.fail(`token ${token} behind the root node, END (9) expected`);
    return root;
  }

  /** The next token that is no NOP. */
  #token(): number {
    for (;;) {
      const token = this.#cursor.u32();
      if (token !== FDT_NOP) return token;
    }
  }

  #node(parent: string, depth: number): DeviceTreeNode {
    if (depth > FDT_MAX_DEPTH) throw this.#cursor.fail(`more than ${FDT_MAX_DEPTH} nodes within each other`);
    const node: DeviceTreeNode = { name: this.#nodeName(), properties: [], children: [] };
    const path = depth === 1 ? '' : `${parent}/${node.name}`;
    if (path.length > MAX_PATH) throw this.#cursor.fail(`a path of more than ${MAX_PATH} bytes`);
    for (;;) {
      const token = this.#token();
      if (token === FDT_END_NODE) break;
      if (token === FDT_PROP) node.properties.push(this.#property(node));
      else if (token === FDT_BEGIN_NODE) node.children.push(this.#node(path, depth + 1));
      else throw this.#cursor.fail(`token ${token} inside a node`);
    }
    this.#noteTwice(path, 'property', node.properties);
    this.#noteTwice(path, 'node', node.children);
    return node;
  }

  #nodeName(): string {
    const start = this.#cursor.offset;
    const end = this.#block.indexOf(0, start);
    if (end < 0) throw this.#cursor.fail('a node name without an end');
    const name = textOf(this.#cursor.bytes(end - start));
    this.#cursor.skip(1);
    this.#align();
    return name;
  }

  #property({ children }: DeviceTreeNode): DeviceTreeProperty {
    if (children.length > 0) throw this.#cursor.fail('a property behind a node');
    const [length, nameOffset] = [this.#cursor.u32(), this.#cursor.u32()];
    const name = this.#propertyName(nameOffset);
    const value = this.#cursor.bytes(length);
    this.#align();
    return { name, value, nameOffset };
  }

  #propertyName(offset: number): string {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const strings = this.#strings;
    if (offset >= strings.length) {
      throw this.#cursor.fail(`a name at ${offset} of a strings block of ${strings.length} bytes`);
    }
    const length = strings.subarray(offset, offset + MAX_PROPERTY_NAME).indexOf(0);
    if (length < 0) throw this.#cursor.fail(`the name at ${offset} of the strings block does not end`);
    const name = textOf(strings.subarray(offset, offset + length));
    this.#names.set(offset, name);
    return name;
  }

  #align(): void {
    this.#cursor.skip(-this.#cursor.offset & 3);
  }

  #noteTwice(path: string, what: string, entries: readonly { name: string }[]): void {
    const seen = new Set<string>();
    for (const { name } of entries) {
      if (seen.has(name) && this.remarks.length < MAX_REMARKS) {
        this.remarks.push(`${path || '/'}: ${what} ${name} stands twice; readers take the first`);
      }
      seen.add(name);
    }
  }
}
