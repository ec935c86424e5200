import type { GateFinding, GateFindingPair, GatePair, GateReport, GateWaiver } from '../model/gate.ts';

// Sentences that several formats of the gate share.

/** `6.17.8 -> 6.18.15`. */
export function wayOf({ outgoing, incoming }: { outgoing: string; incoming: string }): string {
  return `${outgoing} -> ${incoming}`;
}

/** The pairs of a finding, the first few by name: `6.17.8 -> 6.18.15 (memory; x86_64-4k), and 3 more pairs`. */
export function pairWords(pairs: readonly GateFindingPair[], shown = 5): string {
  const named = pairs
    .slice(0, shown)
    .map((pair) => `${wayOf(pair)} (${pair.profiles.join(', ')}; ${pair.targets.join(', ')})`);
  const rest = pairs.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more pairs`] : [])].join(', ');
}

/** The waiver that covers a finding, if one does. */
export function waiverOf({ waiver }: GateFinding, { waivers }: GateReport): GateWaiver | undefined {
  return waiver === null ? undefined : waivers[waiver];
}

/** `reason (owner; until 2026-12-31)`. */
export function waiverWords({ reason, owner, expires, acceptsCorruption }: GateWaiver): string {
  const until = expires === undefined ? '' : `; until ${expires}`;
  const corruption = acceptsCorruption ? '; accepts corruption' : '';
  return `${reason} (${owner}${until}${corruption})`;
}

/** Where a finding is, in the kernel that reads if that is known, else in the one that writes. */
export function placeOf({ where }: GateFinding): GateFinding['where'][number] | undefined {
  return where.find(({ side }) => side === 'incoming') ?? where[0];
}

/** A sentence with one full stop, so that another may follow. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A report in whose texts nothing moves a cursor or breaks a line: names and messages may come from anywhere. */
export function visibleReport(report: GateReport): GateReport {
  const visible = (_key: string, value: unknown): unknown =>
    typeof value === 'string'
      ? value.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
      : value;
  return JSON.parse(JSON.stringify(report), visible) as GateReport;
}

/** A finding's message, and when it holds. */
export function findingText({ message, condition }: Pick<GateFinding, 'condition' | 'message'>): string {
  return condition === undefined ? message : `${sentence(message)} Condition: ${condition}`;
}

/** A pair that does not fail, with what it depends on. */
export type ConditionalPair = GatePair & { conditions: string[] };

/** What annotations and issues call the condition of a pair that does not fail; no rule of a finding bears the name. */
export const CONDITION = 'pass-under-condition';

/** `6.19.11 -> 7.0 (memory on x86_64-4k): panics if 6.19.11 runs with liveupdate=on` */
export function conditionText(pair: ConditionalPair): string {
  return `${wayOf(pair)} (${pair.profile} on ${pair.target}): ${pair.conditions.join('; ')}`;
}

/** Pairs that do not fail and depend on something, with what they depend on. */
export function conditionalPairs({ pairs }: GateReport): ConditionalPair[] {
  return pairs.flatMap((pair) =>
    pair.status !== 'failed' && pair.conditions ? { ...pair, conditions: pair.conditions } : [],
  );
}
