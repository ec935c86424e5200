import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { ToolError } from '../../src/errors.ts';
import { isFdt, parseFdt } from '../../src/formats/fdt.ts';
import { encodeFdt } from '../../src/formats/fdt-encode.ts';
import { restoreNames } from '../../src/formats/fdt-names.ts';
import type { DeviceTree, DeviceTreeNode } from '../../src/formats/fdt-tree.ts';
import { childOf, propertyOf, stringsOf } from '../../src/formats/fdt-tree.ts';
import { hostPath } from '../support/hosts.ts';
import { processorTime } from '../support/processor-time.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

const FIXTURES = new URL('../fixtures/fdt/', import.meta.url);
const SOURCES = readdirSync(FIXTURES).filter((name) => name.endsWith('.dts'));

function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FIXTURES));
}

const hasDtc = spawnSync('dtc', ['--version']).status === 0;
const skipDtc = hasDtc ? false : 'dtc is not installed';
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-fdt-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function dtc(input: string | Uint8Array, ...args: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('dtc', ['-q', ...args, '-'], { input });
  assert.equal(status, 0, String(stderr));
  return stdout;
}

/** A tree without what parsing kept of the old blob. */
function bare({ strings: _strings, places: _places, ...tree }: DeviceTree): DeviceTree {
  const strip = ({ name, properties, children }: DeviceTreeNode): DeviceTreeNode => ({
    name,
    properties: properties.map(({ name: key, value }) => ({ name: key, value })),
    children: children.map(strip),
  });
  return { ...tree, root: strip(tree.root) };
}

test('a committed blob decodes and encodes to equal bytes, also without what was kept of it', () => {
  for (const source of SOURCES) {
    const blob = fixture(source.replace(/dts$/, 'dtb'));
    const tree = parseFdt(blob);
    assert.deepEqual(Buffer.from(encodeFdt(tree)), blob, source);
    assert.deepEqual(Buffer.from(encodeFdt(bare(tree))), blob, source);
  }
});

test('every blob that dtc makes of the sources encodes to equal bytes', { skip: skipDtc }, () => {
  const forms = [
    [],
    ['-V', '16'],
    ['-S', '4096'],
    ['-p', '100'],
    ['-a', '64'],
    ['-b', '3'],
    ['-@'],
    ['-s'],
    ['-R', '5'],
  ];
  for (const source of SOURCES) {
    const text = fixture(source).toString();
    for (const form of forms) {
      const blob = dtc(text, '-I', 'dts', '-O', 'dtb', ...form);
      assert.deepEqual(Buffer.from(encodeFdt(parseFdt(blob))), blob, `${source} ${form.join(' ')}`);
    }
  }
});

test('the committed blobs are what dtc makes of their sources', { skip: skipDtc }, () => {
  for (const source of SOURCES) {
    const blob = dtc(fixture(source).toString(), '-I', 'dts', '-O', 'dtb');
    assert.deepEqual(blob, fixture(source.replace(/dts$/, 'dtb')), source);
  }
});

