import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openKernelImage } from '../../src/formats/kernel-image.ts';
import { openDecoder } from '../../src/sources/xz-program.ts';
import { processorTime } from '../support/processor-time.ts';
import { memorySource } from './archives.ts';
import {
  btfBytes,
  bzImageBytes,
  ELF_SHAPES,
  elfBytes,
  lz4Frame,
  PAYLOAD_OFFSET,
  sizeBehind,
} from './elf-fixture.ts';
import {
  arm64Bytes,
  BANNER,
  CONFIG_TEXT,
  featuresBytes,
  hasProgram,
  LITTLE,
  lz4Block,
  moduleBytes,
  PACKERS,
  RELEASE,
  rodataBytes,
  versionsBytes,
  vmlinuxBytes,
  zbootBytes,
} from './kernel-image-fixture.ts';

const MARKERS = /^(?:kho|luo|memfd)-v\d+(?:;[\w;.-]+)?$/;
const FOUND = ['kho-v4', 'luo-v5;block-v1', 'memfd-v2'];

/** With the program xz where the payload needs it. */
async function open(bytes: Uint8Array) {
  const decoder = openDecoder({}, bytes.byteLength);
  try {
    return await openKernelImage(bytes, { decoder });
  } finally {
    await decoder.close();
  }
}

function assertIsMade(opened: Awaited<ReturnType<typeof open>>, isBigEndian = false): void {
  assert.equal(opened.banner, BANNER);
  assert.equal(opened.unameRelease, RELEASE);
  assert.deepEqual(
    [...(opened.config ?? [])],
    [
      ['CONFIG_KEXEC_HANDOVER', 'y'],
      ['CONFIG_LIVEUPDATE', 'n'],
    ],
  );
  assert.deepEqual(Buffer.from(opened.btf ?? []), btfBytes(isBigEndian));
  assert.deepEqual(opened.strings.find(MARKERS, ['-v']), FOUND);
}

describe('the list of versions', () => {
  const shape = ELF_SHAPES[0] ?? assert.fail();
  const list = (...names: string[]) => ({ name: '.liveupdate_versions', bytes: versionsBytes(shape, names) });
  const [first, second] = [list('luo-v5', 'memfd-v2'), list('memfd-v2', 'memfd-v1')];
  const READ: readonly [string, Parameters<typeof vmlinuxBytes>[1], readonly string[] | undefined][] = [
    ['in another order', [list('memfd-v2', 'luo-v5')], ['memfd-v2', 'luo-v5']],
    ['one name twice', [list('memfd-v2', 'memfd-v2', 'luo-v5')], ['memfd-v2', 'luo-v5']],
    ['an entry without a name', [list('luo-v5', '', 'memfd-v2')], ['luo-v5', 'memfd-v2']],
    ['in two sections', [first, second], ['luo-v5', 'memfd-v2', 'memfd-v1']],
    ['with no entry', [list()], []],
    ['that only the debug data’s image names', [{ ...first, type: 8 }], undefined],
  ];
  for (const [title, sections, versions] of READ)
    test(title, async () => {
      assert.deepEqual((await open(vmlinuxBytes(shape, sections))).liveupdate?.versions, versions);
    });

  const CORRUPT: Readonly<Record<string, Parameters<typeof vmlinuxBytes>[1]>> = {
    'cut in its table': [{ ...first, claimedSize: 60n }],
    'cut in its head': [{ ...first, claimedSize: 3n }],
    'that lies elsewhere in the file': [{ ...first, claimedOffset: 64n }],
    'that lies behind the file': [{ ...first, claimedOffset: 1n << 31n }],
    'a name without its end': [list('x'.repeat(48))],
    'another magic': [{ name: '.liveupdate_versions', bytes: versionsBytes(shape, ['luo-v5'], 0x4c565551) }],
  };
  for (const [title, sections] of Object.entries(CORRUPT))
    test(`${title} is refused`, async () => {
      await assert.rejects(open(vmlinuxBytes(shape, sections)), { code: /^(?:IMAGE|ELF)_CORRUPT$/ });
    });
});

