import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import type { BuildFacts } from './build-facts.ts';

// What a running kernel shows of its own hand-over. All of it is optional: debugfs is for the administrator alone, may not be
// mounted, may be locked down, shows a tree that grew shorter than it is, and in a kernel that came by a live update no tree at
// all. What cannot be read is said, and never ends a preflight.

const DEBUGFS = 'sys/kernel/debug';
const OUT = `${DEBUGFS}/kho/out`;
const TREE = `${OUT}/fdt`;
/** Where a log of this boot may be as a file. */
const LOGS = ['var/log/dmesg', 'proc/kmsg'];
/** What kho_reserve_scratch says when it gives up (kernel/liveupdate/kexec_handover.c). */
const DIED = /Failed to reserve scratch area, disabling kexec handover/;
const LOG_LIMIT = 16 << 20;

type HandoverFacts = Pick<BuildFacts, 'handedOver' | 'khoWorks' | 'notes'>;

/** What debugfs and the log below a root folder say; `build` has the configuration. Throws nothing. */
export async function handoverFacts(root: string, { config }: BuildFacts): Promise<HandoverFacts> {
  const log = LOGS.find((path) => DIED.test(logText(join(root, path))));
  const died = `${log} says "Failed to reserve scratch area"`;
  if (log !== undefined) return { khoWorks: { isWorking: false, shownBy: died } };
  const debugfs = namesIn(join(root, DEBUGFS));
  if (typeof debugfs === 'string') return noted(`${DEBUGFS} cannot be read (${debugfs})`);
  // An empty folder is what is there where nothing is mounted.
  if (debugfs.length === 0) return {};
  if (!debugfs.includes('kho'))
    return showsKho(config) ? { khoWorks: { isWorking: false, shownBy: `${DEBUGFS} has no kho` } } : {};
  const names = namesIn(join(root, OUT));
  if (typeof names === 'string') return noted(`${OUT} cannot be read (${names})`);
  const khoWorks = { isWorking: true, shownBy: OUT };
  return { ...(names.length > 0 && { khoWorks }), ...(names.includes('fdt') && (await treeFacts(root))) };
}

/** Whether the kernel has KHO's folder in debugfs when KHO works: an option from 6.19 on, before that always. */
function showsKho(config: BuildFacts['config']): boolean {
  const isSet = (option: string): boolean => config?.values.get(option) === 'y';
  const hasFolder = config?.values.get('CONFIG_KEXEC_HANDOVER_DEBUGFS') !== 'n';
  return isSet('CONFIG_KEXEC_HANDOVER') && isSet('CONFIG_DEBUG_FS') && hasFolder;
}

async function treeFacts(root: string): Promise<HandoverFacts> {
  const { parseFdt } = await import('../formats/fdt.ts');
  const { restoreNames } = await import('../formats/fdt-names.ts');
  const { propertyOf, stringsOf } = await import('../formats/fdt-tree.ts');
  try {
    const tree = restoreNames(parseFdt(readFileSync(join(root, TREE))), ['compatible']);
    const value = propertyOf(tree.root, 'compatible');
    const compatible = value && stringsOf(value);
    if (compatible) return { handedOver: { compatible, path: TREE } };
    return noted(`${TREE} has no marker that can be read`);
  } catch (error) {
    return noted(`${TREE} cannot be read (${error instanceof ToolError ? error.message : codeOf(error)})`);
  }
}

function noted(what: string): HandoverFacts {
  return { notes: [`${what}: what the running kernel is about to hand over was not looked at`] };
}

/** The names in a folder; none where it is not there; the reason where it cannot be read. */
function namesIn(path: string): string[] | string {
  try {
    return readdirSync(path);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? [] : code;
  }
}

/** A regular file of some length; /proc/kmsg of the running system says that it has none, and would wait. */
function logText(path: string): string {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size > 0 && stat.size <= LOG_LIMIT ? readFileSync(path, 'latin1') : '';
  } catch {
    return '';
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
