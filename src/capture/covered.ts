import { drawn } from '../components/index.ts';
import type { ComponentDefinition } from '../model/component-definition.ts';

/** Every name that some era of some component speaks of. */
export const covered = drawn(
  (all): ReadonlySet<string> =>
    new Set(
      all.flatMap(({ eras }) =>
        eras.flatMap(({ structs, constants, marker, fdt }) => [
          ...Object.keys(structs),
          ...Object.keys(constants),
          ...[marker.macro, marker.nameMacro, marker.minimumMacro, marker.lengthConstant].flatMap(
            (macro) => macro ?? [],
          ),
          ...fdt
            .flatMap((node) => [node, ...node.properties])
            .flatMap((named) => ('macro' in named ? [named.macro] : [])),
        ]),
      ),
    ),
);

/** Those of them that a macro or an enumerator may have: all of the kernel's are in capitals, and fields of an image are not. */
export const coveredMacros = drawn(
  (): ReadonlySet<string> => new Set([...covered()].filter((name) => /^[A-Z][A-Z0-9_]*$/.test(name))),
);

/** The files that a component's definition names, in its order. */
export function filesOf({ anchor, eras }: Pick<ComponentDefinition, 'anchor' | 'eras'>): string[] {
  return [...new Set([...anchor.files, ...eras.flatMap(({ files }) => files)])];
}

/** Every file that some component's definition names. */
export const coveredFiles = drawn((all): ReadonlySet<string> => new Set(all.flatMap(filesOf)));