for (const shape of ELF_SHAPES) {
  test(`vmlinux: ${shape.bits} bits, ${shape.bigEndian ? 'big' : 'little'} endian`, async () => {
    const opened = await open(
      vmlinuxBytes({ ...shape, machine: 183 }, [
        { name: '.liveupdate_versions', bytes: versionsBytes(shape, ['luo-v5', 'memfd-v2']) },
        { name: '.liveupdate_features', bytes: featuresBytes(shape, [['luo', (1n << 64n) - 1n, 2n, 0n]]) },
      ]),
    );
    assert.equal(opened.form, 'elf');
    assertIsMade(opened, shape.bigEndian);
    assert.deepEqual(opened.liveupdate, {
      versions: ['luo-v5', 'memfd-v2'],
      features: [{ name: 'luo', supported: '18446744073709551615', required: '2', active: '0' }],
    });
    const machine = shape.bits === 32 ? undefined : shape.bigEndian ? 'aarch64_be' : 'aarch64';
    assert.equal(opened.machine, machine);
    assert.deepEqual(opened.notes, []);
  });
}

for (const [name, { program, pack }] of Object.entries(PACKERS)) {
  const skip = program !== undefined && !hasProgram(program) && `no program ${program}`;
  test(`bzImage: ${name}`, { skip }, async () => {
    const opened = await open(bzImageBytes(pack(vmlinuxBytes())));
    assert.equal(opened.form, 'bzimage');
    assert.equal(opened.machine, 'x86_64');
    assert.equal(opened.liveupdate, undefined);
    assertIsMade(opened);
  });
}

test('bzImage: zstd without the program', { skip: !hasProgram('zstd') && 'no program zstd' }, async () => {
  assertIsMade(await openKernelImage(bzImageBytes(PACKERS.zstd?.pack(vmlinuxBytes()) ?? Buffer.alloc(0))));
});

test('bzImage: xz with its filter, without the program, says what is missing', {
  skip: !hasProgram('xz') && 'no program xz',
}, async () => {
  const bytes = bzImageBytes(PACKERS.xz?.pack(vmlinuxBytes()) ?? Buffer.alloc(0));
  await assert.rejects(openKernelImage(bytes), { code: 'ARCHIVE_CORRUPT', message: /no program xz/ });
});

test('an image compressed as a whole, and one that can only be read forward', async () => {
  assertIsMade(await open(gzipSync(vmlinuxBytes())));
  const opened = await openKernelImage({
    ...memorySource(gzipSync(arm64Bytes())),
    starts: [],
    size: undefined,
  });
  assert.equal(opened.form, 'arm64');
  assertIsMade(opened);
});

test('an arm64 Image has no sections, and that is said', async () => {
  const opened = await open(arm64Bytes());
  assert.equal(opened.machine, 'aarch64');
  assertIsMade(opened);
  assert.match(opened.notes.join(), /has no sections/);
});

test('an EFI zboot image', async () => {
  const opened = await open(zbootBytes(gzipSync(arm64Bytes())));
  assert.deepEqual([opened.form, opened.machine], ['zboot', 'aarch64']);
  assertIsMade(opened);
});

test('a module has split BTF and no strings of the kernel', async () => {
  const { module, btf, unameRelease, banner } = await open(moduleBytes());
  assert.deepEqual(
    { btf, unameRelease, banner },
    { btf: undefined, unameRelease: RELEASE, banner: undefined },
  );
  assert.equal(module?.name, 'vfio_pci');
  assert.deepEqual(Buffer.from(module?.btf ?? []), btfBytes(false, 'vfio\0'));
});

const GZ = gzipSync(vmlinuxBytes());

