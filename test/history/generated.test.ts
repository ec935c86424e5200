import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditRange, readRange } from '../../src/history/audit-range.ts';
import { KnownValues } from '../../src/history/known-values.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import type { AuditedPatch } from '../../src/model/audit.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { withHistorySection } from '../accuracy/history-table.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { generateHistory } from './generated-history.ts';
import { makeRepository, scratchFolder } from './made-repository.ts';

const PAGE = new URL('../../docs/accuracy.md', import.meta.url);
const DEFAULT_SEED = 20_261_001;
const SEED = Number(process.env.LUO_ABI_SEED ?? DEFAULT_SEED);
const LENGTH = IS_WHOLE ? 200 : 40;

function said({ findings }: AuditedPatch): string[] {
  return findings.map(({ rule, level, component }) => `${rule} ${level} ${component}`);
}

function answerOf(patch: AuditedPatch | undefined): { findings: string[]; raised: string | null } {
  const raised = patch?.components.find(({ id, guard, raised: isRaised }) => isRaised && id === guard)?.id;
  return { findings: patch ? said(patch) : [], raised: raised ?? null };
}

test(`${LENGTH} generated commits get ${LENGTH} right answers (seed ${SEED})`, async () => {
  const folder = join(scratchFolder(), 'generated.git');
  const { commits, truths } = generateHistory(SEED, LENGTH);
  assert.equal(truths.length, LENGTH);
  const ids = makeRepository(folder, commits);
  const revisions = new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open());
  const range = readRange(`v7.3.4..${ids.at(-1)}`, revisions);
  const output = await auditRange(range, revisions, new KnownValues(() => []));
  assert.ok(output);
  const byTitle = new Map(output.patches.map((patch) => [patch.title, patch]));
  const wrong = truths.flatMap((truth) => {
    const { findings, raised } = answerOf(byTitle.get(truth.title));
    const isRight = findings.join() === truth.findings.join() && raised === truth.raised;
    return isRight
      ? []
      : [`${truth.title}: ${findings.join(', ')} (${raised}), not ${truth.findings.join(', ')}`];
  });
  assert.deepEqual(wrong, []);
  if (SEED !== DEFAULT_SEED || !IS_WHOLE) return;
  const page = withHistorySection(readFileSync(PAGE, 'utf8'), truths, wrong.length);
  if (process.env.UPDATE_GOLDEN === '1' && process.env.CI === undefined) writeFileSync(PAGE, page);
  assert.equal(readFileSync(PAGE, 'utf8'), page);
});
