import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ShimDecision } from '../../src/model/shim.ts';
import type { Target } from '../../src/model/target.ts';
import type { PlannedStruct } from '../../src/shim/plan.ts';
import { IS_WHOLE } from '../support/extent.ts';
import type { LayoutPairs } from './catalog-pairs.ts';
import { decidedShim, kernelNamed, layoutPairs, shimOf } from './catalog-pairs.ts';
import { compareBlobs, expectedError } from './compare-blobs.ts';
import { Random, randomBlob } from './random-blob.ts';

// The generated code against the program's own decoder, which knows nothing of it: random structs as the one kernel writes
// them, converted by the compiled code, read by the layouts of the other. Every pair of layouts that the documents hold.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-shim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SEED = Number(process.env.LUO_ABI_SEED ?? Date.now() % 1_000_000);
/** Where tables are run in part: pairs that the seed draws beside those that are named. */
const DRAWN = 2;
const NAMED = [
  ['pci', '7.1.13+pci-liveupdate-v3', '7.1.13+pci-liveupdate-v4'],
  ['pci', '7.2.12+pci-liveupdate-v7', '7.3.4+pci-liveupdate-v9'],
  ['vfio-pci', '6.19.11+vfio-pci-v1', '7.1.13+vfio-pci-v3'],
  ['memfd', '7.0', '7.3.4'],
  ['luo', '7.1.13', '7.3.4'],
  ['luo-session', '7.1.13', '7.3.4'],
  ['luo-flb', '7.1.13', '7.3.4'],
  ['kho', '7.1.13', '7.3.4'],
] as const;
const BLOBS = 6;
const COMPILERS = [
  { name: 'gcc', target: 'x86_64' },
  { name: 'aarch64-linux-gnu-gcc', target: 'aarch64' },
] as const;

function hasCompiler(name: string): boolean {
  return spawnSync(name, ['--version']).status === 0;
}

/** Every pair, or the named ones and some of the others. */
function chosen(pairs: readonly LayoutPairs[]): LayoutPairs[] {
  if (IS_WHOLE) return [...pairs];
  const random = new Random(SEED);
  const drawn = Array.from({ length: DRAWN }, () => pairs[random.below(pairs.length)] as LayoutPairs);
  const named = NAMED.map(([component, outgoing, incoming]) => ({
    component,
    outgoing: kernelNamed(outgoing),
    incoming: kernelNamed(incoming),
  }));
  return [...named, ...drawn];
}

interface Built extends LayoutPairs {
  number: number;
  structs: readonly PlannedStruct[];
  converters: ReadonlyMap<PlannedStruct, string>;
}

