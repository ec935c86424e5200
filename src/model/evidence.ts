import type { Target } from './target.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

/**
 * What a test of a pair came to.
 * - `works`: what was preserved came back and was verified
 * - an effect: what happened to the machine instead
 * - `fails`: it did not come back, and the test does not say what happened
 * - `unsupported`: the outgoing kernel could not preserve it
 */
export type Outcome = Effect | 'fails' | 'unsupported' | 'works';

/** Somebody looked at a record that contradicts the prediction, and decided that the prediction stands. */
export interface Settlement {
  by: string;
  /**
   * @pattern ^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$
   */
  date: string;
  /**
   * Why the record does not count against the prediction.
   * @minLength 1
   */
  reason: string;
}

/**
 * In hex.
 * @pattern ^[0-9a-f]{64}$
 */
export type Digest = string;

/** A test of an ordered pair on real machines or in an emulator. */
export interface EvidenceRecord {
  /**
   * The kernel that wrote, as `list` prints it; need not be known to the catalog.
   * @pattern ^[0-9A-Za-z][0-9A-Za-z._+~-]*$
   */
  outgoing: string;
  /**
   * The kernel that read.
   * @pattern ^[0-9A-Za-z][0-9A-Za-z._+~-]*$
   */
  incoming: string;
  /**
   * The name of the profile whose state was preserved.
   * @pattern ^[0-9A-Za-z][0-9A-Za-z._+~-]*$
   */
  profile: string;
  target: Target;
  outcome: Outcome;
  /** What was seen, in words: console messages, values. */
  seen?: string;
  /** Under which it was seen: what was preserved, boot parameters, configuration. */
  conditions?: string[];
  /**
   * How a kernel of the test differs from the release of its name, in words. Such a record says nothing of the released
   * pair: it neither agrees nor disagrees with its verdict.
   */
  changed?: { outgoing?: string; incoming?: string };
  /**
   * The images that were booted, by the SHA-256 of their bytes. Such a record counts for that build alone; one without counts
   * for the kernel that the catalog has under the name.
   */
  images?: { outgoing?: Digest; incoming?: Digest };
  /**
   * A person, team or test system.
   * @minLength 1
   */
  who: string;
  /**
   * The day, or the month where no more is known.
   * @pattern ^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$
   */
  date: string;
  /**
   * On what: machines and their number, or the emulator.
   * @minLength 1
   */
  how: string;
  /** Where the log is: a URL, a path, the number of a job. */
  log?: string;
  settled?: Settlement;
}

/** A record as it is stored, one a file. */
export interface EvidenceDocument extends EvidenceRecord {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /**
   * The first 16 digits of the SHA-256 of what was observed; two records of the same observation have one id.
   * @pattern ^[0-9a-f]{16}$
   */
  id: string;
}

/** The JSON that `evidence import` reads. */
export type EvidenceImport = EvidenceRecord[];

/** The version of the evidence document that this program writes. */
export const EVIDENCE_SCHEMA_VERSION = 1;

/**
 * Prediction against tests.
 * - `untested`: no record bears on the prediction; it is a prediction and nothing more
 * - `agrees`: every record that bears on it saw what was predicted
 * - `disagrees`: some record saw something else
 */
export type Agreement = 'agrees' | 'disagrees' | 'untested';

/** What is recorded of a pair, beside its prediction. */
export interface PairEvidence {
  agreement: Agreement;
  /** Of this pair, profile and target, tests of changed kernels and settled ones among them; newest last. */
  records: EvidenceDocument[];
  /** Ids of the records that saw something else than what was predicted. */
  disagreeing: string[];
}

/** A row of `evidence list`. */
export interface ListedEvidence extends EvidenceDocument {
  /** Null where a kernel or the profile is not known here, or a kernel of the test was changed or is another build. */
  predicted: { verdict: Verdict; effect: Effect | null } | null;
  /** Of this record alone. */
  agreement: Agreement;
}

/** `evidence list --format json`. */
export interface EvidenceListOutput {
  evidence: ListedEvidence[];
}
