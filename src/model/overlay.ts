import { ToolError } from '../errors.ts';
import { checkAccepts } from './accepts.ts';
import { KHO_BY_DEFAULT } from './availability.ts';
import { bareState } from './bare-state.ts';
import { sortKeys } from './canonical.ts';
import type { CaptureDocument } from './capture.ts';
import { CAPTURE_SCHEMA_VERSION } from './capture.ts';
import type { ComponentState, OptionState } from './component-state.ts';
import type { Fidelity } from './fidelity.ts';
import { fidelityOf } from './fidelity.ts';
import type { AcceptedMarker } from './marker.ts';
import type { Provenance } from './provenance.ts';
import type { Uapi } from './uapi.ts';

/**
 * A kernel told by its difference from another one: what a downstream or a patch series adds, replaces or takes away.
 * Short enough to be written by hand. Applied in the order: components, removed, accepts, config.
 */
export interface OverlayDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /**
   * As `list` prints it: `7.2.12+mine`.
   * @pattern ^[0-9A-Za-z][0-9A-Za-z._+~-]*$
   */
  release: string;
  /** The release of a kernel of the catalog or of another overlay. */
  base: string;
  /** Who ships it, or what was added: what follows the upstream release in the name. */
  vendor: string;
  /**
   * The day on which it was released, posted or merged.
   * @pattern ^[0-9]{4}-[0-9]{2}-[0-9]{2}$
   */
  date?: string;
  /** `captured` from a build or a patch series by the tool, `transcribed` by people. */
  origin: 'captured' | 'transcribed';
  /** `name` holds the Message-ID or the commit; `note` why this base was chosen. */
  provenance: Provenance;
  /** By id: added, or in place of what the base says. */
  components?: { [name: string]: ComponentState };
  /** Ids of components that the base has and this kernel has not. */
  removed?: string[];
  /** By id of a component: markers that this kernel reads beside the one that it writes. */
  accepts?: { [name: string]: AcceptedMarker[] };
  /** CONFIG_X to `y`, `m`, `n`; what is not named stays as the base has it. */
  config?: { [name: string]: string };
  /** What this kernel offers to programs; absent: not captured, for the base's is not its own. */
  uapi?: Uapi;
}

/** The version of the overlay document that this program writes. */
export const OVERLAY_SCHEMA_VERSION = 1;

/** The `$schema` by which an overlay document is told from a capture document. */
export const OVERLAY_SCHEMA = 'overlay.schema.json';

/** Whether a parsed document calls itself an overlay; `$schema` may be a path or a URL. */
export function isOverlay(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || !('$schema' in document)) return false;
  return typeof document.$schema === 'string' && document.$schema.endsWith(OVERLAY_SCHEMA);
}

/**
 * The kernel that an overlay makes of its base. Neither is changed.
 * @throws ToolError DOCUMENT_INVALID where it removes or accepts for a component that nobody describes.
 */
export function applyOverlay(base: CaptureDocument, overlay: OverlayDocument): CaptureDocument {
  const components = new Map(Object.entries({ ...base.components, ...overlay.components }));
  for (const id of overlay.removed ?? []) components.set(id, removed(overlay, id, components.get(id)));
  for (const [id, markers] of Object.entries(overlay.accepts ?? {})) {
    components.set(id, accepting(overlay, id, { state: components.get(id), markers }));
  }
  checkAccepts(Object.fromEntries(components), overlay.release);
  const config = new Map(Object.entries(overlay.config ?? {}));
  for (const [id, state] of components) components.set(id, configured(state, config));
  return {
    $schema: 'capture.schema.json',
    schemaVersion: CAPTURE_SCHEMA_VERSION,
    release: overlay.release,
    base: base.base,
    vendor: overlay.vendor,
    ...(overlay.date !== undefined && { date: overlay.date }),
    origin: overlay.origin,
    provenance: overlay.provenance,
    targets: base.targets,
    ...overlaidFidelity(base, overlay),
    ...overlaidDefault(base, overlay),
    ...(overlay.uapi && { uapi: overlay.uapi }),
    components: sortKeys(Object.fromEntries(components)),
    findings: base.findings,
  };
}

function overlaidDefault(
  { khoByDefault: below }: CaptureDocument,
  { config }: OverlayDocument,
): Pick<CaptureDocument, 'khoByDefault'> {
  const value = config?.[KHO_BY_DEFAULT];
  const khoByDefault = value === undefined ? below : value === 'y';
  return khoByDefault === undefined ? {} : { khoByDefault };
}

/** What the overlay leaves as it is comes from where the base has it; its options from where the overlay has them. */
function overlaidFidelity(
  base: CaptureDocument,
  overlay: OverlayDocument,
): { fidelity?: { [name: string]: Fidelity } } {
  if (base.origin === overlay.origin && !base.fidelity) return {};
  const kept = Object.keys(base.components).filter((id) => !overlay.components?.[id]);
  const entries = kept.map((id) => [id, fidelityOf(base, id)] as const);
  return { fidelity: sortKeys(Object.fromEntries(entries)) };
}

function removed(overlay: OverlayDocument, id: string, state: ComponentState | undefined): ComponentState {
  if (!state) throw notDescribed(overlay, id, 'removes');
  const { boot, needs } = state;
  return bareState({ available: 'no', reason: `${overlay.release} does not have it`, boot, needs });
}

function accepting(
  overlay: OverlayDocument,
  id: string,
  { state, markers }: { state: ComponentState | undefined; markers: readonly AcceptedMarker[] },
): ComponentState {
  if (!state?.marker) throw notDescribed(overlay, id, 'accepts markers for');
  return { ...state, marker: { ...state.marker, accepts: [...state.marker.accepts, ...markers] } };
}

function notDescribed({ release, base }: OverlayDocument, id: string, what: string): ToolError {
  return new ToolError(
    'DOCUMENT_INVALID',
    `${release}: ${what} ${id}, which neither it nor ${base} describes with a marker`,
  );
}

/** A component is as available as its options say; one without facts stays what it is, whatever they say. Options that are not in `config` stay as they are. */
export function configured(state: ComponentState, config: ReadonlyMap<string, string>): ComponentState {
  if (!state.options.some(({ name }) => config.has(name))) return state;
  const options = state.options.map((option): OptionState => {
    const value = config.get(option.name) ?? option.value;
    return { ...option, ...(value !== undefined && { value }) };
  });
  if (!state.marker || !isUpToOptions(state)) return { ...state, options };
  const { available: _available, reason: _reason, ...facts } = state;
  const off = options.find(({ value }) => value !== undefined && value !== 'y' && value !== 'm');
  if (off) return { available: 'no', reason: `${off.name} is not set`, ...facts, options };
  const isBuilt = options.every(({ value }) => value !== undefined);
  return { available: isBuilt ? 'yes' : 'buildable', ...facts, options };
}

/** Whether options alone decide if a component is there: one that could not be read, or that was taken out, stays so. */
function isUpToOptions({ available, reason, options }: ComponentState): boolean {
  if (available === 'yes' || available === 'buildable') return true;
  return available === 'no' && options.some(({ name }) => reason?.startsWith(`${name} is not set`));
}
