import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openSource } from '../../src/sources/index.ts';
import { fixture } from '../formats/archives.ts';
import { btfBytes, bzImageBytes, elfBytes } from '../formats/elf-fixture.ts';
import { type CpioEntry, cpioBytes, endsSoon, RPM_TAGS, rpmBytes } from '../formats/packages.ts';
import { damaged, propertyRuns } from '../formats/property.ts';
import { openBytes, temporaryFolder, WANTED, writeBelow } from './opening.ts';

const SPEC = fileURLToPath(new URL('../formats/fixtures/kernel.spec', import.meta.url));
const UNAME = '6.19.10-300.fc43.x86_64';
const MODULES = `lib/modules/${UNAME}`;
const TREE = `usr/src/kernels/${UNAME}`;
const CONFIG = 'CONFIG_KEXEC_HANDOVER=y\n';

/** A package with these members, compressed with gzip. */
function packageOf(entries: readonly CpioEntry[], tags = {}): Buffer {
  return rpmBytes(gzipSync(cpioBytes(entries)), { ...RPM_TAGS, ...tags });
}

test('opens a package with a configuration', async (context) => {
  const kernel = await openBytes(context, 'kernel-core.rpm', fixture('kernel-core.rpm'));
  assert.deepEqual([kernel.kind, kernel.release, kernel.date], ['rpm', '6.19.10-300.fc43', '2026-05-28']);
  assert.deepEqual(kernel.package, { name: 'kernel-core', version: '6.19.10-300.fc43' });
  const { build } = kernel;
  assert.deepEqual([build?.machine, build?.unameRelease], ['x86_64', UNAME]);
  assert.deepEqual([build?.config?.from, build?.config?.path], ['package', `${MODULES}/config`]);
  assert.deepEqual(Object.fromEntries(build?.config?.values ?? []), {
    CONFIG_KEXEC_HANDOVER: 'y',
    CONFIG_LIVEUPDATE: 'n',
  });
  assert.deepEqual(
    build?.files.map(({ path }) => path),
    [`${MODULES}/config`],
  );
  assert.deepEqual([kernel.list(''), kernel.read('config')], [[], undefined]);
});

test('opens a package with a tree, its hard and symbolic links, and its configuration', async (context) => {
  const kernel = await openBytes(context, 'kernel-devel.rpm', fixture('kernel-devel.rpm'));
  assert.equal(kernel.release, '6.19.10-300.fc43');
  assert.deepEqual(kernel.list(''), [
    'arch/x86/include/x.h',
    'arch/x86/include/y.h',
    'arch/x86/include/z.h',
    'include/linux/kho/abi/luo.h',
  ]);
  assert.equal(kernel.read('arch/x86/include/x.h'), kernel.read('arch/x86/include/y.h'));
  assert.equal(kernel.read('include/linux/kho/abi/luo.h'), '#define MARKER "v1"\n');
  assert.equal(kernel.build?.config?.path, `${TREE}/.config`);
  assert.equal(kernel.build?.unameRelease, UNAME);
});

const hasRpmbuild = spawnSync('rpmbuild', ['--version']).status === 0;
for (const payload of ['w6.gzdio', 'w2.xzdio', 'w3.zstdio']) {
  const skip = !hasRpmbuild && 'there is no program rpmbuild';
  test(`packages that rpmbuild makes with ${payload} give the same`, { skip }, async (context) => {
    const folder = temporaryFolder(context);
    const defines = [`_topdir ${folder}`, `_binary_payload ${payload}`, '_buildhost localhost'];
    const options = [
      '-bb',
      '--quiet',
      '--target',
      'x86_64',
      ...defines.flatMap((text) => ['--define', text]),
    ];
    const env = { ...process.env, SOURCE_DATE_EPOCH: '1780000000' };
    execFileSync('rpmbuild', [...options, SPEC], { stdio: 'pipe', env });
    const built = join(folder, 'RPMS/x86_64');
    assert.deepEqual(readdirSync(built).length, 3);
    for (const name of ['kernel-core', 'kernel-devel']) {
      const kernel = await openSource(join(built, `${name}-6.19.10-300.fc43.x86_64.rpm`), WANTED);
      const known = await openBytes(context, `${name}.rpm`, fixture(`${name}.rpm`));
      assert.deepEqual(kernel.build, known.build);
      assert.deepEqual(
        kernel.list('').map((path) => kernel.digest(path)),
        known.list('').map((path) => known.digest(path)),
      );
    }
    await assert.rejects(openSource(join(built, 'kernel-doc-6.19.10-300.fc43.x86_64.rpm'), WANTED), {
      code: 'NOT_A_KERNEL',
    });
  });
}

