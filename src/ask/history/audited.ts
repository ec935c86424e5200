import type { AuditOutput } from '../../model/audit.ts';
import type { HistoryOptions, KnownOptions } from './options.ts';

/** What is audited: a range or commit, files of patches, or what is staged. */
export type AuditWhat =
  | { kind: 'patches'; paths: readonly string[] }
  | { kind: 'range'; text: string }
  | { kind: 'staged' };

export interface AuditOptions extends HistoryOptions, KnownOptions {
  /** What patches apply to: a commit, `REPO#REV`, or any source of a kernel (default: HEAD). */
  on?: string | undefined;
}

/** An audit, or `output` undefined where nothing that is handed over is touched. */
export interface Audited {
  what: string;
  output: AuditOutput | undefined;
}
