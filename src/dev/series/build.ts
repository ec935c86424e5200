import type { ComponentDefinition, Era } from '../../components/define.ts';
import { COMPONENTS } from '../../components/index.ts';
import { byCodeUnit, sortKeys } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { ComponentState, ConstantState, FdtNode, StructState } from '../../model/component-state.ts';
import type { Layout } from '../../model/layout.ts';
import type { Marker } from '../../model/marker.ts';
import type { OverlayDocument } from '../../model/overlay.ts';
import { OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../../model/overlay.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { PerTarget } from '../../model/target.ts';
import { forTarget, TARGETS } from '../../model/target.ts';
import { computeLayouts, declareLayout, declareRecorded } from './declarations.ts';
import type { Part, Plan } from './plan.ts';
import type { RecordedEntry, RecordedStruct } from './record.ts';
import { citationOf, constantsOf, dayOf, isUncertain } from './record.ts';

// One overlay from its plan, the recorded entries and the kernel that it stands on.

export interface SeriesInput {
  plan: Plan;
  entries: readonly RecordedEntry[];
  base: CaptureDocument;
}

/** Enums that fields use and whose enumerators the entries record as constants. */
const ENUMS = `enum iommu_lu_type { IOMMU_INVALID, IOMMU_INTEL };
enum pci_bus_ser_bridge_type { PCI_BUS_SER_NULL_BRIDGE, PCI_BUS_SER_PCI_HOST_BRIDGE, PCI_BUS_SER_PCI_BRIDGE };
`;

export function buildOverlay({ plan, entries, base }: SeriesInput): OverlayDocument {
  const cited = [...new Set(plan.parts.map(({ entry }) => entry))].map((index) => entryAt(entries, index));
  const [first] = cited;
  const components: Record<string, ComponentState> = {};
  for (const part of plan.parts) {
    components[part.component] = stateOf(part, { base, entry: entryAt(entries, part.entry) });
  }
  if (plan.driver !== undefined) {
    components['pci-driver-name'] = driverState(plan.driver, first as RecordedEntry);
  }
  const date = first && dayOf(first);
  return {
    $schema: OVERLAY_SCHEMA,
    schemaVersion: OVERLAY_SCHEMA_VERSION,
    release: plan.release,
    base: plan.base,
    vendor: parseReleaseName(plan.release)?.vendor ?? plan.release,
    ...(date !== undefined && { date }),
    origin: 'transcribed',
    provenance: {
      kind: 'transcribed',
      name: [...new Set(cited.map(({ source }) => source))].join('; '),
      files: [],
      note: `base: ${plan.because}. ${cited.map(citationOf).join('. ')}`,
    },
    components: sortKeys(components),
  };
}

export function entryAt(entries: readonly RecordedEntry[], index: number): RecordedEntry {
  const entry = entries[index];
  if (!entry) throw new Error(`the record has no entry ${index}`);
  return entry;
}

interface Source {
  base: CaptureDocument;
  entry: RecordedEntry;
}

function stateOf(part: Part, source: Source): ComponentState {
  const definition = definitionOf(part.component);
  return part.era === undefined ? changedBase(part, source) : freshState(part, { definition, source });
}

function definitionOf(id: string): ComponentDefinition {
  const definition = (COMPONENTS as readonly ComponentDefinition[]).find((candidate) => candidate.id === id);
  if (!definition) throw new Error(`${id}: no such component`);
  return definition;
}

function eraOf({ id, eras }: ComponentDefinition, name: string): Era {
  const era = eras.find((candidate) => candidate.id === name);
  if (!era) throw new Error(`${id}: no era ${name}`);
  return era;
}

function freshState(
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

function markerOf({ writes, name, kind }: Part, { marker }: Era): Marker {
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

function constantStates(entry: RecordedEntry, era: Era): Record<string, ConstantState> {
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

interface StructChoice {
  wanted(name: string): boolean;
  placementOf(name: string): StructState['placement'];
}

function structsOf(
  { base, entry }: Source,
  { wanted, placementOf }: StructChoice,
): { structs: Record<string, StructState>; unchecked: string[] } {
  const declared = new Map<RecordedStruct, string>();
  const unchecked: string[] = [];
  for (const struct of entry.structs) {
    const text = declareRecorded(struct.name, struct);
    if (text !== undefined) declared.set(struct, text);
    else if (wanted(struct.name)) unchecked.push(struct.name);
  }
  const layouts = computeLayouts(
    [preambleOf(base, entry), ...declared.values()].join('\n'),
    [...declared.keys()].map(({ name }) => name),
  );
  const structs: Record<string, StructState> = {};
  for (const struct of declared.keys()) {
    const layout = layouts.get(struct.name) as PerTarget<Layout>;
    compare(entry, struct, layout);
    if (!wanted(struct.name)) continue;
    const inferred = isUncertain(entry, struct);
    structs[struct.name] = { placement: placementOf(struct.name), layout, ...(inferred && { inferred }) };
  }
  return { structs: sortKeys(structs), unchecked: unchecked.sort(byCodeUnit) };
}

/** What recorded members refer to: lengths, enums, and the vmalloc record of the base. */
function preambleOf({ components }: CaptureDocument, entry: RecordedEntry): string {
  const lengths = [...constantsOf(entry)].flatMap(([name, value]) =>
    typeof value === 'number' && /^[A-Z_]+$/.test(name) && !ENUMS.includes(name)
      ? [`#define ${name} ${value}`]
      : [],
  );
  const vmalloc = components.kho?.structs.kho_vmalloc;
  const layout = vmalloc && forTarget(vmalloc.layout, TARGETS[0]);
  const embedded = layout ? `typedef u64 phys_addr_t;\n${declareLayout('kho_vmalloc', layout)}` : '';
  return `${lengths.join('\n')}\n${ENUMS}${embedded}`;
}

/** The computed layout must be the recorded one, on every target. */
function compare({ version }: RecordedEntry, struct: RecordedStruct, layouts: PerTarget<Layout>): void {
  const recorded = struct.derived_x86_64;
  if (!recorded) return;
  for (const target of TARGETS) {
    const layout = forTarget(layouts, target);
    const offsets = Object.entries(recorded.offsets).filter(
      ([name, offset]) => layout?.members.find((member) => member.name === name)?.bitOffset !== offset * 8,
    );
    if (layout?.size === recorded.sizeof && offsets.length === 0) continue;
    throw new Error(
      `${version}: struct ${struct.name} on ${target}: size ${layout?.size}, recorded ${recorded.sizeof}; ${offsets.join('; ')}`,
    );
  }
}

/** A part that changes what the base says of a component: its marker and the structs that are recorded. */
function changedBase(part: Part, source: Source): ComponentState {
  const { base, entry } = source;
  const state = base.components[part.component];
  if (!state?.marker) throw new Error(`${base.release}: ${part.component} is not there to be changed`);
  const recorded = structsOf(source, {
    wanted: (name) => name in state.structs || part.adds?.includes(name) === true,
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
  const recorded = entry.structs.flatMap((struct) => declareRecorded(struct.name, struct) ?? []);
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

const NO_NAME = 'nothing says which driver the device had: userspace binds it';

function driverState(kind: Plan['driver'], entry: RecordedEntry): ComponentState {
  const definition = definitionOf('pci-driver-name');
  if (kind === 'userspace') {
    return {
      available: 'no',
      reason: NO_NAME,
      options: [],
      ...(definition.boot !== undefined && { boot: definition.boot }),
      needs: [],
      structs: {},
      constants: {},
      fdt: [],
      checks: [],
      code: [],
      unchecked: [],
      places: {},
    };
  }
  const era = eraOf(definition, kind === 'name' ? 'serialized-name' : 'file-handler');
  return {
    available: 'buildable',
    era: era.id,
    options: era.options.map((name) => ({ name })),
    ...(definition.boot !== undefined && { boot: definition.boot }),
    needs: kind === 'handler-alone' ? ['vfio-pci'] : [...era.needs],
    marker: markerOf({ entry: 0, component: 'pci-driver-name' }, era),
    structs: {},
    constants: constantStates(entry, era),
    fdt: [],
    checks: [],
    reader: { ...era.reader },
    code: [],
    unchecked: [],
    places: {},
  };
}