test('dtc reads a changed tree as it was meant', { skip: skipDtc }, () => {
  const tree = parseFdt(fixture('kho-v4.dtb'));
  tree.root.properties.push({ name: 'added', value: Buffer.from('text\0') });
  tree.root.children.push({
    name: 'more',
    properties: [{ name: 'blob-size', value: new Uint8Array(8) }],
    children: [],
  });
  tree.reservations.push({ address: 0x1000n, size: 0x2000n });
  const text = dtc(encodeFdt(tree), '-I', 'dtb', '-O', 'dts').toString();
  assert.match(text, /\/memreserve\/\s+0x0*1000 0x0*2000;/);
  assert.match(text, /added = "text";/);
  assert.match(text, /more \{\s+blob-size = <0x00 0x00>;/);
});

test('a tree has its names, values and reservations', () => {
  const { version, lastCompatible, reservations, root, remarks } = parseFdt(fixture('memblock.dtb'));
  assert.deepEqual([version, lastCompatible, remarks], [17, 16, []]);
  assert.deepEqual(reservations, [
    { address: 0x10000000n, size: 0x4000n },
    { address: 0x20000000n, size: 0x8000n },
  ]);
  const trace = childOf(root, 'trace@40100000');
  assert.ok(trace);
  assert.deepEqual(stringsOf(propertyOf(trace, 'compatible') ?? new Uint8Array()), [
    'reserve-mem-v1',
    'something-else',
  ]);
  assert.deepEqual(propertyOf(trace, 'in-use')?.length, 0);
  assert.deepEqual([...(propertyOf(trace, 'block-size') ?? [])], [0, 0, 0x10, 0]);
  assert.equal(propertyOf(trace, 'none'), undefined);
});

// Blobs made by hand, from the words of the specification: header of 10, an empty reservation map, the tokens, the strings.
const [BEGIN, END_NODE, PROP, NOP, END] = [1, 2, 3, 4, 9];

function handmade(
  tokens: readonly (number | string)[],
  strings = 'x\0',
  header: Record<number, number> = {},
): Buffer {
  const structure = Buffer.concat(
    tokens.map((token) => {
      if (typeof token === 'number') return Buffer.from([token >>> 24, token >>> 16, token >>> 8, token]);
      const text = Buffer.from(`${token}\0`, 'latin1');
      return Buffer.concat([text, Buffer.alloc(-text.length & 3)]);
    }),
  );
  const at = 40 + 16;
  const total = at + structure.length + strings.length;
  const words = [
    0xd00dfeed,
    total,
    at,
    at + structure.length,
    40,
    17,
    16,
    0,
    strings.length,
    structure.length,
  ];
  for (const [index, value] of Object.entries(header)) words[Number(index)] = value;
  const head = Buffer.alloc(56);
  words.forEach((word, index) => {
    head.writeUInt32BE(word, index * 4);
  });
  return Buffer.concat([head, structure, Buffer.from(strings, 'latin1')]);
}

function fault(blob: Uint8Array): string {
  try {
    parseFdt(blob);
  } catch (error) {
    assert.ok(error instanceof ToolError);
    return `${error.code} ${error.message}`;
  }
  return 'none';
}

test('NOP tokens are passed over, names that stand twice are said', () => {
  const twice = [
    BEGIN,
    '',
    NOP,
    PROP,
    0,
    0,
    NOP,
    PROP,
    0,
    0,
    BEGIN,
    'n',
    END_NODE,
    NOP,
    BEGIN,
    'n',
    END_NODE,
    END_NODE,
    NOP,
    END,
  ];
  const { root, remarks } = parseFdt(handmade(twice));
  assert.deepEqual([root.properties.length, root.children.length], [2, 2]);
  assert.deepEqual(remarks, [
    '/: property x stands twice; readers take the first',
    '/: node n stands twice; readers take the first',
  ]);
  const { remarks: tail } = parseFdt(Buffer.concat([handmade([BEGIN, '', END_NODE, END]), Buffer.alloc(3)]));
  assert.deepEqual(tail, ['3 bytes behind the end']);
});

test('what breaks the form is an error that names it', () => {
  const plain = [BEGIN, '', END_NODE, END];
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /^FDT_TRUNCATED .*4 bytes expected, 0 left/],
    [handmade(plain).subarray(0, 30), /^FDT_TRUNCATED FDT: 74 bytes said, 30 there/],
    [handmade(plain).subarray(0, 50), /^FDT_TRUNCATED FDT structure block: 4 bytes expected, 0 left/],
    [handmade(plain, 'x\0', { 0: 0xd00dfeee }), /^FDT_CORRUPT FDT: magic 0xd00dfeee/],
    [handmade(plain, 'x\0', { 1: 20 }), /^FDT_CORRUPT .*no room for the header/],
    [handmade(plain, 'x\0', { 5: 3, 6: 1 }), /^FDT_CORRUPT .*version 3, 16 or later expected/],
    [handmade(plain, 'x\0', { 5: 18, 6: 18 }), /^FDT_CORRUPT .*needs a reader of version 18/],
    [handmade(plain, 'x\0', { 2: 58 }), /^FDT_CORRUPT .*not on 4 bytes|ends beyond/],
    [handmade(plain, 'x\0', { 2: 20 }), /^FDT_CORRUPT .*structure block inside the header/],
    [handmade(plain, 'x\0', { 4: 44 }), /^FDT_CORRUPT .*not on 8 bytes/],
    [handmade(plain, 'x\0', { 3: 0xfffffff0 }), /^FDT_CORRUPT .*strings block of 2 bytes ends beyond/],
    [
      handmade(plain, 'x\0', { 9: 0x7fffffff }),
      /^FDT_CORRUPT .*structure block of 2147483647 bytes ends beyond/,
    ],
    [handmade([BEGIN, '', END_NODE]), /^FDT_CORRUPT .*4 bytes expected, 0 left/],
    [handmade([BEGIN, '', END_NODE, END_NODE]), /^FDT_CORRUPT .*token 2 behind the root node/],
    [handmade([BEGIN, '', END]), /^FDT_CORRUPT .*token 9 inside a node/],
    [handmade([BEGIN, '', 77]), /^FDT_CORRUPT .*token 77 inside a node/],
    [handmade([END]), /^FDT_CORRUPT .*no root node/],
    [
      handmade([BEGIN, '', PROP, 0, 2, END_NODE, END]),
      /^FDT_CORRUPT .*a name at 2 of a strings block of 2 bytes/,
    ],
    [
      handmade([BEGIN, '', PROP, 0, 0, END_NODE, END], 'xx'),
      /^FDT_CORRUPT .*name at 0 of the strings block does not end/,
    ],
    [handmade([BEGIN, '', PROP, 0xfffffff0, 0, END_NODE, END]), /^FDT_CORRUPT .*4294967280 bytes expected/],
    [
      handmade([BEGIN, '', BEGIN, 'n', END_NODE, PROP, 0, 0, END_NODE, END]),
      /^FDT_CORRUPT .*a property behind a node/,
    ],
    [handmade([BEGIN, 0x61616161]), /^FDT_CORRUPT .*a node name without an end/],
  ];
  for (const [blob, expected] of cases) assert.match(fault(blob), expected);
});

