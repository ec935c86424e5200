import type { Impact } from '../model/finding.ts';

/** Worst first, as the reader comes to them: what is refused is not read. */
const IMPACTS: readonly Impact[] = ['refused', 'unsupported', 'misread', 'unknown', 'note', 'none'];

/** The worst impact of some findings; `none` without any. */
export function worstImpact(findings: readonly { impact: Impact }[]): Impact {
  return IMPACTS.find((impact) => findings.some((finding) => finding.impact === impact)) ?? 'none';
}