function generate(pairs: readonly LayoutPairs[], target: Target, prefix: string): Built[] {
  return pairs.flatMap((pair, number): Built[] => {
    const { files, output, plan, names } = decidedShim(pair.component, pair.outgoing, pair.incoming, {
      target,
    });
    if (!output.isNeeded) proveEqual({ ...pair, structs: plan.structs, target });
    // Where no struct has a counterpart there is no code.
    if (!output.isNeeded || plan.structs.length === 0) return [];
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

/** Where no shim is said to be needed, each kernel reads the very bytes as the other. */
function proveEqual({
  component,
  outgoing,
  incoming,
  structs,
  target,
}: LayoutPairs & {
  structs: readonly PlannedStruct[];
  target: Target;
}): void {
  const random = new Random(SEED);
  for (const struct of structs) {
    const words = `seed ${SEED}: ${component} ${outgoing.release} -> ${incoming.release}: ${struct.incoming}`;
    assert.equal(struct.read.size, struct.written.size, words);
    const sides = { outgoing, incoming, target };
    const blob = randomBlob({ ...sides, struct, random, isFitting: false });
    compareBlobs({ ...sides, component, struct, blob, read: blob, words });
  }
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
    ...numbers.map((number) => `[${number}] = main_${number},`),
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
  const proven = chosen(pairs);
  const { structs, refused } = proveAll('x86_64-4k', proven);
  t.diagnostic(
    `seed ${SEED}: ${proven.length} of ${pairs.length} pairs, ${structs} structs, ${refused} refused for a value that does not fit`,
  );
  // A few pairs may have none.
  assert.ok(refused > 0 || !IS_WHOLE);
});

test('on pages of 16 KiB as well', (t) => {
  if (!hasCompiler('gcc')) return t.skip('gcc is not here');
  const kho = layoutPairs('arm64-16k').filter(({ component }) => component === 'kho');
  assert.ok(kho.length > 0);
  const random = new Random(SEED);
  proveAll('arm64-16k', IS_WHOLE ? kho : [kho[random.below(kho.length)] as LayoutPairs]);
});

test('the generated code compiles for aarch64', (t) => {
  const [, aarch64] = COMPILERS;
  if (!hasCompiler(aarch64.name)) return t.skip(`${aarch64.name} is not here`);
  const pairs = chosen(layoutPairs('arm64-4k'));
  for (const { number } of generate(IS_WHOLE ? pairs : pairs.slice(0, 3), 'arm64-4k', 'aarch64_')) {
    compile(aarch64.name, ['-S', '-o', '/dev/null', `aarch64_${number}.c`]);
  }
});

test('what a decision refuses is refused where it is not zero, and only there', (t) => {
  if (!hasCompiler('gcc')) return t.skip('gcc is not here');
  const [outgoing, incoming] = [kernelNamed('7.3.4'), kernelNamed('7.0')];
  const forward = Object.fromEntries(
    (shimOf('memfd', outgoing, incoming).output.directions[0]?.questions ?? []).map(
      ({ subject, answers }) => [subject, answers.includes('copy') ? 'copy' : 'refuse'],
    ),
  ) as Record<string, ShimDecision>;
  assert.equal(forward['memfd_luo_ser.seals'], 'refuse');
  const { files, plan, names } = shimOf('memfd', outgoing, incoming, {
    decisions: { path: 'decisions', forward, back: {} },
  });
  const own = mkdtempSync(join(folder, 'refuse-'));
  for (const [name, text] of files) writeFileSync(join(own, name), text);
  const program = join(own, 'program');
  compile('gcc', [
    '-o',
    program,
    ...[...files.keys()].filter((name) => name.endsWith('_test.c')).map((name) => join(own, name)),
  ]);
  run(program, []);
  const struct = plan.structs.find((candidate) => candidate.outgoing === 'memfd_luo_ser');
  assert.ok(struct);
  const blob = Buffer.alloc(struct.written.size);
  const errorOf = (written: Buffer): number =>
    run(program, [names.converter(struct)], written).readInt32LE(0);
  assert.equal(errorOf(blob), 0);
  const seals = struct.written.members.find(({ name }) => name === 'seals');
  blob[(seals?.bitOffset ?? 0) / 8] = 1;
  assert.equal(errorOf(blob), -95);
});

test('the checks find a bit-field that a kernel has elsewhere, which no assert can', (t) => {
  if (!hasCompiler('gcc')) return t.skip('gcc is not here');
  const { files } = decidedShim('memfd', kernelNamed('7.0'), kernelNamed('7.3.4'));
  const own = mkdtempSync(join(folder, 'place-'));
  let source = '';
  for (const [name, text] of files) {
    const isProgram = name.endsWith('_test.c');
    if (isProgram) source = join(own, name);
    // The kernel's own struct, with one bit of the first field given to another.
    const moved = text.replace('u64 pfn:52;', 'u64 pfn:51;\n\tu64 other:1;');
    writeFileSync(join(own, name), name.endsWith('_incoming.h') ? moved : text);
  }
  const program = join(own, 'program');
  compile('gcc', ['-Wno-overflow', '-o', program, source]);
  const { status, stdout } = spawnSync(program, [], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stdout, /struct memfd_luo_folio_ser\.pfn lies elsewhere/);
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
