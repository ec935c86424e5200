import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { Layout, Member } from '../../src/model/layout.ts';
import { renderByteMap } from '../../src/report/check-byte-map.ts';

const chalk = new Chalk({ level: 0 });

function member(name: string, byte: number, type = 'u64'): Member {
  const bits = { u8: 8, u16: 16, u32: 32, u64: 64 }[type] ?? 64;
  return { name, bitOffset: byte * 8, bitSize: bits, type, encoding: type };
}

function struct(size: number, ...members: Member[]): Layout {
  return { kind: 'struct', size, align: 1, packed: true, members };
}

function map(outgoing: Layout, incoming: Layout, width = 80): string[] {
  return renderByteMap({ struct: 's', outgoing, incoming }, { chalk, width });
}

test('two members exchanged: names, bars, and carets under what is read wrongly', () => {
  const lines = map(
    struct(24, member('pos', 0), member('size', 8), member('count', 16)),
    struct(24, member('size', 0), member('pos', 8), member('count', 16)),
  );
  assert.deepEqual(lines, [
    '  s: 24 bytes written, 24 bytes read',
    '    byte            0     2     4     6     8     10    12    14',
    '      0  written    |pos                    |size                   |',
    '         read       |size                   |pos                    |',
    `                     ${'^'.repeat(47)}`,
    '     16  the same up to byte 23',
  ]);
});

test('a longer incoming struct: what lies behind the end of the outgoing one is marked', () => {
  const lines = map(
    struct(16, member('a', 0), member('b', 8)),
    struct(24, member('a', 0), member('b', 8), member('c', 16)),
  );
  assert.deepEqual(lines.slice(2), [
    '      0  the same up to byte 15',
    '     16  written    (not there)',
    '         read       |c                      |',
    `                     ${'^'.repeat(23)}`,
  ]);
});

test('a tail that is not read is shown without carets', () => {
  const lines = map(
    struct(24, member('a', 0), member('b', 8), member('c', 16)),
    struct(16, member('a', 0), member('b', 8)),
  );
  assert.deepEqual(lines.slice(3), [
    '     16  written    |c                      |',
    '         read       (not there)',
  ]);
});

test('a rename is the same; so are equal layouts', () => {
  const one = struct(16, member('a', 0), member('b', 8));
  assert.deepEqual(map(one, struct(16, member('a', 0), member('renamed', 8))).slice(2), [
    '      0  the same up to byte 15',
  ]);
  assert.deepEqual(map(one, one).slice(2), ['      0  the same up to byte 15']);
});

test('bit-fields in one byte stand side by side', () => {
  const bits = (name: string, bitOffset: number, bitSize: number): Member => ({
    name,
    bitOffset,
    bitSize,
    type: 'u64',
    encoding: `u64:${bitSize}`,
  });
  const lines = map(
    struct(8, bits('pfn', 0, 52), bits('flags', 52, 12)),
    struct(8, bits('flags', 0, 12), bits('pfn', 12, 52)),
  );
  assert.ok(
    lines.some((line) => /\|pfn +\|pfn\+fl/.test(line)),
    lines.join('\n'),
  );
});

test('rows that look alike are told once, and a page is a few lines', () => {
  const page = (length: number): Layout =>
    struct(length * 8, {
      name: 'bits',
      bitOffset: 0,
      bitSize: length * 64,
      type: `u64[${length}]`,
      encoding: `u64[${length}]`,
    });
  const lines = map(page(64), page(512));
  assert.ok(lines.length < 10, lines.join('\n'));
  assert.ok(lines.some((line) => line.includes('and so on up to byte 4095, all of it read otherwise')));
  assert.ok(!lines.some((line) => line.includes('^')), lines.join('\n'));
});

for (const width of [40, 60, 80, 120, 200]) {
  test(`no line is longer than ${width} columns`, () => {
    const lines = map(
      struct(
        40,
        member('first', 0),
        member('second', 8),
        member('third', 16),
        member('fourth', 24),
        member('x', 32, 'u8'),
      ),
      struct(
        48,
        member('second', 0),
        member('first', 8),
        member('fourth', 16),
        member('third', 24),
        member('y', 40),
      ),
      width,
    );
    for (const line of lines) assert.ok(line.length <= width, `${line.length}: ${line}`);
  });
}

test('a struct that one side lacks has no map', () => {
  assert.deepEqual(
    renderByteMap({ struct: 's', outgoing: struct(8), incoming: null }, { chalk, width: 80 }),
    [],
  );
});
