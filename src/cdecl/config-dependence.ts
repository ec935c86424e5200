import { ToolError } from '../errors.ts';
import type { Where } from '../model/layout.ts';
import type { FileView } from './file-view.ts';
import { whereOf } from './place.ts';
import type { Unit } from './unit.ts';

/** A configuration option that decides what a file says. */
export interface ConfigDependence {
  option: string;
  /** The first conditional that tests it. */
  where: Where;
  /** The names of the structs, constants and functions that would differ, sorted. */
  affects: string[];
}

export interface DependenceQuery {
  readonly unit: Unit;
  readonly views: readonly FileView[];
  /** `layout NAME`, `constant NAME`, `function NAME`. */
  readonly asked: readonly string[];
  isOpen(option: string): boolean;
  reopen(option: string): Unit;
}

/** Compares the world in which no option is set with those in which one of them is. */
export function findDependences(query: DependenceQuery): ConfigDependence[] {
  const whereByOption = new Map<string, Where>();
  for (const view of query.views) {
    for (const [option, line] of view.testedOptions) {
      if (!whereByOption.has(option) && query.isOpen(option)) whereByOption.set(option, whereOf(view, line));
    }
  }
  const dependences: ConfigDependence[] = [];
  for (const [option, where] of [...whereByOption].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const affects = affectedBy(query, option);
    if (affects.length > 0) dependences.push({ option, where, affects });
  }
  return dependences;
}

function affectedBy(query: DependenceQuery, option: string): string[] {
  const other = query.reopen(option);
  const wanted = query.asked.length > 0 ? query.asked : [...factsOf(query.unit), ...factsOf(other)];
  const affected = new Set<string>();
  for (const fact of wanted) {
    if (answer(query.unit, fact) !== answer(other, fact)) affected.add(fact.slice(fact.indexOf(' ') + 1));
  }
  return [...affected].sort();
}

function factsOf(unit: Unit): string[] {
  return [
    ...unit.declaredStructs().map(({ kind, name }) => `layout ${kind} ${name}`),
    ...unit
      .declaredMacros()
      .filter((macro) => !macro.functionLike)
      .map(({ name }) => `constant ${name}`),
    ...unit.declaredEnumerators().map(({ name }) => `constant ${name}`),
  ];
}

/** A fact as a text that is equal where the fact is; places do not count. */
function answer(unit: Unit, fact: string): string {
  const name = fact.slice(fact.indexOf(' ') + 1);
  try {
    if (fact.startsWith('function')) return unit.fingerprint(name)?.sha256 ?? '-';
    if (fact.startsWith('constant')) return JSON.stringify(unit.constant(name)?.value ?? '-');
    return JSON.stringify(unit.layout(name)?.layout ?? '-', (key, value: unknown) =>
      key === 'where' ? undefined : value,
    );
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
}
