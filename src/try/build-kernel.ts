import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { readConfig } from '../formats/kconfig.ts';
import type { Target } from '../model/target.ts';
import { onStop, pause } from '../work.ts';
import { guardFolder, letGo, startGuarded } from './guard.ts';
import { TRIAL_OPTIONS } from './kernel-options.ts';
import { machineOf, targetOfImage } from './machine.ts';
import { missingOptions } from './needs.ts';
import { checkTools, ownTarget, toolchainOf } from './toolchain.ts';

/** A source tree that a kernel is built from. */
export interface KernelSource {
  /** What the image is called. */
  name: string;
  /** Equal for equal sources. */
  digest: string;
  /** Puts the tree into a folder, in the place of another one of the same kind that was put there, or says where it is. */
  unpack(folder: string): string | Promise<string>;
}

export interface BuildRequest {
  source: KernelSource;
  /** Lines of a configuration over the one for trials. */
  fragment: string;
  /** What the kernel is built for (default: the machine that this is, with pages of 4 KiB). */
  target?: Target | undefined;
  /** Where built kernels are kept, a folder each. */
  cache: string;
  /** Builds one after the other of trees that differ little: only what differs is built again. */
  workshop?: Workshop | undefined;
  /** Each line that make writes. */
  onLine?(line: string): void;
}

/** A kernel that was built, now or before. */
export interface BuiltKernel {
  image: string;
  config: string;
  isFromCache: boolean;
}

/** Where a tree and what was built of it stay until the next one is built. */
export interface Workshop {
  folder: string;
  close(): void;
}

/** @throws ToolError FILE_UNWRITABLE */
export function openWorkshop(cache: string): Workshop {
  const folder = makeWork(cache);
  const guard = guardFolder(folder);
  const close = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    letGo(guard);
  };
  return { folder, close };
}

/**
 * Builds a small kernel for trials, once for each source, target and configuration.
 * @throws ToolError BUILD_TOOLS_MISSING, BUILD_FAILED, FILE_UNWRITABLE; Stopped
 */
export async function buildKernel(request: BuildRequest): Promise<BuiltKernel> {
  const { source, fragment, cache, target = ownTarget() } = request;
  const toolchain = toolchainOf(target);
  const options = `${[...TRIAL_OPTIONS, ...toolchain.options, fragment].join('\n')}\n`;
  const key = createHash('sha256')
    .update(`${source.digest}\n${target}\n${options}`)
    .digest('hex')
    .slice(0, 20);
  const folder = join(cache, `${source.name}-${key}`);
  const built = { image: join(folder, 'image'), config: join(folder, 'config') };
  if (existsSync(built.image)) return { ...built, isFromCache: true };
  checkTools(toolchain);
  const workshop = request.workshop ?? openWorkshop(cache);
  const work = workshop.folder;
  let guard: ChildProcess | undefined;
  try {
    const tree = await source.unpack(join(work, 'source'));
    mkdirSync(join(work, 'object'), { recursive: true });
    writeFileSync(join(work, 'options'), options);
    const { arch, image, prefix } = toolchain;
    const places = [tree, work, String(cpus().length), image, folder, arch, prefix];
    const program = ['/bin/sh', '-c', STEPS, 'build', ...places];
    guard = startGuarded(join(work, 'ready'), program);
    await make(request, guard);
    checkOptions(built, request, folder);
    return { ...built, isFromCache: false };
  } finally {
    if (guard) letGo(guard);
    if (!request.workshop) workshop.close();
  }
}

function makeWork(cache: string): string {
  try {
    mkdirSync(cache, { recursive: true });
    return mkdtempSync(join(cache, 'building-'));
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${cache}: cannot be written (${reason})`, { path: cache, cause });
  }
}

/**
 * What is done in the tree, which stays as it is: all that is made, what a compiler that is killed leaves among it, goes into
 * a folder of its own, which ends with the program, so that the kernel is put in its place here.
 */
const STEPS = `set -e
mkdir -p "$2/tmp"
export TMPDIR="$2/tmp" ARCH="$6" CROSS_COMPILE="$7"
make -C "$1" O="$2/object" tinyconfig
"$1/scripts/kconfig/merge_config.sh" -O "$2/object" -m "$2/object/.config" "$2/options"
make -C "$1" O="$2/object" olddefconfig
make -C "$1" O="$2/object" -j"$3" "$4"
rm -rf "$2/ready"
mkdir "$2/ready"
cp "$2/object/arch/$6/boot/$4" "$2/ready/image"
cp "$2/object/.config" "$2/ready/config"
mv -T "$2/ready" "$5"`;

function make({ source, onLine }: BuildRequest, guard: ChildProcess): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    let said = '';
    // Who hears of a line may end the build by it; more of them come until make has ended.
    let ended: { by: unknown } | undefined;
    const leave = onStop(() => letGo(guard));
    const hear = (piece: string): void => {
      said = (said + piece).slice(-65_536);
      if (ended) return;
      try {
        for (const line of piece.split('\n')) if (line !== '') onLine?.(line);
      } catch (by) {
        ended = { by };
        letGo(guard);
      }
    };
    guard.stdout?.setEncoding('utf8').on('data', hear);
    guard.stderr?.setEncoding('utf8').on('data', hear);
    guard.on('error', (cause) => reject(failed(source, cause.message, cause)));
    guard.on('close', (status) => {
      leave();
      if (ended) reject(ended.by);
      else if (status === 0) resolve();
      else reject(failed(source, faultOf(said)));
    });
  }).finally(pause);
}

function failed({ name }: KernelSource, what: string, cause?: unknown): ToolError {
  return new ToolError('BUILD_FAILED', `${name}: ${what}`, { cause });
}

/** What the compiler complained of first; else the last that was said. */
function faultOf(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const fault = lines.find((line) => /\berror:|: not found|No such file|\*\*\* /i.test(line)) ?? lines.at(-1);
  return (fault ?? 'make ended without a word').trim().slice(0, 300);
}

/** A tree may not have what a trial needs, or may turn it off again. */
function checkOptions(
  { config }: { config: string },
  { source, target = ownTarget() }: BuildRequest,
  folder: string,
): void {
  const machine = machineOf(target);
  const options = readConfig(readFileSync(config, 'utf8'));
  const missing = missingOptions(options, { isOutgoing: true, hasSessions: false }, machine);
  const isOfTarget = targetOfImage(machine.uname, options, config) === target;
  if (missing.length === 0 && isOfTarget) return;
  rmSync(folder, { recursive: true, force: true });
  throw failed(
    source,
    isOfTarget
      ? `cannot be built with ${missing.join(', ')}, which a trial needs`
      : `cannot be built for ${target}`,
  );
}
