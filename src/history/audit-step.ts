import type { FilePatch } from '../formats/patch.ts';
import type { AuditState } from './audit-state.ts';
import type { Breakage, TouchedComponent } from './judge-change.ts';
import type { UnreadTouch } from './unknown-facts.ts';

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

/** A step with what was found of it so far. */
export interface JudgedStep {
  step: AuditStep;
  before: AuditState;
  touched: readonly TouchedComponent[];
  breakages: readonly Breakage[];
  /** Touched, and unknown before and after. */
  unread: readonly UnreadTouch[];
}
