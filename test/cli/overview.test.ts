import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Chalk } from 'chalk';
import type { OverviewOutput } from '../../src/model/overview.ts';
import { renderOverview } from '../../src/report/overview-terminal.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import { runCli } from '../support/run-cli.ts';

// What `npm start` shows after the build: one screen that says what this is, what is safe, and how to go on.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-overview-'));
after(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCli(['overview', ...args], { env: { XDG_CACHE_HOME: folder } });
  assert.equal(status, 0, stderr);
  return stdout;
}

const overview = validate<OverviewOutput>('overview', JSON.parse(await run('--format', 'json')), 'overview');

test('the seven mainline pairs, with what they come to for each kind of state that upstream carries', () => {
  assert.deepEqual(overview.profiles, ['memory', 'memfd']);
  assert.deepEqual(overview.notCarried, ['pci']);
  assert.deepEqual(
    overview.pairs.map(({ outgoing, incoming, answers }) => {
      const series = [outgoing, incoming].map((release) => /^\d+\.\d+/.exec(release)?.[0]);
      return `${series.join(' -> ')}: ${answers.map(({ verdict, effect }) => effect ?? verdict).join(', ')}`;
    }),
    [
      '6.16 -> 6.17: compatible, unsupported',
      '6.17 -> 6.18: corruption, unsupported',
      '6.18 -> 6.19: compatible, unsupported',
      '6.19 -> 7.0: compatible-with-notes, boot-panic',
      '7.0 -> 7.1: state-dropped, state-dropped',
      '7.1 -> 7.2: state-dropped, state-dropped',
      '7.2 -> 7.3: compatible, compatible',
    ],
  );
});

test('a verdict that holds on a condition says so beside it', async () => {
  const passes = overview.pairs.flatMap(({ answers }) =>
    answers.filter(({ verdict }) => verdict.startsWith('compatible')),
  );
  const conditions = passes.flatMap((answer) => answer.conditions);
  assert.deepEqual(conditions, ['panics if 6.19.11 runs with liveupdate=on']);
  const text = await run();
  assert.match(text, /6\.19\.11 -> 7\.0 .*\n +memory: panics if 6\.19\.11 runs with liveupdate=on\n/);
  assert.equal(text.match(/panics if/g)?.length, 1);
});

test('one screen of 80 by 40: the sentence, the signs before they are used, the pairs, the classes, two commands', () => {
  const text = renderOverview(overview, { chalk: new Chalk({ level: 0 }), width: 80 });
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.length <= 40, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  const at = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
  const order = [
    /^luo-abi answers/,
    /misread: accepted/,
    /6\.16 -> 6\.17/,
    /main\+1 +\d of 7/,
    /luo-abi check/,
    /luo-abi matrix$|luo-abi matrix /,
  ];
  assert.deepEqual(
    order.map(at),
    order.map(at).sort((a, b) => a - b),
  );
  assert.ok(!order.map(at).includes(-1));
  assert.equal(lines.filter((line) => /^ {2}luo-abi /.test(line)).length, 2);
});

test('the classes count as the matrix counts', async () => {
  for (const profile of overview.profiles) {
    const args = ['matrix', '--profile', profile, '--fail-on', 'never', '--format', 'json'];
    const { stdout } = await runCli(args, { env: { XDG_CACHE_HOME: folder } });
    const { classes } = JSON.parse(stdout);
    for (const count of overview.classes.filter((one) => one.profile === profile)) {
      const { pairs, verdicts, safe } = classes[count.class];
      assert.deepEqual([count.pairs, count.safe], [pairs - (verdicts.unsupported ?? 0), safe], count.class);
    }
  }
});

test('npm start shows it', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  assert.match(scripts.start, /main\.js overview$/);
});
