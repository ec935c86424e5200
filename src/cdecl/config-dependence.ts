import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import type { Where } from '../model/layout.ts';
import type { Declared } from './parse/declared.ts';

/** A configuration option that decides what a file says. */
export interface ConfigDependence {
  option: string;
  /** The first conditional that tests it. */
  where: Where;
  /** The names of the structs, constants and functions that would differ, sorted. */
  affects: string[];
  /** What it was supposed to be, where it has a number in every build. */
  supposed?: string;
  /** By name: a hash of what the fact is without and with the option; equal where both kernels have the same two. */
  readings: { [name: string]: string };
}

export interface DependenceQuery {
  /** Opens the file, with options that are set beside those that are always. */
  open(toggled?: ReadonlyMap<string, string>): Declared;
  /** `layout NAME`, `constant NAME`, `function NAME`; all that the file declares where there are none. */
  readonly facts: readonly string[];
  /** Options with the number that facts are drawn with, and another one. */
  readonly supposed?: readonly (readonly [string, readonly [string, string]])[];
}

/** Compares the world in which no option is set with those in which one of them is. */
export function findDependences({ open, facts, supposed = [] }: DependenceQuery): ConfigDependence[] {
  const unit = open();
  const own = facts.length > 0 ? facts : factsOf(unit);
  const answers = new Map(own.map((fact) => [fact, answerOf(unit, fact)]));
  const set = [...unit.openOptions()].map(([option, where]) => ({ option, where, value: 'y', first: {} }));
  const counted = supposed.map(([option, [first, value]]) => ({
    option,
    where: { file: unit.path, line: 1 },
    value,
    first: { supposed: first },
  }));
  const options = [...set, ...counted].sort((one, other) => (one.option < other.option ? -1 : 1));
  return options.flatMap(({ option, where, value, first }) => {
    const other = open(new Map([[option, value]]));
    const wanted = facts.length > 0 ? facts : [...new Set([...own, ...factsOf(other)])];
    const affected = wanted.filter((fact) =>
      isOther(fact, answers.get(fact) ?? answerOf(unit, fact), answerOf(other, fact)),
    );
    const affects = [...new Set(affected.map((fact) => fact.slice(fact.indexOf(' ') + 1)))].sort();
    if (affects.length === 0) return [];
    const readings = affects.map((name) => {
      const facts = affected.filter((fact) => fact.slice(fact.indexOf(' ') + 1) === name);
      return [name, hashOf(facts.map((fact) => [wireAnswer(unit, fact), wireAnswer(other, fact)]))];
    });
    return [{ option, where, affects, ...first, readings: Object.fromEntries(readings) }];
  });
}

/** Code that is not in the file with an option, or without it, has a stand-in here: what it does stands in another file. */
function isOther(fact: string, one: string, other: string): boolean {
  return one !== other && !(fact.startsWith('function') && [one, other].includes(ABSENT));
}

function factsOf(unit: Declared): string[] {
  return [
    ...unit.declaredStructs().map(({ kind, name }) => `layout ${kind} ${name}`),
    ...unit
      .declaredMacros()
      .filter((macro) => !macro.functionLike)
      .map(({ name }) => `constant ${name}`),
    ...unit.declaredEnumerators().map(({ name }) => `constant ${name}`),
  ];
}

const ABSENT = '-';

/** A fact as a text that is equal where the fact is; places do not count. */
export function answerOf(unit: Declared, fact: string): string {
  const name = fact.slice(fact.indexOf(' ') + 1);
  try {
    if (fact.startsWith('function')) return unit.codeText(name) ?? ABSENT;
    if (fact.startsWith('constant')) return JSON.stringify(unit.constant(name)?.value ?? ABSENT);
    return JSON.stringify(unit.layout(name)?.layout ?? ABSENT, (key, value: unknown) =>
      key === 'where' ? undefined : value,
    );
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}

/** As `answerOf`, without the names of members, which are not on the wire. */
function wireAnswer(unit: Declared, fact: string): string {
  const answer = answerOf(unit, fact);
  if (!fact.startsWith('layout') || !answer.startsWith('{')) return answer;
  return JSON.stringify(JSON.parse(answer), (key, value: unknown) =>
    key === 'name' || key === 'type' || key === 'align' ? undefined : value,
  );
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
