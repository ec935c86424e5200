// node --import tsx test/bench/btf.ts: all types and some layouts out of a vmlinux, against pahole and a start of node.
// LUO_ABI_KERNELS names a folder with kernel packages in binary/.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { kernelPackages, skipKernels, vmlinuxOfPackage } from '../formats/btf/kernel-btf.ts';
import { bundleScript } from './bundle.ts';
import { compare, printHead } from './timing.ts';

async function bench(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-btf-'));
  try {
    const vmlinux = join(folder, 'vmlinux');
    const script = join(folder, 'btf-read.mjs');
    writeFileSync(vmlinux, vmlinuxOfPackage(path));
    await bundleScript('btf-read.ts', script);
    report(vmlinux, `node ${script} ${vmlinux}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(vmlinux: string, command: string): void {
  printHead();
  compare({
    what: 'BTF of a vmlinux',
    command: `${command} >/dev/null`,
    // The standard error is full of the kinds that older versions do not know.
    reference: `pahole -F btf -C page ${vmlinux} >/dev/null 2>&1 && node -e 0`,
    limit: 1,
  });
  console.log(`  ${execFileSync('bash', ['-c', command], { encoding: 'utf8' }).trim()}`);
}

const newest = kernelPackages().find((path) => basename(path).includes('7.3.4')) ?? kernelPackages().at(-1);
if (newest === undefined) console.log(`the BTF row was left out: ${skipKernels || 'no kernel packages'}`);
else await bench(newest);
