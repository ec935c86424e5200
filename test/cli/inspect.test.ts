import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// `inspect` as a user runs it.

const _MAIN = ['dist/cli/main.js'];
const FIXTURES = join(packageRoot(), 'test/fixtures/fdt');
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-inspect-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli(['inspect', ...args], { env: { XDG_CACHE_HOME: folder }, cwd: packageRoot() });
}

function luoStruct(): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.write('luo-v5');
  bytes.writeBigUInt64LE(0x1_2345_6000n, 16);
  return bytes;
}

/** A folder as debugfs shows it. */
function handover(name: string, root: string, entries: Readonly<Record<string, Uint8Array>>): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'sub_fdts'), { recursive: true });
  copyFileSync(join(FIXTURES, root), join(path, 'fdt'));
  for (const [entry, bytes] of Object.entries(entries)) writeFileSync(join(path, 'sub_fdts', entry), bytes);
  writeFileSync(join(path, 'scratch_phys'), '0x1000\n');
  return path;
}

test('a folder of debugfs is decoded as one hand-over, and the reader accepts it', async () => {
  const path = handover('out', 'kho-v4.dtb', { LUO: luoStruct() });
  const { status, stdout } = await run(path, '--for', '7.3.4');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^.*\/out\/fdt: KHO, devicetree, \d+ bytes, kho-v4, decoded as 7\.3\.4$/m);
  assert.match(stdout, /^ {4}LUO {2}-> .*\/out\/sub_fdts\/LUO$/m);
  assert.match(stdout, /^ {2}16 {2}sessions_pa +u64 +0x123456000 \(4886716416\) address$/m);
  assert.match(stdout, /^Could have been written by: 7\.2\.6 … 7\.3\.4.*\(kho-v4, luo-v5\)$/m);
  assert.match(
    stdout,
    /^For 7\.3\.4: {2}= {2}accepted, provided that what stands behind kexec-metadata is accepted$/m,
  );
  assert.doesNotMatch(stdout, /scratch_phys/);
});

test('the JSON holds to its schema, and what is refused ends with 1', async () => {
  const { status, stdout } = await run(join(FIXTURES, 'luo-6.19.dtb'), '--for', '7.0', '--format', 'json');
  assert.equal(status, 1);
  const output = JSON.parse(stdout);
  validate('inspect', output, 'inspect');
  assert.deepEqual([output.acceptance.verdict, output.acceptance.effect], ['refused', 'boot-panic']);
  assert.equal((await run(join(FIXTURES, 'kho-v1.dtb'), '--for', '7.2.12')).status, 1);
  assert.equal((await run(join(FIXTURES, 'kho-v1.dtb'))).status, 0);
});

test('a damaged file, a folder of another kind and a wrong name are one line and exit 2', async () => {
  const cut = join(folder, 'cut');
  writeFileSync(cut, Buffer.from('d00dfeed00000100', 'hex'));
  const cases: [string[], RegExp][] = [
    [[cut], /^luo-abi: FDT_TRUNCATED: .*\/cut: FDT: 256 bytes said, 8 there .*\n$/],
    [[join(folder, 'none')], /^luo-abi: FILE_UNREADABLE: .*no such file.*\n$/],
    [[FIXTURES], /^luo-abi: FILE_UNREADABLE: .*neither fdt nor sub_fdts in it.*\n$/],
    [['/dev/null'], /^luo-abi: FILE_UNREADABLE: \/dev\/null: not a file.*\n$/],
    [[join(FIXTURES, 'kho-v4.dtb'), '--for', '9.9'], /^luo-abi: RELEASE_UNKNOWN: .*\n$/],
    [[join(FIXTURES, 'kho-v4.dts'), '--component', 'khoo'], /^luo-abi: COMPONENT_UNKNOWN: khoo: .*\n$/],
    [[], /^luo-abi: USAGE: .*\n$/],
  ];
  for (const [args, expected] of cases) {
    const { status, stdout, stderr } = await run(...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, expected);
  }
});
