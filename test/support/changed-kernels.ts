import assert from 'node:assert/strict';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { Layout, Member } from '../../src/model/layout.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { edited } from './shipped.ts';

function setMarker(document: CaptureDocument, component: string, value: string): void {
  const marker = document.components[component]?.marker;
  assert.ok(marker, component);
  marker.writes = value;
  marker.accepts = [{ value }];
}

function everyLayout(document: CaptureDocument, component: string, struct: string): Layout[] {
  const state = document.components[component]?.structs[struct];
  assert.ok(state, struct);
  return Object.values(state.layout) as Layout[];
}

function swapMembers(document: CaptureDocument): void {
  for (const layout of everyLayout(document, 'memfd', 'memfd_luo_ser')) {
    const [pos, size] = ['pos', 'size'].map((name) => layout.members.find((member) => member.name === name));
    assert.ok(pos && size);
    [pos.bitOffset, size.bitOffset] = [size.bitOffset, pos.bitOffset];
  }
}

function growLuo(document: CaptureDocument): void {
  for (const layout of everyLayout(document, 'luo', 'luo_ser')) {
    const member: Member = {
      name: 'extra',
      bitOffset: layout.size * 8,
      bitSize: 64,
      type: 'u64',
      encoding: 'u64',
    };
    layout.members.push(member);
    layout.size += 8;
  }
}

function dropFlbNode(document: CaptureDocument): void {
  const node = document.components['luo-flb']?.fdt.find(({ path }) => path === '/luo-flb');
  assert.ok(node);
  node.notWritten = true;
}

/** The kernels that were built for observations from a release and a change, by the words in which both are told. */
export const CHANGED_KERNELS: Readonly<Record<string, Kernel>> = {
  '7.3.4 whose LUO string is luo-v6': edited('7.3.4', (document) => setMarker(document, 'luo', 'luo-v6')),
  '7.3.4 whose memfd string is memfd-v3': edited('7.3.4', (document) =>
    setMarker(document, 'memfd', 'memfd-v3'),
  ),
  '7.3.4 with pos and size of memfd_luo_ser exchanged, string kept': edited('7.3.4', swapMembers),
  '7.3.4 with a u64 at the end of luo_ser, string kept': edited('7.3.4', growLuo),
  '7.1.13 that does not write the node luo-flb': edited('7.1.13', dropFlbNode),
};
