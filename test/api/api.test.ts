import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeEvidenceFiles } from '../../src/catalog/evidence-files.ts';
import { evidenceDocument } from '../../src/catalog/evidence-id.ts';
import type { OverlayDocument, PolicyDocument } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { validate } from '../../src/schema/validate.ts';
import { documentOf } from '../support/shipped.ts';

const { check, gate, matrix, openCatalog, route, ToolError } = library;

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-library-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const files = { cache: join(folder, 'catalog.sqlite'), evidence: join(folder, 'evidence') };
const today = '2026-11-22';

function fails(code: string, pattern: RegExp) {
  return (error: unknown): boolean =>
    error instanceof ToolError && error.code === code && pattern.test(error.message);
}

const MINE: OverlayDocument = {
  $schema: 'overlay.schema.json',
  schemaVersion: 1,
  release: '7.3.4+mine',
  base: '7.3.4',
  vendor: 'mine',
  origin: 'transcribed',
  provenance: { kind: 'transcribed', name: 'a test', files: [] },
  removed: ['memfd'],
};

const POLICY: PolicyDocument = {
  schemaVersion: 1,
  pairs: { named: [{ outgoing: '7.2.12', incoming: '7.3.4' }] },
  profiles: ['memfd'],
};

test('the library exports its functions, and nothing by accident', () => {
  const names = Object.keys(library).sort();
  assert.deepEqual(names, [
    'PROFILES',
    'TARGETS',
    'ToolError',
    'addEvidence',
    'audit',
    'blame',
    'buildCatalogFile',
    'buildKernel',
    'capture',
    'captureKernels',
    'captureRange',
    'captureSeries',
    'captureTags',
    'check',
    'checkComponent',
    'classMatrix',
    'diff',
    'drift',
    'explain',
    'exportCatalog',
    'firstBad',
    'formatWindow',
    'gate',
    'gateFile',
    'importEvidenceFiles',
    'importKernels',
    'inspect',
    'list',
    'listEvidence',
    'matrices',
    'matrix',
    'openCatalog',
    'overview',
    'page',
    'pairs',
    'plan',
    'policyWindow',
    'preflight',
    'proposeComponent',
    'reach',
    'report',
    'reusedMarkers',
    'route',
    'rules',
    'settleEvidence',
    'shim',
    'show',
    'staleReport',
    'structHistory',
    'tryMatrix',
    'tryUpdates',
    'updateVersions',
    'verifyCatalog',
    'writeReport',
  ]);
});

test('each answer matches the schema of the command', async () => {
  const catalog = await openCatalog(files);
  const pair = await check('6.17', '6.18', { catalog, profile: 'memory', both: true });
  validate('check', JSON.parse(JSON.stringify(pair)), 'check');
  validate('matrix', JSON.parse(JSON.stringify(await matrix({ catalog, profile: 'memfd' }))), 'matrix');
  const way = await route('6.18.15', '7.3.4', { catalog, profile: 'memory' });
  validate('route', JSON.parse(JSON.stringify(way)), 'route');
  validate('gate', JSON.parse(JSON.stringify(await gate(POLICY, { catalog, today }))), 'gate');
  catalog.close();
});

test('a kernel is a release, a series, a capture or an overlay', async () => {
  const catalog = await openCatalog(files);
  const options = { catalog, profile: 'memfd' };
  const named = await check('7.2.12', '7.3.4', options);
  const given = await check(documentOf('7.2.12'), documentOf('7.3.4'), options);
  assert.deepEqual(given, named);
  const { outgoing } = await check('7.2', MINE, options);
  assert.equal(outgoing.startsWith('7.2.'), true);
  const lost = await check('7.2.12', MINE, options);
  assert.deepEqual([lost.incoming, lost.verdict], ['7.3.4+mine', 'refused']);
  assert.equal((await route('7.2.12', MINE, options)).hops, null);
  assert.equal((await route('7.2.6', '7.3.4', { ...options, via: [MINE], releases: '7.9' })).hops?.length, 1);
  catalog.close();
});

