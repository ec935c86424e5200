// node --import tsx test/bench/btf.ts: all types and some layouts out of a vmlinux, against pahole and a start of node.
// LUO_ABI_KERNELS names a folder with kernel packages in binary/.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build } from 'esbuild';
import { packageRoot } from '../../src/schema/package-root.ts';
import { kernelPackages, skipKernels, vmlinuxOfPackage } from '../formats/btf/kernel-btf.ts';

const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 10);
const LIMIT = 1;

/** Milliseconds of one run, and what it printed. */
function time(command: string): { ms: number; stdout: string } {
  const start = performance.now();
  const { status, stdout, error } = spawnSync('bash', ['-c', command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw error ?? new Error(`${command}: exit ${status}`);
  return { ms: performance.now() - start, stdout };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function bench(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-btf-'));
  try {
    const vmlinux = join(folder, 'vmlinux');
    const script = join(folder, 'btf-read.mjs');
    writeFileSync(vmlinux, vmlinuxOfPackage(path));
    await build({
      entryPoints: [join(packageRoot(), 'test/bench/btf-read.ts')],
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['lz4-napi', 'xz-decompress', 'zstddec'],
      minifySyntax: true,
      minifyWhitespace: true,
    });
    compare(vmlinux, `node ${script} ${vmlinux}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Takes the two by turns, so that both see the same machine. */
function compare(vmlinux: string, command: string): void {
  // The standard error is full of the kinds that older versions do not know.
  const reference = `pahole -F btf -C page ${vmlinux} >/dev/null 2>&1 && node -e 0`;
  const ours: number[] = [];
  const theirs: number[] = [];
  const { stdout } = time(command);
  time(reference);
  for (let run = 0; run < RUNS; run += 1) {
    theirs.push(time(reference).ms);
    ours.push(time(command).ms);
  }
  const [a, b] = [median(ours), median(theirs)];
  const row = `${a.toFixed(0).padStart(7)} ms  ${b.toFixed(0).padStart(7)} ms  ${(a / b).toFixed(2)} x (limit ${LIMIT} x)`;
  console.log(`${'BTF of a vmlinux'.padEnd(36)} ${row}`);
  console.log(`  ${stdout.trim()}`);
}

const newest = kernelPackages().find((path) => basename(path).includes('7.3.4')) ?? kernelPackages().at(-1);
if (newest === undefined) console.log(`the BTF row was left out: ${skipKernels || 'no kernel packages'}`);
else await bench(newest);
