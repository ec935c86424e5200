import { builtInComponents } from '../../components/index.ts';
import { bareState } from '../../model/bare-state.ts';
import { sortKeys } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { ComponentDefinition } from '../../model/component-definition.ts';
import type { ComponentState } from '../../model/component-state.ts';
import type { OverlayDocument } from '../../model/overlay.ts';
import { OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../../model/overlay.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import { changedBase } from './changed-state.ts';
import { constantStates, eraOf, freshState, markerOf } from './fresh-state.ts';
import type { Part, Plan } from './plan.ts';
import type { RecordedEntry } from './record.ts';
import { citationOf, dayOf, sourceOf } from './record.ts';
import type { Source } from './structs.ts';
import { undescribedState } from './undescribed-state.ts';

// One overlay from its plan, the recorded entries and the kernel that it stands on.

export interface SeriesInput {
  plan: Plan;
  entries: readonly RecordedEntry[];
  base: CaptureDocument;
}

/** The overlay of a plan; throws where a computed layout is not the recorded one. */
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
  const date = plan.date === undefined ? first && dayOf(first) : (plan.date ?? undefined);
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
      name: [...new Set(cited.map(sourceOf))].join('; '),
      files: [],
      note: `base: ${plan.because}. ${cited.map(citationOf).join('. ')}`,
    },
    components: sortKeys(components),
  };
}

/** An entry by its position in the record. */
export function entryAt(entries: readonly RecordedEntry[], index: number): RecordedEntry {
  const entry = entries[index];
  if (!entry) throw new Error(`the record has no entry ${index}`);
  return entry;
}

function stateOf(part: Part, source: Source): ComponentState {
  if (part.undescribed) return undescribedState(part, part.undescribed, source);
  const definition = definitionOf(part.component);
  return part.era === undefined ? changedBase(part, source) : freshState(part, { definition, source });
}

function definitionOf(id: string): ComponentDefinition {
  const definition = builtInComponents().find((candidate) => candidate.id === id);
  if (!definition) throw new Error(`${id}: no such component`);
  return definition;
}

const NO_NAME = 'nothing says which driver the device had: userspace binds it';

function driverState(kind: Plan['driver'], entry: RecordedEntry): ComponentState {
  const definition = definitionOf('pci-driver-name');
  if (kind === 'userspace') {
    return bareState({ available: 'no', reason: NO_NAME, boot: definition.boot, needs: ['pci'] });
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
