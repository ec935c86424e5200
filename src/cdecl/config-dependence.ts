import { ToolError } from '../errors.ts';
import type { Where } from '../model/layout.ts';
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
  /** Opens the file, with options that are set beside those that are always. */
  open(toggled?: ReadonlyMap<string, string>): Unit;
  /** `layout NAME`, `constant NAME`, `function NAME`; all that the file declares where there are none. */
  readonly facts: readonly string[];
}

/** Compares the world in which no option is set with those in which one of them is. */
export function findDependences({ open, facts }: DependenceQuery): ConfigDependence[] {
  const unit = open();
  const own = facts.length > 0 ? facts : factsOf(unit);
  const answers = new Map(own.map((fact) => [fact, answerOf(unit, fact)]));
  const options = [...unit.openOptions()].sort(([one], [other]) => (one < other ? -1 : 1));
  return options.flatMap(([option, where]) => {
    const other = open(new Map([[option, 'y']]));
    const wanted = facts.length > 0 ? facts : [...new Set([...own, ...factsOf(other)])];
    const affected = wanted.filter(
      (fact) => answerOf(other, fact) !== (answers.get(fact) ?? answerOf(unit, fact)),
    );
    const affects = [...new Set(affected.map((fact) => fact.slice(fact.indexOf(' ') + 1)))].sort();
    return affects.length > 0 ? [{ option, where, affects }] : [];
  });
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
export function answerOf(unit: Unit, fact: string): string {
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
