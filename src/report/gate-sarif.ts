import type { Location, Result, Suppression } from 'sarif';
import { byCodeUnit } from '../model/canonical.ts';
import type { Level } from '../model/finding.ts';
import type { GateFinding, GateProblem, GateReport, GateWaiver } from '../model/gate.ts';
import { defineGateFormat } from './gate-format.ts';
import type { ConditionalPair } from './gate-words.ts';
import {
  CONDITION,
  conditionalPairs,
  conditionText,
  findingText,
  pairWords,
  sentence,
  waiverOf,
  waiverWords,
} from './gate-words.ts';
import { sarifLog } from './sarif-log.ts';

// One result for each finding, however many pairs it is in; places in kernels are relative to the
// source tree of that kernel, waivers and problems of the run to the policy.

const SIDES = { outgoing: 'OUTGOING_KERNEL', incoming: 'INCOMING_KERNEL' } as const;

/** For code scanning: rules with their pages, stable fingerprints, waivers as suppressions. */
export const gateSarif = defineGateFormat({
  name: 'sarif',
  render(report, options) {
    const results = [
      ...report.findings.map((finding) => resultOf(finding, report)),
      ...report.problems.map((problem) => problemResult(problem, report)),
      ...conditionalPairs(report).map((pair) => conditionResult(pair, report)),
    ];
    return sarifLog(results, options, {
      invocations: [{ executionSuccessful: true, exitCode: report.outcome === 'failed' ? 1 : 0 }],
      originalUriBaseIds: {
        [SIDES.outgoing]: { description: { text: 'the source tree of the kernel that writes' } },
        [SIDES.incoming]: { description: { text: 'the source tree of the kernel that reads' } },
      },
      properties: { outcome: report.outcome, summary: report.summary, counts: report.counts },
    });
  },
});

function resultOf(finding: GateFinding, report: GateReport): Result {
  const { rule, component, subject, fingerprint, pairs, status, impact, effect } = finding;
  const waiver = waiverOf(finding, report);
  return {
    ruleId: rule,
    level: sarifLevel(finding),
    message: { text: `${sentence(findingText(finding))} In ${pairWords(pairs)}.` },
    locations: locationsOf(finding, report),
    partialFingerprints: { 'findingHash/v1': fingerprint },
    occurrenceCount: pairs.length,
    suppressions: waiver ? [suppressionOf(waiver, report)] : [],
    properties: { component, subject, impact, effect: effect ?? null, status, pairs },
  };
}

/** What fails is as loud as its rule; what the policy lets pass never reads as an error. */
function sarifLevel({ status, level }: GateFinding): Level {
  if (status === 'failing') return level === 'error' ? 'error' : 'warning';
  if (status === 'waived') return level;
  return level === 'error' ? 'warning' : level;
}

function locationsOf({ where, subject }: GateFinding, { policy }: GateReport): Location[] {
  const logicalLocations = [{ fullyQualifiedName: subject }];
  const locations = [...where]
    .sort((a, b) => byCodeUnit(a.side, b.side))
    .map(({ file, line, side }) => ({
      physicalLocation: {
        artifactLocation: { uri: encodeURI(file), uriBaseId: SIDES[side] },
        region: { startLine: line },
      },
      logicalLocations,
    }));
  if (locations.length > 0) return locations;
  return [{ ...policyLocation(policy, 1), logicalLocations }];
}

function policyLocation(policy: string, line: number | null): Location {
  const region = line === null ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: { uri: encodeURI(policy) }, ...region } };
}

function suppressionOf(waiver: GateWaiver, { policy }: GateReport): Suppression {
  const location = policyLocation(policy, waiver.line);
  return { kind: 'external', status: 'accepted', justification: waiverWords(waiver), location };
}

function problemResult({ rule, level, message, line }: GateProblem, { policy }: GateReport): Result {
  return {
    ruleId: rule,
    level,
    message: { text: message },
    locations: [policyLocation(policy, line ?? 1)],
    suppressions: [],
  };
}

function conditionResult(pair: ConditionalPair, { policy }: GateReport): Result {
  return {
    ruleId: CONDITION,
    level: 'note',
    message: { text: conditionText(pair) },
    locations: [policyLocation(policy, 1)],
    suppressions: [],
  };
}
