import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { findBuildId } from '../formats/build-id.ts';
import { gunzipAtMost, isGz } from '../formats/decompress-gz.ts';
import { readConfig } from '../formats/kconfig.ts';
import type { BuildFacts } from './build-facts.ts';
import { unreadable } from './file-source.ts';
import { handoverFacts } from './host-handover.ts';
import { releaseOfDebBuild } from './package-members-release.ts';
import { defineSource } from './source.ts';

// The running kernel, by what it says of itself below /proc and /sys. Nothing is written, and no program is run.

/** Names this machine; `host:/mnt/root` another one's file system. */
const LOCATOR = /^host(?::(.+))?$/;

const RELEASE = 'proc/sys/kernel/osrelease';
const MACHINE = 'proc/sys/kernel/arch';
const BTF = 'sys/kernel/btf/vmlinux';
const COMMAND_LINE = 'proc/cmdline';
/** The section `.notes` of the running image. */
const NOTES = 'sys/kernel/notes';

/** The largest configurations are 300 KB. */
const CONFIG_LIMIT = 16 << 20;

/** Where a running kernel's configuration may be, the surest first. */
function configPaths(release: string): string[] {
  return ['proc/config.gz', `boot/config-${release}`, `lib/modules/${release}/config`];
}

/** The kernel that runs: its release, its BTF, its configuration. Throws NOT_A_KERNEL where /proc does not say the release. */
export const host = defineSource({
  kind: 'host',
  accepts: (locator) => LOCATOR.test(locator) && !existsSync(locator),
  async open(locator) {
    const root = LOCATOR.exec(locator)?.[1] ?? '/';
    const unameRelease = text(root, RELEASE);
    if (unameRelease === undefined) throw new ToolError('NOT_A_KERNEL', `no ${RELEASE} below ${root}`);
    const facts: BuildFacts = { unameRelease, moduleBtf: [], files: [] };
    const machine = text(root, MACHINE);
    if (machine !== undefined) facts.machine = machine;
    const btf = bytes(root, BTF);
    if (btf) {
      facts.btf = { bytes: btf, path: BTF };
      facts.files.push(digestOf(BTF, btf));
    }
    const buildId = findBuildId(bytes(root, NOTES) ?? new Uint8Array(), false);
    if (buildId !== undefined) facts.buildId = buildId;
    await addConfig(root, facts);
    const commandLine = text(root, COMMAND_LINE);
    if (commandLine !== undefined) facts.commandLine = commandLine;
    Object.assign(facts, await handoverFacts(root, facts));
    return {
      name: `running kernel ${unameRelease}`,
      read: () => undefined,
      list: () => [],
      digest: () => undefined,
      release: releaseOfDebBuild(unameRelease, undefined),
      build: facts,
    };
  },
});

async function addConfig(root: string, facts: BuildFacts): Promise<void> {
  for (const path of configPaths(facts.unameRelease ?? '')) {
    const raw = bytes(root, path);
    if (!raw) continue;
    facts.config = { values: readConfig(await configText(raw, path)), from: 'file', path };
    facts.files.push(digestOf(path, raw));
    return;
  }
}

async function configText(raw: Buffer, path: string): Promise<string> {
  if (!isGz(raw)) return raw.toString('utf8');
  const unpacked = await gunzipAtMost(raw, CONFIG_LIMIT);
  if (unpacked === undefined) throw new ToolError('ARCHIVE_CORRUPT', `${path}: damaged`, { path });
  return Buffer.from(unpacked).toString('utf8');
}

function text(root: string, path: string): string | undefined {
  return bytes(root, path)?.toString('utf8').trim();
}

/** A file's bytes; undefined where it is not there, or only the administrator may read it. */
function bytes(root: string, path: string): Buffer | undefined {
  try {
    return readFileSync(join(root, path));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(code)) return undefined;
    throw unreadable(path, error);
  }
}

function digestOf(path: string, raw: Uint8Array): { path: string; sha256: string } {
  return { path, sha256: createHash('sha256').update(raw).digest('hex') };
}
