import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Observation } from '../../src/model/try.ts';
import { machineOf } from '../../src/try/machine.ts';
import type { Options } from '../../src/try/needs.ts';
import { tryUpdates } from '../../src/try/trial.ts';

// Kernels of which nothing, or only the beginning, is on the console. A program stands for the emulator: it writes the file
// that is named as the image of the first kernel, which holds what real kernels wrote.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-no-console-'));
const before = process.env.TMPDIR;
process.env.TMPDIR = folder;
after(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true, force: true });
});

const program = join(folder, 'emulator');
writeFileSync(program, '#!/bin/sh\nwhile [ "$1" != -kernel ]; do shift; done\ncat "$2"\n');
chmodSync(program, 0o755);

const EARLY = [
  '[    0.000000] Linux version 7.3.4',
  '[    0.000000] printk: legacy bootconsole [earlyser0] enabled',
  '[    0.569104] printk: legacy bootconsole [earlyser0] disabled',
];
const LEFT = [
  '[    0.000000] Linux version 7.3.4',
  '[    0.8] try: hop 0 kernel 7.3.4',
  '[    0.8] try: hop 0 open /dev/liveupdate ok',
  '[    2.4] try: hop 0 saved sessions 1/1 files 1/1 regions 0/0',
  '[    2.5] try: hop 0 load ok',
  '[    2.5] try: hop 0 kexec',
];
const RESTORED = [
  '[    0.000000] Linux version 7.3.4',
  '[    1.1] try: hop 1 kernel 7.3.4',
  '[    1.1] try: hop 1 open /dev/liveupdate ok',
  '[    1.5] try: hop 1 restored sessions 1/1 files 1/1 regions 0/0',
  '[    1.5] try: hop 1 end',
];

async function tried(
  first: readonly string[],
  second: readonly string[],
  options?: Options,
): Promise<Observation> {
  const { observations } = await tryUpdates({
    kernels: [first, second].map((lines, at) => {
      return {
        name: `kernel-${at}`,
        image: Buffer.from(`${lines.join('\r\n')}\r\n`),
        options,
        writesSeals: true,
      };
    }),
    machine: { ...machineOf('x86_64-4k'), program },
    payload: {
      $schema: 'payload.schema.json',
      schemaVersion: 1,
      sessions: [{ name: 'vm', files: [{ token: '1', size: 4096 }] }],
      regions: [],
    },
    parameters: '',
    memory: 128,
    accelerator: 'tcg',
    timeout: 20,
    note: () => undefined,
  });
  assert.ok(observations[0]);
  assert.deepEqual(readdirSync(folder), ['emulator']);
  return observations[0];
}

/** What the first boot writes, what the incoming kernel writes by itself, and what is said of the update. */
const CASES: readonly [
  what: string,
  first: readonly string[],
  second: readonly string[],
  seen: RegExp,
  of: string,
][] = [
  ['neither', [], [], /the outgoing kernel wrote nothing on the console/, 'kernel-0'],
  [
    'the outgoing one',
    RESTORED,
    [],
    /the incoming kernel runs; what the outgoing one handed over is not/,
    'kernel-0',
  ],
  ['the outgoing one after its begin', [...EARLY, ...RESTORED], [], /the incoming kernel runs/, 'kernel-0'],
  ['the outgoing one after its begin, and it hangs', EARLY, [], /an early console and no other/, 'kernel-0'],
  ['the incoming one', LEFT, [], /kernel-1 writes nothing on the console by itself either/, 'kernel-1'],
  [
    'the incoming one after its begin',
    [...LEFT, ...EARLY],
    EARLY,
    /nothing is seen of the first process/,
    'kernel-1',
  ],
];

for (const [what, first, second, seen, of] of CASES) {
  test(`no console: ${what}: not started, and what may be missing is named`, async () => {
    const observed = await tried(first, second);
    assert.equal(observed.outcome, 'not-started');
    assert.match(observed.seen, seen);
    assert.match(observed.notes.join(), new RegExp(`^${of} does not tell .*CONFIG_SERIAL_8250_CONSOLE`));
  });
}

test('an incoming kernel that is silent and can be heard by itself is not said to have no console', async () => {
  const observed = await tried(
    LEFT,
    RESTORED.map((line) => line.replace('hop 1', 'hop 0')),
  );
  assert.equal(observed.outcome, 'corruption');
  assert.deepEqual(observed.notes, ['kernel-1 boots by itself']);
});

test('a configuration that tells of no console ends it before anything is booted', async () => {
  const names = ['BLK_DEV_INITRD', 'BINFMT_ELF', 'PRINTK', 'PROC_FS', 'SYSFS', 'DEVTMPFS', 'KEXEC_FILE'];
  const others = ['KEXEC_HANDOVER', 'LIVEUPDATE', 'MEMFD_CREATE'];
  const options = new Map([...names, ...others].map((name) => [`CONFIG_${name}`, 'y']));
  const observed = await tried(RESTORED, [], options);
  assert.deepEqual([observed.outcome, observed.missing], ['not-started', ['CONFIG_SERIAL_8250_CONSOLE']]);
  assert.equal(observed.seen, 'kernel-0 was built without CONFIG_SERIAL_8250_CONSOLE');
});
