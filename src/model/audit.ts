import type { FindingPlace, FindingSide, Impact, Level } from './finding.ts';
import type { Target } from './target.ts';
import type { Effect } from './verdict-kind.ts';

/** What `audit` reports of a commit or patch. */
export type AuditRule =
  | 'condition-unguarded'
  | 'config-dependent'
  | 'facts-missing'
  | 'marker-bumped-without-change'
  | 'marker-not-bumped'
  | 'marker-value-taken'
  | 'meaning-may-differ'
  | 'uncovered-caller'
  | 'uncovered-declaration';

/** `upgrade`: the kernel before the change writes, the one after it reads; `rollback` the other way round. */
export type AuditDirection = 'rollback' | 'upgrade';

/** One difference that a finding rests on, in the words of the rule that saw it. */
export interface AuditCause {
  rule: string;
  impact: Impact;
  subject: string;
  message: string;
  outgoing: FindingSide;
  incoming: FindingSide;
  where: FindingPlace[];
}

/** What to raise. */
export interface AuditRaise {
  /** The macro that holds the marker. */
  macro: string;
  /** `path:line` after the change. */
  where: string | null;
  from: string;
  /** The next value that no known kernel uses; null where the marker has no number at its end. */
  to: string | null;
}

/** The part of a patch that a finding is about, as the patch has it. */
export interface AuditHunk {
  file: string;
  /**
   * First line of it after the change.
   * @minimum 0
   * @asType integer
   */
  line: number;
  /** Each with its mark in front: ` `, `-`, `+`. */
  lines: string[];
}

export interface AuditFinding {
  rule: AuditRule;
  level: Level;
  component: string | null;
  /** A macro, a struct, a function. */
  subject: string;
  /** One sentence that stands alone. */
  message: string;
  /** `path:line` after the change, where one is known. */
  where: string | null;
  /** What of it happens on which targets. */
  targets: Target[];
  directions: AuditDirection[];
  /** What the worst of it does to a machine. */
  effect: Effect | null;
  causes: AuditCause[];
  raise?: AuditRaise;
  hunks: AuditHunk[];
  /** The later patch after which the whole is sound again: bisection lands on a broken kernel, a release does not. */
  mendedBy?: string;
  /** The earlier patch that raised the marker for this one. */
  raisedBy?: string;
  /** The earlier patch whose break this one takes back or announces. */
  mends?: string;
}

/** A piece of handed-over state that a patch touches. */
export interface AuditedComponent {
  id: string;
  /** The component whose marker guards it. */
  guard: string;
  macro: string | null;
  marker: { before: string | null; after: string | null };
  raised: boolean;
  /** What of the data or of the code that writes and reads it changed; names alone. */
  changed: string[];
}

export interface AuditedPatch {
  /** The commit, or the Message-ID of a patch. */
  id: string;
  /** What messages call it: the abbreviated commit, `v2 3/7`. */
  name: string;
  title: string;
  components: AuditedComponent[];
  findings: AuditFinding[];
}

/** A release before the range, against the end of it. */
export interface AuditedPair {
  release: string;
  direction: AuditDirection;
  target: Target;
  verdict: 'misread' | 'refused';
  component: string;
  effect: Effect | null;
}

/** `audit --format json`. */
export interface AuditOutput {
  /** `v6.17..v6.18`, `series.mbox`. */
  what: string;
  /** The state that the first patch starts from. */
  base: string;
  /**
   * Commits or patches that were looked at.
   * @minimum 0
   * @asType integer
   */
  looked: number;
  /** Those that touch handed-over data, in order. */
  patches: AuditedPatch[];
  /** The range from its beginning to its end: what its user meets. */
  whole: { components: AuditedComponent[]; findings: AuditFinding[] };
  /** Pairs with the last releases that the end of the range makes unsafe without saying so. */
  pairs: AuditedPair[];
}
