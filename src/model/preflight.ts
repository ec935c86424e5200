import type { CheckOutput } from './outputs.ts';
import type { Provenance } from './provenance.ts';

/** One side of a preflight: which kernel it is, and what was looked at. */
export interface PreflightKernel {
  release: string;
  evidence: Pick<Provenance, 'kind' | 'name' | 'package'>[];
  /** The release of the catalog whose source facts stand in for what a build does not carry; null where none had to. */
  fallback: string | null;
}

/** `preflight --format json`. */
export interface PreflightOutput {
  /** `no`: something is at or above `--fail-on`; `unknown`: a needed fact is missing. */
  answer: 'no' | 'unknown' | 'yes';
  /** The answer as one sentence. */
  line: string;
  running: PreflightKernel;
  staged: PreflightKernel;
  /** What to know beside the verdict: evidence that was not there, boot parameters, what the kernel says it hands over. */
  notes: string[];
  check: CheckOutput;
}
