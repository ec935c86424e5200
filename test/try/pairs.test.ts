import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseReleaseName } from '../../src/model/release-name.ts';
import type { TriedStep, TryMatrixOutput, TryOutput } from '../../src/model/try.ts';
import { runCli } from '../support/run-cli.ts';
import { shipped } from '../support/shipped.ts';

// Real updates between images of a folder of the operator's (docs/testing.md): one pair where an image is at hand, all of
// them with LUO_ABI_TRY=all (npm run test:try).

const folder = process.env.LUO_ABI_IMAGES ?? '';
const images = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.startsWith('bzImage-'))
      .sort()
  : [];
const lacks =
  images.length === 0
    ? 'LUO_ABI_IMAGES names no folder with images of kernels'
    : spawnSync('qemu-system-x86_64', ['--version']).error
      ? 'no qemu-system-x86_64'
      : false;
const skip = lacks || (process.env.LUO_ABI_TRY === 'all' ? false : 'npm run test:try tries them all');

const own = mkdtempSync(join(tmpdir(), 'luo-abi-pairs-'));
after(() => rmSync(own, { recursive: true, force: true }));

const at = (name: string): string => join(folder, `bzImage-${name}`);
const releaseOf = (image: string): string => image.replace('bzImage-', '');
const isRelease = (image: string): boolean => parseReleaseName(releaseOf(image))?.vendor === null;

async function run<T>(args: readonly string[]): Promise<T> {
  const { status, stdout, stderr } = await runCli(['try', ...args, '--format', 'json']);
  assert.ok(status === 0 || status === 1 || status === 3, stderr);
  return JSON.parse(stdout) as T;
}

const outcomesOf = ({ steps }: { steps: readonly TriedStep[] }): string[] =>
  steps.map(({ observed }) => observed.outcome);

test('a pair comes to what is predicted, and two runs of it leave one record', { skip: lacks }, async () => {
  const [first = '', second = first] = images.filter(isRelease).reverse();
  const payload = join(own, 'payload.json');
  const files = [{ token: '1', size: 8192, seals: [] }];
  const sessions = [{ name: 'vm', files }];
  writeFileSync(
    payload,
    JSON.stringify({ $schema: 'payload.schema.json', schemaVersion: 1, sessions, regions: [] }),
  );
  const pair = [join(folder, first), join(folder, second)];
  const options = ['--payload', payload, '--record', '--into', join(own, 'records')];
  const output = await run<TryOutput>([...pair, ...options]);
  const [step] = output.steps;
  assert.ok(step && step.agreement !== 'disagrees', JSON.stringify(step));
  assert.equal(output.recorded.length, step.observed.outcome === 'not-started' ? 0 : 1);
  const again = await run<TryOutput>([...pair, ...options]);
  assert.deepEqual([outcomesOf(again), again.recorded], [outcomesOf(output), []]);
});

test('every ordered pair comes to what was recorded of it, or else to what is predicted', {
  skip,
}, async () => {
  const list = join(own, 'list.txt');
  const lines = images.map(
    (name) => `${join(folder, name)}${isRelease(name) ? ` as ${releaseOf(name)}` : ''}`,
  );
  writeFileSync(list, `${lines.join('\n')}\n`);
  const { evidence = [] } = shipped();
  for (const profile of ['memfd', 'memory']) {
    const { steps } = await run<TryMatrixOutput>(['--matrix', list, '--profile', profile]);
    assert.equal(steps.length, images.length ** 2);
    for (const { outgoing, incoming, observed, agreement } of steps) {
      const records = evidence.filter(
        ({ conditions = [], profile: tried }) =>
          tried === profile &&
          conditions.some((text) => text.startsWith(`outgoing image ${outgoing.sha256}`)) &&
          conditions.some((text) => text.startsWith(`incoming image ${incoming.sha256}`)),
      );
      const pair = `${outgoing.name} -> ${incoming.name} ${profile}: ${observed.line ?? observed.seen}`;
      if (records.length === 0) assert.notEqual(agreement, 'disagrees', pair);
      else
        assert.ok(
          records.some(({ outcome }) => outcome === observed.outcome),
          pair,
        );
    }
  }
});

/** What each build of 7.3.4 with an edit of its own comes to with the plain one: into it, and out of it. */
const VARIANTS: readonly [variant: string, into: string, out: string][] = [
  ['memfdswap', 'corruption', 'corruption'],
  ['radix', 'corruption', 'corruption'],
  ['sessgrow', 'corruption', 'all-sessions-lost'],
  ['flagswap', 'works', 'all-sessions-lost'],
  ['prop', 'boot-panic', 'boot-panic'],
  ['prop2', 'boot-panic', 'boot-panic'],
  ['nomemfd', 'all-sessions-lost', 'unsupported'],
  ['nolu', 'component-absent', 'not-started'],
];

for (const [variant, into, out] of VARIANTS) {
  const isThere = existsSync(at('7.3.4')) && existsSync(at(`7.3.4-${variant}`));
  test(`7.3.4 to its build ${variant} and back`, {
    skip: skip || (!isThere && 'no such image'),
  }, async () => {
    const [plain, edited] = [at('7.3.4'), at(`7.3.4-${variant}`)];
    assert.deepEqual(outcomesOf(await run<TryOutput>([plain, edited])), [into]);
    assert.deepEqual(outcomesOf(await run<TryOutput>([edited, plain])), [out]);
  });
}

const areThere = existsSync(at('7.3.4')) && existsSync(at('7.2.12'));

test('7.3.4 and 7.2.12 there and back in one boot', {
  skip: skip || (!areThere && 'no such images'),
}, async () => {
  for (const profile of ['memfd', 'memory']) {
    const chain = [at('7.3.4'), at('7.2.12'), at('7.3.4')];
    assert.deepEqual(outcomesOf(await run<TryOutput>([...chain, '--profile', profile])), ['works', 'works']);
  }
});
