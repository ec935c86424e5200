import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type CTree, initParser, kernelIncludeDirs, openUnit, type Unit } from '../../src/cdecl/index.ts';
import { ToolError } from '../../src/errors.ts';
import type { Layout, Member } from '../../src/model/layout.ts';
import { stubTexts } from './kernel-stubs.ts';

const KERNELS = process.env.LUO_ABI_KERNELS;
const skip = KERNELS === undefined ? 'LUO_ABI_KERNELS names no folder with headers/*.deb' : false;

before(initParser);

interface Outcome {
  readonly equal: string[];
  readonly refused: string[];
  readonly untested: string[];
  readonly wrong: string[];
}

/** The newest package with the headers that all architectures share, unpacked. */
function unpackHeaders(kernels: string): string {
  const folder = join(kernels, 'headers');
  const packages = readdirSync(folder)
    .filter((name) => /^linux-headers-.*-common_.*\.deb$/.test(name))
    .sort();
  const unpacked = mkdtempSync(join(tmpdir(), 'luo-abi-headers-'));
  execFileSync('dpkg-deb', ['-x', join(folder, packages.at(-1)!), unpacked]);
  const source = join(unpacked, 'usr', 'src');
  return join(source, readdirSync(source)[0]!);
}

function writeStubs(top: string): string {
  const folder = join(top, 'luo-abi-stubs');
  for (const [path, text] of stubTexts()) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'asm'), { recursive: true });
  for (const name of readdirSync(join(top, 'include/uapi/asm-generic'))) {
    const isOwn = existsSync(join(top, 'arch/x86/include/uapi/asm', name));
    if (!isOwn && !existsSync(join(folder, 'asm', name)))
      writeFileSync(join(folder, 'asm', name), `#include <asm-generic/${name}>\n`);
  }
  return folder;
}

/** One line of C a fact: `T name size`, `A type path offset size`, `B type path offset bits`. */
function probesOf(type: string, layout: Layout): string[] {
  const lines = [
    `if (sizeof(${type}) != ${layout.size} || _Alignof(${type}) != ${layout.align}) BAD("${type}");`,
  ];
  const walk = (members: readonly Member[], path: string, base: number) => {
    for (const { name, bitOffset, bitSize, encoding, members: inner } of members) {
      const at = base + bitOffset;
      const full = `${path}${name}`;
      if (/:\d+$/.test(encoding)) lines.push(`BITS(${type}, ${full}, ${at}, ${bitSize});`);
      else {
        const isFlexible = encoding.includes('[]');
        const size = isFlexible ? '0' : `sizeof(((${type} *)0)->${full}) * 8`;
        lines.push(
          `if (__builtin_offsetof(${type}, ${full}) * 8 != ${at} || ${size} != ${bitSize}) BAD("${type} ${full}");`,
        );
      }
      if (inner && !encoding.includes('[')) walk(inner, `${full}.`, at);
    }
  };
  walk(layout.members, '', 0);
  return lines;
}

const PROBE_HEAD = `
int printf(const char *, ...);
#define BAD(what) printf("%s\\n", what)
#define BITS(T, p, first, count) do { static union { T s; unsigned char b[sizeof(T)]; } u; unsigned long n = 0, f = 0; u.s.p = -1; \\
	for (unsigned long bit = 0; bit < sizeof(T) * 8; bit++) if (u.b[bit / 8] >> (bit % 8) & 1 && !n++) f = bit; \\
	if (n != (count) || f != (first)) BAD(#T " " #p); } while (0)
`;

