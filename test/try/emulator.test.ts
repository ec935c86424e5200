import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ToolError } from '../../src/errors.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import type { BootRequest } from '../../src/try/emulator.ts';
import { boot, checkEmulator, emulatorVersion } from '../../src/try/emulator.ts';
import { machineOf } from '../../src/try/machine.ts';
import { missingOptions } from '../../src/try/needs.ts';
import { working } from '../../src/work.ts';

// Programs that stand for the emulator: what it does when it ends, hangs, floods, fails, is killed.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-emulator-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
const before = process.env.TMPDIR;
process.env.TMPDIR = temporary;
after(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

function request(path: string, more: Partial<BootRequest> = {}): BootRequest {
  return {
    machine: { ...machineOf('x86_64-4k'), program: path },
    image: Buffer.from('image'),
    initramfs: Buffer.from('archive'),
    commandLine: 'try.hop=0',
    memory: 128,
    accelerator: 'tcg',
    timeout: 20,
    ...more,
  };
}

const left = (): string[] => readdirSync(temporary);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !what(); tries++) await wait(50);
  assert.ok(what(), String(what));
}

test('the console is what the machine wrote, and nothing is left', async () => {
  const path = program('ends', 'echo "$@" | tr " " "\\n" | grep -c try.hop=0; echo a reset');
  const { console: text, end } = await boot(request(path));
  assert.deepEqual([text, end], ['1\na reset\n', 'ended']);
  assert.deepEqual(left(), []);
});

test('a machine is stopped at the last words of the guest, a silent one when its time is over', async () => {
  const pid = join(folder, 'pid');
  const hangs = (text: string) => program('hangs', `echo $$ > ${pid}; echo "${text}"; exec sleep 1000`);
  const ended = await boot(request(hangs('[ 1.0] try: hop 1 end')));
  assert.equal(ended.end, 'ended');
  const silent = await boot(request(hangs('Linux version'), { timeout: 0.4 }));
  assert.deepEqual([silent.end, silent.console], ['silent', 'Linux version\n']);
  const process_ = Number(spawnSync('cat', [pid], { encoding: 'utf8' }).stdout);
  await until(() => !isAlive(process_));
  assert.deepEqual(left(), []);
});

test('a machine that writes without end is stopped', async () => {
  const flood = await boot(request(program('floods', 'exec yes "WARNING: again"')));
  assert.equal(flood.end, 'flooded');
  assert.deepEqual(left(), []);
});

test('an emulator that fails says why in one line, one that is missing names the package', async () => {
  const failing = program('fails', 'echo "emulator: no such machine" >&2; exit 1');
  await assert.rejects(
    boot(request(failing)),
    (error: ToolError) => error.code === 'EMULATOR_FAILED' && /no such machine$/.test(error.message),
  );
  assert.deepEqual(left(), []);
  const machine = { ...machineOf('x86_64-4k'), program: join(folder, 'nowhere') };
  assert.throws(
    () => checkEmulator(machine),
    (error: ToolError) =>
      error.code === 'EMULATOR_MISSING' && /apt-get install qemu-system-x86$/.test(error.message),
  );
});

test('an emulator is found by its name, says its version, and is asked for a processor that suits the accelerator', async () => {
  const path = program('speaks', '[ "$1" = --version ] && echo "QEMU emulator version 9.1 (a)" || echo "$@"');
  const named = { ...machineOf('x86_64-4k'), program: 'speaks' };
  const search = process.env.PATH;
  process.env.PATH = `${search}:${folder}`;
  try {
    checkEmulator(named);
    assert.equal(await emulatorVersion(named), 'speaks 9.1');
  } finally {
    process.env.PATH = search;
  }
  checkEmulator({ ...named, program: path });
  assert.equal(await emulatorVersion({ ...named, program: '/bin/false' }), '/bin/false unknown');
  for (const [accelerator, processor] of [
    ['tcg', named.cpu],
    ['kvm', 'host'],
  ] as const) {
    const { console: text } = await boot(request(path, { accelerator }));
    assert.ok(text.includes(`-accel ${accelerator} -cpu ${processor} `), text);
  }
});

test('an emulator that was killed is no machine that was reset', async () => {
  const killed = program('killed', 'echo Linux version; kill -9 $$');
  await assert.rejects(boot(request(killed)), (error: ToolError) => error.code === 'EMULATOR_FAILED');
  assert.deepEqual(left(), []);
});

