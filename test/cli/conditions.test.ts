import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { runCli } from '../support/run-cli.ts';

// A pass that is lost under a condition says so wherever its verdict stands: whoever does not know the condition already takes
// it for a plain pass.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-conditions-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SAID = /panics if (?:6\.19\.11|the outgoing kernel) runs with liveupdate=on/;

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr, status } = await runCli(args, { env: { XDG_CACHE_HOME: folder } });
  assert.ok(status === 0 || status === 1, stderr);
  return stdout.replace(/\s+/g, ' ');
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const FLEET = file('fleet.csv', 'name,release,profiles\na,6.19.11,memory\n');
const COMMANDS: readonly string[][] = [
  ['overview'],
  ['check', '6.19.11', '7.0', '--profile', 'memory'],
  ['matrix', '--profile', 'memory', '--class', 'main+1'],
  ['pairs', '--profile', 'memory', '--class', 'main+1'],
  ['route', '6.19.11', '7.0', '--profile', 'memory'],
  ['reach', '6.19.11', '--profile', 'memory'],
  ['plan', '--fleet', FLEET, '--to', '7.0'],
];

describe('6.19.11 -> 7.0 panics if LUO runs, and memory alone passes', () => {
  for (const args of COMMANDS) {
    test(`${args[0]} says it, in words and in JSON`, async () => {
      assert.match(await run(...args), SAID);
      assert.match(await run(...args, '--format', 'json'), SAID);
    });
  }

  test('every format of the gate says it', async () => {
    const policy = {
      schemaVersion: 1,
      kernels: { ranges: ['>=6.19.11 <=7.0'] },
      pairs: { classes: ['main+1'] },
      profiles: ['memory'],
    };
    const formats = ['terminal', 'markdown', 'junit', 'github', 'gitlab', 'sarif', 'json'];
    const path = (format: string): string => join(folder, `gate.${format}`);
    await run(
      'gate',
      '--policy',
      file('policy.json', JSON.stringify(policy)),
      ...formats.flatMap((format) => ['--format', `${format}=${path(format)}`]),
    );
    for (const format of formats) {
      assert.match(readFileSync(path(format), 'utf8').replace(/\s+/g, ' '), SAID, format);
    }
  });
});
