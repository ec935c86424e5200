import { diffComponent } from '../diff/engine.ts';
import { markerText } from '../diff/marker-text.ts';
import type { RawFinding, SideFacts } from '../diff/rule.ts';
import type { AuditCause, AuditDirection, AuditedComponent } from '../model/audit.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { CALLERS_ID } from '../model/component-state.ts';
import type { ComponentVerdict, Finding } from '../model/finding.ts';
import type { Marker } from '../model/marker.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Effect } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import { isGuardUnknown } from './unknown-facts.ts';

// One change of a kernel, judged as a pair: the kernel before it writes and the one after it reads, and the other way
// round, on every target. A change is broken where a reader takes data that it reads wrongly, or dies of data whose
// marker it takes; where some marker below refuses first, nothing is read and nothing breaks unseen.

/** A component that one of the two kernels takes from the other and cannot read. */
export interface Breakage {
  component: string;
  kind: 'misread' | 'refused' | 'unknown';
  direction: AuditDirection;
  target: Target;
  effect: Effect | null;
  causes: readonly AuditCause[];
}

/** Both kernels of a change. */
export interface KernelChange {
  before: Kernel;
  after: Kernel;
}

/** Refusals that somebody announced, or that are no question of a marker. */
const ANNOUNCED = new Set(['component-absent', 'config-disabled', 'marker-changed']);
/** What sums others up. */
const SUMMARIES = new Set(['marker-not-bumped', 'target-differs', 'unexplained-difference']);

/** Doubts that the audit has rules of its own for. */
const DOUBTS_WITH_RULE = new Set<unknown>(['config-dependent', 'uncovered-declaration']);

function isToldByRule({ rule, outgoing, incoming }: Omit<RawFinding, 'placeKeys'>): boolean {
  return rule === 'fact-doubted' && DOUBTS_WITH_RULE.has(outgoing.doubt ?? incoming.doubt);
}

/** Every way in which a change breaks a hand-over that no marker refuses. Pure. */
export function breakagesOf({ before, after }: KernelChange): Breakage[] {
  const sides = [
    { direction: 'upgrade', outgoing: before, incoming: after },
    { direction: 'rollback', outgoing: after, incoming: before },
  ] as const;
  return sides.flatMap(({ direction, outgoing, incoming }) =>
    TARGETS.flatMap((target) =>
      judgeAll(outgoing, incoming, target).map((broken) => ({ ...broken, direction, target })),
    ),
  );
}

/** The components of a pair that are read wrongly or refused without an announcement, on one target. */
export function judgeAll(
  outgoing: Kernel,
  incoming: Kernel,
  target: Target,
  { withAnnounced = false } = {},
): Omit<Breakage, 'direction' | 'target'>[] {
  return judged(outgoing, incoming, target).flatMap((component) => {
    const { id, verdict, findings, effect } = component;
    // Of these an audit tells by a rule of its own.
    if (id === CALLERS_ID && !withAnnounced) return [];
    if (verdict !== 'misread' && verdict !== 'refused' && verdict !== 'unknown') return [];
    const deciding = findings.filter((own) => own.impact === verdict && !isToldByRule(own));
    if (deciding.length === 0) return [];
    const isAnnounced = verdict === 'refused' && deciding.some(({ rule }) => ANNOUNCED.has(rule));
    if (isAnnounced && !withAnnounced) return [];
    // What was not known before the change is not its fault.
    if (verdict === 'unknown' && factsOf(outgoing, id).available === 'unknown' && !withAnnounced) return [];
    // That what it embeds is unknown is told of the component that declares it.
    if (!withAnnounced && deciding.every(embedsUnknown)) return [];
    const own = deciding.filter(({ rule }) => !SUMMARIES.has(rule));
    const causes = (own.length > 0 ? own : deciding).map(causeOf);
    const isUnguarded = !withAnnounced && isGuardUnknown([outgoing, incoming], id);
    const kind = isUnguarded ? ('unknown' as const) : verdict;
    return [{ component: id, kind, effect: isUnguarded ? null : effect, causes }];
  });
}

/** Both sides embed one struct, and some side does not say how it is laid out: by itself no difference. */
function embedsUnknown({ rule, impact, outgoing, incoming }: Omit<RawFinding, 'placeKeys'>): boolean {
  return rule === 'embedded-struct-changed' && impact === 'unknown' && outgoing.type === incoming.type;
}

function judged(outgoing: Kernel, incoming: Kernel, target: Target): ComponentVerdict[] {
  return judgePair({ outgoing, incoming, profile: everything(outgoing, incoming), target }).components;
}

function everything(outgoing: Kernel, incoming: Kernel): Profile {
  const required = [...new Set([...outgoing.components.keys(), ...incoming.components.keys()])].sort(
    byCodeUnit,
  );
  return { name: 'all', summary: 'every component', required, optional: [], ignored: [] };
}

function causeOf({ rule, impact, subject, message, outgoing, incoming, where }: Finding): AuditCause {
  return { rule, impact, subject, message, outgoing, incoming, where };
}