const LITTLE = { bits: 64, bigEndian: false } as const;
/** The vmlinux that is in the image below. */
const VMLINUX = elfBytes(LITTLE, [
  { name: '.rodata', bytes: Buffer.from(`Linux version ${UNAME} (x) #1 SMP\n\0luo-v5\0kho-v4\0`) },
  { name: '.BTF', bytes: btfBytes() },
]);

function moduleBytes(name: string, btf: Buffer | undefined): Buffer {
  const modinfo = Buffer.from(`name=${name}\0vermagic=${UNAME} SMP mod_unload \0`);
  const sections = [{ name: '.modinfo', bytes: modinfo }, ...(btf ? [{ name: '.BTF', bytes: btf }] : [])];
  return elfBytes({ ...LITTLE, type: 1 }, sections);
}

test('opens the image of a package, also one with a configuration beside it', async (context) => {
  const image = {
    path: `./${MODULES}/vmlinuz`,
    text: bzImageBytes(gzipSync(VMLINUX), `${UNAME} (x) #1 SMP`),
  };
  for (const entries of [[image], [{ path: `./${MODULES}/config`, text: CONFIG }, image]]) {
    const { build, release, date } = await openBytes(context, 'x.rpm', packageOf(entries));
    assert.deepEqual([build?.unameRelease, build?.machine], [UNAME, 'x86_64']);
    assert.deepEqual([release, date], ['6.19.10-300.fc43', '2026-05-28']);
    assert.deepEqual(build?.btf, { bytes: new Uint8Array(btfBytes()), path: `${MODULES}/vmlinuz` });
    assert.deepEqual(build?.strings?.find(/^(kho|luo)-v\d+$/, ['-v']), ['kho-v4', 'luo-v5']);
    assert.equal(build?.config?.from, entries.length > 1 ? 'package' : undefined);
    assert.equal(build?.files.length, entries.length);
  }
});

test('keeps the BTF of the modules that hand state over, and of no others', async (context) => {
  const split = btfBytes(false, 'luo\0');
  const folder = `./${MODULES}/kernel`;
  const bytes = packageOf([
    { path: `${folder}/virt/lib/irqbypass.ko`, text: moduleBytes('irqbypass', split) },
    {
      path: `${folder}/drivers/vfio/pci/vfio-pci-core.ko.gz`,
      text: gzipSync(moduleBytes('vfio_pci_core', split)),
    },
    { path: `${folder}/arch/x86/kvm/kvm.ko`, text: moduleBytes('kvm', undefined) },
    { path: `${folder}/drivers/net/other.ko`, text: moduleBytes('other', split) },
  ]);
  const { build } = await openBytes(context, 'x.rpm', bytes);
  assert.deepEqual(
    build?.moduleBtf.map(({ name, path }) => [name, path]),
    [
      ['vfio_pci_core', `${MODULES}/kernel/drivers/vfio/pci/vfio-pci-core.ko.gz`],
      ['irqbypass', `${MODULES}/kernel/virt/lib/irqbypass.ko`],
    ],
  );
  assert.deepEqual(Buffer.from(build?.moduleBtf[0]?.bytes ?? []), split);
  assert.equal(build?.files.length, 3);
  assert.deepEqual([build?.strings, build?.unameRelease], [undefined, UNAME]);
});

test('of a file with several names the one that is wanted is found', async (context) => {
  const linked = { inode: 9, linkCount: 2 };
  const bytes = packageOf([
    { path: `./${MODULES}/config`, ...linked },
    { path: './usr/share/doc/config', text: CONFIG, ...linked },
  ]);
  const { build } = await openBytes(context, 'x.rpm', bytes);
  assert.deepEqual([build?.config?.path, build?.config?.values.size], [`${MODULES}/config`, 1]);
});

for (const { name, tags, code, message } of [
  {
    name: 'bzip2',
    tags: { 1125: 'bzip2' },
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.rpm: rpm: payload compressed with bzip2, which is not supported',
  },
  {
    name: 'lzma',
    tags: { 1125: 'lzma' },
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.rpm: rpm: payload compressed with lzma, which is not supported',
  },
  {
    name: 'another format of payload',
    tags: { 1124: 'drpm' },
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.rpm: rpm: payload of the format drpm, which is not supported',
  },
]) {
  test(`${name} is refused with words`, async (context) => {
    await assert.rejects(openBytes(context, 'x.rpm', packageOf([], tags)), { code, message });
  });
}