/** What gcc finds wrong with our numbers; undefined where it cannot compile the header at all. */
function askGcc(
  folder: string,
  flags: readonly string[],
  header: string,
  probes: readonly string[],
): string[] | undefined {
  const file = join(folder, 'probe.c');
  writeFileSync(
    file,
    `#include <${header}>\n${PROBE_HEAD}int main(void)\n{\n${probes.join('\n')}\nreturn 0;\n}\n`,
  );
  try {
    execFileSync(
      'gcc',
      ['-w', '-O0', '-std=gnu11', '-funsigned-char', ...flags, '-o', join(folder, 'probe'), file],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  } catch {
    return undefined;
  }
  return execFileSync(join(folder, 'probe'), { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

interface Check {
  readonly tree: CTree;
  readonly top: string;
  readonly stubs: string;
  /** Path in the tree and name for `#include <...>`. */
  readonly header: readonly [string, string];
  readonly flags: readonly string[];
}

function checkHeader(check: Check, outcome: Outcome): void {
  const [path, name] = check.header;
  const unit = openUnit(
    { tree: check.tree, target: 'x86_64-4k', includeDirs: kernelIncludeDirs('x86_64-4k') },
    path,
  );
  const probesByType = new Map<string, string[]>();
  for (const { kind, name: tag } of unit.declaredStructs())
    collectProbes(unit, `${kind} ${tag}`, tag, probesByType, outcome);
  const all = [...probesByType.values()].flat();
  const wrong = all.length === 0 ? [] : askGcc(check.stubs, check.flags, name, all);
  if (wrong) {
    for (const type of probesByType.keys())
      (wrong.some((line) => line === type || line.startsWith(`${type} `))
        ? outcome.wrong
        : outcome.equal
      ).push(`${name}: ${type}`);
    return;
  }
  for (const [type, probes] of probesByType) {
    const alone = askGcc(check.stubs, check.flags, name, probes);
    if (!alone) outcome.untested.push(`${name}: ${type}`);
    else (alone.length > 0 ? outcome.wrong : outcome.equal).push(`${name}: ${type}`);
  }
}

function collectProbes(
  unit: Unit,
  tagged: string,
  bare: string,
  into: Map<string, string[]>,
  outcome: Outcome,
): void {
  try {
    const fact = unit.layout(tagged);
    if (fact) into.set(tagged, probesOf(tagged, fact.layout));
    else {
      const byTypedef = unit.layout(bare);
      if (byTypedef) into.set(bare, probesOf(bare, byTypedef.layout));
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    outcome.refused.push(`${tagged}: ${error.code} ${error.message}`);
  }
}

function treeOf(top: string): CTree {
  return {
    read(path) {
      const file = join(top, path);
      return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
    },
  };
}

test('the structs of real headers are laid out as gcc does', { skip }, (context) => {
  const top = unpackHeaders(KERNELS!);
  const outcome: Outcome = { equal: [], refused: [], untested: [], wrong: [] };
  try {
    const stubs = writeStubs(top);
    const tree = treeOf(top);
    const user = [
      '-include',
      `${stubs}/luo-abi-attributes.h`,
      `-I${stubs}`,
      `-I${top}/include/uapi`,
      `-I${top}/arch/x86/include/uapi`,
    ];
    for (const name of readdirSync(join(top, 'include/uapi/linux'))
      .filter((entry) => entry.endsWith('.h'))
      .sort()) {
      checkHeader(
        { tree, top, stubs, header: [`include/uapi/linux/${name}`, `linux/${name}`], flags: user },
        outcome,
      );
    }
    const kernel = [`-I${stubs}/kernel`, `-I${stubs}`, `-I${top}/include`, '-D__KERNEL__'];
    const abi = readdirSync(join(top, 'include/linux/kho/abi')).sort();
    for (const name of abi)
      checkHeader(
        {
          tree,
          top,
          stubs,
          header: [`include/linux/kho/abi/${name}`, `linux/kho/abi/${name}`],
          flags: kernel,
        },
        outcome,
      );
  } finally {
    rmSync(join(top, '..', '..', '..'), { recursive: true });
  }
  const { equal, refused, untested, wrong } = outcome;
  context.diagnostic(
    `equal ${equal.length}, refused ${refused.length}, not compiled by gcc ${untested.length}, wrong ${wrong.length}`,
  );
  for (const line of refused) context.diagnostic(`refused ${line}`);
  for (const line of untested) context.diagnostic(`not compiled ${line}`);
  assert.deepEqual(wrong, []);
  assert.ok(equal.length >= 300, `only ${equal.length} structs were compared`);
  assert.ok(equal.some((line) => line.includes('kho_vmalloc_chunk')));
});
