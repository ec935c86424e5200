import type { Effect } from './verdict-kind.ts';

/** One commit that changed what was asked for. */
export interface BlameStep {
  commit: string;
  title: string;
  author: string;
  date: string | null;
  /** The first release that has it, by its tag; null where no tag does. */
  firstIn: string | null;
  /** The state before and after; null where it is not declared. */
  before: string | null;
  after: string | null;
  /** The marker that guards it. */
  marker: { macro: string | null; before: string | null; after: string | null; raised: boolean } | null;
  /** `path:line` after the change. */
  where: string | null;
}

/** `blame --format json`. */
export interface BlameOutput {
  subject: string;
  kind: 'caller' | 'constant' | 'marker' | 'member' | 'struct';
  component: string;
  range: string;
  /** Oldest first. */
  steps: BlameStep[];
}

/** A commit at which the answer of a pair turns. */
export interface TurningPoint {
  commit: string;
  title: string;
  author: string;
  date: string | null;
  /** From safe to unsafe, or back. */
  turns: 'safe' | 'unsafe';
  components: TurnedComponent[];
  /** What a real update into it came to, with --try. */
  observed?: string;
}

export interface TurnedComponent {
  id: string;
  verdict: 'misread' | 'refused' | 'unknown';
  effect: Effect | null;
  /** What decides it, in words. */
  messages: string[];
}

/** `first-bad --format json`. */
export interface FirstBadOutput {
  outgoing: string;
  incoming: string;
  target: string;
  isSafe: boolean;
  firstBad: TurningPoint | null;
  /** Every other turn between the two; more than none means that the answer went back and forth. */
  others: TurningPoint[];
  /** False where there were too many commits to look at each. */
  isComplete: boolean;
  /**
   * Commits between the two that touch handed-over data.
   * @minimum 0
   * @asType integer
   */
  commits: number;
}
