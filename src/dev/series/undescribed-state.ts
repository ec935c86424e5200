import { sortKeys } from '../../model/canonical.ts';
import type { ComponentState, ConstantState } from '../../model/component-state.ts';
import type { Part, Undescribed } from './plan.ts';
import { constantsOf } from './record.ts';
import type { Source } from './structs.ts';
import { structsOf } from './structs.ts';

/** A component that luo-abi does not describe, under the mark of those that are inferred, with the note that each of these has. */
export function undescribedState(
  { component, writes, name }: Part,
  facts: Undescribed,
  source: Source,
): ComponentState {
  const { needs, marker, reader, boot, fdt = [], placements = {}, withoutStructs } = facts;
  const { structs, unchecked } = structsOf(source, {
    wanted: () => !withoutStructs,
    placementOf: (struct) => placements[struct] ?? 'element',
  });
  const { entry } = source;
  return {
    available: 'buildable',
    era: 'inferred',
    options: [],
    ...(boot !== undefined && { boot }),
    needs: [...needs],
    marker: {
      ...marker,
      ...(name !== undefined && { name }),
      ...(writes !== undefined && { writes }),
      accepts: writes === undefined ? [] : [{ value: writes }],
    },
    structs,
    constants: constantsIn(facts, source),
    fdt: [...fdt],
    checks: [],
    reader,
    code: [],
    unchecked,
    isInferred: true,
    doubts: [
      {
        code: 'uncovered-declaration',
        subject: component,
        message: `${component} is transcribed from ${entry.path}: no component describes it`,
        reading: 'inferred',
        condition: 'what is inferred of it is all that is handed over',
      },
    ],
    places: {},
  };
}

/** Recorded constants by the roles that their names have in the field, and those that are known in words. */
function constantsIn({ marker, says = {} }: Undescribed, { entry }: Source): Record<string, ConstantState> {
  const recorded = [...constantsOf(entry)].flatMap(([name, value]): [string, ConstantState][] => {
    if (name === marker.macro) return [];
    const role = typeof value === 'string' ? 'gate' : roleOf(name);
    return [[name, { role, value: { all: value } }]];
  });
  const words = Object.entries(says).map(([name, value]): [string, ConstantState] => [
    name,
    { role: 'shape', value: { all: value } },
  ]);
  return sortKeys(Object.fromEntries([...recorded, ...words]));
}

function roleOf(name: string): ConstantState['role'] {
  if (/LEN(?:GTH)?(?:_|$)/.test(name)) return 'length';
  return /MAGIC|VERSION|WI?DTH/.test(name) ? 'shape' : 'flag';
}
