import { byCodeUnit, sortKeys } from '../../model/canonical.ts';
import type { ComponentDefinition, Era } from '../../model/component-definition.ts';
import type { ComponentState, ConstantState, FdtNode } from '../../model/component-state.ts';
import type { Marker } from '../../model/marker.ts';
import type { Part } from './plan.ts';
import type { RecordedEntry } from './record.ts';
import { constantsOf } from './record.ts';
import type { Source } from './structs.ts';
import { structsOf } from './structs.ts';

// A component as an era of the registry has it, with the marker, structs and constants of a recorded entry.

/** The state of a part whose era the plan names. */
export function freshState(
  part: Part,
  { definition, source }: { definition: ComponentDefinition; source: Source },
): ComponentState {
  const era = eraOf(definition, part.era as string);
  const { structs, unchecked } = structsOf(source, {
    wanted: (name) => name in era.structs,
    placementOf: (name) => era.structs[name]?.placement ?? 'element',
  });
  return {
    available: 'buildable',
    era: era.id,
    options: era.options.map((name) => ({ name })),
    ...(definition.boot !== undefined && { boot: definition.boot }),
    needs: [...(part.needs ?? era.needs)],
    marker: markerOf(part, era),
    structs,
    constants: constantStates(source.entry, era),
    fdt: nodesOf(source.entry, era),
    checks: era.checks.map((check) => ({ ...check })),
    reader: { ...era.reader },
    code: [],
    unchecked,
    places: {},
  };
}

/** An era of a component by its id. */
export function eraOf({ id, eras }: ComponentDefinition, name: string): Era {
  const era = eras.find((candidate) => candidate.id === name);
  if (!era) throw new Error(`${id}: no era ${name}`);
  return era;
}

/** The marker of an era with the value of a part. */
export function markerOf({ writes, name, kind }: Part, { marker }: Era): Marker {
  const { macro, carrier, dispatcher, guardedBy } = marker;
  return {
    kind: kind ?? marker.kind,
    ...(name !== undefined && { name }),
    ...(writes !== undefined && { writes }),
    accepts: writes === undefined ? [] : [{ value: writes }],
    ...(macro !== undefined && { macro }),
    ...(guardedBy !== undefined && { guardedBy }),
    carrier,
    ...(dispatcher !== undefined && { dispatcher }),
  };
}

/** The constants that an era knows and the entry records. */
export function constantStates(entry: RecordedEntry, era: Era): Record<string, ConstantState> {
  const values = constantsOf(entry);
  const states = Object.entries(era.constants).flatMap(([name, { role }]): [string, ConstantState][] => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, { role, value: { all: value } }]];
  });
  return sortKeys(Object.fromEntries(states));
}

/** The macros of names in trees that the record spells out; anything else keeps the macro's place empty. */
const TREE_NAMES: Readonly<Record<string, string>> = {
  LUO_FDT_FLB_HEADER: 'luo-flb-header',
  LUO_FDT_FLB_NODE_NAME: 'luo-flb',
  PCI_SUBSYSTEM_NAME: 'pci',
};

function nodesOf(entry: RecordedEntry, era: Era): FdtNode[] {
  const nameOf = (name: { name: string } | { macro: string; prefix?: string }): string => {
    if ('name' in name) return name.name;
    const known = TREE_NAMES[name.macro];
    if (known === undefined) throw new Error(`${entry.version}: ${name.macro} is not recorded`);
    return `${name.prefix ?? ''}${known}`;
  };
  const nodes = era.fdt.map(
    (node): FdtNode => ({
      path: nameOf(node),
      ...(node.onMissing !== undefined && { onMissing: node.onMissing }),
      ...(node.missingMessage !== undefined && { missingMessage: node.missingMessage }),
      properties: node.properties.map((property) => ({
        name: nameOf(property),
        type: property.type,
        ...(property.onMissing !== undefined && { onMissing: property.onMissing }),
        ...(property.exactLength !== undefined && { exactLength: property.exactLength }),
        ...('macro' in property && { macro: property.macro }),
      })),
    }),
  );
  return nodes.sort((a, b) => byCodeUnit(a.path, b.path));
}
