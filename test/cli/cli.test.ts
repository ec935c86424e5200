import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// The program as a user runs it: exit codes, one-line errors, JSON that matches its schema. As a process: main.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli(args, { env: { XDG_CACHE_HOME: folder } });
}

function assertError({ status, stderr }: CliRun, exit: number, pattern: RegExp): void {
  assert.equal(status, exit, stderr);
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? '', pattern);
}

test('check of a misread pair exits 1 and names what decides', async () => {
  const { status, stdout } = await run('check', '6.17.8', '6.18.5', '--profile', 'memory');
  assert.equal(status, 1);
  for (const word of ['misread', 'kho_mem_phys_bits', 'PRESERVE_BITS is 4096', '32768', 'kho-v1']) {
    assert.ok(stdout.includes(word), word);
  }
});

test('check of a good pair exits 0; its JSON matches the schema; nothing but JSON is on stdout', async () => {
  const { status, stdout } = await run(
    'check',
    '7.2.12',
    '7.3.4',
    '--profile',
    'memfd',
    '--both',
    '--format',
    'json',
  );
  assert.equal(status, 0);
  const pair = JSON.parse(stdout);
  validate('check', pair, 'check');
  assert.deepEqual([pair.verdict, pair.rollback.verdict], ['compatible', 'compatible']);
});

test('list, show and matrix print JSON that matches their schemas', async () => {
  validate('list', JSON.parse((await run('list', '--format', 'json')).stdout), 'list');
  validate('show', JSON.parse((await run('show', '7.2.12', '--format', 'json')).stdout), 'show');
  validate(
    'matrix',
    JSON.parse((await run('matrix', '--profile', 'memory', '--format', 'json')).stdout),
    'matrix',
  );
  validate('matrices', JSON.parse((await run('matrix', '--format', 'json')).stdout), 'matrices');
});

test('--fail-on moves the exit code', async () => {
  assert.equal((await run('check', '6.19.11', '7.1.13', '--profile', 'memfd')).status, 1);
  assert.equal(
    (await run('check', '6.19.11', '7.1.13', '--profile', 'memfd', '--fail-on', 'misread')).status,
    0,
  );
  assert.equal(
    (await run('check', '6.17.8', '6.18.5', '--profile', 'memory', '--fail-on', 'never')).status,
    0,
  );
});

test('an abbreviation means the newest release of a series', async () => {
  const pair = JSON.parse(
    (await run('check', '6.19', '6.18', '--profile', 'memory', '--format', 'json')).stdout,
  );
  assert.equal(pair.outgoing.startsWith('6.19.'), true);
  assert.equal(pair.incoming.startsWith('6.18.'), true);
});

test('wrong input is one line on stderr and exit 2', async () => {
  await run('list');
  assertError(await run('check', '7.2.99', '7.3.4'), 2, /RELEASE_UNKNOWN: 7\.2\.99.*nearest: 7\.2\./);
  assertError(await run('check', '7.2.12'), 2, /USAGE: .*incoming/);
  assertError(
    await run('check', '7.2.12', '7.3.4', '--profile', 'disk'),
    2,
    /PROFILE_UNKNOWN: disk.*memory, memfd/,
  );
  assertError(await run('check', '7.2.12', '7.3.4', '--target', 'riscv'), 2, /TARGET_UNKNOWN/);
  assertError(await run('check', '7.2.12', '7.3.4', '--fail-on', 'maybe'), 2, /USAGE/);
  assertError(await run('show', '7.2.12', '--component', 'disk'), 2, /COMPONENT_UNKNOWN.*kho/);
  assertError(await run('chekc'), 2, /USAGE: no command chekc; nearest: check/);
  assertError(await run('list', '--catalog', join(folder, 'none.sqlite')), 2, /CATALOG_MISSING/);
  assertError(await run('capture', join(folder, 'none')), 2, /FILE_UNREADABLE/);
});

test('a folder that is no kernel tree is refused', async () => {
  const other = join(folder, 'project');
  mkdirSync(join(other, 'src'), { recursive: true });
  assertError(await run('capture', other), 2, /NOT_A_KERNEL.*no include\/linux, not a kernel tree/);
});

test('capture writes a document whole, and check takes it where a release is expected', async () => {
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'include/linux'), { recursive: true });
  writeFileSync(join(tree, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 107\nEXTRAVERSION =\n');
  const output = join(folder, 'own.json');
  const captured = await run('capture', tree, '-o', output);
  assert.equal(captured.status, 0, captured.stderr);
  assert.match(captured.stderr, /this kernel has no KHO/);
  assert.equal(JSON.parse(readFileSync(output, 'utf8')).release, '6.12.107');
  const pair = JSON.parse(
    (await run('check', output, '7.3.4', '--profile', 'memory', '--format', 'json')).stdout,
  );
  assert.equal(pair.verdict, 'unsupported');
  assertError(await run('capture', tree, '-o', join(folder, 'no/such/folder.json')), 3, /FILE_UNWRITABLE/);
});

test('a configuration says whether KHO is built, and asks for the base where it does not say the release', async () => {
  const path = join(folder, 'config-own');
  const on = 'CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\nCONFIG_KEXEC_FILE=y\n';
  writeFileSync(path, on);
  assertError(
    await run('capture', path),
    2,
    /RELEASE_UNNAMED.*KHO is built; give the base: capture config-own 7\.0/,
  );
  assert.match((await run('capture', path, '7.0')).stderr, /luo-abi: 7\.0: \d components: kho/);
  writeFileSync(path, `# Linux/x86 9.1.2 Kernel Configuration\n${on}`);
  const { stderr } = await run('capture', path);
  assert.match(stderr, /9\.1\.2: KHO is not known: .*give the base: capture config-own SOURCE\n$/);
  writeFileSync(path, `# Linux/x86 9.1.2 Kernel Configuration\n${on.replace('CONFIG_KEXEC_HANDOVER=y', '')}`);
  assert.match(
    (await run('capture', path)).stderr,
    /9\.1\.2: KHO is not built: CONFIG_KEXEC_HANDOVER is not set\n$/,
  );
});

test('the catalog is exported byte for byte, imported and verified', async () => {
  const out = join(folder, 'out');
  assert.equal((await run('catalog', 'export', out)).status, 0);
  const versions = join(packageRoot(), 'versions');
  for (const name of readdirSync(versions).filter((entry) => entry.endsWith('.json'))) {
    assert.deepEqual(readFileSync(join(out, name)), readFileSync(join(versions, name)), name);
  }
  const own = join(folder, 'own.sqlite');
  assert.equal((await run('catalog', 'import', join(folder, 'own.json'), '--catalog', own)).status, 0);
  assert.match((await run('catalog', 'verify', '--catalog', own)).stdout, /sound/);
  assert.match((await run('list', '--catalog', own)).stdout, /6\.12\.107/);
});

test('a broken document stops the build and leaves no catalog', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'x.json'), '{"release": 5}\n');
  const target = join(folder, 'broken.sqlite');
  assertError(
    await run('catalog', 'build', '--versions', broken, '--catalog', target),
    2,
    /DOCUMENT_INVALID: .*x\.json: /,
  );
  assert.equal(
    readdirSync(folder).some((name) => name.startsWith('broken.sqlite')),
    false,
  );
});

test('every command has help with an example', async () => {
  const names = [...(await run('--help')).stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name as string);
  assert.ok(names.length >= 6);
  for (const name of names) assert.match((await run(name, '--help')).stdout, /Example:\n {2}luo-abi /, name);
});
