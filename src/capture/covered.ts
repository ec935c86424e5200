import { COMPONENTS } from '../components/index.ts';

/** Every name that some era of some component speaks of. */
export const COVERED: ReadonlySet<string> = new Set<string>(
  COMPONENTS.flatMap(({ eras }) =>
    eras.flatMap(({ structs, constants, marker, fdt }) => [
      ...Object.keys(structs),
      ...Object.keys(constants),
      ...[marker.macro, marker.nameMacro].flatMap((macro) => macro ?? []),
      ...fdt
        .flatMap((node) => [node, ...node.properties])
        .flatMap((named) => ('macro' in named ? [named.macro] : [])),
    ]),
  ),
);