test('nodes within nodes end at 64, paths at 1024 bytes', () => {
  const nested = (depth: number): Buffer => {
    const begins = Array.from({ length: depth }, (_, index) => [BEGIN, index === 0 ? '' : 'n']).flat();
    return handmade([...begins, ...Array.from({ length: depth }, () => END_NODE), END]);
  };
  assert.equal(fault(nested(64)), 'none');
  assert.match(fault(nested(65)), /^FDT_CORRUPT .*more than 64 nodes/);
  const long = handmade([BEGIN, '', BEGIN, 'n'.repeat(2000), END_NODE, END_NODE, END]);
  assert.match(fault(long), /^FDT_CORRUPT .*a path of more than 1024 bytes/);
});

test('only what begins with the magic is taken for a devicetree', () => {
  assert.equal(isFdt(fixture('kho-v1.dtb')), true);
  assert.equal(isFdt(Buffer.from('luo-v5\0\0')), false);
  assert.equal(isFdt(new Uint8Array(3)), false);
});

const names = fc.stringMatching(/^[a-z][a-z0-9,._+-]{0,20}$/);
const node: fc.Arbitrary<DeviceTreeNode> = fc.letrec<{ node: DeviceTreeNode }>((tie) => ({
  node: fc.record({
    name: names,
    properties: fc.uniqueArray(fc.record({ name: names, value: fc.uint8Array({ maxLength: 12 }) }), {
      selector: ({ name }) => name,
      maxLength: 5,
    }),
    children: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'node' },
      fc.constant<DeviceTreeNode[]>([]),
      fc.uniqueArray(tie('node'), { selector: ({ name }) => name, maxLength: 3 }),
    ),
  }),
})).node;

test('any tree comes back from its encoding, and encodes to the same bytes again', () => {
  const tree = fc.record({
    version: fc.constantFrom(16, 17),
    lastCompatible: fc.constant(16),
    bootCpu: fc.nat(),
    reservations: fc.array(
      fc.record({ address: fc.bigInt(1n, (1n << 64n) - 1n), size: fc.bigInt(0n, (1n << 64n) - 1n) }),
    ),
    root: node.map((root) => ({ ...root, name: '' })),
    remarks: fc.constant<string[]>([]),
  });
  fc.assert(
    fc.property(tree, (made) => {
      const blob = encodeFdt(made);
      const read = parseFdt(blob);
      assert.deepEqual(JSON.stringify(bare(read).root), JSON.stringify(made.root));
      assert.deepEqual(
        read.reservations.map(({ address, size }) => [address, size]),
        made.reservations.map(({ address, size }) => [address, size]),
      );
      assert.deepEqual(encodeFdt(read), blob);
    }),
    propertyRuns('FDT round trip', 200),
  );
});

