import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ToolError } from '../errors.ts';
import { gunzipAtMost, isGz } from '../formats/decompress-gz.ts';
import { readConfig } from '../formats/kconfig.ts';
import { bareEvidence, readStart, releaseOfUname } from './bare-build.ts';
import type { BuildFacts } from './build-facts.ts';
import { defineSource } from './source.ts';

/** Bytes of a configuration, packed or not: real ones have 300 KB. */
const SIZE_LIMIT = 16 << 20;
const OPTION = /^(?:CONFIG_\w+=|# CONFIG_\w+ is not set$)/m;
/** All lines of a configuration are of these forms. */
const LINES = /^(?:(?:#.*|CONFIG_\w+=.*|[ \t\r]*)\n)*/;
/** The second line that scripts/kconfig writes: `# Linux/x86 7.3.4 Kernel Configuration`. */
const TITLE = /^# Linux\/\S+ (\S+) Kernel Configuration$/m;
const UNAME_IN_NAME = /^config-(\d+\.\d+.*?)(?:\.gz)?$/;
const MACHINES = [
  ['CONFIG_X86_64', 'x86_64'],
  ['CONFIG_ARM64', 'aarch64'],
] as const;

/** A build's configuration as a file: .config, config-RELEASE, /proc/config.gz. */
export const config = defineSource({
  kind: 'config',
  async accepts(locator) {
    try {
      return isConfig(await readText(locator, basename(locator)));
    } catch {
      return false;
    }
  },
  async open(locator) {
    const name = basename(locator);
    const bytes = await readStart(locator, name, SIZE_LIMIT);
    const text = await textOf(bytes);
    if (!isConfig(text)) throw new ToolError('IMAGE_UNKNOWN', 'not a configuration of a kernel');
    const values = readConfig(text);
    const machine = MACHINES.find(([option]) => values.get(option) === 'y')?.[1];
    const unameRelease = UNAME_IN_NAME.exec(name)?.[1];
    const build: BuildFacts = {
      ...(machine === undefined ? {} : { machine }),
      ...(unameRelease === undefined ? {} : { unameRelease }),
      config: { values, from: 'file', path: name },
      moduleBtf: [],
      files: [{ path: name, sha256: createHash('sha256').update(bytes).digest('hex') }],
    };
    const named = unameRelease ?? TITLE.exec(text)?.[1];
    const release = named === undefined ? undefined : releaseOfUname(named, build);
    return bareEvidence(name, build, release);
  },
});

/** The file's beginning is enough to know it, unless it is packed. */
async function readText(locator: string, name: string): Promise<string> {
  const head = await readStart(locator, name, HEAD_SIZE);
  return textOf(isGz(head) ? await readStart(locator, name, PACKED_LIMIT) : head);
}

const HEAD_SIZE = 4096;
/** Packed configurations have 70 KB; a larger file that begins as gzip is something else. */
const PACKED_LIMIT = 1 << 20;

async function textOf(bytes: Uint8Array): Promise<string> {
  const plain = isGz(bytes) ? await gunzipAtMost(bytes, SIZE_LIMIT) : bytes;
  if (plain === undefined)
    throw new ToolError('ARCHIVE_CORRUPT', 'gzip: damaged, or too large for a configuration');
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8');
}

function isConfig(text: string): boolean {
  const head = text.slice(0, HEAD_SIZE);
  const whole = head.slice(0, head.lastIndexOf('\n') + 1);
  return OPTION.test(whole) && LINES.exec(whole)?.[0].length === whole.length;
}
