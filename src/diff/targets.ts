import type { Impact } from '../model/finding.ts';
import type { Target } from '../model/target.ts';
import { worstImpact } from './impact.ts';
import type { RawFinding } from './rule.ts';

/** The same component of the same pair of kernels, compared on another target. */
export interface TargetReading {
  target: Target;
  impact: Impact;
  /** What gave it that impact, in the order of the findings. */
  causes: RawFinding[];
}

/** What a comparison came to, and by which findings; those that only sum others up are left out where they can be. */
export function readingOf(target: Target, findings: readonly RawFinding[]): TargetReading {
  const impact = worstImpact(findings);
  const worst = findings.filter((finding) => finding.impact === impact);
  const causes = worst.filter(({ rule }) => rule !== 'marker-not-bumped');
  return { target, impact, causes: causes.length > 0 ? causes : worst };
}
