import type { Agreement, Outcome } from './evidence.ts';
import type { Target } from './target.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

/** What a trial came to. `not-started`: nothing was handed over, or nobody could see it: nothing was learned of the pair. */
export type TrialOutcome = Outcome | 'not-started';

/** What one kernel made of what the one before it handed over. */
export interface Observation {
  outcome: TrialOutcome;
  /** The line of the console that decided; null where the end of the console did. */
  line: string | null;
  /** One sentence: what happened. */
  seen: string;
  /** Options whose absence kept a kernel from starting, as its own configuration has them. */
  missing: string[];
  /** What else was noticed and decided nothing. */
  notes: string[];
  /** The end of the console, where it ended without a word. */
  lastLines: string[];
}

/** A kernel that was booted. */
export interface TriedKernel {
  /** What was asked for. */
  name: string;
  /** As `list` would print it. */
  release: string;
  /** uname -r of the image, and its version line where the kernel came so far. */
  uname: string;
  /** Of the image's bytes. */
  sha256: string;
  /** Parameters that it was booted with. */
  commandLine: string;
}

/** One live update of a trial. */
export interface TriedStep {
  outgoing: TriedKernel;
  incoming: TriedKernel;
  predicted: { verdict: Verdict; effect: Effect | null };
  observed: Observation;
  /** `untested` where nothing was predicted or nothing was handed over. */
  agreement: Agreement;
}

/** The payload in numbers. */
export interface TriedPayload {
  sessions: number;
  files: number;
  /** Bytes of all files. */
  bytes: number;
  regions: number;
  /** Of the payload as the guest reads it. */
  sha256: string;
  /** Why it is as it is, in sentences. */
  because: string[];
}

/** `try --format json`. */
export interface TryOutput {
  profile: string;
  target: Target;
  steps: TriedStep[];
  payload: TriedPayload;
  emulator: { version: string; accelerator: 'kvm' | 'tcg'; memory: string };
  /** Documents of evidence that were written, by their file names. */
  recorded: string[];
}

/** `try --matrix LIST --format json`. */
export interface TryMatrixOutput {
  profile: string;
  target: Target;
  /** One for each ordered pair that was tried, in the order of the list. */
  steps: TriedStep[];
  /**
   * Pairs that were recorded before, and not tried again.
   * @minimum 0
   * @asType integer
   */
  skipped: number;
}
