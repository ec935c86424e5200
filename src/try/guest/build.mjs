// Builds the guest program with the C compilers that are there. With --check it says whether what is built is of these
// sources: their digest is put into the program, since compilers differ in the bytes that they make.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILERS = { x86_64: ['x86_64-linux-gnu-gcc', 'gcc'], aarch64: ['aarch64-linux-gnu-gcc', 'gcc'] };
const FLAGS = [
  ...['-std=gnu11', '-Os', '-static', '-nostdlib', '-ffreestanding', '-fno-pic', '-no-pie', '-s'],
  ...['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-Wall', '-Wextra', '-Werror'],
  '-Wl,--build-id=none,-z,noseparate-code,-z,norelro,-z,noexecstack',
];

const folder = dirname(fileURLToPath(import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => /\.[ch]$/.test(name))
  .sort();
const digest = createHash('sha256');
for (const name of sources) digest.update(`${name}\n`).update(readFileSync(join(folder, name)));
const mark = `luo-abi guest ${digest.digest('hex').slice(0, 16)}`;
const isCheck = process.argv.includes('--check');
const isForced = process.argv.includes('--force');

for (const machine of Object.keys(COMPILERS)) {
  const path = join(folder, `init-${machine}`);
  if (isOfSources(path) && !isForced) continue;
  if (isCheck) fail(`${path} is not of the sources beside it: npm run guest`);
  const compiler = COMPILERS[machine].find((name) => machineOf(name) === machine);
  if (compiler === undefined) {
    console.error(`no compiler for ${machine}; tried ${COMPILERS[machine].join(', ')}`);
    continue;
  }
  const options = [...FLAGS, `-DGUEST_MARK="${mark}"`, '-o', path, join(folder, 'main.c')];
  const { status, error } = spawnSync(compiler, options, { stdio: 'inherit' });
  if (error || status !== 0) fail(`${compiler} could not build ${path}`);
  console.log(`${path}: ${readFileSync(path).length} bytes`);
}

function isOfSources(path) {
  try {
    return readFileSync(path).includes(mark);
  } catch {
    return false;
  }
}

function machineOf(compiler) {
  const { stdout } = spawnSync(compiler, ['-dumpmachine'], { encoding: 'utf8' });
  return stdout?.split('-')[0];
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