test('a damaged or crafted blob ends with a tree or an error, in time', async () => {
  const token = fc.oneof(
    fc.constantFrom(BEGIN, END_NODE, PROP, NOP, END),
    fc.nat(64),
    fc.nat(0xffffffff),
    names,
  );
  const crafted = fc
    .tuple(
      fc.array(token as fc.Arbitrary<number | string>, { maxLength: 40 }),
      fc.dictionary(fc.nat(9).map(String), fc.nat(200)),
    )
    .map(([tokens, header]) => handmade(tokens, 'ab\0c\0', header));
  const blobs = SOURCES.map((source) => damaged(fixture(source.replace(/dts$/, 'dtb'))));
  blobs.push(...WHOLE.map((blob) => damaged(blob)));
  await fc.assert(
    fc.asyncProperty(fc.oneof(crafted, ...blobs), (blob) =>
      endsWell(async () => encodeFdt(restoreNames(parseFdt(blob), KHO_NAMES))),
    ),
    { ...propertyRuns('damaged FDT', 1000), interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
  );
});

/** Every property with its path, and its value in hex. */
function listed({ name, properties, children }: DeviceTreeNode, path = ''): string[] {
  const here = `${path}/${name}`;
  return [
    here,
    ...properties.map(({ name: key, value }) => `${here}:${key}=${Buffer.from(value).toString('hex')}`),
    ...children.flatMap((child) => listed(child, here)),
  ];
}

const WHOLE = ['7.3.4', '6.19.11'].map((host) =>
  readFileSync(hostPath(host, 'updated/sys/kernel/debug/kho/in/fdt')),
);
const KHO_NAMES = ['compatible', 'preserved-memory-map', 'preserved-data', 'blob-size', 'fdt'];

test('of every beginning of a tree that is read, all that is told stands in the whole tree', () => {
  const blobs = [...WHOLE, ...SOURCES.map((source) => fixture(source.replace(/dts$/, 'dtb')))];
  for (const blob of blobs) {
    const whole = listed(parseFdt(blob).root);
    for (let length = 0; length < blob.length; length++) {
      const piece = blob.subarray(0, length);
      if (fault(piece) !== 'none') {
        assert.match(fault(piece), /^FDT_TRUNCATED /);
        continue;
      }
      const tree = parseFdt(piece);
      assert.deepEqual([tree.cut?.said, tree.cut?.there], [blob.length, length]);
      for (const line of listed(tree.root)) {
        const [node = '', property] = line.split(':');
        if (property === undefined) assert.ok(whole.includes(line), line);
        else {
          const [start, value] = property.split('=');
          assert.ok(
            whole.some((other) => other.startsWith(`${node}:${start}`) && other.endsWith(`=${value}`)),
            line,
          );
        }
      }
    }
  }
});

test('names that were cut off are put back where only one fits, and never wrongly', () => {
  for (const blob of WHOLE) {
    const whole = listed(parseFdt(blob).root);
    const { places } = parseFdt(blob);
    for (let length = places?.strings ?? 0; length < blob.length; length++) {
      const tree = restoreNames(parseFdt(blob.subarray(0, length)), KHO_NAMES);
      assert.deepEqual(listed(tree.root), whole, String(length));
      assert.equal(tree.cut?.inside, undefined);
      const none = restoreNames(parseFdt(blob.subarray(0, length)), ['no-such-name-at-all']);
      assert.ok(!listed(none.root).some((line) => line.includes('no-such')));
    }
  }
});

test('a name of the same length is not put in where what is there of the name says otherwise', () => {
  const blob = handmade([BEGIN, '', PROP, 0, 0, PROP, 0, 5, END_NODE, END], 'abcd\0efghi\0');
  const cut = parseFdt(blob.subarray(0, blob.length - 8));
  const names = (candidates: string[]): string[] =>
    restoreNames(cut, candidates).root.properties.map(({ name, cutName }) => `${name} ${cutName}`);
  assert.deepEqual(names(['abxx', 'efghi']), ['abc lost', 'efghi fitting']);
  assert.deepEqual(names(['abcd', 'efghi', 'vwxyz']), ['abcd fitting', ' lost']);
  assert.deepEqual(names(['abcdefg', 'efg']), ['abc lost', ' lost']);
});

test('crafted strings and names cost no more than the blob is long', () => {
  const props = Array.from({ length: 20_000 }, (_, index) => [PROP, 0, index * 2]).flat();
  const started = processorTime();
  assert.match(fault(handmade([BEGIN, '', ...props, END_NODE, END], 'a'.repeat(1 << 20))), /does not end/);
  const many = Array.from({ length: 20_000 }, () => [PROP, 0, 0]).flat();
  assert.equal(parseFdt(handmade([BEGIN, '', ...many, END_NODE, END])).remarks.length, 100);
  assert.ok(processorTime() - started < 10_000);
});
