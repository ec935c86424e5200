import { isDeepStrictEqual } from 'node:util';
import type {
  AuditDirection,
  AuditedComponent,
  AuditedPair,
  AuditedPatch,
  AuditOutput,
} from '../model/audit.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { CALLERS_ID } from '../model/component-state.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { each } from '../work.ts';
import type { AuditState } from './audit-state.ts';
import type { AuditStep, JudgedStep } from './audit-step.ts';
import { callerFindings } from './caller-findings.ts';
import { changeFindings } from './change-findings.ts';
import { newDependences } from './config-dependences.ts';
import { inSeries } from './in-series.ts';
import type { TouchedComponent } from './judge-change.ts';
import { breakagesOf, guardedAcross, touchedBy, worstEffect } from './judge-change.ts';
import type { KnownValues } from './known-values.ts';
import type { UnreadTouch } from './unknown-facts.ts';
import { unreadTouches } from './unknown-facts.ts';

// Judges commits or patches one by one and together. What one breaks and a later one mends before the next release is no
// break of the series; it is said, because bisection lands in between.

export interface AuditRequest {
  what: string;
  base: AuditState;
  baseName: string;
  tip: AuditState;
  looked: number;
  steps: readonly AuditStep[];
  values: KnownValues;
  /** The last releases before the range; asked for only where something is broken. */
  releases(): readonly { name: string; kernel: Kernel }[];
}

export function auditState(
  document: CaptureDocument,
  textOf: (path: string) => string | undefined,
): AuditState {
  return { document, kernel: kernelOf(document), textOf };
}

/** Judges each step and the whole. */
export async function audit(request: AuditRequest): Promise<AuditOutput> {
  const judged: JudgedStep[] = [];
  for await (const step of each('judging changes', request.steps)) judged.push(judgeStep(step));
  const patches: AuditedPatch[] = [];
  for await (const own of each('looking for reasons', judged)) patches.push(patchOf(own, judged, request));
  const whole = wholeOf(request);
  const broken = whole.findings.some(({ level }) => level === 'error');
  const errors = patches.flatMap(({ findings }) => findings).some(({ level }) => level === 'error');
  return {
    what: request.what,
    base: request.baseName,
    looked: request.looked,
    patches: patches.filter(({ components, findings }) => components.length + findings.length > 0),
    whole,
    pairs: broken || errors ? pairsOf(request) : [],
  };
}

function judgeStep(step: AuditStep): JudgedStep {
  const [first = step.after, ...others] = step.before;
  // What a merge has as one of its parents has it came from there, and was judged there.
  const isOwn = (id: string): boolean => !step.before.some((state) => isSameComponent(state, step.after, id));
  const unread = unreadAcross(step);
  if (isSameState(first, step.after)) return { step, before: first, touched: [], breakages: [], unread };
  const touched = touchedAcross(first, step.after).filter(({ id }) => isOwn(id) || others.length === 0);
  const breakages = [first, ...others].flatMap((before) =>
    breakagesOf({ before: before.kernel, after: step.after.kernel }).filter(
      ({ component }) => isOwn(component) || others.length === 0,
    ),
  );
  return { step, before: first, touched, breakages, unread };
}

/** What a step touches of components that are unknown on either side of it; of a merge what none of its parents has. */
export function unreadAcross({ before, after }: Pick<AuditStep, 'after' | 'before'>): UnreadTouch[] {
  const [first = [], ...others] = before.map((state) => unreadTouches(state, after));
  return first.filter(({ component }) =>
    others.every((own) => own.some((touch) => touch.component === component)),
  );
}

/** The components that a change touches, what it makes depend on a build's configuration among them. */
function touchedAcross(before: AuditState, after: AuditState): TouchedComponent[] {
  const change = { before: before.kernel, after: after.kernel };
  // Other callers are told of by a rule of their own.
  const own = touchedBy(change).filter(({ id }) => id !== CALLERS_ID);
  const byId = new Map(own.map((component) => [component.id, component]));
  for (const { component: id, names, option } of newDependences(before, after)) {
    const fresh = { id, ...guardedAcross(change, id), changed: [], functions: [], hasOtherData: true };
    const known: TouchedComponent = byId.get(id) ?? fresh;
    const own = names.map((name) => `${name} (with ${option})`);
    byId.set(id, { ...known, changed: [...known.changed, ...own], hasOtherData: true });
  }
  return [...byId.values()].sort((one, other) => byCodeUnit(one.id, other.id));
}

function isSameState(one: AuditState, other: AuditState): boolean {
  return one.document.components === other.document.components;
}

function isSameComponent(one: AuditState, other: AuditState, id: string): boolean {
  const facts = [one, other].map(({ kernel }) => kernel.components.get(id)?.facts);
  return facts[0] === facts[1] || isDeepStrictEqual(facts[0], facts[1]);
}

function patchOf(own: JudgedStep, judged: readonly JudgedStep[], request: AuditRequest): AuditedPatch {
  const { step } = own;
  const findings = [
    ...changeFindings({ ...own, after: step.after, patch: step.patch, values: request.values }),
    ...callerFindings(documentsOf(step.before), step.after.document),
  ];
  return {
    id: step.id,
    name: step.name,
    title: step.title,
    components: own.touched.map(withoutDetail),
    findings: findings.map((finding) => inSeries(finding, own, judged)),
  };
}

function documentsOf(states: readonly AuditState[]): CaptureDocument[] {
  return states.map(({ document }) => document);
}

function wholeOf({ base, tip, values }: AuditRequest): AuditOutput['whole'] {
  const unread = unreadTouches(base, tip);
  const isSame = isSameState(base, tip);
  const touched = isSame ? [] : touchedAcross(base, tip);
  const breakages = isSame ? [] : breakagesOf({ before: base.kernel, after: tip.kernel });
  const findings = changeFindings({
    before: base,
    after: tip,
    touched,
    breakages,
    unread,
    values,
    patch: () => [],
  });
  const said = findings.filter(({ rule }) => rule !== 'meaning-may-differ');
  const callers = callerFindings([base.document], tip.document);
  return { components: touched.map(withoutDetail), findings: [...said, ...callers] };
}

function withoutDetail({ id, guard, macro, marker, raised, changed }: TouchedComponent): AuditedComponent {
  return { id, guard, macro, marker, raised, changed };
}

/** The end of the range against the last releases: pairs that it makes unsafe unseen, the worst target of each. */
function pairsOf({ tip, releases }: AuditRequest): AuditedPair[] {
  return releases().flatMap(({ name, kernel }) => {
    const breakages = breakagesOf({ before: kernel, after: tip.kernel });
    return (['upgrade', 'rollback'] as const).flatMap((direction: AuditDirection): AuditedPair[] => {
      const own = breakages.filter((broken) => broken.direction === direction && broken.kind !== 'unknown');
      const kind = own.some((broken) => broken.kind === 'misread') ? 'misread' : 'refused';
      const worst = own.find((broken) => broken.kind === kind);
      if (!worst) return [];
      const effect = worstEffect(own.filter((broken) => broken.kind === kind).map((broken) => broken.effect));
      const { component, target } = worst;
      return [{ release: name, direction, target, verdict: kind, component, effect }];
    });
  });
}
