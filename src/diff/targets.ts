import type { Target } from '../model/target.ts';
import { worstImpact } from './impact.ts';
import type { RawFinding, TargetReading } from './rule.ts';

/** What a comparison came to, and by which findings; those that only sum others up are left out where they can be. */
export function readingOf(target: Target, findings: readonly RawFinding[]): TargetReading {
  const impact = worstImpact(findings);
  const worst = findings.filter((finding) => finding.impact === impact);
  const causes = worst.filter(({ rule }) => rule !== 'marker-not-bumped');
  return { target, impact, causes: causes.length > 0 ? causes : worst };
}
