import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { type ElfFile, openElf } from '../../src/formats/elf.ts';
import { bytesSource } from '../../src/formats/kernel-image-bytes.ts';
import { compressedSection, ELF_SHAPES, type ElfShape, elfBytes } from './elf-fixture.ts';

const COMPRESSED = 0x800n;
const hasZstd = spawnSync('zstd', ['--version']).status === 0;
const TEXT = Buffer.from('some bytes that are worth compressing, '.repeat(50));
const open = (bytes: Uint8Array) => openElf(bytesSource(bytes));
const nameOf = ({ bits, bigEndian }: ElfShape) => `${bits} bits, ${bigEndian ? 'big' : 'little'} endian`;

async function contentOf(elf: ElfFile, name: string): Promise<string> {
  const section = elf.find(name);
  assert.ok(section, name);
  return Buffer.from(await elf.read(section)).toString();
}

for (const shape of ELF_SHAPES) {
  test(`sections and segments: ${nameOf(shape)}`, async () => {
    const bytes = elfBytes({ ...shape, machine: 183, type: 1, segments: 2 }, [
      { name: '.rodata', bytes: Buffer.from('one') },
      { name: '.bss', type: 8, claimedSize: 1n << 30n },
      { name: '.BTF', bytes: Buffer.from('three') },
    ]);
    const elf = await open(bytes);
    const { bits, bigEndian, machine, type, sections, segments } = elf;
    assert.deepEqual({ bits, bigEndian, machine, type }, { ...shape, machine: 183, type: 1 });
    assert.deepEqual(
      sections.map(({ name }) => name),
      ['', '.rodata', '.bss', '.BTF', '.shstrtab'],
    );
    assert.equal(await contentOf(elf, '.rodata'), 'one');
    assert.equal(await contentOf(elf, '.bss'), '');
    assert.equal(await contentOf(elf, '.BTF'), 'three');
    const segment = { type: 1, flags: 5, offset: 16, address: 4096n, fileSize: 32, memorySize: 64 };
    assert.deepEqual(segments, [segment, segment]);
  });

  test(`more than 65,279 sections: ${nameOf(shape)}`, async () => {
    const many = Array.from({ length: 65_600 }, () => ({ name: '.x' }));
    const elf = await open(
      elfBytes({ ...shape, isExtended: true }, [...many, { name: '.last', bytes: TEXT }]),
    );
    assert.equal(elf.sections.length, 65_603);
    assert.equal(await contentOf(elf, '.last'), TEXT.toString());
  });

  test(`compressed sections: ${nameOf(shape)}`, { skip: !hasZstd && 'no program zstd' }, async () => {
    const zstd = spawnSync('zstd', ['-qc'], { input: TEXT }).stdout;
    const elf = await open(
      elfBytes(shape, [
        {
          name: '.zlib',
          flags: COMPRESSED,
          bytes: compressedSection(shape, 1, TEXT.length, deflateSync(TEXT)),
        },
        { name: '.zstd', flags: COMPRESSED, bytes: compressedSection(shape, 2, TEXT.length, zstd) },
        {
          name: '.short',
          flags: COMPRESSED,
          bytes: compressedSection(shape, 1, TEXT.length + 1, deflateSync(TEXT)),
        },
        {
          name: '.long',
          flags: COMPRESSED,
          bytes: compressedSection(shape, 1, TEXT.length - 1, deflateSync(TEXT)),
        },
        { name: '.other', flags: COMPRESSED, bytes: compressedSection(shape, 7, 4, TEXT) },
        {
          name: '.bomb',
          flags: COMPRESSED,
          bytes: compressedSection(shape, 1, 0xf000_0000n, deflateSync(TEXT)),
        },
      ]),
    );
    assert.equal(await contentOf(elf, '.zlib'), TEXT.toString());
    assert.equal(await contentOf(elf, '.zstd'), TEXT.toString());
    for (const name of ['.short', '.long', '.other', '.bomb']) {
      await assert.rejects(contentOf(elf, name), { code: 'ELF_CORRUPT' }, name);
    }
  });
}

const LITTLE = { bits: 64, bigEndian: false } as const;

for (const [what, bytes, message] of [
  ['no magic', Buffer.from('no ELF file'), /no magic/],
  ['a header that is cut', elfBytes(LITTLE, []).subarray(0, 40), /ELF header/],
  ['a class that is none', changed(elfBytes(LITTLE, []), 4, 3), /class 3/],
  ['section headers of a wrong size', changed(elfBytes(LITTLE, []), 58, 40), /section headers of 40 bytes/],
  [
    'more sections than there are bytes',
    changed(elfBytes(LITTLE, []), 61, 0xf0),
    /section headers: \d+ bytes at/,
  ],
  ['names in a section that is not there', changed(elfBytes(LITTLE, []), 62, 9), /names in section 9 of 2/],
  ['section headers that are not there', changed(elfBytes(LITTLE, []), 45, 1), /ELF: section headers/],
  ['an offset beyond any file', changed(elfBytes(LITTLE, []), 47, 1), /offset or size/],
  [
    'very many sections',
    changed(elfBytes({ ...LITTLE, isExtended: true }, []), 64 + 11 + 35, 1),
    /16777218 sections/,
  ],
] as const) {
  test(`refused: ${what}`, async () => {
    await assert.rejects(open(bytes), { code: 'ELF_CORRUPT', message });
  });
}

test('names that nothing ends are refused', async () => {
  const bytes = elfBytes(LITTLE, [{ name: '.rodata' }]);
  const end = bytes.indexOf('.shstrtab\0') + 9;
  await assert.rejects(open(changed(bytes, end, 0x78)), {
    code: 'ELF_CORRUPT',
    message: /no name that ends/,
  });
});

test('a section that leaves the file is refused when it is read', async () => {
  for (const [claimedOffset, claimedSize] of [
    [1n << 40n, 4n],
    [0n, 1n << 50n],
    [(1n << 53n) - 1n, (1n << 53n) - 1n],
  ] as const) {
    const elf = await open(elfBytes(LITTLE, [{ name: '.x', claimedOffset, claimedSize }]));
    await assert.rejects(contentOf(elf, '.x'), { code: 'ELF_CORRUPT', message: /section \.x: \d+ bytes at/ });
  }
});

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
