import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openSource } from '../../src/sources/index.ts';
import { arBytes, debBytes, fixture, kernelEntries, kernelTar, tarBytes } from '../formats/archives.ts';
import { btfBytes } from '../formats/elf-fixture.ts';
import { endsSoon } from '../formats/packages.ts';
import { damaged, propertyRuns } from '../formats/property.ts';
import { openBytes, temporaryFolder, WANTED, WANTED_PATHS, writeBelow } from './opening.ts';

const DOC = [{ path: './' }, { path: './usr/share/doc/linux/copyright', text: 'x' }];
const HEADERS = tarBytes([...DOC, ...kernelEntries('./usr/src/linux-headers-7.3.4-common/')]);
const PACKAGE = { name: 'linux-headers-7.3.4', version: '7.3.4-1~x1' };

/** A data archive with a tarball of the tree in it. */
function nestedTar(name: string, bytes: Uint8Array): Buffer {
  // Text goes through UTF-8, so the content is put in place of zeros of the same length.
  const outer = tarBytes([...DOC, { path: `./usr/src/${name}`, text: '\0'.repeat(bytes.byteLength) }]);
  outer.set(bytes, outer.length - 1024 - (bytes.byteLength + (-bytes.byteLength & 511)));
  return outer;
}

/** A zstd frame of stored blocks: nothing that compresses is needed. */
function storedZstd(bytes: Uint8Array): Buffer {
  const head = Buffer.from('28b52ffda000000000', 'hex');
  head.writeUInt32LE(bytes.byteLength, 5);
  const parts: Uint8Array[] = [head];
  for (let at = 0; at < bytes.byteLength; at += 1 << 16) {
    const part = bytes.subarray(at, at + (1 << 16));
    const isLast = at + part.byteLength === bytes.byteLength;
    const block = Buffer.alloc(3);
    block.writeUIntLE(part.byteLength * 8 + (isLast ? 1 : 0), 0, 3);
    parts.push(block, part);
  }
  return Buffer.concat(parts);
}

for (const [name, data] of Object.entries({
  'data.tar': HEADERS,
  'data.tar.gz': gzipSync(HEADERS),
})) {
  test(`opens a package of headers with ${name}`, async (context) => {
    const deb = await openBytes(context, 'linux-headers.deb', debBytes(name, data));
    assert.deepEqual([deb.kind, deb.release, deb.package], ['deb', '7.1.13', PACKAGE]);
    assert.deepEqual(deb.list(''), WANTED_PATHS);
    assert.equal(deb.date, '2026-05-28');
  });
}

for (const [name, inner] of Object.entries({
  'linux-source-7.1.tar': kernelTar(),
  'linux-source-7.1.tar.gz': gzipSync(kernelTar()),
  'linux-source-7.1.tar.xz': fixture('kernel-blocks.tar.xz'),
})) {
  for (const outer of ['data.tar', 'data.tar.gz']) {
    test(`opens a package of ${name} in ${outer}`, async (context) => {
      const data = nestedTar(name, inner);
      const bytes = debBytes(outer, outer === 'data.tar' ? data : gzipSync(data));
      const deb = await openBytes(context, 'linux-source.deb', bytes);
      assert.deepEqual(deb.list(''), WANTED_PATHS);
      assert.equal(deb.release, '7.1.13');
    });
  }
}

test('without a Makefile or a telling folder the package version names the release', async (context) => {
  const entries = kernelEntries('./usr/src/headers/').filter(({ path }) => !path.endsWith('Makefile'));
  const deb = await openBytes(context, 'x.deb', debBytes('data.tar', tarBytes(entries)));
  assert.equal(deb.release, '7.3.4');
});

test('a package without a kernel is told', async (context) => {
  const bytes = debBytes('data.tar', tarBytes(DOC));
  await assert.rejects(openBytes(context, 'x.deb', bytes), {
    code: 'NOT_A_KERNEL',
    message:
      /^x\.deb: data\.tar: no kernel image \(.*\), no configuration, .* no include\/linux, not a kernel tree$/,
  });
});

test('opens a package that is compressed with zstd', async (context) => {
  const deb = await openBytes(context, 'linux-headers.deb', debBytes('data.tar.zst', storedZstd(HEADERS)));
  assert.deepEqual([deb.release, deb.list('')], ['7.1.13', WANTED_PATHS]);
});

