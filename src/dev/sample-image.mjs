// A small image of a kernel, with the types of a real one: what the build runs a capture of, so that its code is compiled.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tsImport } from 'tsx/esm/api';

const TYPES = 'test/fixtures/hosts/7.3.4/btf.gz';

/** Writes it: packed with zstd as distributions do, where that program is. False in a copy of the project without its tests. */
export async function writeSampleImage(path) {
  if (!existsSync(TYPES)) return false;
  const { LITTLE, PACKERS, hasProgram, rodataBytes } = await tsImport(
    '../../test/formats/kernel-image-fixture.ts',
    import.meta.url,
  );
  const { bzImageBytes, elfBytes } = await tsImport('../../test/formats/elf-fixture.ts', import.meta.url);
  const packer = hasProgram('zstd') ? PACKERS.zstd : PACKERS.gzip;
  const sections = [
    { name: '.text', bytes: Buffer.alloc(1 << 20, 0x90) },
    { name: '.rodata', bytes: rodataBytes() },
    { name: '.data', bytes: rodataBytes() },
    { name: '.BTF', bytes: gunzipSync(readFileSync(TYPES)) },
  ];
  writeFileSync(path, bzImageBytes(packer.pack(elfBytes(LITTLE, sections))));
  return true;
}
