import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Target } from '../../src/model/target.ts';
import type { PlannedStruct } from '../../src/shim/plan.ts';
import type { LayoutPairs } from './catalog-pairs.ts';
import { decidedShim, kernelNamed, layoutPairs } from './catalog-pairs.ts';
import { compareBlobs, expectedError } from './compare-blobs.ts';
import { Random, randomBlob } from './random-blob.ts';

// The generated code against the program's own decoder, which knows nothing of it: random structs as the one kernel writes
// them, converted by the compiled code, read by the layouts of the other. Every pair of layouts that the documents hold.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-shim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SEED = Number(process.env.LUO_ABI_SEED ?? Date.now() % 1_000_000);
const BLOBS = 6;
const COMPILERS = [
  { name: 'gcc', target: 'x86_64' },
  { name: 'aarch64-linux-gnu-gcc', target: 'aarch64' },
] as const;

function hasCompiler(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

interface Built extends LayoutPairs {
  number: number;
  structs: readonly PlannedStruct[];
  converters: ReadonlyMap<PlannedStruct, string>;
}

function generate(pairs: readonly LayoutPairs[], target: Target, prefix: string): Built[] {
  return pairs.flatMap((pair, number): Built[] => {
    const { files, plan, names } = decidedShim(pair.component, pair.outgoing, pair.incoming, { target });
    // Where no struct has a counterpart there is no code.
    if (plan.structs.length === 0) return [];
    let unit = '';
    for (const [name, text] of files) {
      if (name.endsWith('_test.c'))
        unit = text.replace('int main(', `int main_${number}(int, char **);\nint main_${number}(`);
      // Headers of all pairs lie in one folder: their names get the number of the pair.
      else if (name.endsWith('.h'))
        writeFileSync(join(folder, `${prefix}${number}_${name}`), including(text, prefix, number));
    }
    writeFileSync(join(folder, `${prefix}${number}.c`), including(unit, prefix, number));
    const converters = new Map(plan.structs.map((struct) => [struct, names.converter(struct)]));
    return [{ ...pair, number, structs: plan.structs, converters }];
  });
}

function including(text: string, prefix: string, number: number): string {
  return text.replaceAll(/#include "(\w+\.h)"/g, `#include "${prefix}${number}_$1"`);
}

function compile(compiler: string, args: readonly string[]): void {
  const flags = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', ...args];
  const { status, stderr } = spawnSync(compiler, flags, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${compiler} ${args.join(' ')}: ${stderr.slice(0, 2000)}`);
}

/** One program that holds the programs of all pairs. */
function link(built: readonly Built[], prefix: string): string {
  const numbers = built.map(({ number }) => number);
  const source = [
    '#include <stdlib.h>',
    ...numbers.map((number) => `int main_${number}(int, char **);`),
    'static int (*const mains[])(int, char **) = {',
    ...numbers.map((number) => `main_${number},`),
    '};',
    'int main(int argc, char **argv) { return mains[atoi(argv[1])](argc - 1, argv + 1); }',
  ];
  writeFileSync(join(folder, `${prefix}all.c`), source.join('\n'));
  const program = join(folder, `${prefix}all`);
  compile('gcc', ['-o', program, `${prefix}all.c`, ...numbers.map((number) => `${prefix}${number}.o`)]);
  return program;
}

function run(program: string, args: readonly string[], input?: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { ...(input && { input }) });
  assert.equal(status, 0, `${args.join(' ')}: ${stdout.subarray(0, 400)}${stderr}`);
  return stdout;
}

function proveAll(target: Target, pairs: readonly LayoutPairs[]): { structs: number; refused: number } {
  const prefix = `${target.replace(/\W/g, '_')}_`;
  const built = generate(pairs, target, prefix);
  for (const { number } of built) compile('gcc', ['-c', `${prefix}${number}.c`]);
  const program = link(built, prefix);
  const counts = { structs: 0, refused: 0 };
  for (const pair of built) {
    run(program, [String(pair.number), String(SEED)]);
    for (const struct of pair.structs) {
      const refused = proveStruct(program, pair, struct, target);
      counts.structs += 1;
      counts.refused += refused;
    }
  }
  return counts;
}

function proveStruct(program: string, pair: Built, struct: PlannedStruct, target: Target): number {
  const name = pair.converters.get(struct) as string;
  const words = `seed ${SEED}: ${pair.component} ${pair.outgoing.release} -> ${pair.incoming.release}: ${name}`;
  const random = new Random(SEED + pair.number);
  const sides = { outgoing: pair.outgoing, incoming: pair.incoming, target };
  const blobs = Array.from({ length: BLOBS }, (_, at) =>
    randomBlob({ ...sides, struct, random, isFitting: at % 2 === 0 }),
  );
  const out = run(program, [String(pair.number), name], Buffer.concat(blobs));
  const stride = 4 + struct.read.size;
  assert.equal(out.length, blobs.length * stride, words);
  let refused = 0;
  for (const [at, blob] of blobs.entries()) {
    const error = out.readInt32LE(at * stride);
    const expected = expectedError({ ...sides, struct, blob });
    assert.equal(error, expected, `${words}: ${blob.toString('hex')}`);
    refused += error === 0 ? 0 : 1;
    const read = out.subarray(at * stride + 4, (at + 1) * stride);
    if (error === 0) compareBlobs({ ...sides, component: pair.component, struct, blob, read, words });
  }
  return refused;
}

test('converted by the generated code, every layout of every component reads as it was written', (t) => {
  if (!hasCompiler('gcc')) return t.skip('gcc is not here');
  const pairs = layoutPairs('x86_64-4k');
  assert.ok(pairs.length > 400, String(pairs.length));
  const { structs, refused } = proveAll('x86_64-4k', pairs);
  t.diagnostic(
    `seed ${SEED}: ${pairs.length} pairs, ${structs} structs, ${refused} refused for a value that does not fit`,
  );
  assert.ok(refused > 0);
});

test('on pages of 16 KiB as well', (t) => {
  if (!hasCompiler('gcc')) return t.skip('gcc is not here');
  const kho = layoutPairs('arm64-16k').filter(({ component }) => component === 'kho');
  assert.ok(kho.length > 0);
  proveAll('arm64-16k', kho);
});

test('the generated code compiles for aarch64', (t) => {
  const [, aarch64] = COMPILERS;
  if (!hasCompiler(aarch64.name)) return t.skip(`${aarch64.name} is not here`);
  const pairs = layoutPairs('arm64-4k');
  for (const { number } of generate(pairs, 'arm64-4k', 'aarch64_')) {
    compile(aarch64.name, ['-S', '-o', '/dev/null', `aarch64_${number}.c`]);
  }
});

test('the decoder agrees with the kernel that wrote: a struct read by its own layout is what was drawn', () => {
  const outgoing = kernelNamed('7.3.4');
  const random = new Random(SEED);
  const { plan } = decidedShim('memfd', kernelNamed('7.0'), outgoing);
  for (const struct of plan.structs) {
    const sides = { outgoing: kernelNamed('7.0'), incoming: outgoing, target: 'x86_64-4k' as const };
    const blob = randomBlob({ ...sides, struct, random, isFitting: true });
    assert.equal(blob.length, struct.written.size);
    assert.equal(expectedError({ ...sides, struct, blob }), 0);
  }
});
