import type { AuditFinding } from '../model/audit.ts';
import type { Level } from '../model/finding.ts';
import type { AuditState } from './audit-state.ts';
import type { JudgedStep } from './audit-step.ts';
import { conditionalFindings } from './conditional-findings.ts';
import { breakagesOf } from './judge-change.ts';
import { KnownValues } from './known-values.ts';

// One patch in the light of the others: what one breaks and a later one mends before the next release is no break of
// the series.

const NO_VALUES = new KnownValues(() => []);

/** A finding in the light of the other patches. */
export function inSeries(
  finding: AuditFinding,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): AuditFinding {
  if (finding.component === null) return finding;
  if (finding.rule === 'marker-bumped-without-change') {
    const partner = partnerOfRaise(finding.component, own, judged);
    if (!partner) return finding;
    const message = finding.message.replace(/, and nothing .*$/s, `, for what ${partner.step.name} changes`);
    return { ...finding, level: 'note', message, mends: partner.step.name };
  }
  if (finding.rule === 'condition-unguarded' || finding.rule === 'config-dependent')
    return settled(finding, own, judged);
  if (finding.rule !== 'marker-not-bumped') return finding;
  const mended = findMended(finding.component, own, judged);
  if (mended) return { ...finding, level: 'note', mends: mended.step.name };
  const mender = findMender(finding.component, own, judged);
  if (mender) return { ...finding, level: 'warning', mendedBy: mender.step.name };
  const raiser = findRaiser(finding.component, own, judged);
  return raiser ? { ...finding, level: 'warning', raisedBy: raiser.step.name } : finding;
}

const QUIETER: Readonly<Record<Level, Level>> = { error: 'warning', warning: 'note', note: 'note' };

/** A finding of a condition, where another step of the series guards it or takes it back. */
function settled(finding: AuditFinding, own: JudgedStep, judged: readonly JudgedStep[]): AuditFinding {
  const { component, rule, subject, level } = finding;
  if (component === null) return finding;
  const isSettled = (other: JudgedStep): boolean => {
    const change = { ...other, before: own.before, touched: own.touched, breakages: [] };
    const all = conditionalFindings({
      ...change,
      after: other.step.after,
      patch: () => [],
      values: NO_VALUES,
    });
    const left = all.filter((found) => found.rule === rule && found.subject === subject);
    return left.every((found) => found.component !== component || found.level !== level);
  };
  const later = judged.slice(judged.indexOf(own) + 1);
  const mender = later.find(
    (other) => isSameRelease(own, other) && own.step.isBelow(other.step) && isSettled(other),
  );
  if (mender) return { ...finding, level: QUIETER[level], mendedBy: mender.step.name };
  const raiser = findRaiser(component, own, judged);
  return raiser ? { ...finding, level: QUIETER[level], raisedBy: raiser.step.name } : finding;
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
  const isBreak = ({ breakages }: JudgedStep) => breakages.some((broken) => broken.component === component);
  return findEarlier({ component, own, judged }, isBreak);
}

/** An earlier step that raised the marker and changed nothing else under it: it did so for this one. */
function findRaiser(
  component: string,
  own: JudgedStep,
  judged: readonly JudgedStep[],
): JudgedStep | undefined {
  const guard = own.touched.find(({ id }) => id === component)?.guard ?? component;
  return findEarlier({ component, own, judged }, (other) => isEmptyRaise(other, guard));
}

/** The first earlier step of the same release that may be it, and with which this one leaves the component sound. */
function findEarlier(
  { component, own, judged }: { component: string; own: JudgedStep; judged: readonly JudgedStep[] },
  mayBe: (step: JudgedStep) => boolean,
): JudgedStep | undefined {
  const earlier = judged.slice(0, judged.indexOf(own));
  return earlier.find(
    (other) =>
      mayBe(other) &&
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
