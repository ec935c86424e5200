import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readState } from '../../src/ask/files/state.ts';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// `check --state` as a user runs it.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-state-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli(['check', ...args], { env: { XDG_CACHE_HOME: folder } });
}

function stateFile(content: unknown): string {
  const path = join(folder, 'state.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const V1 = '6.19.11+pci-liveupdate-v1';

test('a pair that is compatible fails the check for a device that it cannot carry, and says which', async () => {
  const path = stateFile([
    { domain: 0, bdf: '00:1f.3', driver: 'vfio-pci' },
    { domain: 65_536, bdf: 248 },
  ]);
  const { status, stdout } = await run(V1, V1, '--state', path);
  assert.equal(status, 1);
  assert.match(stdout, /1 of 2 devices survive/);
  assert.match(stdout, / = {2}0000:00:1f\.3 \(vfio-pci\)\n +survives: /);
  assert.match(
    stdout,
    / X {2}10000:00:1f\.0\n +does not survive: domain 65536 does not fit pci_dev_ser\.domain/,
  );
  assert.equal((await run(V1, V1, '--state', path, '--fail-on', 'never')).status, 0);
  assert.equal((await run(V1, V1, '--state', stateFile([{ domain: 65_535, bdf: 248 }]))).status, 0);
});

test('the JSON has the devices in order, on the way back as well, and matches its schema', async () => {
  const path = stateFile([
    { domain: 1, bdf: '02:00.0' },
    { domain: 0, bdf: '00:1f.3' },
  ]);
  const pair = ['7.3.4+pci-liveupdate-v8', '7.3.4+pci-liveupdate-v9-core'];
  const { status, stdout } = await run(...pair, '--both', '--state', path, '--format', 'json');
  assert.equal(status, 0);
  const answer = JSON.parse(stdout);
  validate('check', answer, 'check');
  for (const { state } of [answer, answer.rollback]) {
    const names = state.devices.map(({ device, survives }: { device: string; survives: boolean }) => [
      device,
      survives,
    ]);
    assert.deepEqual(names, [
      ['0001:02:00.0', true],
      ['0000:00:1f.3', true],
    ]);
  }
  assert.equal(JSON.parse((await run(...pair, '--format', 'json')).stdout).state, undefined);
});

test('a state that breaks its schema is refused in one line with exit 2', async () => {
  const { status, stdout, stderr } = await run(V1, V1, '--state', stateFile([{ bdf: '00:1f.3' }]));
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(
    stderr,
    /^luo-abi: DOCUMENT_INVALID: .*state\.json: \/0 must have required property 'domain' .*\n$/,
  );
  const memfd = await run('7.2.12', '7.3.4', '--profile', 'memfd', '--state', stateFile([]));
  assert.equal(memfd.status, 2);
  assert.match(memfd.stderr, /USAGE: --state names PCI devices/);
});

const BROKEN: readonly [string, unknown][] = [
  ['no list', {}],
  ['no JSON', '[{'],
  ['a domain that is no integer', [{ domain: 1.5, bdf: 1 }]],
  ['a negative domain', [{ domain: -1, bdf: 1 }]],
  ['a domain beyond 32 bits', [{ domain: 2 ** 32, bdf: 1 }]],
  ['an infinite domain', '[{"domain":1e999,"bdf":1}]'],
  ['an address without its bus', [{ domain: 0, bdf: '1f.3' }]],
  ['a device number beyond 31', [{ domain: 0, bdf: '00:20.0' }]],
  ['an address beyond 16 bits', [{ domain: 0, bdf: 65_536 }]],
  ['an empty driver name', [{ domain: 0, bdf: 1, driver: '' }]],
  ['a driver name with a NUL', [{ domain: 0, bdf: 1, driver: 'a\u0000b' }]],
  ['a member that is an object', [{ domain: 0, bdf: 1, refcount: {} }]],
  [
    'one device twice',
    [
      { domain: 0, bdf: 251 },
      { domain: 0, bdf: '00:1F.3' },
    ],
  ],
];

for (const [name, content] of BROKEN) {
  test(`${name} is no state`, () => {
    assert.throws(() => readState(stateFile(content)), { code: 'DOCUMENT_INVALID' });
  });
}
