import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// `shim` as a user runs it.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-shim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli([...args], { env: { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder } });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const V3 = '7.1.13+pci-liveupdate-v3';
const V4 = '7.1.13+pci-liveupdate-v4';
const PCI = ['shim', V3, V4, '--component', 'pci'];

function decisions(text: string): string {
  const head = `schemaVersion: 1\noutgoing: ${V3}\nincoming: ${V4}\ncomponent: pci\n`;
  return file('pci.yaml', `${head}decisions:\n${text}`);
}

test('where nothing differs it says so, and that is no failure', async () => {
  const out = join(folder, 'none');
  const { status, stdout } = await run('shim', '7.2.13', '7.3.4', '--component', 'memfd', '-o', out);
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^memfd: 7\.2\.13 \(memfd-v2\) -> 7\.3\.4 \(memfd-v2\): nothing differs, no shim is needed\n$/,
  );
  assert.throws(() => readdirSync(out));
});

test('open questions are told, and exit 1; decided, the kernel with the shim takes what was refused', async () => {
  const open = await run(...PCI);
  assert.equal(open.status, 1);
  assert.match(open.stdout, /\? pci_dev_ser\.refcount {2}open: default, refuse/);
  const out = join(folder, 'pci');
  const answers = decisions('  pci_dev_ser.refcount: { default: 1 }\n');
  const { status, stdout } = await run(...PCI, '--decisions', answers, '-o', out, '--format', 'json');
  assert.equal(status, 0);
  validate('shim', JSON.parse(stdout), 'shim');
  const prefix = 'pci_7_1_13_pci_liveupdate_v3';
  assert.deepEqual(
    readdirSync(out).sort(),
    [
      ...['checks.h', 'compat.h', 'incoming.h', 'kunit.c', 'overlay.json', 'test.c'].map(
        (end) => `${prefix}_${end}`,
      ),
      'shim.json',
      'shim.md',
    ].sort(),
  );
  const overlay = join(out, `${prefix}_overlay.json`);
  const { release } = JSON.parse(readFileSync(overlay, 'utf8'));
  const refused = await run('check', V3, V4, '--profile', 'pci');
  assert.match(refused.stdout, /^ refused/);
  const taken = await run('check', V3, release, '--with', overlay, '--profile', 'pci');
  assert.equal(taken.status, 0, taken.stdout + taken.stderr);
});

test('what cannot be made is one line', async () => {
  const unknown = decisions('  pci_dev_ser.refcount: maybe\n');
  for (const [args, words] of [
    [['shim', V3, V4], 'USAGE: shim: --component <id> is missing'],
    [['shim', V3, V4, '--component', 'pcj'], 'COMPONENT_UNKNOWN: pcj'],
    [['shim', '6.18.15', '7.3.4', '--component', 'memfd'], 'SHIM_UNFIT: memfd: 6.18.15'],
    [
      [...PCI, '--decisions', unknown],
      `DOCUMENT_INVALID: ${unknown}: pci_dev_ser.refcount: "maybe" is no decision`,
    ],
    [[...PCI, '--decisions', join(folder, 'nowhere')], 'FILE_UNREADABLE'],
    [[...PCI, '--decisions', file('odd.yaml', 'a: [')], 'DOCUMENT_INVALID'],
  ] as const) {
    const { status, stderr } = await run(...args);
    assert.equal(status, 2, stderr);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.includes('catalog of'));
    assert.equal(lines.length, 1, stderr);
    assert.ok(lines[0]?.startsWith(`luo-abi: ${words}`), stderr);
  }
  const forgotten = await run(...PCI, '--decisions', decisions('  {}\n'));
  assert.equal(forgotten.status, 2);
  assert.match(forgotten.stderr, /pci\.yaml: pci_dev_ser\.refcount is not decided/);
});
