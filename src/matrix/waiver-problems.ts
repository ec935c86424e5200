import type { GateProblem, GateWaiver } from '../model/gate.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { GateRuleId } from './gate-rules.ts';
import { levelOf } from './gate-rules.ts';

/** What is wrong with the waivers of a run, in their order. */
export function waiverProblems(
  waivers: readonly GateWaiver[],
  { unusedWaivers = 'warn' }: Pick<PolicyDocument, 'unusedWaivers'>,
): GateProblem[] {
  return waivers.flatMap((waiver, position) => {
    const problem = problemOf(waiver);
    if (!problem) return [];
    const [rule, words] = problem;
    const level = rule === 'waiver-unused' && unusedWaivers === 'fail' ? 'error' : levelOf(rule);
    const message = `waiver ${position + 1} (${nameOf(waiver)}, owner ${waiver.owner}) ${words}`;
    return [{ rule, level, message, line: waiver.line }];
  });
}

function problemOf({ status, expires, matches }: GateWaiver): [rule: GateRuleId, words: string] | undefined {
  switch (status) {
    case 'expired':
      return ['waiver-expired', `expired: its last day was ${expires ?? 'not given'}`];
    case 'powerless':
      return [
        'waiver-powerless',
        'matches corrupted data, which it does not cover without "accept-corruption": true',
      ];
    case 'too-broad':
      return [
        'waiver-too-broad',
        `matches ${matches.length} findings although it names one: ${matches.join(', ')}; narrow its releases, or use a fingerprint`,
      ];
    case 'unused':
      return ['waiver-unused', 'matches no finding that would fail; remove it'];
    case 'used':
      return undefined;
  }
}

/** `fingerprint 0123…` or `rule subject outgoing -> incoming`. */
function nameOf({ fingerprint, rule, subject, outgoing = '*', incoming = '*' }: GateWaiver): string {
  if (fingerprint !== undefined) return `fingerprint ${fingerprint}`;
  return `${rule ?? 'any rule'} of ${subject ?? 'any subject'}, ${outgoing} -> ${incoming}`;
}
