import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '../errors.ts';
import { onStop, pause } from '../work.ts';
import { letGo, startGuarded } from './guard.ts';
import type { Machine } from './machine.ts';
import type { TrialEnd } from './outcome.ts';

export type Accelerator = 'kvm' | 'tcg';

/** What is booted. */
export interface BootRequest {
  machine: Machine;
  image: Uint8Array;
  initramfs: Uint8Array;
  commandLine: string;
  /** MiB. */
  memory: number;
  accelerator: Accelerator;
  /** Seconds without a line on the console after which a kernel hangs. */
  timeout: number;
  /** Each piece of the console as it comes. */
  onText?(text: string): void;
}

/** The console of a machine that ran, and how it ended. */
export interface BootResult {
  console: string;
  end: TrialEnd;
  /** What the emulator itself said. */
  complaint: string;
}

/** A kernel that lives but never ends has this many times the limit of silence. */
const PATIENCE = 6;
/** Bytes of a console; a kernel that warns without end would fill the memory. */
const CONSOLE_LIMIT = 16 << 20;

/** Looks for the emulator where the shell would. @throws ToolError EMULATOR_MISSING */
export function checkEmulator({ program, package: needed }: Machine): void {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (folders.some((folder) => isExecutable(resolve(folder, program)))) return;
  throw new ToolError('EMULATOR_MISSING', `${program} is not installed; apt-get install ${needed}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program with its version, as it says it; asked for while it runs, since it takes a tenth of a second to say. */
export async function emulatorVersion({ program }: Machine): Promise<string> {
  const said = await promisify(execFile)(program, ['--version']).catch(() => ({ stdout: '' }));
  return `${program} ${/version (\S+)/.exec(said.stdout)?.[1] ?? 'unknown'}`;
}

/** KVM where this machine lets us and is of the same kind; TCG runs everywhere. */
export function fastestAccelerator({ uname }: Machine): Accelerator {
  const own = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  if (own !== uname) return 'tcg';
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return 'kvm';
  } catch {
    return 'tcg';
  }
}

/**
 * Boots a kernel and gives back what the machine wrote on its console until it was reset, hung, or said that it is done.
 * Nothing is left behind, however it ends.
 * @throws ToolError FILE_UNWRITABLE, EMULATOR_FAILED
 */
export async function boot(request: BootRequest): Promise<BootResult> {
  const folder = makeFolder();
  try {
    const [kernel, initramfs] = [join(folder, 'kernel'), join(folder, 'initramfs')];
    write(kernel, request.image);
    write(initramfs, request.initramfs);
    return await run(folder, emulatorArguments(request, kernel, initramfs), request);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'luo-abi-try-'));
  } catch (cause) {
    throw unwritable(tmpdir(), cause);
  }
}

function write(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): ToolError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new ToolError('FILE_UNWRITABLE', `${path}: cannot be written (${reason})`, { path, cause });
}

function emulatorArguments(request: BootRequest, kernel: string, initramfs: string): string[] {
  const { machine, memory, commandLine, accelerator } = request;
  return [
    machine.program,
    ...machine.options,
    ...['-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : machine.cpu],
    ...['-m', String(memory), '-smp', '1', '-no-reboot', '-nodefaults', '-display', 'none', '-net', 'none'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', commandLine],
  ];
}

/** The guest's last words. */
const LAST_WORDS = /try: hop \d+ end\r?\n/;

function run(folder: string, program: readonly string[], request: BootRequest): Promise<BootResult> {
  const { timeout, onText } = request;
  return new Promise<BootResult>((give, reject) => {
    const guard = startGuarded(folder, program);
    const pieces: string[] = [];
    let length = 0;
    let before = '';
    let complaint = '';
    let end: TrialEnd | undefined;
    const stop = (how: TrialEnd): void => {
      end ??= how;
      letGo(guard);
    };
    let silence = setTimeout(stop, timeout * 1000, 'silent');
    const all = setTimeout(stop, timeout * 1000 * PATIENCE, 'too-long');
    const leave = onStop(() => letGo(guard));
    guard.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      pieces.push(piece);
      length += piece.length;
      onText?.(piece);
      const recent = before + piece;
      before = recent.slice(-64);
      if (LAST_WORDS.test(recent)) stop('ended');
      else if (length > CONSOLE_LIMIT) stop('flooded');
      clearTimeout(silence);
      silence = setTimeout(stop, timeout * 1000, 'silent');
    });
    guard.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      complaint = (complaint + piece).slice(0, 4096);
    });
    guard.on('error', (cause) =>
      reject(new ToolError('EMULATOR_FAILED', `/bin/sh: ${cause.message}`, { cause })),
    );
    guard.on('close', (status) => {
      clearTimeout(silence);
      clearTimeout(all);
      leave();
      letGo(guard);
      // A reset ends it with 0. Anything else, a kill among it, says nothing of the kernel.
      if (end === undefined && status !== 0) {
        const said = complaint.trim().split('\n').at(-1) ?? '';
        reject(new ToolError('EMULATOR_FAILED', `${program[0]} ended with ${status}: ${said}`));
      } else give({ console: pieces.join(''), end: end ?? 'ended', complaint });
    });
  }).finally(pause);
}
