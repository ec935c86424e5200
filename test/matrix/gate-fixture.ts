import type { GateInput } from '../../src/matrix/gate.ts';
import { runGate } from '../../src/matrix/gate.ts';
import type { GatePair, GateReport } from '../../src/model/gate.ts';
import type { PolicyDocument, PolicyWaiver } from '../../src/model/policy.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

/** A policy with one named pair for each argument, `6.17.8 6.18.5`. */
export function policyOf(pairs: readonly string[], rest: Partial<PolicyDocument> = {}): PolicyDocument {
  const named = pairs.map((pair) => {
    const [outgoing = '', incoming = ''] = pair.split(' ');
    return { outgoing, incoming };
  });
  return { schemaVersion: 1, pairs: { named }, profiles: ['memory'], ...rest };
}

const REASONED = { reason: 'seen to be harmless here', owner: 'kernel team' };

export function waiver(rest: Partial<PolicyWaiver>): PolicyWaiver {
  return { ...REASONED, ...rest };
}

/** The misread of 6.17 -> 6.18, by rule. */
export const BITMAP: Partial<PolicyWaiver> = {
  rule: 'marker-not-bumped',
  subject: 'KHO_FDT_COMPATIBLE',
  outgoing: '6.17.x',
  incoming: '6.18.x',
  'accept-corruption': true,
};

const kernels = new Map<string, Kernel>();

function kernelNamed(release: string): Kernel | undefined {
  const document = shipped().documents.find((candidate) => candidate.release === release);
  if (!kernels.has(release) && document) kernels.set(release, kernelOf(document));
  return kernels.get(release);
}

/** A gate over shipped documents, and over `extra` kernels. */
export function gate(
  policy: PolicyDocument,
  rest: Partial<GateInput> & { extra?: readonly Kernel[] } = {},
): GateReport {
  const { errata, reviews, documents } = shipped();
  const { extra = [], ...input } = rest;
  const find = (release: string): Kernel | undefined =>
    extra.find((kernel) => kernel.release === release) ?? kernelNamed(release);
  const releases = [...documents, ...extra].map(({ release }) => release);
  return runGate({
    policy,
    path: 'policy.yaml',
    profiles: policy.profiles.map(profileNamed),
    today: '2026-11-01',
    releases,
    named: new Map(releases.map((release) => [release, release])),
    kernelOf: find,
    judging: { errata, reviews: reviews ?? [], erratumApplies: appliesTo, kernelNamed: find },
    ...input,
  });
}

/** The only pair of a report. */
export function onlyPair({ pairs }: GateReport): GatePair {
  const [pair] = pairs;
  if (!pair || pairs.length !== 1) throw new Error(`${pairs.length} pairs`);
  return pair;
}
