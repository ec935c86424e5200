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

function setValues(
  document: CaptureDocument,
  component: string,
  values: Readonly<Record<string, (value: number) => number>>,
): void {
  for (const [name, change] of Object.entries(values)) {
    const constant = document.components[component]?.constants[name];
    assert.ok(constant, name);
    const changed = Object.entries(constant.value).map(([target, value]) => [target, change(Number(value))]);
    constant.value = Object.fromEntries(changed);
  }
}

function growSessions(document: CaptureDocument): void {
  for (const layout of everyLayout(document, 'luo-session', 'luo_session_ser')) {
    const [bitOffset, bitSize] = [layout.size * 8, 128];
    layout.members.push({ name: 'grown', bitOffset, bitSize, type: 'u64[2]', encoding: 'u64[2]' });
    layout.size += 16;
  }
}

/** Properties of a subtree by other names. */
function renameProperties(document: CaptureDocument, names: readonly string[]): void {
  const properties = (document.components.kho?.fdt ?? []).flatMap((node) => node.properties);
  const renamed = properties.filter(({ name }) => names.includes(name));
  assert.equal(renamed.length, names.length);
  for (const property of renamed) property.name = `other-${property.name}`;
}

function switchOff(document: CaptureDocument, ids: readonly string[]): void {
  for (const id of ids) {
    const state = document.components[id];
    assert.ok(state, id);
    document.components[id] = { ...state, available: 'no', reason: 'it is configured off' };
  }
}

const TWICE = (value: number): number => value * 2;
const OTHER_BIT = (value: number): number => (value === 1 ? 2 : 1);

/** The kernels that were built for observations from a release and a change, by the words in which both are told. */
export const CHANGED_KERNELS: Readonly<Record<string, Kernel>> = {
  '7.3.4 whose LUO string is luo-v6': edited('7.3.4', (document) => setMarker(document, 'luo', 'luo-v6')),
  '7.3.4 whose memfd string is memfd-v3': edited('7.3.4', (document) =>
    setMarker(document, 'memfd', 'memfd-v3'),
  ),
  '7.3.4 with pos and size of memfd_luo_ser exchanged, string kept': edited('7.3.4', swapMembers),
  '7.3.4 with a u64 at the end of luo_ser, string kept': edited('7.3.4', growLuo),
  '7.3.4 whose folio flags of memfd are exchanged and whose KHO_BLOCK_SIZE is doubled': edited(
    '7.3.4',
    (document) => {
      setValues(document, 'memfd', { MEMFD_LUO_FOLIO_DIRTY: OTHER_BIT, MEMFD_LUO_FOLIO_UPTODATE: OTHER_BIT });
      setValues(document, 'kho-block', { KHO_BLOCK_SIZE: TWICE });
    },
  ),
  '7.3.4 whose memfd_luo_ser has pos and size exchanged': edited('7.3.4', swapMembers),
  '7.3.4 whose KHO_BITMAP_SIZE_LOG2 is one less': edited('7.3.4', (document) =>
    setValues(document, 'kho', { KHO_BITMAP_SIZE_LOG2: (value) => value - 1 }),
  ),
  '7.3.4 whose luo_session_ser is 16 bytes longer': edited('7.3.4', growSessions),
  "7.3.4 whose names of KHO's properties are changed": edited('7.3.4', (document) =>
    renameProperties(document, ['blob-size', 'preserved-data']),
  ),
  '7.3.4 whose names of KHO properties are changed, that of the memory map too': edited('7.3.4', (document) =>
    renameProperties(document, ['blob-size', 'preserved-data', 'preserved-memory-map']),
  ),
  '7.3.4 whose property preserved-data has another name': edited('7.3.4', (document) =>
    renameProperties(document, ['preserved-data']),
  ),
  '7.3.4 without CONFIG_LIVEUPDATE_MEMFD': edited('7.3.4', (document) => switchOff(document, ['memfd'])),
  '7.3.4 without CONFIG_LIVEUPDATE': edited('7.3.4', (document) =>
    switchOff(document, ['kho-block', 'luo', 'luo-flb', 'luo-session', 'memfd']),
  ),
  '7.1.13 that does not write the node luo-flb': edited('7.1.13', dropFlbNode),
};
