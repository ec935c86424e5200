import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildId } from '../../src/formats/build-id.ts';
import { ImageMemory } from '../../src/formats/image-memory.ts';
import { isSymbolMap, readSymbolMap } from '../../src/formats/symbols.ts';

const MAP = [
  'ffffffff81000000 T _text',
  'ffffffff817238e0 d one_handler',
  'ffffffff81723900 t twice',
  'ffffffff81723a00 t twice',
  '0000000000000000 d hidden',
  'ffffffffc0001000 d of_module\t[some_module]',
  '',
].join('\n');

test('a list of symbols gives the address of a name that one symbol of the kernel bears', () => {
  assert.ok(isSymbolMap(MAP));
  assert.ok(!isSymbolMap('CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\n\n'));
  const symbols = readSymbolMap(MAP);
  assert.equal(symbols.addressOf('one_handler'), 0xffffffff817238e0n);
  for (const name of ['twice', 'hidden', 'of_module', 'handler', 'one.handler', '.*']) {
    assert.equal(symbols.addressOf(name), undefined, name);
  }
});

test('data of an image is found by its address, as long as one section has all of it', () => {
  const memory = new ImageMemory([{ name: '.data', address: 0x1000n, bytes: Buffer.from('abcdef') }], 0x100n);
  assert.equal(Buffer.from(memory.at(0x1002n, 3) ?? []).toString(), 'cde');
  for (const [address, length] of [
    [0xfffn, 1],
    [0x1004n, 3],
    [0x1000n, 7],
  ] as const) {
    assert.equal(memory.at(address, length), undefined);
  }
  assert.equal(memory.addressOf('.data'), 0x1000n);
  assert.equal(memory.addressOf('.rodata'), undefined);
});

test('a build ID is taken from the note of the linker alone, in both byte orders', () => {
  const note = (type: number, bigEndian: boolean): Buffer => {
    const words = [4, 4, type].map((word) => {
      const bytes = Buffer.alloc(4);
      if (bigEndian) bytes.writeUInt32BE(word);
      else bytes.writeUInt32LE(word);
      return bytes;
    });
    return Buffer.concat([...words, Buffer.from('GNU\0', 'latin1'), Buffer.from([1, 2, 3, 0xff])]);
  };
  for (const bigEndian of [false, true]) {
    const other = note(1, bigEndian);
    assert.equal(findBuildId(Buffer.concat([other, note(3, bigEndian)]), bigEndian), '010203ff');
    assert.equal(findBuildId(other, bigEndian), undefined);
    assert.equal(findBuildId(note(3, bigEndian).subarray(0, 18), bigEndian), undefined);
    assert.equal(findBuildId(note(3, !bigEndian), bigEndian), undefined);
  }
});
