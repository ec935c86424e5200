import { createHash } from 'node:crypto';
import { byCodeUnit } from './canonical.ts';
import type { ComponentVerdict, Finding, FindingSide } from './finding.ts';

// A finding's fingerprint: the first 32 hexadecimal digits of the SHA-256 of what makes it that finding and no other:
//   the scheme's version, rule, impact, effect, component, subject, the facts of both sides, and
//   for a finding that sums up others (`marker-not-bumped`) the fingerprints of those.
// Releases, targets, profiles, places and prose are left out, so it stays equal when a release moves or a line number
// changes, and becomes another one as soon as a fact that decides is another.

const SCHEME = 'finding/1';
const DIGITS = 32;

/** What `fingerprintFindings` takes for a fingerprint. */
export const FINGERPRINT = /^[0-9a-f]{32}$/;

/** The rule whose finding stands for all misreads of its component. */
export const SUMMARY_RULE = 'marker-not-bumped';

/** Facts that say where something was seen, not what it is. */
const NAMES_OF_RELEASES: readonly string[] = ['alsoIn', 'release', 'releases'];

/** The fingerprint of every finding of a component. */
export function fingerprintFindings({ id, findings }: ComponentVerdict): Map<Finding, string> {
  const prints = new Map<Finding, string>();
  for (const finding of findings) prints.set(finding, digest(id, finding, []));
  const summary = findings.find(({ rule }) => rule === SUMMARY_RULE);
  if (!summary) return prints;
  const parts = partsOf(summary, findings).map((part) => prints.get(part) ?? '');
  return prints.set(summary, digest(id, summary, parts.sort(byCodeUnit)));
}

/** What a finding that sums up others stands for; empty for any other finding. */
export function partsOf(summary: Finding, findings: readonly Finding[]): Finding[] {
  if (summary.rule !== SUMMARY_RULE) return [];
  return findings.filter((finding) => finding !== summary && finding.impact === 'misread');
}

function digest(component: string, finding: Finding, parts: readonly string[]): string {
  const { rule, impact, effect = null, subject, outgoing, incoming } = finding;
  const identity = [
    SCHEME,
    rule,
    impact,
    effect,
    component,
    subject,
    facts(outgoing),
    facts(incoming),
    ...parts,
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, DIGITS);
}

function facts(side: FindingSide): unknown {
  return Object.entries(side)
    .filter(([name]) => !NAMES_OF_RELEASES.includes(name))
    .sort(([a], [b]) => byCodeUnit(a, b));
}