/** What a change does to one component, whatever refuses it. */
export interface TouchedComponent extends AuditedComponent {
  /** Functions whose code changed. */
  functions: readonly string[];
  /** Some declaration reads differently. */
  hasOtherData: boolean;
}

/** The components that a change touches, by id. */
export function touchedBy(change: KernelChange): TouchedComponent[] {
  const { before, after } = change;
  const ids = [...new Set([...before.components.keys(), ...after.components.keys()])].sort(byCodeUnit);
  return ids.flatMap((id) => touchedComponent(change, id) ?? []);
}

function touchedComponent(change: KernelChange, id: string): TouchedComponent | undefined {
  const { before, after } = change;
  const [written, read] = [factsOf(before, id), factsOf(after, id)];
  const guarded = guardedAcross(change, id);
  const findings = dataFindings(change, id);
  const isMoved = isAvailable(written) !== isAvailable(read) || written.available !== read.available;
  const data = findings.filter(
    (own) => own.rule === 'struct-added' || (own.impact !== 'none' && !embedsUnknown(own)),
  );
  const functions = data.flatMap(({ rule, subject }) => (rule === 'meaning-may-differ' ? subject : []));
  const rest = data.filter(({ rule }) => rule !== 'meaning-may-differ').map(({ subject }) => subject);
  const changed = [...(isMoved ? [availabilityWords(change, id)] : []), ...rest, ...functions];
  const isOwnRaise = guarded.raised && guarded.guard === id;
  if (changed.length === 0 && !isOwnRaise) return undefined;
  return {
    id,
    ...guarded,
    changed: [...new Set(changed)],
    functions: [...new Set(functions)],
    hasOtherData: rest.length > 0 || isMoved,
  };
}

/** What answers for a component before and after a change. */
export function guardedAcross(
  { before, after }: KernelChange,
  id: string,
): Pick<AuditedComponent, 'guard' | 'macro' | 'marker' | 'raised'> {
  const guard = guardOf(after, id) ?? guardOf(before, id) ?? { component: id, macro: undefined };
  const marker = {
    before: shownMarker(factsOf(before, guard.component).marker),
    after: shownMarker(factsOf(after, guard.component).marker),
  };
  const raised = marker.before !== null && marker.after !== null && marker.before !== marker.after;
  return { guard: guard.component, macro: guard.macro ?? null, marker, raised };
}

function availabilityWords({ before, after }: KernelChange, id: string): string {
  return `${id} (${factsOf(before, id).available} -> ${factsOf(after, id).available})`;
}

const ABOUT_MARKERS = new Set([
  'component-absent',
  'config-disabled',
  'marker-bumped-without-change',
  'marker-changed',
  'marker-not-bumped',
  'marker-reused',
]);

/** What differs between the two kernels on any target, markers left aside. */
export function dataFindings({ before, after }: KernelChange, id: string): RawFinding[] {
  const [written, read] = [factsOf(before, id), factsOf(after, id)];
  if (!isAvailable(written) || !isAvailable(read)) return [];
  const sideOn = (kernel: Kernel, target: Target): SideFacts => ({
    release: kernel.release,
    facts: factsOf(kernel, id),
    layoutOf: layoutLookup(kernel, target),
  });
  return TARGETS.flatMap((target) => {
    const input = { outgoing: sideOn(before, target), incoming: sideOn(after, target) };
    const diff = diffComponent({ component: id, target, ...input, errata: [], reviews: [] });
    return diff.findings.filter((own) => !ABOUT_MARKERS.has(own.rule) && !isToldByRule(own));
  });
}

/** Whether one kernel reads a component wrongly, or fails on it, where its marker is taken. */
export function readsOther(outgoing: Kernel, incoming: Kernel, id: string): boolean {
  const findings = dataFindings({ before: outgoing, after: incoming }, id);
  return findings.some(({ impact }) => impact === 'misread' || impact === 'refused');
}

/** The marker that answers for a component, and the component that has it. */
export function guardOf(
  kernel: Kernel,
  id: string,
): { component: string; marker: Marker; macro?: string } | undefined {
  const { marker } = factsOf(kernel, id);
  if (!marker) return undefined;
  const component = marker.guardedBy ?? id;
  const own = factsOf(kernel, component).marker;
  if (!own) return undefined;
  return { component, marker: own, ...(own.macro !== undefined && { macro: own.macro }) };
}

/** Where the macro of a component's marker stands; null where that is not known. */
export function markerPlace(kernel: Kernel, component: string): string | null {
  return kernel.components.get(component)?.places.marker ?? null;
}

function shownMarker(marker: Marker | undefined): string | null {
  return marker?.writes === undefined ? null : markerText(marker.writes, marker);
}

/** The worst of some effects. */
export function worstEffect(effects: readonly (Effect | null)[]): Effect | null {
  return EFFECTS.find((effect) => effects.includes(effect)) ?? null;
}
