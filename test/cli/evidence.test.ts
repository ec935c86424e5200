import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Chalk } from 'chalk';
import { parseArguments } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/registry.ts';
import { ToolError } from '../../src/errors.ts';
import type { EvidenceListOutput } from '../../src/model/evidence.ts';
import { validate } from '../../src/schema/validate.ts';

// The commands that tell of evidence, in this process; each test has folders of its own.

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A user with empty folders. */
function newUser() {
  const home = mkdtempSync(join(tmpdir(), 'luo-abi-evidence-cli-'));
  folders.push(home);
  const env = { XDG_CACHE_HOME: join(home, 'cache'), XDG_DATA_HOME: join(home, 'share') };
  const records = join(home, 'share/luo-abi/evidence');
  const run = async (...argv: string[]) => {
    let stdout = '';
    let stderr = '';
    const io = {
      out: (text: string) => {
        stdout += text;
      },
      note: (text: string) => {
        stderr += `${text}\n`;
      },
      env,
      render: { chalk: new Chalk({ level: 0 }), width: 120 },
    };
    const [name, ...rest] = argv;
    const entry = COMMANDS.find((command) => command.name === name);
    assert.ok(entry, name);
    const { command } = await entry.load();
    const { operands, options } = parseArguments(command, rest);
    const status = await command.run(operands, options, io);
    return { status, stdout, stderr };
  };
  const add = (...more: string[]) =>
    run('evidence', 'add', '7.2.12', '7.3.4', ...ABOUT, '--date', '2026-11-20', ...more);
  return { home, records, run, add };
}

const ABOUT = ['--profile', 'memfd', '--target', 'x86_64-4k', '--who', 'laboratory', '--how', 'two servers'];

function fails(code: string, pattern: RegExp) {
  return (error: unknown): boolean =>
    error instanceof ToolError && error.code === code && pattern.test(error.message);
}

test('the shipped records agree with what is predicted now', async () => {
  const { run } = newUser();
  const { status, stdout } = await run('evidence', 'list', '--format', 'json');
  const { evidence } = validate<EvidenceListOutput>('evidence-list', JSON.parse(stdout), 'list');
  assert.equal(status, 0);
  assert.deepEqual([...new Set(evidence.map(({ agreement }) => agreement))].sort(), ['agrees', 'untested']);
  for (const { agreement, changed, settled } of evidence)
    assert.equal(agreement === 'untested', changed !== undefined || settled !== undefined);
  const contrary = await run('evidence', 'list', '--disagreeing');
  assert.deepEqual([contrary.status, contrary.stdout], [0, 'no such test is recorded\n']);
  const one = await run('evidence', 'list', '--release', '6.17.8');
  for (const told of [
    /^agrees +6\.17\.8 -> 6\.17\.8 .*works/m,
    /^agrees +6\.17\.8 -> 6\.18\.15 .*corruption/m,
  ])
    assert.match(one.stdout, told);
});

test('check tells a tested pair from one that was only predicted', async () => {
  const { run } = newUser();
  const tested = await run('check', '7.2.12', '7.3.4', '--profile', 'memfd');
  assert.match(tested.stdout, /tested: agrees with this prediction \(luo-abi trial runs, 2026-11-29\)/);
  const predicted = await run('check', '7.2.11', '7.3.4', '--profile', 'memfd', '--both');
  assert.equal(predicted.stdout.match(/ {2}predicted, not tested\n/g)?.length, 2);
  assert.ok(!predicted.stdout.includes('tested:'));
  const { stdout } = await run('check', '7.2.11', '7.3.4', '--profile', 'memfd', '--format', 'json');
  const answer = validate<{ evidence: unknown }>('check', JSON.parse(stdout), 'check');
  assert.deepEqual(answer.evidence, { agreement: 'untested', records: [], disagreeing: [] });
});

test('an added record is a document in the own folder and known from then on; the second time it is not new', async () => {
  const { add, run, records } = newUser();
  const first = await add('--outcome', 'works', '--log', 'job 7', '--condition', 'kho=on');
  assert.equal(first.status, 0);
  assert.match(first.stderr, /1 added, 0 known already/);
  const [name = ''] = readdirSync(records);
  const document = JSON.parse(readFileSync(join(records, name), 'utf8'));
  validate('evidence', document, name);
  assert.equal(name, `7.2.12-to-7.3.4-memfd-${document.id}.json`);
  assert.deepEqual([document.log, document.conditions], ['job 7', ['kho=on']]);
  const again = await add('--outcome', 'works', '--log', 'job 7', '--condition', 'kho=on');
  assert.match(again.stderr, /0 added, 1 known already/);
  assert.equal(readdirSync(records).length, 1);
  const { stdout } = await run('check', '7.2.12', '7.3.4', '--profile', 'memfd', '--format', 'json');
  assert.equal(JSON.parse(stdout).evidence.records.length, 3);
});