test('a package of sources is refused with words', async (context) => {
  await assert.rejects(openBytes(context, 'x.rpm', rpmBytes(Buffer.alloc(0), RPM_TAGS, 1)), {
    code: 'NOT_A_KERNEL',
    message: 'x.rpm: kernel-core: a package of sources; give a package that was built from it',
  });
});

test('files over 4 GB are refused with words', async (context) => {
  await assert.rejects(openBytes(context, 'x.rpm', packageOf([{ path: './a', magic: '07070X' }])), {
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.rpm: payload: cpio: the stripped form for packages with files over 4 GB is not supported',
  });
});

test('a package with nothing of a kernel says what was looked for', async (context) => {
  const bytes = packageOf([{ path: `./${MODULES}/kernel/drivers/other.ko`, text: 'x' }]);
  await assert.rejects(openBytes(context, 'x.rpm', bytes), {
    code: 'NOT_A_KERNEL',
    message: /^x\.rpm: payload: no kernel image \(.*\), no configuration, no module .* not a kernel tree$/,
  });
});

test('the first release in a package counts', async (context) => {
  const bytes = packageOf([
    { path: `./${MODULES}/config`, text: CONFIG },
    { path: './boot/config-5.1.2', text: '# CONFIG_KEXEC_HANDOVER is not set\n' },
  ]);
  const { build } = await openBytes(context, 'x.rpm', bytes);
  assert.equal(build?.config?.values.get('CONFIG_KEXEC_HANDOVER'), 'y');
  assert.equal(build?.files.length, 1);
});

test('a configuration beyond all bounds is not read', async (context) => {
  const bytes = packageOf([{ path: `./${MODULES}/config`, text: 'x', size: 0xf0000000 }]);
  await assert.rejects(openBytes(context, 'x.rpm', bytes), {
    code: 'ARCHIVE_CORRUPT',
    message: /^x\.rpm: payload: .*config: 4026531840 bytes, more than 4194304$/,
  });
});

test('a module that is damaged is named', async (context) => {
  const bytes = packageOf([{ path: `./${MODULES}/kernel/drivers/vfio/pci/vfio-pci.ko`, text: '\x7fELF' }]);
  await assert.rejects(openBytes(context, 'x.rpm', bytes), {
    code: /^(ELF|IMAGE)_(CORRUPT|UNKNOWN)$/,
    message: /^x\.rpm: .*vfio-pci\.ko: /,
  });
});

test('any damaged package gives evidence or a ToolError', async (context) => {
  const folder = temporaryFolder(context);
  for (const name of ['kernel-core.rpm', 'kernel-devel.rpm']) {
    const property = fc.asyncProperty(damaged(fixture(name)), (damage) =>
      endsSoon(() => openSource(writeBelow(folder, 'x.rpm', damage), { ...WANTED, xz: 'threads' })),
    );
    await fc.assert(property, propertyRuns(name, 40));
  }
});

test('any members give evidence or a ToolError', async (context) => {
  const folder = temporaryFolder(context);
  const path = fc.constantFrom(
    `./${MODULES}/config`,
    `./${MODULES}/vmlinuz`,
    `./${MODULES}/kernel/virt/kvm.ko`,
    `./boot/config-${UNAME}`,
    `./usr/lib/debug/${MODULES}/vmlinux`,
    `./${TREE}/.config`,
    `./${TREE}/include/linux/a.h`,
    './TRAILER!!!',
  );
  const text = fc.oneof(
    fc.constantFrom('', CONFIG, '\x7fELF\x02\x01\x01', 'MZ'),
    fc.uint8Array({ maxLength: 200 }),
  );
  const size = fc.constantFrom(0, 5, 64, 1 << 20, 0xffffffff);
  const entry = fc.record({ path, text, size }, { requiredKeys: ['path', 'text'] });
  const property = fc.asyncProperty(fc.array(entry, { maxLength: 6 }), (entries) =>
    endsSoon(() => openSource(writeBelow(folder, 'x.rpm', packageOf(entries)), WANTED)),
  );
  await fc.assert(property, propertyRuns('crafted rpm members', 100));
});
