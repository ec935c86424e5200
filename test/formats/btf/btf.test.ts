import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bareType,
  btfLines,
  openBtf,
  readHeader,
  sizeOfType,
  spellType,
} from '../../../src/formats/btf/index.ts';
import { BlobWriter } from './blob.ts';
import { EVERY_KIND, everyKind } from './every-kind.ts';

function textOf(bytes: Uint8Array): string {
  return [...btfLines(openBtf(bytes))].map((line) => `${line}\n`).join('');
}

for (const isBigEndian of [false, true]) {
  test(`every kind is read, ${isBigEndian ? 'big' : 'little'} endian`, () => {
    const bytes = everyKind(isBigEndian);
    const btf = openBtf(bytes);
    btf.validate();
    assert.equal(btf.isBigEndian, isBigEndian);
    assert.equal(btf.count, 26);
    assert.equal(textOf(bytes), EVERY_KIND);
  });
}

test('a blob need not lie on words, and bytes may follow it', () => {
  const bytes = Buffer.concat([Buffer.from([7]), everyKind(false), Buffer.alloc(9, 0xff)]).subarray(1);
  assert.equal(textOf(bytes), EVERY_KIND);
  assert.equal(readHeader(bytes).totalLength, everyKind(false).length);
});

test('types are found by name and kind', () => {
  const btf = openBtf(everyKind(false));
  assert.deepEqual(btf.idsNamed('s'), [6]);
  assert.deepEqual(btf.idsNamed('s', 'union'), []);
  assert.deepEqual(btf.idsNamed(''), []);
  assert.deepEqual(btf.idsNamed('s\0'), []);
  assert.deepEqual(btf.idsNamed('unsigned'), []);
  assert.equal(btf.hasFunction('do_it'), true);
  assert.equal(btf.hasFunction('do_i'), false);
  assert.equal(btf.hasFunction('s'), false);
  assert.equal(btf.functionCount, 1);
});

test('a name may be the end of another, and stand twice', () => {
  const writer = new BlobWriter();
  const long = writer.name('longer');
  const blob = writer.int('er', 4).add('struct', { name: 'longer' }).add('typedef', { last: 1 }).bytes();
  // The third type's name is set to the tail of the second's.
  blob.writeUInt32LE(long + 4, 24 + 4 * (4 + 3));
  assert.deepEqual(openBtf(blob).idsNamed('er'), [1, 3]);
});

test('enumerators are found by name, 64 bits wide', () => {
  const btf = openBtf(everyKind(true));
  assert.equal(btf.enumerator('MINUS'), -1n);
  assert.equal(btf.enumerator('TOP'), 0xffffffffn);
  assert.equal(btf.enumerator('WIDE'), 0xfffffffffffffffen);
  assert.equal(btf.enumerator('DEEP'), -2n);
  assert.equal(btf.enumerator('s'), undefined);
  assert.deepEqual(btf.enumerators('FIVE'), [{ type: 9, value: 5n }]);
});

test('an enumerator with two values has none', () => {
  const btf = openBtf(
    new BlobWriter()
      .add('enum', { last: 4, vlen: 2, words: ['A', 1, 'B', 2] })
      .add('enum', { last: 4, vlen: 2, words: ['A', 3, 'B', 2] })
      .bytes(),
  );
  assert.equal(btf.enumerator('A'), undefined);
  assert.equal(btf.enumerator('B'), 2n);
});

test('split BTF goes on behind the ids and names of its base', () => {
  const base = openBtf(everyKind(false));
  const strings = readHeader(everyKind(false)).strings.length;
  const bytes = new BlobWriter({ stringBase: strings })
    .add('struct', { name: 'own', last: 24, vlen: 1, words: ['in', 6, 0] })
    .add('func', { name: 'do_own', last: 19 })
    .bytes();
  const split = openBtf(bytes, { base });
  split.validate();
  assert.equal(split.firstId, 26);
  assert.equal(split.count, 28);
  assert.deepEqual(split.type(26), {
    kind: 'struct',
    name: 'own',
    size: 24,
    hasBitFields: false,
    members: [{ name: 'in', type: 6, bitOffset: 0, bitFieldSize: 0 }],
  });
  assert.equal(split.type(6).name, 's');
  assert.deepEqual([split.idsNamed('own'), split.idsNamed('s')], [[26], [6]]);
  assert.equal(split.enumerator('FIVE'), 5n);
  assert.equal(split.hasFunction('do_it') && split.hasFunction('do_own'), true);
  assert.throws(() => openBtf(bytes).validate(), { code: 'BTF_CORRUPT' });
});

test('a kind of later kernels ends the reading, unless the blob says how long it is', () => {
  const write = (layout?: readonly (readonly [number, number])[]) =>
    new BlobWriter(layout ? { layout } : {})
      .int('int', 4)
      .add(20, { name: 'later', vlen: 2, words: [1, 2, 3, 4, 5] })
      .add('typedef', { name: 't', last: 1 })
      .bytes();
  assert.throws(() => openBtf(write()), {
    code: 'BTF_UNKNOWN_KIND',
    message: 'BTF: type 2 has kind 20, which is not known and cannot be skipped, at offset 40',
  });
  const known: [number, number][] = [
    [0, 0],
    [4, 0],
    [0, 0],
    [12, 0],
    [0, 12],
    [0, 12],
    [0, 8],
  ];
  const rest: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 8],
    [4, 0],
    [0, 12],
  ];
  const last: [number, number][] = [
    [0, 0],
    [4, 0],
    [0, 0],
    [0, 12],
    [4, 8],
  ];
  const btf = openBtf(write([...known, ...rest, ...last]));
  assert.deepEqual(btf.type(2), { kind: 'unknown', name: 'later', number: 20 });
  assert.equal(btf.type(3).name, 't');
  assert.throws(() => openBtf(write([...known.slice(0, 4), [0, 8]])), { code: 'BTF_CORRUPT' });
});