test('a test that saw something else is shown beside the prediction everywhere and fails, until it is settled', async () => {
  const { add, run } = newUser();
  await add('--outcome', 'boot-panic', '--seen', 'no node, a panic');
  const pair = ['check', '7.2.12', '7.3.4', '--profile', 'memfd'];
  const checked = await run(...pair);
  assert.equal(checked.status, 1);
  assert.match(checked.stdout, /compatible .*\n.*\n {2}tests disagree with this prediction: 1 of 3 recorded/);
  assert.match(checked.stdout, /seen: no node, a panic/);
  assert.equal((await run(...pair, '--fail-on', 'misread')).status, 0);
  const matrix = await run('matrix', '--profile', 'memfd', '--releases', '>=7.2.12');
  assert.match(
    matrix.stdout,
    /tested .* 1 otherwise[^\n]*\n +! {2}7\.2\.12 -> 7\.3\.4 +tests disagree with compatible/,
  );
  assert.equal(matrix.status, 1);
  const listed = await run('evidence', 'list', '--disagreeing', '--format', 'json');
  assert.equal(listed.status, 1);
  const [{ id = '' } = {}] = (JSON.parse(listed.stdout) as EvidenceListOutput).evidence;
  const settling = ['evidence', 'settle', id, '--who', 'a team', '--date', '2026-11-22'];
  await assert.rejects(run(...settling), fails('USAGE', /--reason/));
  assert.match(
    (await run(...settling, '--reason', 'loose cable')).stdout,
    /settled by a team, 2026-11-22: loose cable/,
  );
  assert.equal((await run(...pair)).status, 0);
  assert.equal((await run('evidence', 'list', '--disagreeing')).status, 0);
  assert.match((await run('evidence', 'list', '--release', '7.2.12')).stdout, /^settled {2}7\.2\.12/m);
});

test('matrix, list and show tell what was tested', async () => {
  const { run } = newUser();
  const matrix = await run('matrix', '--profile', 'memfd', '--format', 'json', '--fail-on', 'never');
  const { pairs } = validate<{ pairs: { tested?: string }[] }>('matrix', JSON.parse(matrix.stdout), 'matrix');
  assert.deepEqual([...new Set(pairs.map(({ tested }) => tested))].sort(), ['agrees', undefined]);
  const list = await run('list', '--format', 'json');
  const { releases } = validate<{ releases: { release: string; tests: number }[] }>(
    'list',
    JSON.parse(list.stdout),
    'list',
  );
  const tests = releases.find(({ release }) => release === '6.17.8')?.tests ?? 0;
  assert.ok(tests > 0);
  assert.equal(releases.find(({ release }) => release === '7.2.11')?.tests, 0);
  const show = await run('show', '6.17.8');
  assert.match(show.stdout, new RegExp(`tests {2}${tests} recorded\\n.*works`));
  assert.match(show.stdout, /6\.17\.8 -> 6\.18\.15.*corruption/);
});

test('reports are imported whole or not at all; into a folder and a catalog of their own', async () => {
  const { home, run } = newUser();
  const report = join(home, 'report.tap');
  writeFileSync(report, 'ok 1 - 7.2.9 -> 7.3.4\nnot ok 2 - 7.1.13 -> 7.2.9\nok 3 - other\n1..3\n');
  const broken = join(home, 'broken.tap');
  writeFileSync(broken, 'ok 1 - 7.2.9 -> 7.3.4\n1..2\n');
  const [into, catalog] = [join(home, 'into'), join(home, 'own.sqlite')];
  await run('catalog', 'build', '--catalog', catalog);
  const where = [...ABOUT, '--date', '2026-11', '--into', into, '--catalog', catalog];
  await assert.rejects(
    run('evidence', 'import', report, broken, ...where),
    fails('DOCUMENT_INVALID', /broken\.tap/),
  );
  assert.deepEqual(readdirSync(home).includes('into'), false);
  const { stderr, stdout } = await run('evidence', 'import', report, ...where);
  assert.match(stderr, /1 tests were skipped or name no pair/);
  assert.match(stderr, /2 added/);
  assert.match(stdout, /7\.1\.13 -> 7\.2\.9 +memfd on x86_64-4k {2}fails/);
  assert.equal(readdirSync(into).length, 2);
  assert.match(
    (await run('evidence', 'list', '--release', '7.2.9', '--catalog', catalog)).stdout,
    /^2 agree/m,
  );
  assert.match((await run('evidence', 'list', '--release', '7.2.9')).stdout, /no such test/);
  assert.match((await run('catalog', 'verify', '--catalog', catalog)).stdout, /sound/);
  const out = join(home, 'out');
  await run('catalog', 'export', out, '--catalog', catalog);
  assert.equal(readdirSync(join(out, 'evidence')).length >= 29, true);
});

test('a test of kernels that nobody described is kept, beside no prediction', async () => {
  const { run } = newUser();
  const told = await run(
    'evidence',
    'add',
    '9.1',
    '9.2-rc1',
    ...ABOUT,
    '--date',
    '2026-11',
    '--outcome',
    'works',
  );
  assert.match(told.stdout, /^unpredicted {2}9\.1 -> 9\.2-rc1/);
});

test('wrong input is an error that names what is wrong, and nothing is written', async () => {
  const { add, run, home, records } = newUser();
  await assert.rejects(add('--outcome', 'boom'), fails('DOCUMENT_INVALID', /boom: known outcomes are works/));
  await assert.rejects(add(), fails('DOCUMENT_INVALID', /no outcome/));
  await assert.rejects(add('--outcome', 'works', '--target', 'riscv'), fails('DOCUMENT_INVALID', /riscv/));
  await assert.rejects(run('evidence', 'add', '7.2.12'), fails('USAGE', /incoming/));
  await assert.rejects(
    run('evidence', 'drop'),
    fails('USAGE', /known actions are add, import, list, settle/),
  );
  await assert.rejects(run('evidence', 'import'), fails('USAGE', /name at least one file/));
  await assert.rejects(
    run('evidence', 'import', join(home, 'none.xml')),
    fails('FILE_UNREADABLE', /none\.xml/),
  );
  const other = join(home, 'other.tap');
  writeFileSync(other, 'ok 1 - it works\n1..1\n');
  await assert.rejects(
    run('evidence', 'import', other),
    fails('DOCUMENT_INVALID', /none of 1 tests names a pair/),
  );
  const settling = ['--who', 'a', '--date', '2026-11', '--reason', 'b'];
  await assert.rejects(run('evidence', 'settle', 'ffff', ...settling), fails('USAGE', /no record ffff/));
  assert.throws(() => readdirSync(records), /ENOENT/);
});
