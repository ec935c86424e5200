import { factsOf } from '../verdict/kernel.ts';
import type { AuditState } from './audit.ts';

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

const MESSAGE = /^(.*) would differ with (\w+); captured without it$/;

/** What a state's document says of its configuration. */
function dependencesOf({ document }: AuditState): ConfigDependence[] {
  return document.findings.flatMap(({ code, component, message, where }) => {
    if (code !== 'config-dependent' || component === undefined) return [];
    const [, names = '', option = ''] = MESSAGE.exec(message) ?? [];
    return [{ component, option, names: names.split(', '), where: where ?? null }];
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
