import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBlob } from '../../src/inspect/blob.ts';
import { gatherKnown } from '../../src/inspect/known.ts';
import { validate } from '../../src/schema/validate.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf } from '../support/shipped.ts';
import { blobOf, fixture, flat, KNOWN, look, only } from './support.ts';

// Every offset below is stated here, from what a C compiler makes of the kernels' headers.

/** struct luo_ser of 7.2: compatible[8] at 0, liveupdate_num at 8, sessions_pa at 16, flbs_pa at 24; 32 bytes. */
const LUO_V5 = [
  [0, 'text', 'luo-v5'],
  [8, 64, 3],
  [16, 64, 0x1_2345_6000n],
  [24, 64, 0xffff_ffff_ffff_f000n],
] as const;

test("LUO's struct of 7.2 is recognized by its marker and decoded", () => {
  const output = look(blobOf('sub/blob.bin', 32, [...LUO_V5]));
  validate('inspect', output, 'inspect');
  const blob = only(output);
  assert.deepEqual(
    [blob.form, blob.entry, blob.component, blob.recognizedBy, blob.marker],
    ['struct', 'LUO', 'luo', 'marker', 'luo-v5'],
  );
  const values = flat(blob.members);
  assert.deepEqual([...values.keys()], ['compatible', 'liveupdate_num', 'sessions_pa', 'flbs_pa']);
  assert.equal(values.get('compatible')?.value, 'luo-v5');
  assert.equal(values.get('liveupdate_num')?.value, 3);
  assert.deepEqual(
    [values.get('sessions_pa')?.hex, values.get('sessions_pa')?.isAddress],
    ['0x123456000', true],
  );
  assert.equal(values.get('flbs_pa')?.value, '18446744073709547520');
  assert.equal(output.writersText, '7.2.6 … 7.3.4');
});

test('what stands behind a struct, and behind the end of a string, is said and shown', () => {
  const dirty = blobOf('LUO', 48, [...LUO_V5, [7, 8, 0x5a], [40, 'text', 'tail']]);
  const values = flat(only(look(dirty)).members);
  assert.deepEqual(values.get('compatible')?.notes, ['not zero behind its end: 005a']);
  const tail = values.get('(behind the end)');
  assert.deepEqual([tail?.offset, tail?.bytes?.count, tail?.bytes?.isZero], [32, 16, false]);
  assert.match(tail?.bytes?.hex ?? '', /^0{16}7461696c/);
});

test('a struct that ends early is decoded as far as it goes', () => {
  const blob = only(look(blobOf('LUO', 20, [...LUO_V5.slice(0, 2)])));
  const values = flat(blob.members);
  assert.equal(values.get('liveupdate_num')?.value, 3);
  assert.deepEqual(
    [values.get('sessions_pa')?.bytes?.count, values.get('sessions_pa')?.notes],
    [4, ['the blob ends at 20']],
  );
  assert.deepEqual(blob.notes, ['no known kernel writes exactly this: 20 bytes, luo_ser has 32']);
});

/** struct kho_kexec_metadata, packed: version at 0, previous_release[65] at 4, kexec_count at 69; 73 bytes. */
test('kexec-metadata is recognized by its size and number, and unaligned members are read', () => {
  const blob = blobOf('x', 73, [
    [0, 32, 1],
    [4, 'text', '7.2.12-cloud'],
    [69, 32, 0x01020304],
  ]);
  const { entry, marker, members } = only(look(blob));
  assert.deepEqual([entry, marker], ['kexec-metadata', '1']);
  const values = flat(members);
  assert.deepEqual(
    [values.get('previous_release')?.value, values.get('kexec_count')?.hex],
    ['7.2.12-cloud', '0x1020304'],
  );
});

/** memfd_luo_ser of 7.1 on: pos 0, size 8, seals u32 16, flags u32 20, nr_folios 24, folios (kho_vmalloc) 32; 48 bytes. */
test("memfd's struct is decoded on request, with its flags named", () => {
  const blob = blobOf('memfd.bin', 48, [
    [0, 64, 100],
    [8, 64, 8192],
    [16, 32, 0x4f],
    [24, 64, 2],
    [32, 64, 0x7000],
    [40, 32, 1],
    [44, 16, 5],
  ]);
  assert.equal(only(look(blob)).form, 'bytes');
  assert.deepEqual(only(look(blob)).notes, ['what it is is not known; name it with `component`']);
  const output = look(blob, { component: 'memfd' });
  assert.equal(output.writersText, '7.1-rc1 … 7.3.4');
  const values = flat(only(output).members);
  assert.deepEqual(values.get('seals')?.flags, ['0xf of MEMFD_LUO_ALL_SEALS', '0x40 is no known flag']);
  assert.equal(values.get('flags')?.flags, undefined);
  assert.deepEqual(values.get('folios.flags')?.flags, ['KHO_VMALLOC_ALLOC', '0x4 is no known flag']);
  assert.deepEqual(
    [values.get('folios.first.phys')?.offset, values.get('folios.first.phys')?.value],
    [32, 0x7000],
  );
});

