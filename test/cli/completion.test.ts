import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildCatalog } from '../../src/catalog/build.ts';
import { command } from '../../src/cli/commands/completion.ts';
import { bashCompletion } from '../../src/cli/completion-bash.ts';
import { COMMANDS } from '../../src/cli/registry.ts';
import { gathering } from '../server/support.ts';
import { shipped } from '../support/shipped.ts';

// The scripts as shells run them.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-completion-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const scripts = new Map<string, string>();

async function printed(args: string[], options: Record<string, string> = {}): Promise<string> {
  const { io, printed } = gathering();
  await command.run(args, options, { ...io, commands: COMMANDS });
  return printed();
}

before(async () => {
  for (const shell of ['bash', 'fish', 'zsh']) {
    const path = join(folder, shell);
    writeFileSync(path, await printed([shell]));
    scripts.set(shell, path);
  }
  // What the scripts ask for releases.
  const program = join(folder, 'luo-abi');
  writeFileSync(
    program,
    '#!/bin/sh\n[ "$1 $2" = "completion releases" ] && printf "6.18.5\\n7.2.12\\n7.3.4+mine\\n"\n',
  );
  chmodSync(program, 0o755);
  writeFileSync(join(folder, '7.2.12-notes'), '');
});

/** What bash offers for the last of some words. */
function complete(...words: string[]): string[] {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _luo_abi; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const args = ['-c', script, 'bash', scripts.get('bash') ?? '', 'luo-abi', ...words];
  const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8', env, cwd: folder });
  assert.equal(stderr, '');
  return stdout.split('\n').filter((line) => line !== '');
}

const isAbsent = (shell: string) =>
  spawnSync('sh', ['-c', `command -v ${shell}`]).status === 0 ? false : `${shell} is not installed`;

test('bash offers commands, then options, values and kernels', { skip: isAbsent('bash') }, () => {
  assert.deepEqual(complete('ma'), ['man', 'matrix']);
  const offered = complete('');
  assert.ok(COMMANDS.every(({ name }) => offered.includes(name)));
  assert.deepEqual(complete('check', '--pro'), ['--profile']);
  assert.deepEqual(complete('check', '--profile', 'mem'), ['memory', 'memfd']);
  assert.deepEqual(complete('check', '--target', 'arm64-1'), ['arm64-16k']);
  assert.deepEqual(complete('matrix', '--class', ''), ['stable-sequential', 'main+1', 'stable+2']);
  assert.deepEqual(complete('check', '7.3'), ['7.3.4+mine']);
  assert.deepEqual(complete('check', '--profile', 'memfd', '6.18.5', '7.2').sort(), [
    '7.2.12',
    '7.2.12-notes',
  ]);
  assert.deepEqual(complete('check', '6.18.5', '7.2.12', '7'), []);
  assert.deepEqual(complete('check', '--state', '7.2'), ['7.2.12-notes']);
  assert.deepEqual(complete('catalog', 'ver'), ['verify']);
  assert.deepEqual(complete('completion', 'b'), ['bash']);
  assert.deepEqual(complete('nothing', ''), []);
});

test('no name is expanded by bash', { skip: isAbsent('bash') }, () => {
  const hostile = '$(id>gone)';
  const path = join(folder, 'hostile');
  const option = { long: 'x', summary: "it's", value: { words: [hostile, "'`id`"] } };
  writeFileSync(path, bashCompletion([{ name: 'c', summary: '', options: [option], operands: [] }]));
  const before = scripts.get('bash') ?? '';
  scripts.set('bash', path);
  assert.deepEqual(complete('c', '--x', ''), [hostile, "'`id`"]);
  assert.equal(spawnSync('test', ['-e', join(folder, 'gone')]).status, 1);
  scripts.set('bash', before);
});

test('zsh takes its script', { skip: isAbsent('zsh') }, () => {
  const { status, stderr } = spawnSync('zsh', ['-n', scripts.get('zsh') ?? ''], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});

test('fish offers commands, options and values', { skip: isAbsent('fish') }, () => {
  const offer = (line: string): string[] => {
    const text = `source ${scripts.get('fish')}; complete -C '${line}'`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    const { stdout, stderr } = spawnSync('fish', ['-c', text], { encoding: 'utf8', env, cwd: folder });
    assert.equal(stderr, '');
    return stdout.split('\n').flatMap((row) => (row === '' ? [] : [row.split('\t')[0] ?? '']));
  };
  assert.deepEqual(offer('luo-abi ma'), ['man', 'matrix']);
  assert.deepEqual(offer('luo-abi check --pro'), ['--profile']);
  assert.deepEqual(offer('luo-abi check --profile mem').sort(), ['memfd', 'memory']);
  assert.ok(offer('luo-abi check 7.3').includes('7.3.4+mine'));
});

test('every release of a catalog is listed, one a line', async () => {
  const path = join(folder, 'catalog.sqlite');
  const { documents, ...rest } = shipped();
  buildCatalog(path, { ...rest, documents: documents.slice(0, 3), overlays: [] });
  const lines = (await printed(['releases'], { catalog: path })).trimEnd().split('\n');
  assert.equal(lines.length, 3);
});

test('another shell is a usage error', async () => {
  await assert.rejects(printed(['powershell']), { code: 'USAGE', message: /bash, fish, zsh/ });
});
