import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';
import type { DeviceTreeNode, DeviceTreeProperty } from './fdt-tree.ts';
import { FDT_BEGIN_NODE, FDT_END, FDT_END_NODE, FDT_NOP, FDT_PROP, textOf } from './fdt-tree.ts';

/** Nodes within nodes, the root included; the kernel's own unflattener stops at as many (drivers/of/fdt.c). */
export const FDT_MAX_DEPTH = 64;
/** Bytes of a property's name (the specification allows 31) and of a node's path. Keep crafted blobs from costing time. */
const MAX_PROPERTY_NAME = 256;
const MAX_PATH = 1024;
const MAX_REMARKS = 100;

export interface StructureBlock {
  block: Uint8Array;
  /** Where it begins in the blob. */
  base: number;
  strings: Uint8Array;
  /** The blob has fewer bytes than it says: either block may end early. */
  isCut: boolean;
}

/** Reads the structure block, token by token. */
export class StructureWalker {
  readonly remarks: string[] = [];
  /** The path of the node in which a cut block ends. */
  inside: string | undefined;
  readonly #cursor: Cursor;
  readonly #block: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #isCut: boolean;
  readonly #names = new Map<number, Pick<DeviceTreeProperty, 'cutName' | 'name'>>();

  constructor({ block, base, strings, isCut }: StructureBlock) {
    const [label, code] = ['FDT structure block', isCut ? 'FDT_TRUNCATED' : 'FDT_CORRUPT'] as const;
    this.#cursor = new Cursor(block, { label, code, bigEndian: true, base });
    this.#block = block;
    this.#strings = strings;
    this.#isCut = isCut;
  }

  read(): DeviceTreeNode {
    if (this.#token() !== FDT_BEGIN_NODE) throw this.#corrupt('no root node');
    const root = this.#nodeHead();
    if (root.name !== '') this.remarks.push(`the root node has the name ${root.name}`);
    try {
      this.#body(root, '', 1);
      this.#end();
    } catch (error) {
      if (!(this.#isCut && error instanceof ToolError && error.code === 'FDT_TRUNCATED')) throw error;
      this.inside ??= '/';
    }
    return root;
  }

  #end(): void {
    const token = this.#token();
    if (token !== FDT_END) throw this.#corrupt(`token ${token} behind the root node, END (9) expected`);
  }

  /** What no missing byte explains. */
  #corrupt(message: string): ToolError {
    const { details } = this.#cursor.fail(message);
    return new ToolError(
      'FDT_CORRUPT',
      `FDT structure block: ${message} at offset ${details.offset}`,
      details,
    );
  }

  /** The next token that is no NOP. */
  #token(): number {
    for (;;) {
      const token = this.#cursor.u32();
      if (token !== FDT_NOP) return token;
    }
  }

  #nodeHead(): DeviceTreeNode {
    return { name: this.#nodeName(), properties: [], children: [] };
  }

  /** What stands between the name of a node and its end; each part counts as soon as it is whole. */
  #body(node: DeviceTreeNode, parent: string, depth: number): void {
    if (depth > FDT_MAX_DEPTH) throw this.#corrupt(`more than ${FDT_MAX_DEPTH} nodes within each other`);
    const path = depth === 1 ? '' : `${parent}/${node.name}`;
    if (path.length > MAX_PATH) throw this.#corrupt(`a path of more than ${MAX_PATH} bytes`);
    try {
      this.#entries(node, path, depth);
    } catch (error) {
      this.inside ??= path || '/';
      throw error;
    }
    this.#noteTwice(path, 'property', node.properties);
    this.#noteTwice(path, 'node', node.children);
  }

  #entries(node: DeviceTreeNode, path: string, depth: number): void {
    for (;;) {
      const token = this.#token();
      if (token === FDT_END_NODE) return;
      if (token === FDT_PROP) node.properties.push(this.#property(node));
      else if (token === FDT_BEGIN_NODE) {
        const child = this.#nodeHead();
        node.children.push(child);
        this.#body(child, path, depth + 1);
      } else throw this.#corrupt(`token ${token} inside a node`);
    }
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
    if (children.length > 0) throw this.#corrupt('a property behind a node');
    const [length, nameOffset] = [this.#cursor.u32(), this.#cursor.u32()];
    const named = this.#propertyName(nameOffset);
    const value = this.#cursor.bytes(length);
    this.#align();
    return { ...named, value, nameOffset };
  }

  #propertyName(offset: number): Pick<DeviceTreeProperty, 'cutName' | 'name'> {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const strings = this.#strings;
    if (offset >= strings.length && !this.#isCut) {
      throw this.#corrupt(`a name at ${offset} of a strings block of ${strings.length} bytes`);
    }
    const window = strings.subarray(offset, offset + MAX_PROPERTY_NAME);
    const length = window.indexOf(0);
    const isLost = length < 0 && this.#isCut && offset + MAX_PROPERTY_NAME > strings.length;
    if (length < 0 && !isLost) throw this.#corrupt(`the name at ${offset} of the strings block does not end`);
    const name = textOf(isLost ? window : window.subarray(0, length));
    const named = isLost ? ({ name, cutName: 'lost' } as const) : { name };
    this.#names.set(offset, named);
    return named;
  }

  #align(): void {
    this.#cursor.skip(-this.#cursor.offset & 3);
  }

  #noteTwice(
    path: string,
    what: string,
    entries: readonly Pick<DeviceTreeProperty, 'cutName' | 'name'>[],
  ): void {
    const seen = new Set<string>();
    for (const { name, cutName } of entries) {
      if (cutName === 'lost') continue;
      if (seen.has(name) && this.remarks.length < MAX_REMARKS) {
        this.remarks.push(`${path || '/'}: ${what} ${name} stands twice; readers take the first`);
      }
      seen.add(name);
    }
  }
}
