import { isDeepStrictEqual } from 'node:util';
import type { FilePatch } from '../formats/patch.ts';
import type {
  AuditDirection,
  AuditedComponent,
  AuditedPair,
  AuditedPatch,
  AuditFinding,
  AuditOutput,
} from '../model/audit.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { changeFindings } from './change-findings.ts';
import type { Breakage, TouchedComponent } from './judge-change.ts';
import { breakagesOf, touchedBy, worstEffect } from './judge-change.ts';
import type { KnownValues } from './known-values.ts';

// Judges commits or patches one by one and together. What one breaks and a later one mends before the next release is no
// break of the series; it is said, because bisection lands in between.

/** A state with what the judgement needs of it. */
export interface AuditState {
  document: CaptureDocument;
  kernel: Kernel;
  /** The text of a file of it. */
  textOf(path: string): string | undefined;
}

/** One commit or patch. */
export interface AuditStep {
  /** A commit, or a Message-ID. */
  id: string;
  name: string;
  title: string;
  /** What it stands on; a merge stands on several. */
  before: readonly AuditState[];
  after: AuditState;
  /** What it changes against the first of `before`, in these files. */
  patch(paths: readonly string[]): readonly FilePatch[];
  /** Whether another step is behind this one: it, or something that has it. */
  isBelow(other: AuditStep): boolean;
}

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

/** A step with what was found of it so far. */
export interface JudgedStep {
  step: AuditStep;
  before: AuditState;
  touched: readonly TouchedComponent[];
  breakages: readonly Breakage[];
}

export function auditState(
  document: CaptureDocument,
  textOf: (path: string) => string | undefined,
): AuditState {
  return { document, kernel: kernelOf(document), textOf };
}

/** Judges each step and the whole. */
export function audit(request: AuditRequest): AuditOutput {
  const judged = request.steps.map(judgeStep);
  const patches = judged.map((own) => patchOf(own, judged, request));
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
  const change = { before: first.kernel, after: step.after.kernel };
  // What a merge has as one of its parents has it came from there, and was judged there.
  const isOwn = (id: string): boolean => !step.before.some((state) => isSameComponent(state, step.after, id));
  if (isSameState(first, step.after)) return { step, before: first, touched: [], breakages: [] };
  const touched = touchedBy(change).filter(({ id }) => isOwn(id) || others.length === 0);
  const breakages = [first, ...others].flatMap((before) =>
    breakagesOf({ before: before.kernel, after: step.after.kernel }).filter(
      ({ component }) => isOwn(component) || others.length === 0,
    ),
  );
  return { step, before: first, touched, breakages };
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
  const findings = changeFindings({ ...own, after: step.after, patch: step.patch, values: request.values });
  return {
    id: step.id,
    name: step.name,
    title: step.title,
    components: own.touched.map(withoutDetail),
    findings: findings.map((finding) => inSeries(finding, own, judged)),
  };
}

/** A finding in the light of the other patches. */
function inSeries(finding: AuditFinding, own: JudgedStep, judged: readonly JudgedStep[]): AuditFinding {
  if (finding.component === null) return finding;
  if (finding.rule === 'marker-bumped-without-change') {
    const partner = partnerOfRaise(finding.component, own, judged);
    if (!partner) return finding;
    const message = finding.message.replace(/, and nothing .*$/s, `, for what ${partner.step.name} changes`);
    return { ...finding, level: 'note', message, mends: partner.step.name };
  }
  if (finding.rule !== 'marker-not-bumped') return finding;
  const mended = findMended(finding.component, own, judged);
  if (mended) return { ...finding, level: 'note', mends: mended.step.name };
  const mender = findMender(finding.component, own, judged);
  if (mender) return { ...finding, level: 'warning', mendedBy: mender.step.name };
  const raiser = findRaiser(finding.component, own, judged);
  return raiser ? { ...finding, level: 'warning', raisedBy: raiser.step.name } : finding;
}

/** The first later step, before the next release, after which the component is sound as seen from before this one. */
function findMender(
  component: string,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): JudgedStep | undefined {
  const later = judged.slice(judged.indexOf(own) + 1);
  return later.find(
    (other) =>
      other.touched.length > 0 &&
      isSameRelease(own, other) &&
      !isBroken(component, own.before, other.step.after) &&
      own.step.isBelow(other.step),
  );
}

/** The first earlier break that this step takes back: what it leaves is what was there before. */
function findMended(
  component: string,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): JudgedStep | undefined {
  const earlier = judged.slice(0, judged.indexOf(own));
  return earlier.find(
    (other) =>
      other.breakages.some((broken) => broken.component === component) &&
      isSameRelease(other, own) &&
      !isBroken(component, other.before, own.step.after) &&
      other.step.isBelow(own.step),
  );
}

/** An earlier step that raised the marker and changed nothing else under it: it did so for this one. */
function findRaiser(
  component: string,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): JudgedStep | undefined {
  const guard = own.touched.find(({ id }) => id === component)?.guard ?? component;
  const earlier = judged.slice(0, judged.indexOf(own));
  return earlier.find(
    (other) =>
      isEmptyRaise(other, guard) &&
      isSameRelease(other, own) &&
      !isBroken(component, other.before, own.step.after) &&
      other.step.isBelow(own.step),
  );
}

/** The patch of the series that a raise without a change of its own belongs to. */
function partnerOfRaise(
  guard: string,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): JudgedStep | undefined {
  return judged.find(
    (other) =>
      other !== own &&
      isSameRelease(own, other) &&
      other.breakages.some(({ component }) => isUnder(other, component, guard)),
  );
}

function isUnder({ touched }: JudgedStep, component: string, guard: string): boolean {
  return component === guard || touched.find(({ id }) => id === component)?.guard === guard;
}

/** Raised, and nothing that the marker guards reads differently. */
export function isEmptyRaise({ touched }: Pick<JudgedStep, 'touched'>, guard: string): boolean {
  const under = touched.filter((component) => component.guard === guard);
  const isRaised = under.some(({ id, raised }) => id === guard && raised);
  return isRaised && under.every(({ changed }) => changed.length === 0);
}

/** A Makefile that says another release parts what came before from what comes after. */
function isSameRelease(one: JudgedStep, other: JudgedStep): boolean {
  return one.before.document.release === other.before.document.release;
}

function isBroken(component: string, before: AuditState, after: AuditState): boolean {
  const breakages = breakagesOf({ before: before.kernel, after: after.kernel });
  return breakages.some((broken) => broken.component === component);
}

function wholeOf({ base, tip, values }: AuditRequest): AuditOutput['whole'] {
  if (isSameState(base, tip)) return { components: [], findings: [] };
  const change = { before: base.kernel, after: tip.kernel };
  const touched = touchedBy(change);
  const breakages = breakagesOf(change);
  const findings = changeFindings({
    before: base,
    after: tip,
    touched,
    breakages,
    values,
    patch: () => [],
  });
  const isSaid = ({ rule }: AuditFinding): boolean =>
    rule !== 'meaning-may-differ' && rule !== 'uncovered-declaration';
  return { components: touched.map(withoutDetail), findings: findings.filter(isSaid) };
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
