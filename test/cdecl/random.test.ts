import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { type CTree, initParser, kernelIncludeDirs, openUnit, type Unit } from '../../src/cdecl/index.ts';
import { ToolError } from '../../src/errors.ts';
import type { Member } from '../../src/model/layout.ts';
import { PAGE_SHIFT, type Target } from '../../src/model/target.ts';
import { casesOf } from '../support/extent.ts';
import { askGcc } from './gcc-oracle.ts';
import { type RandomHeader, randomHeader } from './random-header.ts';

const SEED = Number(process.env.LUO_ABI_SEED ?? 20260928);
const HEADERS = casesOf(200);
const BATCH = 100;

before(initParser);

/** Dotted paths to `first bit, bits`, members of anonymous types included. */
function flatten(
  members: readonly Member[],
  path: string,
  base: number,
  into: Map<string, string>,
): Map<string, string> {
  for (const member of members) {
    into.set(`${path}${member.name}`, `${base + member.bitOffset} ${member.bitSize}`);
    flatten(member.members ?? [], `${path}${member.name}.`, base + member.bitOffset, into);
  }
  return into;
}

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}

function ourFacts(header: RandomHeader, unit: Unit): Map<string, string> {
  const facts = new Map<string, string>();
  for (const { type } of header.structs) {
    const fact = attempt(() => unit.layout(type));
    if (fact === undefined || typeof fact === 'string') {
      facts.set(`size ${type}`, fact ?? 'missing');
      continue;
    }
    facts.set(`size ${type}`, String(fact.layout.size));
    facts.set(`align ${type}`, String(fact.layout.align));
    for (const [path, place] of flatten(fact.layout.members, '', 0, new Map()))
      facts.set(`at ${type} ${path}`, place);
  }
  for (const name of header.constants) {
    const fact = attempt(() => unit.constant(name));
    facts.set(`value ${name}`, typeof fact === 'string' ? fact : String(fact?.value));
  }
  return facts;
}

function differences(headers: readonly RandomHeader[], target: Target): string[] {
  const expected = askGcc(headers, PAGE_SHIFT[target]);
  const texts = new Map(headers.map((header) => [header.path, header.text]));
  const tree: CTree = { read: (path) => texts.get(path) };
  const found = new Map<string, string>();
  for (const header of headers) {
    const unit = openUnit({ tree, target, includeDirs: kernelIncludeDirs(target) }, header.path);
    for (const [fact, value] of ourFacts(header, unit)) found.set(fact, value);
  }
  const wrong: string[] = [];
  for (const [fact, value] of expected)
    if (found.get(fact) !== value) wrong.push(`${fact}: gcc ${value}, luo-abi ${found.get(fact)}`);
  return wrong;
}

for (const target of ['x86_64-4k', 'arm64-16k', 'arm64-64k'] as const) {
  test(`${HEADERS} random headers are laid out as gcc does, ${target}, seed ${SEED}`, () => {
    const seeds = fc.sample(fc.nat(), { seed: SEED, numRuns: HEADERS });
    const headers = seeds
      .map((seed, number) => randomHeader(seed, number))
      .filter((header) => target.startsWith('x86') || !header.hasUnnamedBitFields);
    for (let from = 0; from < headers.length; from += BATCH) {
      assert.deepEqual(differences(headers.slice(from, from + BATCH), target), []);
    }
  });
}
