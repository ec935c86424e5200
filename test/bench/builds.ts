// Builds: the types of a bzImage against the programs that would unpack and read it, a capture of it, and a preflight.
// LUO_ABI_KERNELS names a folder with kernel packages in binary/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/schema/package-root.ts';
import { buildObject, canBuildObjects } from '../capture/build-object.ts';
import { bundleScript } from './bundle.ts';
import { compare, firstIn, median, peakMemory, printHead, RUNS, time } from './timing.ts';

/** Offsets of the boot protocol: setup sectors, payload offset and length (arch/x86/boot/header.S). */
const [SETUP_SECTORS, PAYLOAD_OFFSET, PAYLOAD_LENGTH] = [0x1f1, 0x248, 0x24c];
const PREFLIGHT_LIMIT = 350;

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-builds-'));
const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') };
const main = join(packageRoot(), 'dist/cli/main.js');

/** The image of a Debian package, and its payload as it lies in it. */
function unpack(path: string): { image: string; payload: string } {
  execFileSync('dpkg-deb', ['-x', path, folder]);
  const image = execFileSync('find', [folder, '-name', 'vmlinuz*', '-type', 'f'], {
    encoding: 'utf8',
  }).trim();
  const bytes = execFileSync('cat', [image], { maxBuffer: 1 << 28 });
  const start = ((bytes[SETUP_SECTORS] ?? 4) + 1) * 512 + bytes.readUInt32LE(PAYLOAD_OFFSET);
  const payload = join(folder, 'payload');
  // The last four bytes are the size of what is packed.
  writeFileSync(payload, bytes.subarray(start, start + bytes.readUInt32LE(PAYLOAD_LENGTH) - 4));
  return { image, payload };
}

async function bundle(): Promise<string> {
  const script = join(packageRoot(), 'dist/bench-image-read.mjs');
  await bundleScript('image-read.ts', script);
  return script;
}

/** A host that runs 7.2.12 with KHO on, and has the BTF of a kernel. */
function hostRoot(btf: string): string {
  const root = join(folder, 'root');
  const files: [string, string | Buffer][] = [
    ['proc/sys/kernel/osrelease', '7.2.12\n'],
    ['proc/sys/kernel/arch', 'x86_64\n'],
    ['proc/cmdline', 'kho=on liveupdate=on\n'],
    ['boot/config-7.2.12', 'CONFIG_KEXEC_HANDOVER=y\nCONFIG_LIVEUPDATE=y\nCONFIG_LIVEUPDATE_MEMFD=y\n'],
    ['sys/kernel/btf/vmlinux', execFileSync('cat', [btf], { maxBuffer: 1 << 28 })],
  ];
  for (const [path, content] of files) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

async function benchImage(path: string): Promise<void> {
  const { image, payload } = unpack(path);
  const script = await bundle();
  const vmlinux = join(folder, 'vmlinux');
  execFileSync('bash', ['-c', `zstd -dcq ${payload} > ${vmlinux}`]);
  execFileSync('objcopy', ['--dump-section', `.BTF=${join(folder, 'btf')}`, vmlinux, '/dev/null'], {
    stdio: 'ignore',
  });
  printHead();
  compare({
    what: 'BTF and structs out of a bzImage',
    command: `node ${script} ${image} >/dev/null`,
    reference: `zstd -dcq ${payload} >/dev/null && pahole -F btf -C page ${vmlinux} >/dev/null 2>&1; node -e 0`,
    limit: 1.3,
    env,
  });
  // The catalog is there, as on a host that has asked before.
  time(`node ${main} list`, env);
  compare({
    what: 'capture of a bzImage, in full',
    command: `node ${main} capture ${image} >/dev/null 2>&1`,
    reference: `zstd -dcq ${payload} >/dev/null; pahole -F btf -C page ${vmlinux} >/dev/null 2>&1; node -e 0`,
    limit: 1.1,
    env,
  });
  peakMemory(`node ${main} capture ${image}`, env);
  const preflight = `node ${main} preflight --root ${hostRoot(join(folder, 'btf'))} --staged ${image} --profile memfd`;
  const times = Array.from({ length: RUNS }, () => time(`${preflight} >/dev/null 2>&1`, env, [0, 1]));
  console.log(
    `${'preflight against a staged bzImage'.padEnd(44)} ${median(times).toFixed(0).padStart(7)} ms  (limit ${PREFLIGHT_LIMIT} ms)`,
  );
  rmSync(script);
}

/** For comparison, what a user of abidiff waits for: two builds with debug data, of which one has another struct. */
function benchAbidiff(): void {
  const build = (name: string, edit?: (text: string) => string): string => {
    mkdirSync(join(folder, name));
    return buildObject(join(folder, name), edit ? { source: edit } : {});
  };
  const outgoing = build('outgoing');
  const incoming = build('incoming', (text) => `#define sessions_pa moved_pa\n${text}`);
  const measured = (command: string): string =>
    `${median(Array.from({ length: RUNS }, () => time(command, env, [0, 1, 4, 8, 12]))).toFixed(0)} ms`;
  const ours = measured(`node ${main} check ${outgoing} ${incoming} --profile memfd >/dev/null 2>&1`);
  const theirs = measured(`abidiff ${outgoing} ${incoming} >/dev/null`);
  console.log(`two objects with DWARF and BTF: abidiff ${theirs}, luo-abi check ${ours}`);
}

try {
  if (!canBuildObjects()) throw new Error('no gcc or no pahole');
  execFileSync('abidiff', ['--version'], { stdio: 'ignore' });
  benchAbidiff();
} catch {
  console.log('no abidiff, gcc or pahole: the comparison with abidiff was left out');
}

const kernels = process.env.LUO_ABI_KERNELS;
const image = kernels && firstIn(join(kernels, 'binary'), /7\.3\.4.*\.deb$/);
if (image) await benchImage(image);
else console.log('LUO_ABI_KERNELS names no folder with binary/ packages: the rows of builds were left out');
rmSync(folder, { recursive: true, force: true });