test('a signal that is aborted stops the machine, and nothing is left', async () => {
  const pid = join(folder, 'pid-aborted');
  const path = program('runs-on', `echo $$ > ${pid}; echo Linux version; exec sleep 1000`);
  const controller = new AbortController();
  const reason = new Error('enough');
  const onText = (): void => controller.abort(reason);
  const running = working({ signal: controller.signal }, () => boot(request(path, { onText })));
  await assert.rejects(running, (error) => error === reason);
  const machine = Number(readFileSync(pid, 'utf8'));
  await until(() => !isAlive(machine));
  assert.deepEqual(left(), []);
});

test('a folder that cannot be written is FILE_UNWRITABLE', async () => {
  process.env.TMPDIR = join(folder, 'not-there');
  try {
    await assert.rejects(
      boot(request('/bin/true')),
      (error: ToolError) => error instanceof ToolError && error.code === 'FILE_UNWRITABLE',
    );
  } finally {
    process.env.TMPDIR = temporary;
  }
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  test(`after ${signal} no emulator runs and no file is left`, async () => {
    const pid = join(folder, `pid-${signal}`);
    const path = program(`runs-${signal}`, `echo $$ > ${pid}; exec sleep 1000`);
    const module = pathToFileURL(join(packageRoot(), 'src/try/emulator.ts')).href;
    const machine = pathToFileURL(join(packageRoot(), 'src/try/machine.ts')).href;
    const script = `
      const { boot } = await import(${JSON.stringify(module)});
      const { machineOf } = await import(${JSON.stringify(machine)});
      await boot({ machine: { ...machineOf('x86_64-4k'), program: ${JSON.stringify(path)} }, image: Buffer.from('x'),
        initramfs: Buffer.from('y'), commandLine: '', memory: 1, accelerator: 'tcg', timeout: 1000 });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: 'ignore',
      cwd: packageRoot(),
    });
    await until(() => existsSync(pid) && spawnSync('cat', [pid], { encoding: 'utf8' }).stdout.endsWith('\n'));
    const emulator = Number(spawnSync('cat', [pid], { encoding: 'utf8' }).stdout);
    assert.ok(isAlive(emulator));
    assert.equal(left().filter((name) => name.startsWith('luo-abi-try-')).length, 1);
    child.kill(signal);
    await until(() => !isAlive(emulator));
    await until(() => left().every((name) => !name.startsWith('luo-abi-try-')));
  });
}

test('what a kernel was built without is named before it is booted', () => {
  const machine = machineOf('x86_64-4k');
  const options = (...without: string[]) => {
    const all = [
      'BLK_DEV_INITRD',
      'BINFMT_ELF',
      'PRINTK',
      'PROC_FS',
      'SYSFS',
      'DEVTMPFS',
      'SERIAL_8250_CONSOLE',
      'KEXEC_FILE',
      'KEXEC_HANDOVER',
      'LIVEUPDATE',
      'MEMFD_CREATE',
    ];
    return new Map(all.filter((name) => !without.includes(name)).map((name) => [`CONFIG_${name}`, 'y']));
  };
  const outgoing = { isOutgoing: true, hasSessions: true };
  const incoming = { isOutgoing: false, hasSessions: true };
  assert.deepEqual(missingOptions(options(), outgoing, machine), []);
  assert.deepEqual(missingOptions(options('KEXEC_HANDOVER'), outgoing, machine), ['CONFIG_KEXEC_HANDOVER']);
  assert.deepEqual(missingOptions(options('LIVEUPDATE'), outgoing, machine), ['CONFIG_LIVEUPDATE']);
  assert.deepEqual(missingOptions(options('LIVEUPDATE'), { ...outgoing, hasSessions: false }, machine), []);
  assert.deepEqual(missingOptions(options('LIVEUPDATE', 'KEXEC_HANDOVER'), incoming, machine), []);
  assert.deepEqual(missingOptions(options('SERIAL_8250_CONSOLE'), incoming, machine), [
    'CONFIG_SERIAL_8250_CONSOLE',
  ]);
  assert.deepEqual(missingOptions(undefined, outgoing, machine), []);
});
