import type { FilePatch } from '../formats/patch.ts';
import type { AuditFinding, AuditRaise } from '../model/audit.ts';
import type { Level } from '../model/finding.ts';
import type { AuditState } from './audit-state.ts';
import type { Breakage, TouchedComponent } from './judge-change.ts';
import { guardOf, markerPlace } from './judge-change.ts';
import type { KnownValues } from './known-values.ts';
import type { UnreadTouch } from './unknown-facts.ts';

/** A change with what was found of it. */
export interface FoundChange {
  before: AuditState;
  after: AuditState;
  touched: readonly TouchedComponent[];
  breakages: readonly Breakage[];
  /** Touched, and unknown before and after. */
  unread: readonly UnreadTouch[];
  values: KnownValues;
  /** The patch of some files. */
  patch(paths: readonly string[]): readonly FilePatch[];
}

/** A finding, with what most of them leave empty. */
export function finding(
  rule: AuditFinding['rule'],
  level: Level,
  rest: Pick<AuditFinding, 'component' | 'message' | 'subject'> & Partial<AuditFinding>,
): AuditFinding {
  return {
    rule,
    level,
    where: null,
    targets: [],
    directions: [],
    effect: null,
    causes: [],
    hunks: [],
    ...rest,
  };
}

/** What to raise for a component; undefined where its marker has no macro. */
export function raiseOf(component: string, after: AuditState, values: KnownValues): AuditRaise | undefined {
  const guard = guardOf(after.kernel, component);
  if (guard?.macro === undefined || guard.marker.writes === undefined) return undefined;
  return {
    macro: guard.macro,
    where: markerPlace(after.kernel, component),
    from: String(guard.marker.writes),
    to: values.next(after.kernel, component) ?? null,
  };
}
