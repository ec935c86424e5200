import { ToolError } from '../../errors.ts';
import { isDay } from '../../model/calendar.ts';
import type { PolicyDocument, PolicyWaiver } from '../../model/policy.ts';
import { validate } from '../../schema/validate.ts';

/**
 * A policy that is given as it is, with what the schema cannot say: a waiver must name one finding, and end on a day that comes.
 * @throws ToolError DOCUMENT_INVALID, USAGE for a day that is none
 */
export function checkPolicy(policy: PolicyDocument, today: string): void {
  validate<PolicyDocument>('policy', policy, 'policy');
  if (!isDay(today)) throw new ToolError('USAGE', `today ${today}: not a day; write YYYY-MM-DD`);
  for (const [position, waiver] of (policy.waivers ?? []).entries()) {
    const fault = faultOf(waiver);
    if (fault !== undefined) throw new ToolError('DOCUMENT_INVALID', `policy: waivers.${position}: ${fault}`);
  }
}

function faultOf({
  fingerprint,
  rule,
  subject,
  outgoing,
  incoming,
  expires,
}: PolicyWaiver): string | undefined {
  if ((fingerprint === undefined) === (rule === undefined)) return 'give either a fingerprint or a rule';
  const lacks = [subject, outgoing, incoming].includes(undefined);
  if (rule !== undefined && lacks) return 'a waiver by rule needs subject, outgoing and incoming';
  if (expires !== undefined && !isDay(expires)) return `expires ${expires}: not a day; write YYYY-MM-DD`;
  return undefined;
}
