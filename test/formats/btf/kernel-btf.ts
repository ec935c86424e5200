import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openElf } from '../../../src/formats/elf.ts';
import { bytesSource } from '../../../src/formats/kernel-image-bytes.ts';

const folder = process.env.LUO_ABI_KERNELS && join(process.env.LUO_ABI_KERNELS, 'binary');
const PROGRAMS = ['bpftool', 'dpkg-deb', 'tar', 'zstd'];
const missing = PROGRAMS.filter((program) => spawnSync(program, ['--version']).error !== undefined);

/** Why no kernels are read here; false where they are. */
export const skipKernels = !folder
  ? 'LUO_ABI_KERNELS is not set'
  : missing.length > 0
    ? `${missing.join(', ')} needed`
    : false;

/** The kernel packages at hand, sorted. */
export function kernelPackages(): string[] {
  return folder && !skipKernels
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.deb'))
        .sort()
        .map((name) => join(folder, name))
    : [];
}

const options = { maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'] };

/** The ELF file in a package's bzImage, whose payload is zstd (Documentation/arch/x86/boot.rst: payload_offset). */
export function vmlinuxOfPackage(path: string): Buffer {
  const pick = 'dpkg-deb --fsys-tarfile "$0" | tar -xO --wildcards "*/vmlinuz*"';
  const image = execFileSync('bash', ['-c', pick, path], options);
  const start = ((image[0x1f1] ?? 0) + 1) * 512 + image.readUInt32LE(0x248);
  // The payload's last 4 bytes are its unpacked size.
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);
  return execFileSync('zstd', ['-dc'], { ...options, input: payload });
}

/** The contents of that file's section `.BTF`. */
export async function btfOfPackage(path: string): Promise<Uint8Array> {
  const elf = await openElf(bytesSource(vmlinuxOfPackage(path)));
  const section = elf.find('.BTF');
  if (!section) throw new Error(`${path}: no .BTF`);
  return elf.read(section);
}