/** memfd_luo_ser of 6.19: pos 0, size 8, nr_folios 16, folios 24; 40 bytes. */
test("memfd's struct of 6.19 is told by its size", () => {
  const blob = blobOf('memfd.bin', 40, [
    [8, 64, 4096],
    [16, 64, 1],
    [24, 64, 0x9000],
  ]);
  const output = look(blob, { component: 'memfd' });
  assert.equal(output.writersText, '6.19.6 … 7.0');
  const values = flat(only(output).members);
  assert.deepEqual([values.get('nr_folios')?.value, values.get('folios.first.phys')?.value], [1, 0x9000]);
});

/** memfd_luo_folio_ser: pfn in bits 0 to 51, flags in bits 52 to 63 of the first word, index at 8; 16 bytes. */
test('a row of elements with bit-fields', () => {
  const word = (pfn: bigint, flags: bigint): bigint => pfn | (flags << 52n);
  const blob = blobOf('folios', 48, [
    [0, 64, word(0xf_ffff_ffff_ffffn, 3n)],
    [16, 64, word(0x12345n, 2n)],
    [24, 64, 7],
    [32, 64, word(1n, 0x805n)],
  ]);
  const values = flat(only(look(blob, { component: 'memfd.memfd_luo_folio_ser' })).members);
  assert.equal(values.get('[0].pfn')?.hex, '0xfffffffffffff');
  assert.deepEqual(values.get('[0].flags')?.flags, ['MEMFD_LUO_FOLIO_DIRTY', 'MEMFD_LUO_FOLIO_UPTODATE']);
  assert.deepEqual([values.get('[1].pfn')?.value, values.get('[1].index')?.value], [0x12345, 7]);
  assert.deepEqual(values.get('[2].flags')?.flags, ['MEMFD_LUO_FOLIO_DIRTY', '0x804 is no known flag']);
});

/** luo_flb_header_ser: pgcnt 0, count 8; then luo_flb_ser: name[48] 0, data 48, count 56; 64 bytes each. */
test('a header is followed by as many elements as it counts', () => {
  const blob = blobOf('flbs', 16 + 3 * 64, [
    [0, 64, 1],
    [8, 64, 2],
    [16, 'text', 'pci-v2'],
    [64, 64, 0xabc000],
    [72, 64, 5],
    [80, 'text', 'iommu-v1'],
  ]);
  const { members } = only(look(blob, { component: 'luo-flb.luo_flb_header_ser' }));
  const values = flat(members);
  assert.deepEqual([values.get('[0].name')?.value, values.get('[0].count')?.value], ['pci-v2', 5]);
  assert.equal(values.get('[1].name')?.value, 'iommu-v1');
  assert.deepEqual(
    [values.get('[2].name'), values.get('(behind the end)')?.bytes?.isZero],
    [undefined, true],
  );
});

/** kho_block_header_ser: next 0, count 8; then luo_session_ser: name[64] 0, files 64, count 72; 80 bytes each. */
test('structs one behind the other, and a count that is too high', () => {
  const blob = blobOf('block', 16 + 80 + 10, [
    [8, 64, 9],
    [16, 'text', 'vm-1'],
    [80, 64, 0x5000],
    [88, 64, 4],
  ]);
  const component = 'kho-block.kho_block_header_ser+luo-session.luo_session_ser';
  const values = flat(only(look(blob, { component })).members);
  assert.equal(values.get('kho_block_header_ser.count')?.value, 9);
  assert.deepEqual([values.get('[0].name')?.value, values.get('[0].file_set_ser.count')?.value], ['vm-1', 4]);
  assert.deepEqual(values.get('[0]')?.notes, ['9 said, there is room for 1']);
  assert.equal(values.get('(behind the end)')?.bytes?.count, 10);
});

test("LUO's trees of 6.19 and 7.1 are told apart by the node for FLB data", () => {
  const early = look(fixture('luo-6.19'));
  validate('inspect', early, 'inspect');
  assert.equal(early.writersText, '6.19.6 … 6.19.11');
  const late = look(fixture('luo-7.1'));
  assert.equal(late.writersText, '7.0 … 7.1.13');
  const { tree } = only(late);
  assert.deepEqual(
    tree?.nodes.map(({ name, properties }) => [name, ...properties.map(({ value }) => value)]),
    [
      ['luo-session', 'luo-session-v2', 0x1_2345_3000],
      ['luo-flb', 'luo-flb-v1', 0x1_2345_4000],
    ],
  );
  assert.deepEqual(only(look(fixture('luo-6.19'), { release: '7.0' })).notes, [
    '7.0 would not have written this: the node /luo-flb is missing',
  ]);
});

