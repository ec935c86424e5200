import type { Unit } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import { TARGETS } from '../model/target.ts';
import { covered } from './covered.ts';
import { type Ground, handedCode, ownEnumerators, ownMacros, spokenUnits } from './infer-ground.ts';
import type { DeclarationReader } from './reader.ts';

// The numbers that a component means which nobody has described: flags, states, lengths. All of the header that holds its name
// and of those of the ABI are; of other files those that its code uses together with its data. The rest is written down
// beside them, for in another kernel the same number may stand where it counts.

/** The names of numbers. */
export interface InferredNumbers {
  data: readonly string[];
  /** Those that decide nothing unless another kernel has them among its data. */
  known: readonly string[];
  /** Other files that declare some of them. */
  files: readonly string[];
}

/** @param structs the component's data */
export function inferredNumbers(
  ground: Ground,
  structs: readonly string[],
  reader: DeclarationReader,
): InferredNumbers {
  const spoken = new Set(spokenUnits(ground));
  const units = [ground.unit, ...ground.beside];
  const own = units.filter((unit) => !spoken.has(unit));
  const used = handedCode(ground, reader).namesWith(new Set(structs));
  const data = new Set([...spoken].flatMap(numbersOf));
  const declared = new Set(own.flatMap(numbersOf));
  for (const name of declared) if (used.has(name)) data.add(name);
  const begins = beginnings(ground.id, structs, data);
  const elsewhere = numbersElsewhere(
    [...used].filter((name) => !declared.has(name) && !data.has(name)),
    ground,
    reader,
  );
  for (const [name] of elsewhere) if (begins(name)) data.add(name);
  const mentioned = wordsIn(
    ground.callers.map(({ file }) => file),
    reader,
  );
  const alike = new Set([...elsewhere].flatMap(([name, file]) => (begins(name) ? file : [])));
  const beside = unitsOf([...alike], reader)
    .flatMap(numbersOf)
    .filter(begins);
  const known = [...declared, ...elsewhere.keys(), ...beside].filter(
    (name) => !data.has(name) && (begins(name) || mentioned.has(name)),
  );
  return { data: [...data], known: [...new Set(known)], files: [...new Set(elsewhere.values())] };
}

/** Macros, enumerators and constant variables that are numbers. */
function numbersOf(unit: Unit): string[] {
  const variables = attempt(() => [...unit.code.variables.keys()]) ?? [];
  const named = [...ownMacros(unit), ...variables.filter((name) => !covered().has(name))];
  return [...named.filter((name) => isNumber(unit, name)), ...ownEnumerators(unit)];
}

function isNumber(unit: Unit, name: string): boolean {
  return ['number', 'bigint'].includes(typeof attempt(() => unit.constant(name)?.value));
}

/** Whether a name begins as the component, its structs or its numbers do. */
function beginnings(
  id: string,
  structs: readonly string[],
  data: ReadonlySet<string>,
): (name: string) => boolean {
  const first = (name: string): string => name.toLowerCase().replace(/[-_].*$/, '');
  const known = new Set([id, ...structs, ...data].map(first).filter((word) => !COMMON.test(word)));
  return (name) => known.has(first(name));
}

/** Words with which the names of anybody's numbers begin. */
const COMMON = /^(?:|bit|bits|def|default|max|min|nr|num|no|size)$/;

const IN_CAPITALS = /^(?!E[A-Z0-9]+$)[A-Z][A-Z0-9]*_[A-Z0-9_]*$/;

/** Where numbers are declared that its code has from other headers. */
function numbersElsewhere(
  names: readonly string[],
  { callers }: Ground,
  reader: DeclarationReader,
): Map<string, string> {
  const units = unitsOf(
    callers.map(({ file }) => file),
    reader,
  );
  const found = new Map<string, string>();
  for (const name of names) {
    if (!IN_CAPITALS.test(name) || covered().has(name)) continue;
    for (const unit of units) {
      const fact = attempt(() => unit.constant(name));
      if (typeof fact?.value === 'number' && fact.where.file.endsWith('.h')) found.set(name, fact.where.file);
    }
  }
  return found;
}

function unitsOf(files: readonly string[], reader: DeclarationReader): Unit[] {
  return files.flatMap((file) => attempt(() => reader.unit(file, TARGETS[0])) ?? []);
}

function wordsIn(files: readonly string[], reader: DeclarationReader): Set<string> {
  return new Set(files.flatMap((file) => (reader.text(file) ?? '').match(/\b[A-Za-z_]\w*\b/g) ?? []));
}
