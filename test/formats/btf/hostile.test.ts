import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layoutFromBtf, layoutOfType } from '../../../src/capture/btf-layout.ts';
import { ToolError } from '../../../src/errors.ts';
import { type Btf, openBtf, spellType } from '../../../src/formats/btf/index.ts';
import { KIND, type KindName } from '../../../src/formats/btf/wire.ts';
import { processorTime } from '../../support/processor-time.ts';
import { damaged, propertyRuns } from '../property.ts';
import { BlobWriter } from './blob.ts';
import { everyKind } from './every-kind.ts';

/** Milliseconds that one blob may take, whatever is in it; of this process, so that others do not count. */
const LIMIT = 10_000;

/** True where a call gives a value or an error of the BTF. */
function attempt(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof ToolError && error.code.startsWith('BTF_') && !error.message.includes('\n'))
      return true;
    throw error;
  }
}

/** Asks everything of a blob that can be asked; each question on its own, since one error must not hide another. */
function readAll(bytes: Uint8Array): boolean {
  const start = processorTime();
  let btf: Btf | undefined;
  attempt(() => {
    btf = openBtf(bytes);
  });
  if (btf) {
    const opened = btf;
    attempt(() => opened.validate());
    attempt(() => opened.idsNamed('s'));
    attempt(() => opened.enumerator('FIVE'));
    attempt(() => layoutFromBtf(opened, 's'));
    for (let id = 0; id < opened.count && id < 2000; id += 1) {
      attempt(() => opened.type(id));
      attempt(() => spellType(opened, id));
      attempt(() => layoutOfType(opened, id));
    }
  }
  return processorTime() - start < LIMIT;
}

for (const isBigEndian of [false, true]) {
  test(`damaged BTF gives an error or a value, ${isBigEndian ? 'big' : 'little'} endian`, () => {
    fc.assert(fc.property(damaged(everyKind(isBigEndian)), readAll), propertyRuns('damaged BTF', 300));
  });
}

/** Types with small ids and offsets, so that they often refer to each other and to themselves. */
const crafted = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...(Object.keys(KIND) as KindName[])),
      flag: fc.boolean(),
      last: fc.oneof(fc.nat(12), fc.constantFrom(0xffffffff, 0x7fffffff, 64)),
      vlen: fc.oneof({ weight: 9, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(0xffffff) }),
      name: fc.constantFrom('', 's', 'FIVE'),
      words: fc.array(fc.oneof(fc.nat(12), fc.constantFrom(0xffffffff, 0x1000000, 64, 's')), {
        maxLength: 9,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((types) => {
    const writer = new BlobWriter();
    for (const { kind, words, vlen, ...parts } of types) {
      const length = { int: 1, array: 3, var: 1, 'decl-tag': 1 }[kind as string];
      const element = { struct: 3, union: 3, enum: 2, enum64: 3, 'func-proto': 2, datasec: 3 }[
        kind as string
      ];
      const count = length ?? (element ?? 0) * (vlen > 3 ? 0 : vlen);
      const own = Array.from({ length: count }, (_, index) => words[index % words.length] ?? 0);
      writer.add(kind, { ...parts, words: own, vlen: length === undefined ? vlen : 0 });
    }
    return writer.bytes();
  });

test('crafted BTF gives an error or a value', () => {
  fc.assert(fc.property(crafted, readAll), propertyRuns('crafted BTF', 400));
});

test('deep nesting ends at a limit', () => {
  const writer = new BlobWriter();
  for (let id = 1; id <= 5000; id += 1) writer.add('struct', { last: 8, vlen: 1, words: [0, id + 1, 0] });
  assert.equal(readAll(writer.int('int', 4).bytes()), true);
  const pointers = new BlobWriter();
  for (let id = 1; id <= 5000; id += 1) pointers.add('ptr', { last: id + 1 });
  assert.equal(readAll(pointers.int('int', 4).bytes()), true);
});

test('members that multiply at every level end at a limit', () => {
  const writer = new BlobWriter();
  for (let id = 1; id <= 40; id += 1) {
    const words = Array.from({ length: 30 }, () => [0, id + 1, 0]).flat();
    writer.add('struct', { name: id === 1 ? 's' : '', last: 8, vlen: 30, words });
  }
  const bytes = writer.int('int', 4).bytes();
  const start = processorTime();
  assert.throws(() => layoutFromBtf(openBtf(bytes), 's'), { message: /more than 65536 members/ });
  assert.ok(processorTime() - start < LIMIT);
});

test('functions of functions of functions are spelled in bounds', () => {
  const writer = new BlobWriter().int('int', 4);
  for (let id = 2; id <= 60; id += 2) {
    const next = id + 2 > 60 ? 1 : id + 2;
    writer.add('ptr', { last: id + 1 });
    writer.add('func-proto', { last: 1, vlen: 4, words: [0, next, 0, next, 0, next, 0, next] });
  }
  const text = spellType(openBtf(writer.bytes()), 2);
  assert.ok(text.length < 2000);
  assert.match(text, /^int \(\*\)\(int \(\*\)\(/);
});

test('many types with one long name are indexed in time', () => {
  const writer = new BlobWriter();
  const long = writer.name('x'.repeat(1 << 20));
  for (let id = 1; id <= 50_000; id += 1) writer.add('typedef', { last: 1 });
  const bytes = writer.bytes();
  // Each type's name begins one byte further into the same string.
  for (let id = 0; id < 50_000; id += 1) bytes.writeUInt32LE(long + id, 24 + id * 12);
  const start = processorTime();
  const btf = openBtf(bytes);
  assert.deepEqual(btf.idsNamed('x'.repeat(100)), []);
  assert.deepEqual(btf.idsNamed('x'), []);
  assert.equal(readAll(bytes), true);
  assert.ok(processorTime() - start < 2 * LIMIT);
});

test('many members of large structs are laid out in time', () => {
  const words = Array.from({ length: 60_000 }, (_, index) => [`m${index}`, 2, 0]).flat();
  const inner = Array.from({ length: 60_000 }, (_, index) => [`m${index}`, 3, 0]).flat();
  const blob = new BlobWriter()
    .add('struct', { name: 's', last: 8, vlen: 60_000, words })
    .add('struct', { name: 'inner', last: 8, vlen: 60_000, words: inner })
    .int('int', 4);
  assert.equal(readAll(blob.bytes()), true);
});
