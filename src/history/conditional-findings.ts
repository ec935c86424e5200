import type { RawFinding } from '../diff/rule.ts';
import type { AuditDirection, AuditFinding } from '../model/audit.ts';
import { TARGETS } from '../model/target.ts';
import { newDependences } from './config-dependences.ts';
import type { FoundChange } from './found-change.ts';
import { finding, raiseOf } from './found-change.ts';
import { dataFindings, guardedAcross, guardOf } from './judge-change.ts';

// What reads the same under a condition alone: that values are small, that bytes are zero, that both kernels were built
// with the same options. No marker says so, and the reader does not ask.

/** Findings of data that is sound only under some condition. */
export function conditionalFindings(change: FoundChange): AuditFinding[] {
  return [...configDependent(change), ...change.touched.flatMap(({ id }) => conditionUnguarded(id, change))];
}

/** What a change makes depend on the configuration of a build. */
export function configDependent({ before, after, values }: FoundChange): AuditFinding[] {
  return newDependences(before, after).map(({ component, option, names, where }) => {
    const { marker, macro, guard, raised } = guardedAcross(
      { before: before.kernel, after: after.kernel },
      component,
    );
    // A marker that is new with its data says something of its own.
    const isNew = marker.before === null && marker.after !== null;
    const raise = raised || isNew ? undefined : raiseOf(guard, after, values);
    const name = macro ?? `the marker of ${guard}`;
    return finding('config-dependent', raised || isNew ? 'warning' : 'error', {
      component,
      subject: names.join(', '),
      message: `${component}: ${names.join(', ')} differs with ${option}, and ${name} says ${marker.after ?? 'nothing'} either way`,
      where,
      ...(raise && { raise }),
    });
  });
}

/** These say of their own what is to be reviewed, or that another finding says it. */
const TOLD_ELSEWHERE = new Set(['embedded-struct-changed', 'erratum-applies', 'meaning-may-differ']);

interface Bound {
  own: RawFinding;
  direction: AuditDirection;
}

/** Notes that hold under a condition, where no marker keeps the two layouts apart and nothing worse is said. */
export function conditionUnguarded(id: string, change: FoundChange): AuditFinding[] {
  const { before, after, breakages, values } = change;
  const { raised, marker, macro, guard } = guardedAcross({ before: before.kernel, after: after.kernel }, id);
  const isBroken = breakages.some(({ component }) => component === id);
  if (raised || isBroken || marker.before === null || marker.after === null) return [];
  const raise = raiseOf(guard, after, values);
  return [...boundsOf(id, change)].map(([subject, [first, ...others]]) => {
    const { own } = first;
    const place = after.kernel.components.get(id)?.places[own.placeKeys.incoming ?? subject];
    const directions = new Set([first, ...others].map(({ direction }) => direction));
    return finding('condition-unguarded', 'warning', {
      component: id,
      subject,
      message: `${id}: ${withoutCondition(own)}, and ${macro ?? `the marker of ${guard}`} still says ${marker.after}: ${conditionWords(own)}`,
      where: place ?? null,
      targets: [...TARGETS],
      directions: (['upgrade', 'rollback'] as const).filter((way) => directions.has(way)),
      causes: [{ ...causeParts(own), where: [] }],
      ...(guardOf(after.kernel, id) && raise && { raise }),
    });
  });
}

/** By subject, those of an upgrade first. */
function boundsOf(id: string, { before, after }: FoundChange): Map<string, [Bound, ...Bound[]]> {
  const upgrade = { before: before.kernel, after: after.kernel };
  const rollback = { before: after.kernel, after: before.kernel };
  const bounds = [
    ...dataFindings(upgrade, id).map((own): Bound => ({ own, direction: 'upgrade' })),
    ...dataFindings(rollback, id).map((own): Bound => ({ own, direction: 'rollback' })),
  ].filter(({ own }) => isBound(own));
  const bySubject = new Map<string, [Bound, ...Bound[]]>();
  for (const bound of bounds) {
    const known = bySubject.get(bound.own.subject);
    if (known) known.push(bound);
    else bySubject.set(bound.own.subject, [bound]);
  }
  return bySubject;
}

function isBound({ rule, impact, condition, outgoing, incoming }: RawFinding): boolean {
  if (impact !== 'note' || condition === undefined || TOLD_ELSEWHERE.has(rule)) return false;
  // A range binds only where the reader is the narrower side.
  return !FITTING.test(condition) || Number(outgoing.bitSize) > Number(incoming.bitSize);
}

const FITTING = /^values up to (\d+) fit$/;

function withoutCondition({ message, condition }: RawFinding): string {
  return condition === undefined ? message : message.replace(`: ${condition}`, '');
}

function conditionWords({ condition = '' }: RawFinding): string {
  const [, most] = FITTING.exec(condition) ?? [];
  if (most !== undefined) return `only sound while values up to ${most} are used`;
  return / is lost$/.test(condition) ? condition : `only sound as long as ${condition}`;
}

function causeParts({ rule, impact, subject, message, outgoing, incoming }: RawFinding) {
  return { rule, impact, subject, message, outgoing, incoming };
}
