import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// The commands that tell of rules and of single findings, as a user runs them.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-diff-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli([...args], { env: { XDG_CACHE_HOME: folder } });
}

test('rules lists every rule; its JSON matches the schema', async () => {
  const { status, stdout } = await run('rules', '--format', 'json');
  assert.equal(status, 0);
  const { rules } = JSON.parse(stdout);
  validate('rules', { rules }, 'rules');
  const row = rules.find(({ id }: { id: string }) => id === 'marker-not-bumped');
  assert.deepEqual([row.impact, row.level], ['misread', 'error']);
  assert.match((await run('rules')).stdout, /^ {2}marker-not-bumped error$/m);
});

test('explain knows rules, verdicts, effects, components and errors; what bears two meanings gets both', async () => {
  for (const [id, word] of [
    ['marker-not-bumped', 'Why it matters'],
    ['misread', 'no kernel reports'],
    ['boot-panic', 'panics'],
    ['kho', 'KHO_FDT_COMPATIBLE'],
    ['RELEASE_UNKNOWN', 'luo-abi list'],
  ] as const) {
    const { status, stdout } = await run('explain', id);
    assert.equal(status, 0, id);
    assert.ok(stdout.includes(word), stdout);
  }
  const { topics } = JSON.parse((await run('explain', 'component-absent', '--format', 'json')).stdout);
  validate('explain', { topics }, 'explain');
  assert.deepEqual(
    topics.map(({ kind }: { kind: string }) => kind),
    ['rule', 'effect'],
  );
});

test('explain of an unknown id names the nearest, in one line, with exit 2', async () => {
  const { status, stdout, stderr } = await run('explain', 'marker-not-bumbed');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^luo-abi: TOPIC_UNKNOWN: marker-not-bumbed: .*nearest: marker-not-bumped.*\n$/);
});

test('diff tells of every difference, also behind a gate that refuses', async () => {
  const { status, stdout } = await run('diff', '7.1.13', '7.2.12', '--format', 'json');
  assert.equal(status, 0);
  const diff = JSON.parse(stdout);
  validate('diff', diff, 'diff');
  const kho = diff.components.find(({ id }: { id: string }) => id === 'kho');
  assert.equal(kho.accepted, false);
  const memfd = diff.components.find(({ id }: { id: string }) => id === 'memfd');
  assert.equal(memfd.accepted, true);
});

test('diff names struct, constant and places, and takes one component', async () => {
  const { status, stdout } = await run('diff', '6.17.8', '6.18.5', '--component', 'kho');
  assert.equal(status, 0);
  for (const word of ['kho_mem_phys_bits', 'PRESERVE_BITS is 4096', 'marker-not-bumped (misread)', '.c:']) {
    assert.ok(stdout.includes(word), word);
  }
  const wrong = await run('diff', '6.17.8', '6.18.5', '--component', 'disk');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /COMPONENT_UNKNOWN: disk: no such component; known: /);
});

test('diff of a kernel with itself finds nothing but what is known of that kernel', async () => {
  const { components } = JSON.parse((await run('diff', '7.3.4', '7.3.4', '--format', 'json')).stdout);
  for (const { findings } of components) {
    for (const { rule } of findings) assert.ok(['erratum-applies', 'source-incomplete'].includes(rule), rule);
  }
});
