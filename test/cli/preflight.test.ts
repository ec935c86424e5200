import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newestInstalled } from '../../src/ask/host/kernels.ts';
import { encodeFdt } from '../../src/formats/fdt-encode.ts';
import type { PreflightOutput } from '../../src/model/preflight.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { folder, hostWith, run } from '../support/preflight.ts';

const ON =
  'CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\nCONFIG_LIVEUPDATE=y\nCONFIG_LIVEUPDATE_MEMFD=y\nCONFIG_KEXEC_FILE=y\n';
const OFF = ON.replace('CONFIG_KEXEC_HANDOVER=y', '# CONFIG_KEXEC_HANDOVER is not set');

const CONFIG = 'boot/config-7.2.12';
const LINE = 'proc/cmdline';

test('a host whose kernel is that of the catalog: one line, exit 0, and no catalog is written', async () => {
  const root = hostWith('7.2.12', { [CONFIG]: ON, [LINE]: 'ro kho=on liveupdate=on' });
  const { code, output, notes } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
  assert.equal(code, 0);
  assert.equal(output.split('\n').length, 2);
  assert.match(output, /^yes: compatible-with-notes: 7\.2\.12 -> 7\.3\.4: .*\[memfd, x86_64-4k\]\n$/);
  assert.ok(notes.some((note) => note.includes('taken from 7.2.12 of the catalog')));
  assert.ok(notes.some((note) => note.includes('BTF could not be read')));
  assert.equal(existsSync(join(folder, 'cache')), false);
});

test('a vendor build on the same release: what the catalog lends is a note of the verdict', async () => {
  const root = hostWith('7.2.12+own', { 'proc/config.gz': ON, [LINE]: 'kho=on liveupdate=on' });
  const { code, output } = await run({ root, staged: ['7.3.4'], profile: 'memfd', format: ['json'] });
  const answer = JSON.parse(output) as PreflightOutput;
  assert.equal(code, 0);
  assert.equal(answer.answer, 'yes');
  assert.equal(answer.check.verdict, 'compatible-with-notes');
  assert.equal(answer.running.fallback, '7.2.12');
  assert.equal(answer.staged.fallback, null);
  const notes = answer.check.components.flatMap(({ findings }) => findings.map(({ message }) => message));
  for (const subject of ['memfd_luo_ser', 'KHO_BLOCK_SIZE', 'the property preserved-data']) {
    const said = `${subject}: taken from 7.2.12, not seen in this build`;
    assert.ok(
      notes.some((message) => message.includes(said)),
      subject,
    );
  }
});

test('KHO that is configured off: no, with the option', async () => {
  const root = hostWith('7.2.12', { [CONFIG]: OFF, [LINE]: '' });
  const { code, output } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
  assert.equal(code, 1);
  assert.match(output, /^no: unsupported: .*CONFIG_KEXEC_HANDOVER is not set/);
});