test('types are spelled as C declares them', () => {
  const btf = openBtf(
    new BlobWriter()
      .int('long unsigned int', 8)
      .add('const', { last: 1 })
      .add('ptr', { last: 2 })
      .add('const', { last: 3 })
      .add('array', { words: [4, 1, 3] })
      .add('array', { words: [5, 1, 2] })
      .add('func-proto', { last: 0, vlen: 2, words: ['x', 3, 0, 0] })
      .add('ptr', { last: 7 })
      .add('ptr', { last: 6 })
      .add('array', { words: [8, 1, 0] })
      .add('func-proto', { last: 8, vlen: 0 })
      .add('ptr', { last: 11 })
      .bytes(),
  );
  const spelled = [1, 2, 4, 5, 6, 8, 9, 10, 12].map((id) => spellType(btf, id));
  assert.deepEqual(spelled, [
    'unsigned long',
    'const unsigned long',
    'const unsigned long *',
    'const unsigned long *[3]',
    'const unsigned long *[2][3]',
    'void (*)(const unsigned long *, ...)',
    'const unsigned long *(*)[2][3]',
    'void (*[0])(const unsigned long *, ...)',
    'void (*(*)(void))(const unsigned long *, ...)',
  ]);
  assert.equal(spellType(btf, 10, true), 'void (*[])(const unsigned long *, ...)');
  assert.equal(sizeOfType(btf, 6), 48);
  assert.equal(sizeOfType(btf, 7), undefined);
});

const broken: [string, string, (blob: Buffer) => Buffer][] = [
  ['no bytes', 'BTF_CORRUPT', () => Buffer.alloc(0)],
  ['another magic', 'BTF_CORRUPT', (blob) => Buffer.concat([Buffer.from([1]), blob])],
  ['a header alone', 'BTF_TRUNCATED', (blob) => blob.subarray(0, 10)],
  ['the last byte missing', 'BTF_TRUNCATED', (blob) => blob.subarray(0, -1)],
  ['another version', 'BTF_CORRUPT', (blob) => blob.fill(2, 2, 3)],
  ['a short header', 'BTF_CORRUPT', (blob) => blob.fill(20, 4, 5)],
  ['types of 2^32 bytes', 'BTF_TRUNCATED', (blob) => blob.fill(0xff, 12, 16)],
  ['types that are no words', 'BTF_CORRUPT', (blob) => blob.fill(blob.readUInt8(12) - 1, 12, 13)],
  ['strings over types', 'BTF_CORRUPT', (blob) => blob.fill(4, 16, 17)],
  ['no zero at the end', 'BTF_CORRUPT', (blob) => blob.fill(0x41, blob.length - 1)],
  ['kind 0', 'BTF_CORRUPT', (blob) => blob.fill(0, 31, 32)],
  ['2^24 members', 'BTF_CORRUPT', (blob) => blob.fill(0xff, 24 + 76 + 4, 24 + 76 + 7)],
];
for (const [what, code, damage] of broken) {
  test(`${what}: ${code}`, () => {
    assert.throws(() => openBtf(damage(everyKind(false))), { code });
  });
}

test('what a type refers to must be there', () => {
  const cases = [
    new BlobWriter().add('ptr', { last: 2 }),
    new BlobWriter().add('array', { words: [0, 9, 1] }),
    new BlobWriter().add('struct', { last: 8, vlen: 1, words: ['a', 0xffffffff, 0] }),
    new BlobWriter().add('struct', { last: 8, vlen: 1, words: [4000, 1, 0] }),
    new BlobWriter().int('x', 17),
    new BlobWriter().int('x', 1, 0, 9),
    new BlobWriter().add('enum', { last: 3 }),
  ];
  for (const writer of cases) {
    const btf = openBtf(writer.bytes());
    assert.throws(() => btf.validate(), { code: 'BTF_CORRUPT' });
    assert.throws(() => btf.type(1), { code: 'BTF_CORRUPT' });
  }
  assert.throws(() => openBtf(everyKind(false)).type(26), { code: 'BTF_CORRUPT' });
});

test('types that lead to themselves, and names that are none, are refused', () => {
  const btf = openBtf(
    new BlobWriter()
      .add('typedef', { name: 'a', last: 2 })
      .add('const', { last: 1 })
      .add('array', { words: [3, 3, 1] })
      .add('typedef', { name: 'x'.repeat(2000) })
      .add('typedef', { name: 'a\nb' })
      .bytes(),
  );
  assert.throws(() => bareType(btf, 1), { code: 'BTF_CORRUPT' });
  assert.throws(() => sizeOfType(btf, 3), { code: 'BTF_CORRUPT' });
  assert.throws(() => spellType(btf, 3), { code: 'BTF_CORRUPT' });
  assert.throws(() => btf.type(4), { message: /the name at 3 has more than 1024 bytes/ });
  assert.throws(() => btf.type(5), { message: /is not printable/ });
});
