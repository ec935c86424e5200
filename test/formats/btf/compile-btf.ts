import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why BTF cannot be made here; false where it can. */
export const skipCompile = ['gcc', 'pahole', 'objcopy'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
)
  ? false
  : 'gcc, pahole and objcopy are needed to make BTF';

/** Compiles C and gives the BTF of all types in it, also of those that nothing uses. */
export function compileBtf(text: string, flags: readonly string[] = []): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-btf-'));
  const [source, object, raw] = ['x.c', 'x.o', 'x.btf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    writeFileSync(source, text);
    const dialect = ['-std=gnu11', '-funsigned-char', '-w', '-fno-eliminate-unused-debug-types'];
    run('gcc', ['-g', '-gdwarf-4', '-c', ...dialect, ...flags, '-o', object, source]);
    run('pahole', ['-J', object]);
    run('objcopy', ['--dump-section', `.BTF=${raw}`, object]);
    return readFileSync(raw);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${status}: ${stderr.slice(0, 2000)}`);
}