test('a kernel that was booted without kho=on, or with kho=off, hands nothing over', async () => {
  const reasonOf = async (line: string): Promise<string | undefined> => {
    const root = hostWith('7.2.12', { [CONFIG]: ON, [LINE]: line });
    const { code, output } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
    assert.equal(code, 1);
    return /^no: unsupported: .*(the running kernel .*) \[memfd/.exec(output)?.[1];
  };
  assert.equal(await reasonOf('ro quiet'), 'the running kernel was booted without kho=on');
  assert.equal(await reasonOf('ro kho=on kho=off'), 'the running kernel has KHO switched off by kho=off');
  assert.equal(
    await reasonOf('kho=on liveupdate=0'),
    'the running kernel has LUO switched off by liveupdate=0',
  );
});

test('KHO that is on by default needs no parameter; the staged kernel is told its own', async () => {
  const byDefault = `${ON}CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y\n`;
  const root = hostWith('7.2.12', { [CONFIG]: byDefault, [LINE]: 'ro quiet' });
  const { code, notes } = await run({ root, staged: ['7.3.4'], profile: 'memory' });
  assert.equal(code, 0);
  assert.ok(notes.includes('luo-abi: 7.3.4 must be booted with kho=on'), notes.join());
  const reserving = hostWith('7.2.12', { [CONFIG]: byDefault, [LINE]: 'reserve_mem=2M:4096:trace' });
  const told = await run({ root: reserving, staged: ['7.3.4'], profile: 'memory' });
  assert.ok(
    told.notes.includes('luo-abi: 7.3.4 must be booted with kho=on reserve_mem=…'),
    told.notes.join(),
  );
});

test('what the running kernel is about to hand over is held against its source', async () => {
  const tree = (compatible: string): Uint8Array =>
    encodeFdt({
      version: 17,
      lastCompatible: 16,
      bootCpu: 0,
      reservations: [],
      remarks: [],
      root: {
        name: '',
        properties: [{ name: 'compatible', value: Buffer.from(`${compatible}\0`) }],
        children: [],
      },
    });
  const files = { [CONFIG]: ON, [LINE]: 'kho=on liveupdate=on' };
  const debugfs = 'sys/kernel/debug/kho/out/fdt';
  const same = hostWith('7.2.12', { ...files, [debugfs]: tree('kho-v4') });
  assert.equal((await run({ root: same, staged: ['7.3.4'], profile: 'memfd' })).code, 0);
  const other = hostWith('7.2.12', { ...files, [debugfs]: tree('kho-v9') });
  const { code, output } = await run({ root: other, staged: ['7.3.4'], profile: 'memfd' });
  assert.equal(code, 1);
  assert.match(output, /^unknown: 7\.2\.12 -> 7\.3\.4: /);
});

test('words behind -- are for init; quotes and the beginning of a value are read as the kernel reads them', async () => {
  const of = async (line: string): Promise<number> => {
    const root = hostWith('7.2.12', { [CONFIG]: ON, [LINE]: line });
    return (await run({ root, staged: ['7.3.4'], profile: 'memfd' })).code;
  };
  assert.equal(await of('ro quiet -- kho=on liveupdate=on'), 1);
  assert.equal(await of('kho="on" "liveupdate=yep"'), 0);
});

test('a panic of LUO outside the profile is certain on a host that runs LUO', async () => {
  const config = 'boot/config-6.19.10';
  const running = hostWith('6.19.10', { [config]: ON, [LINE]: 'kho=on liveupdate=on' });
  const { code, output } = await run({ root: running, staged: ['7.0'], profile: 'memory' });
  assert.equal(code, 1);
  assert.match(output, /^no: refused \(boot-panic\): .*luo-flb/);
  const idle = hostWith('6.19.10', { [config]: ON, [LINE]: 'kho=on' });
  assert.equal((await run({ root: idle, staged: ['7.0'], profile: 'memory' })).code, 0);
});

test('a host of which only the release is known is unknown', async () => {
  for (const release of ['7.3.4+deb13-amd64', '7.3.4']) {
    const root = hostWith(release, {});
    const { code, output } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
    assert.equal(code, 1, release);
    assert.match(output, /^unknown: /, release);
  }
});

test('evidence of two kernels is refused as a staged one', async () => {
  const root = hostWith('7.2.12', { [CONFIG]: ON, [LINE]: 'kho=on liveupdate=on' });
  const staged = ['config-7.3.4', 'config-7.1.13'].map((name) => join(folder, name));
  for (const path of staged) writeFileSync(path, ON);
  await assert.rejects(run({ root, staged, profile: 'memfd' }), { code: 'USAGE' });
});

test('a release that the catalog has not: nothing is passed', async () => {
  const root = hostWith('7.2.77', { 'proc/config.gz': ON, [LINE]: 'kho=on liveupdate=on' });
  const { code, output } = await run({ root, staged: ['7.3.4'], profile: 'memfd' });
  assert.equal(code, 1);
  assert.match(output, /^unknown: /);
});

test('page sizes that differ carry nothing', async () => {
  const arm = 'CONFIG_ARM64=y\nCONFIG_ARM64_16K_PAGES=y\nCONFIG_KEXEC_HANDOVER=y\n';
  const root = hostWith('7.2.12', { 'proc/config.gz': arm, 'proc/sys/kernel/arch': 'aarch64\n' });
  const staged = join(folder, 'config-7.3.4');
  writeFileSync(staged, ON);
  await assert.rejects(run({ root, staged: [staged], profile: 'memfd' }), { code: 'TARGET_UNKNOWN' });
});

test('bad input: no kernel below the root, nothing staged, no such release', async () => {
  await assert.rejects(run({ root: folder, staged: ['7.3.4'] }), { code: 'NOT_A_KERNEL' });
  const root = hostWith('7.2.12', { [CONFIG]: ON });
  await assert.rejects(run({ root }), { code: 'USAGE' });
  await assert.rejects(run({ root, staged: ['8.9'] }), { code: 'RELEASE_UNKNOWN' });
});

test('the newest installed image is that of the newest kernel; a rescue image is none', () => {
  const root = hostWith('7.2.12', {
    'boot/vmlinuz-6.8.0-100-generic': '',
    'boot/vmlinuz-6.8.0-31-generic': '',
    'boot/vmlinuz-0-rescue-0123456789abcdef0123456789abcdef': '',
    'boot/vmlinuz-7.2.12': '',
    'boot/vmlinuz.old': '',
  });
  assert.equal(newestInstalled(root, '7.2.12'), join(root, 'boot/vmlinuz-6.8.0-100-generic'));
  const rescued = hostWith('7.2.12', { 'boot/vmlinuz-0-rescue-0123456789abcdef0123456789abcdef': '' });
  assert.throws(() => newestInstalled(rescued, '7.2.12'), { code: 'USAGE' });
});

test('a default that no configuration tells is unknown, not off; of a kernel that nothing describes the base is asked for', async () => {
  const root = hostWith('9.1.2', { 'boot/config-9.1.2': ON, [LINE]: 'kho=on liveupdate=on' });
  const { code, output, notes } = await run({ root, staged: ['7.3.4'], profile: 'memory' });
  assert.equal(code, 1);
  assert.match(output, /^unknown: /);
  assert.ok(
    notes.some((note) => /kho is not known: .*give the base: capture boot\/config-9\.1\.2 SOURCE/.test(note)),
    notes.join('\n'),
  );
});

test('a staged kernel whose KHO runs by default is not asked to be booted with kho=on', async () => {
  const root = hostWith('7.2.12', { [CONFIG]: ON, [LINE]: 'kho=on liveupdate=on' });
  const staged = join(folder, 'by-default.json');
  const document = JSON.parse(readFileSync(join(packageRoot(), 'versions/7.3.4.json'), 'utf8'));
  writeFileSync(staged, JSON.stringify({ ...document, khoByDefault: true }));
  const { notes } = await run({ root, staged: [staged], profile: 'memfd' });
  assert.ok(notes.includes('luo-abi: 7.3.4 must be booted with liveupdate=on'), notes.join('\n'));
});