test('bzip2 is refused clearly', async (context) => {
  await assert.rejects(openBytes(context, 'x.deb', debBytes('data.tar.bz2', Buffer.from('BZh91AY'))), {
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.deb: data.tar.bz2: compressed with bzip2, which is not supported',
  });
});

test('an ar archive that is no package is refused', async (context) => {
  await assert.rejects(openBytes(context, 'x.a', arBytes([{ name: 'a.o', bytes: Buffer.from('x') }])), {
    code: 'ARCHIVE_UNKNOWN',
  });
});

test('a package that was cut short is told with the numbers', async (context) => {
  const bytes = debBytes('data.tar', HEADERS);
  await assert.rejects(openBytes(context, 'x.deb', bytes.subarray(0, 50_000)), {
    code: 'ARCHIVE_CORRUPT',
    message: /^x\.deb: ar: member data\.tar ends at \d+, the file at 50000 at offset \d+$/,
  });
});

const UNAME = '7.3.4+deb13-amd64';
const CONFIG = 'CONFIG_KEXEC_HANDOVER=y\n# CONFIG_LIVEUPDATE is not set\n';

for (const path of [
  `./usr/lib/modules/${UNAME}/config`,
  `./boot/config-${UNAME}`,
  `./usr/src/linux-headers-${UNAME}/.config`,
  `./usr/src/linux-headers-${UNAME}/include/config/auto.conf`,
]) {
  test(`opens a package with ${path}`, async (context) => {
    const data = tarBytes([...DOC, { path, text: CONFIG, mtime: 1_780_000_000 }]);
    const deb = await openBytes(context, 'x.deb', debBytes('data.tar', data));
    assert.deepEqual(
      [deb.kind, deb.release, deb.date, deb.package],
      ['deb', '7.3.4+deb13', '2026-05-28', PACKAGE],
    );
    const { config, unameRelease, files, moduleBtf } = deb.build ?? {};
    const digest = createHash('sha256').update(CONFIG).digest('hex');
    assert.deepEqual(
      [config?.from, config?.path, config?.values.get('CONFIG_LIVEUPDATE')],
      ['package', path.slice(2), 'n'],
    );
    assert.deepEqual([unameRelease, moduleBtf], [UNAME, []]);
    assert.deepEqual(files, [{ path: path.slice(2), sha256: digest }]);
    assert.deepEqual([deb.list(''), deb.read('Makefile')], [[], undefined]);
  });
}

test('a tree with its configuration has both', async (context) => {
  const top = `./usr/src/linux-headers-${UNAME}/`;
  const data = tarBytes([{ path: `${top}.config`, text: CONFIG }, ...kernelEntries(top)]);
  const deb = await openBytes(context, 'x.deb', debBytes('data.tar', data));
  assert.deepEqual(deb.list(''), WANTED_PATHS);
  assert.deepEqual([deb.release, deb.build?.unameRelease], ['7.3.4+deb13', UNAME]);
});

/** A vmlinux with a read-only segment, and a table of sections at an end that is never looked at. */
function vmlinuxBytes(isLittle: boolean, readOnly: Uint8Array): Buffer {
  const head = Buffer.alloc(120);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  head.write('7f454c4602', 'hex');
  head.writeUInt8(isLittle ? 1 : 2, 5);
  head.writeUInt8(1, 6);
  const halves = [
    [16, 2],
    [18, isLittle ? 62 : 22],
    [52, 64],
    [54, 56],
    [56, 1],
    [58, 64],
    [60, 9],
    [62, 8],
  ] as const;
  for (const [at, value] of halves) view.setUint16(at, value, isLittle);
  view.setUint32(64, 1, isLittle);
  view.setUint32(68, 5, isLittle);
  const words = [
    [32, 64],
    [40, 1 << 20],
    [72, 120],
    [96, readOnly.byteLength],
    [104, readOnly.byteLength],
  ] as const;
  for (const [at, value] of words) view.setBigUint64(at, BigInt(value), isLittle);
  return Buffer.concat([head, readOnly, Buffer.alloc(1 << 20, 'debug data ')]);
}

/** An archive with one more member, of any bytes. */
function tarWith(path: string, bytes: Uint8Array): Buffer {
  const size = bytes.byteLength;
  const header = tarBytes([{ path, size }]).subarray(0, 512);
  return Buffer.concat([header, bytes, Buffer.alloc(-size & 511), Buffer.alloc(1024)]);
}

