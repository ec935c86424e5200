import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Chalk } from 'chalk';
import { parse } from 'yaml';
import { command } from '../../src/cli/commands/gate.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

// The examples of docs/ci.md are read out of the page and run: policies by the gate, the script by a shell.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-ci-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync(join(packageRoot(), 'docs/ci.md'), 'utf8');

/** The blocks whose fence has `kind=NAME`, by that name. */
function blocks(kind: string): Map<string, string> {
  const fences = page.matchAll(/^```\w+ (\w+)=(\S+)\n([\s\S]*?)^```$/gm);
  return new Map(
    [...fences].filter(([, of]) => of === kind).map(([, , name = '', text = '']) => [name, text]),
  );
}

async function gate(name: string, today: string): Promise<{ code: number; out: string }> {
  const text = blocks('policy').get(name);
  assert.ok(text !== undefined, name);
  const path = join(folder, name);
  writeFileSync(path, text);
  let out = '';
  const io = {
    out: (part: string) => {
      out += part;
    },
    note: () => {},
    env: { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder },
    render: { chalk: new Chalk({ level: 0 }), width: 100 },
  };
  return { code: await command.run([], { policy: path, today }, io), out };
}

test('the policy for upstream passes by its waiver, shows it, and fails after its last day', async () => {
  const held = await gate('upstream.yaml', '2027-06-30');
  assert.equal(held.code, 0, held.out);
  assert.match(held.out, /Waived\n.*marker-not-bumped/);
  const over = await gate('upstream.yaml', '2027-07-01');
  assert.equal(over.code, 1);
  assert.match(over.out, /waiver-expired/);
});

test('the policy for a kernel of one’s own finds its capture beside it', async () => {
  mkdirSync(join(folder, 'captures'), { recursive: true });
  const document = JSON.parse(readFileSync(join(packageRoot(), 'versions/7.3.4.json'), 'utf8'));
  const candidate = { ...document, release: '7.3.9+ours', vendor: 'ours' };
  writeFileSync(join(folder, 'captures/candidate.json'), JSON.stringify(candidate));
  const { code, out } = await gate('build.json', '2026-11-01');
  assert.equal(code, 0, out);
  rmSync(join(folder, 'captures/candidate.json'));
  assert.equal((await gate('build.json', '2026-11-01')).code, 1);
});

test('the workflow, the job and the action are YAML and call the gate with formats that it has', async () => {
  const { GATE_FORMATS } = await import('../../src/report/gate-formats.ts');
  const known = GATE_FORMATS.map(({ name }) => name as string);
  const action = readFileSync(join(packageRoot(), 'docs/action/action.yml'), 'utf8');
  const texts = [...blocks('workflow').values(), ...blocks('job').values(), action];
  assert.equal(texts.length, 3);
  for (const text of texts) {
    assert.equal(typeof parse(text), 'object');
    assert.match(text, /luo-abi gate --policy/);
    const formats = [...text.matchAll(/--format "?(\w+)/g)].map(([, name]) => name);
    assert.ok(formats.length > 1);
    for (const name of formats) assert.ok(known.includes(name ?? ''), name);
  }
});

test('the refresh is YAML, and its options are those of capture', async () => {
  const { HISTORY_OPTIONS } = await import('../../src/cli/history-options.ts');
  const text = blocks('refresh').get('.github/workflows/refresh.yaml') ?? '';
  assert.equal(typeof parse(text).jobs.refresh, 'object');
  const known = HISTORY_OPTIONS.map(({ flags }) => flags.split(' ')[0]);
  const used = /luo-abi capture .*/.exec(text)?.[0].match(/--[a-z]+/g) ?? [];
  assert.equal(used.length, 3);
  for (const flag of used) assert.ok(known.includes(flag), flag);
});

test('the script ends as the gate does', () => {
  const script = blocks('script').get('gate.sh');
  assert.ok(script !== undefined);
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'gate.sh'), script);
  for (const code of [0, 1, 2, 3]) {
    writeFileSync(join(bin, 'luo-abi'), `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}` };
    const { status } = spawnSync('sh', [join(folder, 'gate.sh'), 'policy.yaml'], { env, cwd: folder });
    assert.equal(status, code);
  }
});
