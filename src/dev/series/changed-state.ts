import { sortKeys } from '../../model/canonical.ts';
import type { ComponentState, ConstantState, StructState } from '../../model/component-state.ts';
import type { Marker } from '../../model/marker.ts';
import { forTarget, TARGETS } from '../../model/target.ts';
import { computeLayouts, declareLayout, declareRecorded } from './declarations.ts';
import type { Part } from './plan.ts';
import type { RecordedEntry } from './record.ts';
import { constantsOf } from './record.ts';
import type { Source } from './structs.ts';
import { preambleOf, structsOf } from './structs.ts';

/** A part that changes what the base says of a component: its marker and the structs that are recorded. */
export function changedBase(part: Part, source: Source): ComponentState {
  const { base, entry } = source;
  const state = base.components[part.component];
  if (!state?.marker) throw new Error(`${base.release}: ${part.component} is not there to be changed`);
  const recorded = structsOf(source, {
    wanted: (name) => !part.isSame && (name in state.structs || part.adds?.includes(name) === true),
    placementOf: (name) => state.structs[name]?.placement ?? 'embedded',
  });
  const { places: _places, code: _code, era: _era, ...kept } = state;
  const structs = { ...state.structs, ...recorded.structs, ...inferredStructs(part, source, state) };
  const lengths = 'luo_ser' in (part.inferred ?? {}) ? {} : state.constants;
  return {
    ...kept,
    marker: changedMarker(part, state.marker),
    structs: sortKeys(structs),
    constants: { ...lengths, ...flagsOf(part, entry) },
    code: [],
    places: {},
  };
}

/** Feature bits belong to the component whose prefix they have. */
function flagsOf({ component }: Part, entry: RecordedEntry): Record<string, ConstantState> {
  const prefix = `${component.toUpperCase()}_`;
  const flags = [...constantsOf(entry)].filter(
    ([name, value]) => typeof value === 'number' && name.includes('_FEATURE_') && name.startsWith(prefix),
  );
  return Object.fromEntries(
    flags.map(([name, value]): [string, ConstantState] => [name, { role: 'flag', value: { all: value } }]),
  );
}

function changedMarker({ kind, name, writes, guardedBy }: Part, marker: Marker): Marker {
  const isChanged = kind !== undefined || writes !== undefined;
  if (!isChanged) return marker;
  const { length: _length, macro, carrier, dispatcher } = marker;
  return {
    kind: kind ?? marker.kind,
    ...(name !== undefined && { name }),
    ...(writes !== undefined && { writes }),
    accepts: writes === undefined ? [] : [{ value: writes }],
    ...(macro !== undefined && guardedBy === undefined && { macro }),
    ...(guardedBy !== undefined && { guardedBy }),
    carrier,
    ...(dispatcher !== undefined && { dispatcher }),
  };
}

/** Structs that follow from an entry without standing in it. */
function inferredStructs(
  { inferred = {}, headed = {} }: Part,
  { base, entry }: Source,
  state: ComponentState,
): Record<string, StructState> {
  const headedTexts = Object.entries(headed).map(([name, head]): [string, string] => {
    const layout = state.structs[name] && forTarget(state.structs[name].layout, TARGETS[0]);
    if (!layout) throw new Error(`${base.release}: ${name} is not there to be headed`);
    return [name, declareLayout(name, layout).replace('{', `{\nstruct ${head} hdr;`)];
  });
  const texts = new Map([...Object.entries(inferred), ...headedTexts]);
  if (texts.size === 0) return {};
  const recorded = entry.structs.flatMap((struct) =>
    texts.has(struct.name) ? [] : (declareRecorded(struct.name, struct) ?? []),
  );
  const layouts = computeLayouts([preambleOf(base, entry), ...recorded, ...texts.values()].join('\n'), [
    ...texts.keys(),
  ]);
  return Object.fromEntries(
    [...layouts].map(([name, layout]): [string, StructState] => [
      name,
      { placement: state.structs[name]?.placement ?? 'blob', layout, inferred: true },
    ]),
  );
}