for (const isLittle of [true, false]) {
  test(`of a vmlinux with debug data the loaded part is read, ${isLittle ? 'little' : 'big'} endian`, async (context) => {
    const banner = Buffer.from(`Linux version ${UNAME} (x) #1 SMP\n\0luo-v5\0`);
    const readOnly = Buffer.concat([
      Buffer.alloc(70_000),
      banner,
      Buffer.alloc(9),
      btfBytes(!isLittle),
      Buffer.alloc(9),
    ]);
    const path = `./usr/lib/debug/boot/vmlinux-${UNAME}`;
    const data = tarWith(path, vmlinuxBytes(isLittle, readOnly));
    const { build, release } = await openBytes(context, 'x.deb', debBytes('data.tar', data));
    assert.deepEqual([build?.unameRelease, release], [UNAME, '7.3.4+deb13']);
    assert.deepEqual(build?.strings?.find(/^luo-v\d+$/, ['-v']), ['luo-v5']);
    assert.deepEqual(Buffer.from(build?.btf?.bytes ?? []), btfBytes(!isLittle));
    assert.deepEqual(
      build?.files.map((file) => file.path),
      [`${path.slice(2)} (first ${120 + readOnly.byteLength} bytes)`],
    );
  });
}

test('a vmlinux whose segments do not fit is told', async (context) => {
  const bytes = vmlinuxBytes(true, Buffer.alloc(100));
  bytes.writeUInt32LE(0x7fffffff, 96);
  const data = tarWith(`./usr/lib/debug/boot/vmlinux-${UNAME}`, bytes);
  await assert.rejects(openBytes(context, 'x.deb', debBytes('data.tar', data)), {
    code: 'ELF_CORRUPT',
    message: /^x\.deb: data\.tar: usr\/lib\/debug\/boot\/vmlinux-.*: ELF: segments up to \d+ in \d+ bytes/,
  });
});

test('any damaged vmlinux gives evidence or a ToolError', async (context) => {
  const folder = temporaryFolder(context);
  const readOnly = Buffer.concat([Buffer.from('Linux version 7.3.4 (x)\n\0'), btfBytes(), Buffer.alloc(9)]);
  const vmlinux = vmlinuxBytes(true, readOnly).subarray(0, 1000);
  const property = fc.asyncProperty(damaged(vmlinux), (damage) => {
    const data = tarWith(`./usr/lib/debug/boot/vmlinux-${UNAME}`, damage);
    return endsSoon(() => openSource(writeBelow(folder, 'x.deb', debBytes('data.tar', data)), WANTED));
  });
  await fc.assert(property, propertyRuns('vmlinux', 100));
});

test('any damaged package gives evidence or a ToolError', async (context) => {
  const folder = temporaryFolder(context);
  const bytes = debBytes('data.tar', HEADERS);
  const property = fc.asyncProperty(damaged(bytes), (damage) =>
    endsSoon(() => openSource(writeBelow(folder, 'x.deb', damage), WANTED)),
  );
  await fc.assert(property, propertyRuns('deb', 60));
});

const FOLDER = process.env.LUO_ABI_KERNELS || undefined;
for (const kind of ['binary', 'config']) {
  const folder = FOLDER && join(FOLDER, kind);
  const skip =
    (folder === undefined || !existsSync(folder)) && `LUO_ABI_KERNELS names no folder with ${kind}/`;
  test(`opens every package of ${kind}/`, { skip }, async () => {
    for (const name of readdirSync(folder ?? '').sort()) {
      const { release, build } = await openSource(join(folder ?? '', name), WANTED);
      const uname = /^linux-(?:binary|base)-([^_]+)_/.exec(name)?.[1];
      assert.deepEqual([build?.machine, build?.unameRelease], ['x86_64', uname], name);
      assert.match(release ?? '', /^\d+\.\d+(\.\d+|-rc\d+)\+(deb|exp)\d+$/);
      const { config, btf, strings } = build ?? {};
      if (kind === 'config') assert.ok((config?.values.size ?? 0) > 9000, name);
      else
        assert.ok(
          btf && btf.bytes.byteLength > 5e6 && strings?.find(/^Linux version /, ['Linux version '])[0],
          name,
        );
      console.log(
        `${name}: ${release}, ${config?.values.size ?? 'no'} options, ${btf?.bytes.byteLength ?? 'no'} bytes of BTF`,
      );
    }
  });
}
