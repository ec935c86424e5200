import { placeOfDoubt } from '../model/doubt.ts';
import { factsOf } from '../verdict/kernel.ts';
import type { AuditState } from './audit-state.ts';

/** Declarations of a component that differ between two builds of one kernel. */
export interface ConfigDependence {
  component: string;
  /** `CONFIG_DEMO` */
  option: string;
  /** Structs and constants, sorted as the capture has them. */
  names: readonly string[];
  /** `path:line` of the conditional. */
  where: string | null;
}

const MESSAGE = / would differ with (\w+); captured without it$/;

/** What a state's document says of its configuration, by component and option. */
function dependencesOf({ document }: AuditState): ConfigDependence[] {
  return Object.entries(document.components).flatMap(([component, { doubts = [], places }]) => {
    const byOption = new Map<string, ConfigDependence>();
    for (const doubt of doubts) {
      const [, option] = MESSAGE.exec(doubt.message) ?? [];
      if (doubt.code !== 'config-dependent' || option === undefined) continue;
      const known = byOption.get(option);
      const where = known?.where ?? places[placeOfDoubt(doubt)] ?? null;
      byOption.set(option, { component, option, names: [...(known?.names ?? []), doubt.subject], where });
    }
    return [...byOption.values()];
  });
}

/** Dependences that a change brings. Where a component was unknown before, none is known to be new. */
export function newDependences(before: AuditState, after: AuditState): ConfigDependence[] {
  const keyOf = ({ component, option }: ConfigDependence, name: string): string =>
    `${component} ${option} ${name}`;
  const known = new Set(dependencesOf(before).flatMap((own) => own.names.map((name) => keyOf(own, name))));
  return dependencesOf(after).flatMap((own) => {
    if (factsOf(before.kernel, own.component).available === 'unknown') return [];
    const names = own.names.filter((name) => !known.has(keyOf(own, name)));
    return names.length === 0 ? [] : [{ ...own, names }];
  });
}