for (const [what, bytes, error] of [
  ['text', Buffer.from('no kernel'.repeat(100)), { code: 'IMAGE_UNKNOWN' }],
  ['nothing', Buffer.alloc(0), { code: 'IMAGE_UNKNOWN' }],
  [
    'another ELF file',
    elfBytes(LITTLE, [{ name: '.rodata', bytes: Buffer.from('hello\0') }]),
    { code: 'IMAGE_UNKNOWN' },
  ],
  ['gzip in gzip', gzipSync(gzipSync(vmlinuxBytes())), { code: 'IMAGE_UNKNOWN' }],
  [
    'bzip2',
    bzImageBytes(Buffer.concat([Buffer.from('BZh91AY&SY and so on'), sizeBehind(99)])),
    { code: 'ARCHIVE_UNKNOWN' },
  ],
  ['an unknown compression', bzImageBytes(Buffer.alloc(64, 3)), { code: 'ARCHIVE_UNKNOWN' }],
  [
    'a payload that leaves the file',
    bzImageBytes(GZ).subarray(0, -60),
    { code: 'IMAGE_CORRUPT', message: /payload of/ },
  ],
  [
    'a payload that is no ELF file',
    bzImageBytes(gzipSync('text')),
    { code: 'IMAGE_CORRUPT', message: /no ELF file/ },
  ],
  [
    'an image of another release than its kernel',
    bzImageBytes(GZ, '7.3.5'),
    { code: 'IMAGE_CORRUPT', message: /7\.3\.5/ },
  ],
  [
    'another size behind the payload',
    bzImageBytes(Buffer.concat([GZ.subarray(0, -4), sizeBehind(9)])),
    { code: 'ARCHIVE_CORRUPT' },
  ],
  [
    'a size behind the payload that is a bomb',
    bzImageBytes(Buffer.concat([GZ.subarray(0, -4), sizeBehind(0xffff_ffff)])),
    { code: 'IMAGE_CORRUPT', message: /should become/ },
  ],
  ['a boot protocol without payload', oldProtocol(), { code: 'IMAGE_UNKNOWN', message: /0x207/ }],
  [
    'a configuration that is damaged',
    elfBytes(LITTLE, [{ name: '.rodata', bytes: damagedConfig() }]),
    { code: 'IMAGE_CORRUPT', message: /configuration/ },
  ],
  [
    'lz4 blocks that are too large',
    gzipless(lz4Frame([])),
    { code: 'ARCHIVE_CORRUPT', message: /lz4: a block of/ },
  ],
] as const) {
  test(`refused: ${what}`, async () => {
    await assert.rejects(open(bytes), error);
  });
}

test('bombs end early', async () => {
  const zeros = Buffer.alloc(64 << 20);
  const block = lz4Block(zeros.subarray(0, 8 << 20));
  const bombs = [gzipSync(zeros, { level: 1 }), lz4Frame(Array.from({ length: 8 }, () => block))];
  for (const bomb of bombs) {
    const started = processorTime();
    await assert.rejects(open(bomb), {
      code: 'ARCHIVE_CORRUPT',
      message: /^more than \d+ bytes when decompressed$/,
    });
    assert.ok(processorTime() - started < 10_000);
  }
});

function oldProtocol(): Buffer {
  const bytes = bzImageBytes(GZ);
  bytes.writeUInt16LE(0x0207, 0x206);
  return bytes;
}

function damagedConfig(): Buffer {
  const bytes = rodataBytes();
  bytes.fill(0xff, bytes.indexOf('IKCFG_ST') + 20, bytes.indexOf('IKCFG_ED') - 4);
  return bytes;
}

function gzipless(frame: Buffer): Buffer {
  return Buffer.concat([
    frame,
    Buffer.from([0xff, 0xff, 0xff, 0x7f]),
    Buffer.from(CONFIG_TEXT),
    Buffer.alloc(PAYLOAD_OFFSET),
  ]);
}