test('a gate passes, fails for a test that disagrees, and takes kernels that are given', async () => {
  const catalog = await openCatalog(files);
  assert.equal((await gate({ ...POLICY, evidence: 'required' }, { catalog, today })).outcome, 'passed');
  const untested: PolicyDocument = {
    ...POLICY,
    pairs: { named: [{ outgoing: '7.2.11', incoming: '7.3.4' }] },
  };
  assert.equal((await gate(untested, { catalog, today })).outcome, 'passed');
  assert.equal((await gate({ ...untested, evidence: 'required' }, { catalog, today })).outcome, 'failed');
  const given: PolicyDocument = {
    ...POLICY,
    pairs: { named: [{ outgoing: '7.2.12', incoming: 'mine.json' }] },
  };
  assert.equal((await gate(given, { catalog, today, files: { 'mine.json': MINE } })).outcome, 'failed');
  const missing = await gate(given, { catalog, today });
  assert.deepEqual(
    [missing.outcome, missing.problems.some(({ rule }) => rule === 'capture-missing')],
    ['failed', true],
  );
  const stale = await gate(POLICY, { catalog, today, versions: folder });
  assert.deepEqual([stale.outcome, stale.problems[0]?.rule], ['failed', 'catalog-stale']);
  catalog.close();

  const record = evidenceDocument({
    outgoing: '7.2.12',
    incoming: '7.3.4',
    profile: 'memfd',
    target: 'x86_64-4k',
    outcome: 'boot-panic',
    who: 'laboratory',
    date: '2026-11-20',
    how: 'two servers',
  });
  const evidence = join(folder, 'contrary');
  writeEvidenceFiles(evidence, [record]);
  const doubtful = await openCatalog({ cache: join(folder, 'contrary.sqlite'), evidence });
  const report = await gate(POLICY, { catalog: doubtful, today });
  const [problem] = report.problems;
  assert.deepEqual([report.outcome, problem?.rule], ['failed', 'evidence-disagrees']);
  assert.match(problem?.message ?? '', /laboratory saw boot-panic, 2026-11-20/);
  doubtful.close();
});

test('wrong input is a ToolError that names it', async () => {
  const catalog = await openCatalog(files);
  await assert.rejects(openCatalog({ path: join(folder, 'none.sqlite') }), fails('CATALOG_MISSING', /none/));
  await assert.rejects(check('9.9', '7.3.4', { catalog }), fails('RELEASE_UNKNOWN', /9\.9/));
  await assert.rejects(
    check('7.2.12', '7.3.4', { catalog, profile: 'disk' }),
    fails('PROFILE_UNKNOWN', /disk/),
  );
  const narrow = { ...documentOf('7.3.4'), targets: ['arm64-4k' as const] };
  await assert.rejects(
    check('7.2.12', narrow, { catalog, target: 'x86_64-4k' }),
    fails('TARGET_UNKNOWN', /7\.3\.4 .*arm64-4k/),
  );
  await assert.rejects(matrix({ catalog, releases: '>=99' }), fails('RELEASE_UNKNOWN', />=99/));
  await assert.rejects(matrix({ catalog, releases: 'newer' }), fails('USAGE', /newer/));
  const unbased = { ...MINE, base: '1.0' };
  await assert.rejects(check('7.2.12', unbased, { catalog }), fails('OVERLAY_BASE_UNKNOWN', /1\.0/));
  await assert.rejects(gate(POLICY, { catalog, today: '2026-02-30' }), fails('USAGE', /2026-02-30/));
  const typo = { ...POLICY, profile: ['memfd'] } as PolicyDocument;
  await assert.rejects(gate(typo, { catalog, today }), fails('DOCUMENT_INVALID', /profile/));
  const waiver = { rule: 'marker-not-bumped', reason: 'r', owner: 'o' };
  await assert.rejects(
    gate({ ...POLICY, waivers: [waiver] }, { catalog, today }),
    fails('DOCUMENT_INVALID', /waivers\.0: a waiver by rule needs/),
  );
  const endless = { fingerprint: '0'.repeat(32), reason: 'r', owner: 'o', expires: '2026-02-31' };
  await assert.rejects(
    gate({ ...POLICY, waivers: [endless] }, { catalog, today }),
    fails('DOCUMENT_INVALID', /2026-02-31/),
  );
  catalog.close();
});
