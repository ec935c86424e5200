import { byCodeUnit, sortKeys } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { StructState } from '../../model/component-state.ts';
import type { Layout } from '../../model/layout.ts';
import type { PerTarget } from '../../model/target.ts';
import { forTarget, TARGETS } from '../../model/target.ts';
import { computeLayouts, declareLayout, declareRecorded } from './declarations.ts';
import type { RecordedEntry, RecordedStruct } from './record.ts';
import { constantsOf, isUncertain } from './record.ts';

// The structs of a recorded entry, laid out by our own code and compared with what was recorded.

/** A recorded entry and the kernel that it is put on. */
export interface Source {
  base: CaptureDocument;
  entry: RecordedEntry;
}

/** Enums that fields use and whose enumerators the entries record as constants. */
const ENUMS = `enum iommu_lu_type { IOMMU_INVALID, IOMMU_INTEL };
enum pci_bus_ser_bridge_type { PCI_BUS_SER_NULL_BRIDGE, PCI_BUS_SER_PCI_HOST_BRIDGE, PCI_BUS_SER_PCI_BRIDGE };
`;

export interface StructChoice {
  wanted(name: string): boolean;
  placementOf(name: string): StructState['placement'];
}

/** The structs that are wanted; `unchecked` names those that cannot be declared. */
export function structsOf(
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
export function preambleOf({ components }: CaptureDocument, entry: RecordedEntry): string {
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
    const offsets = Object.entries(recorded.offsets ?? {}).filter(
      ([name, offset]) => layout?.members.find((member) => member.name === name)?.bitOffset !== offset * 8,
    );
    if (layout?.size === recorded.sizeof && offsets.length === 0) continue;
    throw new Error(
      `${version}: struct ${struct.name} on ${target}: size ${layout?.size}, recorded ${recorded.sizeof}; ${offsets.join('; ')}`,
    );
  }
}
