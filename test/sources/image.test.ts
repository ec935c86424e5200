import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openKernelImage } from '../../src/formats/kernel-image.ts';
import { openDecoder } from '../../src/sources/xz-program.ts';
import { btfBytes, bzImageBytes, elfBytes } from '../formats/elf-fixture.ts';
import {
  arm64Bytes,
  CONFIG_TEXT,
  hasProgram,
  LITTLE,
  moduleBytes,
  PACKERS,
  RELEASE,
  vmlinuxBytes,
} from '../formats/kernel-image-fixture.ts';
import { openBytes } from './opening.ts';

const KERNELS = process.env.LUO_ABI_KERNELS;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const CONFIG = `#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 7.3.0-rc7 Kernel Configuration\n#\nCONFIG_X86_64=y\n${CONFIG_TEXT}`;

test('a bzImage: release without flavour, facts, digest, and no files', async (context) => {
  const bytes = bzImageBytes(gzipSync(vmlinuxBytes()));
  const kernel = await openBytes(context, 'vmlinuz-x', bytes);
  assert.equal(kernel.kind, 'image');
  assert.equal(kernel.release, '7.3.4+made');
  assert.deepEqual(kernel.list(''), []);
  assert.equal(kernel.read('Makefile'), undefined);
  const { build } = kernel;
  assert.equal(build?.machine, 'x86_64');
  assert.equal(build?.unameRelease, RELEASE);
  assert.deepEqual(build?.files, [{ path: 'vmlinuz-x', sha256: sha256(bytes) }]);
  assert.deepEqual(Buffer.from(build?.btf?.bytes ?? []), btfBytes());
  assert.equal(build?.btf?.path, 'vmlinuz-x');
  assert.deepEqual(
    {
      from: build?.config?.from,
      path: build?.config?.path,
      luo: build?.config?.values.get('CONFIG_LIVEUPDATE'),
    },
    { from: 'ikconfig', path: 'vmlinuz-x', luo: 'n' },
  );
  assert.deepEqual(build?.strings?.find(/^kho-v/, ['-v']), ['kho-v4']);
});

for (const [name, bytes] of Object.entries({
  vmlinux: vmlinuxBytes(),
  'vmlinux.gz': gzipSync(vmlinuxBytes()),
  Image: arm64Bytes(),
  'Image.gz': gzipSync(arm64Bytes()),
})) {
  test(`recognized: ${name}`, async (context) => {
    const kernel = await openBytes(context, name, bytes);
    assert.equal(kernel.kind, 'image');
    assert.deepEqual(Buffer.from(kernel.build?.btf?.bytes ?? []), btfBytes());
  });
}

test('recognized: vmlinux.zst', { skip: !hasProgram('zstd') && 'no program zstd' }, async (context) => {
  const packed = PACKERS.zstd?.pack(vmlinuxBytes()).subarray(0, -4) ?? Buffer.alloc(0);
  for (const xz of ['program', 'threads'] as const) {
    const kernel = await openBytes(context, 'vmlinux.zst', packed, { wanted: () => true, xz });
    assert.equal(kernel.kind, 'image');
  }
});

test('a module gives split BTF, and no strings for the kernel', async (context) => {
  const { build, release } = await openBytes(context, 'vfio-pci.ko', moduleBytes());
  assert.equal(release, '7.3.4+made');
  assert.equal(build?.btf, undefined);
  assert.equal(build?.strings, undefined);
  const [module] = build?.moduleBtf ?? [];
  assert.deepEqual({ name: module?.name, path: module?.path }, { name: 'vfio_pci', path: 'vfio-pci.ko' });
});

for (const isBig of [false, true]) {
  test(`a file of raw BTF, ${isBig ? 'big' : 'little'} endian`, async (context) => {
    const bytes = btfBytes(isBig);
    const kernel = await openBytes(context, 'vmlinux', bytes);
    assert.equal(kernel.kind, 'btf');
    assert.equal(kernel.release, undefined);
    assert.deepEqual(Buffer.from(kernel.build?.btf?.bytes ?? []), bytes);
    assert.deepEqual(kernel.build?.moduleBtf, []);
    const split = await openBytes(context, 'vfio_pci', btfBytes(isBig, 'vfio\0'));
    assert.equal(split.build?.btf, undefined);
    assert.equal(split.build?.moduleBtf[0]?.name, 'vfio_pci');
  });
}

for (const [name, text, release] of [
  ['config-7.3.4+deb13-amd64', CONFIG, '7.3.4+deb13'],
  ['config-6.18.5-200.fc43.x86_64', CONFIG, '6.18.5-200.fc43'],
  ['.config', CONFIG, '7.3-rc7'],
  ['other', CONFIG_TEXT, undefined],
] as const) {
  test(`a configuration: ${name}`, async (context) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const kernel = await openBytes(context, name, bytes);
      assert.equal(kernel.kind, 'config');
      assert.equal(kernel.release, release);
      assert.equal(kernel.build?.config?.values.get('CONFIG_KEXEC_HANDOVER'), 'y');
      assert.deepEqual(kernel.build?.files, [{ path: name, sha256: sha256(bytes) }]);
    }
  });
}

for (const [what, bytes, code] of [
  ['text', Buffer.from('CONFIG is not a configuration\n'), 'SOURCE_UNKNOWN'],
  ['a program', elfBytes(LITTLE, []), 'IMAGE_UNKNOWN'],
  ['BTF that is cut', btfBytes().subarray(0, 30), 'BTF_CORRUPT'],
  ['a bzImage that is cut', bzImageBytes(gzipSync(vmlinuxBytes())).subarray(0, 3000), 'IMAGE_CORRUPT'],
] as const) {
  test(`refused: ${what}`, async (context) => {
    await assert.rejects(openBytes(context, 'x', bytes), { code, message: /^x: / });
  });
}

test('every kernel of the downloaded packages opens', {
  skip: !KERNELS && 'LUO_ABI_KERNELS is not set',
}, async (context) => {
  const folder = join(KERNELS ?? '', 'binary');
  const packages = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.deb')) : [];
  if (packages.length === 0 || !hasProgram('dpkg-deb'))
    return context.skip('no packages, or no program dpkg-deb');
  for (const name of packages.sort()) {
    const tar = spawnSync('dpkg-deb', ['--fsys-tarfile', join(folder, name)], { maxBuffer: 1 << 30 }).stdout;
    const { stdout } = spawnSync('tar', ['-xO', '--wildcards', '*/vmlinuz*'], {
      input: tar,
      maxBuffer: 1 << 30,
    });
    const decoder = openDecoder({}, stdout.byteLength);
    const opened = await openKernelImage(stdout, { decoder }).finally(() => decoder.close());
    const uname = /^linux-binary-([^_]+)_/.exec(name)?.[1];
    assert.equal(opened.unameRelease, uname, name);
    assert.ok(opened.banner?.startsWith(`Linux version ${uname} `), name);
    assert.equal(Buffer.from(opened.btf ?? []).readUInt16LE(), 0xeb9f, name);
    assert.ok((opened.btf?.byteLength ?? 0) > 4 << 20, name);
  }
});
