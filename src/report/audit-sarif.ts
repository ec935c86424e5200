import { createHash } from 'node:crypto';
import type { Location, Result } from 'sarif';
import type { AuditedPatch, AuditFinding, AuditOutput } from '../model/audit.ts';
import { adviceFor, hitBy, summaryOf } from './audit-text.ts';
import type { SarifOptions } from './sarif-log.ts';
import { sarifLog } from './sarif-log.ts';

const ROOT = 'KERNEL_TREE';

/** An audit as SARIF: one result for each finding of each patch; places are relative to the top of the tree. */
export function renderAuditSarif(output: AuditOutput, options: SarifOptions): string {
  const results = output.patches.flatMap((patch) =>
    patch.findings.map((finding) => resultOf(finding, patch)),
  );
  return sarifLog(results, options, {
    originalUriBaseIds: { [ROOT]: { description: { text: 'the top of the kernel tree' } } },
    properties: { summary: summaryOf(output), what: output.what },
  });
}

function resultOf(finding: AuditFinding, { id, title, name }: AuditedPatch): Result {
  const { rule, level, message, component, subject, targets, directions, effect } = finding;
  const texts = [`${message}.`, hitBy(finding), adviceFor(finding), `In ${name} "${title}".`];
  return {
    ruleId: rule,
    level,
    message: { text: texts.filter((text) => text !== undefined).join(' ') },
    locations: [locationOf(finding)],
    partialFingerprints: { 'findingHash/v1': fingerprintOf(finding, title) },
    properties: { component, subject, targets, directions, effect, patch: id },
  };
}

function locationOf({ where, subject }: AuditFinding): Location {
  const [, file = 'Makefile', line = '1'] = /^(.*):(\d+)$/.exec(where ?? '') ?? [];
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file), uriBaseId: ROOT },
      region: { startLine: Number(line) },
    },
    logicalLocations: [{ fullyQualifiedName: subject }],
  };
}

/** The same for a patch that was rebased or sent anew. */
function fingerprintOf({ rule, component, subject, causes }: AuditFinding, title: string): string {
  const parts = [rule, component ?? '', subject, title, ...causes.map((cause) => cause.subject)];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