test("KHO's tree leads to the entries that were given, and says what does not agree", () => {
  const luo = blobOf('out/sub_fdts/LUO', 40, [...LUO_V5]);
  const stray = fixture('memblock', 'out/sub_fdts/memblock');
  const output = look([fixture('kho-v4', 'out/fdt'), luo, stray]);
  validate('inspect', output, 'inspect');
  const [root] = output.blobs;
  assert.deepEqual(
    root?.tree?.nodes.map(({ name, blob, notes }) => [name, blob, notes]),
    [
      ['LUO', 'out/sub_fdts/LUO', ['blob-size says 32, the file has 40 bytes']],
      ['kexec-metadata', undefined, undefined],
    ],
  );
  assert.deepEqual(root?.notes, ['no node leads to out/sub_fdts/memblock']);
});

test('properties that no kernel writes are shown as bytes', () => {
  const { tree, notes } = only(look(fixture('memblock')));
  const trace = tree?.nodes.find(({ name }) => name === 'trace@40100000');
  const shown = trace?.properties.map(({ name, value, bytes }) => [name, value ?? bytes?.hex]);
  assert.deepEqual(shown, [
    ['compatible', ['reserve-mem-v1', 'something-else']],
    ['start', 0x4010_0000],
    ['size', 0x20_0000],
    ['block-size', '00001000'],
    ['in-use', true],
  ]);
  assert.match(notes.join(), /has no property \/trace@40100000\/block-size/);
});

test('a marker of another number is still known for what it is', () => {
  const blob = only(look(blobOf('some.bin', 32, [[0, 'text', 'luo-v9']])));
  assert.deepEqual([blob.entry, blob.marker, blob.writers], ['LUO', 'luo-v9', []]);
  assert.match(blob.notes.join(), /the marker is luo-v9, 7\.3\.4 writes luo-v5/);
});

test('padding and reserved bytes that are not zero are said', () => {
  const document = structuredClone(documentOf('7.2.12'));
  const luo = document.components.luo;
  assert.ok(luo);
  luo.structs.luo_ser = {
    placement: 'blob',
    layout: {
      all: {
        kind: 'struct',
        size: 32,
        align: 8,
        packed: false,
        members: [
          { name: 'compatible', bitOffset: 0, bitSize: 64, type: 'char[8]', encoding: 'char[8]' },
          { name: 'short', bitOffset: 64, bitSize: 16, type: 's16', encoding: 's16' },
          { name: 'reserved', bitOffset: 128, bitSize: 64, type: 'u32[2]', encoding: 'u32[2]' },
        ],
      },
    },
  };
  const known = gatherKnown([kernelOf(document)], { upstream: new Set(['7.2.12']), target: 'x86_64-4k' });
  const blob = blobOf('LUO', 32, [
    [0, 'text', 'luo-v5'],
    [8, 16, 0xfffe],
    [12, 8, 1],
    [20, 32, 2],
    [31, 8, 9],
  ]);
  const values = only(look(blob, { known })).members ?? [];
  assert.deepEqual(
    values.map(({ name, offset, value, notes }) => [name, offset, value, notes]),
    [
      ['compatible', 0, 'luo-v5', undefined],
      ['short', 8, -2, undefined],
      ['(padding)', 10, undefined, ['padding, and not zero']],
      ['reserved', 16, undefined, ['reserved, and not zero']],
      ['(padding)', 24, undefined, ['padding, and not zero']],
    ],
  );
});

test('a component or struct that is not known is an error that names those that are', () => {
  const blob = openBlob('x', new Uint8Array(8));
  assert.throws(
    () => look(blob, { component: 'memfdd' }),
    /COMPONENT_UNKNOWN|memfdd: no such component; known: .*memfd/,
  );
  assert.throws(
    () => look(blob, { component: 'memfd.x' }),
    /memfd has no such struct; known: memfd_luo_folio_ser, memfd_luo_ser/,
  );
  assert.throws(
    () => look(blob, { component: 'luo-session' }),
    /which struct\? name one: luo-session\.luo_file_ser/,
  );
});

test('nothing at all is still something to look at', () => {
  const output = look(openBlob('empty', new Uint8Array()));
  validate('inspect', output, 'inspect');
  assert.deepEqual([only(output).form, output.writers], ['bytes', []]);
  assert.equal(KNOWN.kernels.length > 20, true);
});
