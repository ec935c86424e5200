import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { contentOf } from '../../src/catalog/content.ts';
import { writeEvidenceFiles } from '../../src/catalog/evidence-files.ts';
import { distinctEvidence, evidenceDocument, evidenceFileName } from '../../src/catalog/evidence-id.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { readShipped, readVersions } from '../../src/catalog/read-content.ts';
import { isStampOf, stampOf } from '../../src/catalog/stamp.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import { ToolError } from '../../src/errors.ts';
import { importEvidence } from '../../src/evidence/import.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { EvidenceRecord } from '../../src/model/evidence.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { casesOf } from '../support/extent.ts';
import { shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-evidence-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);

const RECORD: EvidenceRecord = {
  outgoing: '7.2.12',
  incoming: '7.3.4',
  profile: 'memfd',
  target: 'x86_64-4k',
  outcome: 'works',
  who: 'laboratory',
  date: '2026-11-20',
  how: 'two servers',
};

const DEFAULTS = { profile: 'memfd', target: 'x86_64-4k', who: 'ci', date: '2026-11-01', how: 'QEMU' };

function isInvalid(pattern: RegExp) {
  return (error: unknown): boolean =>
    error instanceof ToolError && error.code === 'DOCUMENT_INVALID' && pattern.test(error.message);
}

test('the id follows from the observation alone: key order and a settlement do not change it', () => {
  const document = evidenceDocument(RECORD);
  const reversed = Object.fromEntries(Object.entries(RECORD).reverse()) as unknown as EvidenceRecord;
  assert.equal(evidenceDocument(reversed).id, document.id);
  const settled = { ...RECORD, settled: { by: 'a team', date: '2026-11', reason: 'seen again, fine' } };
  assert.equal(evidenceDocument(settled).id, document.id);
  assert.deepEqual(evidenceDocument(document), document);
  for (const change of [{ date: '2026-11-21' }, { outcome: 'fails' as const }, { log: 'job 4' }]) {
    assert.notEqual(evidenceDocument({ ...RECORD, ...change }).id, document.id);
  }
});

test('the catalog gives records back, by pair and all, equal to the shipped files', () => {
  const path = join(folder, 'shipped.sqlite');
  buildCatalog(path, shipped());
  const catalog = Catalog.open(path);
  const files = readdirSync(join(packageRoot(), 'versions/evidence')).sort();
  assert.deepEqual(catalog.evidence().map(evidenceFileName).sort(), files);
  for (const document of catalog.evidence()) {
    const text = readFileSync(join(packageRoot(), 'versions/evidence', evidenceFileName(document)), 'utf8');
    assert.equal(canonicalJson(document), text);
  }
  const unchanged = catalog.evidenceOf('7.2.12', '7.3.4').filter(({ changed }) => changed === undefined);
  assert.deepEqual([...new Set(unchanged.map(({ outcome }) => outcome))], ['works']);
  assert.deepEqual(catalog.evidenceOf('7.2.12', '5.4'), []);
  assert.equal(catalog.info().evidence, files.length);
  assert.deepEqual(faultsIn(catalog), []);
  assert.equal(contentOf(catalog).evidence.length, files.length);
  catalog.close();
});

test('a catalog of version 3, which knew no evidence, is read without it', () => {
  const path = join(folder, 'old.sqlite');
  const db = new Database(path);
  for (const step of MIGRATIONS.slice(0, 3)) db.exec(step);
  db.pragma('user_version = 3');
  db.close();
  const catalog = Catalog.open(path);
  assert.deepEqual([catalog.evidence(), catalog.evidenceOf('7.2.12', '7.3.4')], [[], []]);
  assert.equal(catalog.info().evidence, 0);
  catalog.close();
});

test('verify finds a record that was changed in the database', () => {
  const path = join(folder, 'changed.sqlite');
  const content = { documents: [], errata: [], reviews: [], stamp: '' };
  buildCatalog(path, { ...content, evidence: [evidenceDocument(RECORD)] });
  const db = new Database(path);
  db.exec(`UPDATE evidence SET json = replace(json, 'works', 'fails')`);
  db.close();
  const catalog = Catalog.open(path);
  assert.match(faultsIn(catalog).join(), /evidence [0-9a-f]{16}: content does not match/);
  catalog.close();
});

test('an edited document is refused by its id; a newer one by its version', () => {
  const versions = join(folder, 'edited');
  mkdirSync(join(versions, 'evidence'), { recursive: true });
  const path = join(versions, 'evidence/x.json');
  writeFileSync(path, canonicalJson({ ...evidenceDocument(RECORD), outcome: 'boot-panic' }));
  assert.throws(() => readVersions(versions), isInvalid(/x\.json: id [0-9a-f]+ is not that of its content/));
  writeFileSync(path, canonicalJson({ ...evidenceDocument(RECORD), schemaVersion: 9 }));
  assert.throws(() => readVersions(versions), isInvalid(/schemaVersion 9 is newer/));
});

test("a user's own records stand beside the shipped ones, and change the stamp", () => {
  const versions = join(folder, 'versions');
  cpSync(join(packageRoot(), 'versions/evidence'), join(versions, 'evidence'), { recursive: true });
  const own = join(folder, 'own');
  assert.equal(readShipped(versions, own).stamp, stampOf(versions));
  assert.equal(stampOf(versions, own), stampOf(versions));
  writeEvidenceFiles(own, [evidenceDocument(RECORD)]);
  const { evidence = [], stamp } = readShipped(versions, own);
  assert.equal(
    evidence.some(({ id }) => id === evidenceDocument(RECORD).id),
    true,
  );
  assert.equal(stamp, stampOf(versions, own));
  assert.notEqual(stamp, stampOf(versions));
});

test('a record that is settled changes the stamp, and so does one under a name of its own that is edited', () => {
  const versions = join(folder, 'stamped');
  const records = join(versions, 'evidence');
  const document = evidenceDocument(RECORD);
  writeEvidenceFiles(records, [document]);
  writeFileSync(join(records, 'x.json'), canonicalJson(document));
  const stamps = [stampOf(versions)];
  writeFileSync(join(records, 'x.json'), `${canonicalJson(document)} `);
  stamps.push(stampOf(versions));
  const settled = { by: 'a team', date: '2026-11', reason: 'fine' };
  writeEvidenceFiles(records, [evidenceDocument({ ...RECORD, settled })]);
  stamps.push(stampOf(versions));
  rmSync(join(records, evidenceFileName(document)));
  stamps.push(stampOf(versions));
  assert.equal(new Set(stamps).size, stamps.length);
});

test('a stamp holds until a document comes, goes or is edited, whatever else lies beside them', () => {
  const versions = join(folder, 'held');
  const own = join(folder, 'held-own');
  const [document, series] = [join(versions, '7.3.4.json'), join(versions, 'series/a.json')];
  mkdirSync(join(versions, 'series'), { recursive: true });
  for (const path of [document, series]) writeFileSync(path, '{}');
  writeEvidenceFiles(join(versions, 'evidence'), [evidenceDocument(RECORD)]);
  const stamp = stampOf(versions, own);
  const holds = (): boolean => isStampOf(stamp, versions, own);
  assert.equal(holds(), true);
  writeFileSync(join(versions, 'series/README'), 'x');
  assert.equal(holds(), true, 'a file that is no document');
  assert.equal(isStampOf(stampOf(versions, own), versions, own), true);
  assert.equal(isStampOf(stamp, join(folder, 'nowhere')), false);
  const edits: [what: string, edit: () => void, back: () => void][] = [
    ['edited', () => writeFileSync(series, '{ }'), () => undefined],
    ['gone', () => rmSync(series), () => undefined],
    [
      'come',
      () => writeFileSync(join(versions, 'series/b.json'), '{}'),
      () => rmSync(join(versions, 'series/b.json')),
    ],
    ['own records', () => writeEvidenceFiles(own, [evidenceDocument(RECORD)]), () => undefined],
  ];
  for (const [what, edit, back] of edits) {
    const before = stampOf(versions, own);
    edit();
    assert.equal(isStampOf(before, versions, own), false, what);
    back();
  }
});

test('of two documents with one id the settled one stays', () => {
  const settled = evidenceDocument({ ...RECORD, settled: { by: 'a team', date: '2026-11', reason: 'fine' } });
  const plain = evidenceDocument(RECORD);
  assert.deepEqual(distinctEvidence([plain, settled, plain]), [settled]);
});

test('documents are written all or none', () => {
  const own = join(folder, 'none');
  const failing = (): void => {
    throw new ToolError('CATALOG_BUSY', 'busy');
  };
  const documents = [evidenceDocument(RECORD), evidenceDocument({ ...RECORD, date: '2026-10' })];
  assert.throws(() => writeEvidenceFiles(own, documents, failing), /busy/);
  assert.deepEqual(readdirSync(own), []);
  const wrong = { ...evidenceDocument(RECORD), target: 'riscv' } as never;
  assert.throws(() => writeEvidenceFiles(own, [documents[0] ?? wrong, wrong]), isInvalid(/target/));
  assert.deepEqual(readdirSync(own), []);
  writeFileSync(join(folder, 'file'), '');
  assert.throws(
    () => writeEvidenceFiles(join(folder, 'file/below'), documents),
    (error: unknown) => error instanceof ToolError && error.code === 'FILE_UNWRITABLE',
  );
});

const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
 <testsuite name="updates" timestamp="2026-11-20T10:00:00">
  <properties>
   <property name="luo-abi.who" value="laboratory"/>
   <property name="build" value="77"/>
  </properties>
  <testcase name="7.2.11 -&gt; 7.3.4 (memfd)"/>
  <testsuite name="arm">
   <properties><property name="luo-abi.target" value="arm64-4k"/></properties>
   <testcase name="7.2.12 -&gt; 7.3.4, memory">
    <properties><property name="luo-abi.log">job 5</property><property name="luo-abi.conditions" value="kho=on; huge pages"/></properties>
    <failure type="boot-panic" message="no node &amp; a panic">trace</failure>
   </testcase>
  </testsuite>
  <testcase name="7.2.9 -&gt; 7.3.4 (memfd)"><skipped/></testcase>
  <testcase name="warms up"/>
 </testsuite>
</testsuites>`;

test('JUnit: suites nest, properties of a test come first, failures name their effect', async () => {
  const { records, leftOut } = await importEvidence(JUNIT, 'report.xml', DEFAULTS);
  const base = { who: 'laboratory', date: '2026-11-20', how: 'QEMU' };
  assert.deepEqual(records, [
    {
      ...base,
      outgoing: '7.2.11',
      incoming: '7.3.4',
      profile: 'memfd',
      target: 'x86_64-4k',
      outcome: 'works',
    },
    {
      ...base,
      outgoing: '7.2.12',
      incoming: '7.3.4',
      profile: 'memory',
      target: 'arm64-4k',
      outcome: 'boot-panic',
      seen: 'no node & a panic',
      conditions: ['kho=on', 'huge pages'],
      log: 'job 5',
    },
  ]);
  assert.equal(leftOut, 2);
});

const TAP = `TAP version 14
# Subtest: machines
    ok 1 - 7.2.9 -> 7.2.11
      ---
      luo-abi:
        date: 2026-11-02
        conditions: [huge pages, liveupdate=on]
      duration_ms: 5
      ...
    not ok 2 - 7.1.13 -> 7.2.9 vm on arm64-64k
      ---
      message: no session
      luo-abi:
        outcome: state-dropped
      ...
    1..2
not ok 1 - machines
not ok 2 - 7.2.9 -> 7.3.4 # TODO needs a machine
1..2
`;

test('TAP: subtests, the YAML block of a test, and what is not done yet', async () => {
  const { records, leftOut } = await importEvidence(TAP, 'report.tap', DEFAULTS);
  assert.deepEqual(
    records.map(({ outgoing, incoming, profile, target, outcome, date, conditions, seen }) => [
      [outgoing, incoming, profile, target, outcome, date],
      conditions,
      seen,
    ]),
    [
      [
        ['7.2.9', '7.2.11', 'memfd', 'x86_64-4k', 'works', '2026-11-02'],
        ['huge pages', 'liveupdate=on'],
        undefined,
      ],
      [['7.1.13', '7.2.9', 'vm', 'arm64-64k', 'state-dropped', '2026-11-01'], undefined, 'no session'],
    ],
  );
  assert.equal(leftOut, 1);
});

test('JSON: a list of records, or a stored document', async () => {
  const list = await importEvidence(JSON.stringify([RECORD]), 'list.json', {});
  assert.deepEqual(list.records, [RECORD]);
  const stored = await importEvidence(`\uFEFF${canonicalJson(evidenceDocument(RECORD))}`, 'one.json', {});
  assert.deepEqual(stored.records, [evidenceDocument(RECORD)]);
});

test('the reports in the documentation are read', async () => {
  const page = readFileSync(join(packageRoot(), 'docs/evidence.md'), 'utf8');
  const prose = readFileSync(join(packageRoot(), 'schemas/evidence-import.md'), 'utf8');
  const block = (text: string, language: string): string =>
    new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1] ?? '';
  const outcomesOf = async (text: string): Promise<string[]> =>
    (await importEvidence(text, 'page', DEFAULTS)).records.map(({ outcome }) => outcome);
  assert.deepEqual(await outcomesOf(block(page, 'xml')), ['works', 'state-dropped']);
  assert.deepEqual(await outcomesOf(block(page, 'text')), ['works']);
  assert.deepEqual(await outcomesOf(block(prose, 'json')), ['works']);
});

const HOSTILE: readonly [string, string, RegExp][] = [
  ['JSON that is none', '[{', /not JSON/],
  ['an unknown key', JSON.stringify([{ ...RECORD, result: 'ok' }]), /result/],
  ['an unknown outcome', JSON.stringify([{ ...RECORD, outcome: 'boom' }]), /outcome/],
  ['a day that is none', JSON.stringify([{ ...RECORD, date: '2026-02-30' }]), /2026-02-30: no such day/],
  ['a path as a release', JSON.stringify([{ ...RECORD, outgoing: '../../x' }]), /outgoing/],
  ['a changed stored document', JSON.stringify({ ...evidenceDocument(RECORD), who: 'another' }), /id /],
  ['XML that ends early', JUNIT.slice(0, 500), /not XML/],
  ['XML of another kind', '<html><body/></html>', /not a JUnit report/],
  ['an entity', `<!DOCTYPE x [<!ENTITY a "aa">]>${JUNIT}`, /not XML|document type/],
  ['deep XML', `<testsuite>${'<testsuite>'.repeat(9000)}${'</testsuite>'.repeat(9001)}`, /nested/],
  ['an unknown property', JUNIT.replace('luo-abi.who', 'luo-abi.when'), /luo-abi\.when: known are/],
  ['a TAP stream that was cut', 'TAP version 14\n1..3\nok 1 - 7.2.9 -> 7.3.4\n', /number of tests/],
  ['a run that was given up', 'TAP version 14\nok 1 - a\nBail out! no power\n', /given up: no power/],
  ['a YAML block that is none', 'ok 1 - 7.2.9 -> 7.3.4\n  ---\n  [}: x\n  ...\n1..1\n', /YAML/],
  ['prose', 'all tests passed\n', /neither JUnit XML, JSON nor TAP/],
  ['nothing', '', /neither JUnit XML, JSON nor TAP/],
  [
    'a test that failed and worked',
    'not ok 1 - 7.2.9 -> 7.3.4\n  ---\n  luo-abi:\n    outcome: works\n  ...\n1..1\n',
    /failed.*works/,
  ],
];

for (const [what, text, pattern] of HOSTILE) {
  test(`an import refuses ${what}`, async () => {
    await assert.rejects(importEvidence(text, 'file', DEFAULTS), isInvalid(pattern));
  });
}

test('a report that leaves out what no option gives says which', async () => {
  const { who: _who, ...less } = DEFAULTS;
  await assert.rejects(
    importEvidence('ok 1 - 7.2.9 -> 7.3.4\n1..1\n', 'x.tap', less),
    isInvalid(/no who; give --who/),
  );
});

test(`damaged reports give an error or records, never a crash (seed ${seed})`, async () => {
  const position = fc.nat(Math.max(JUNIT.length, TAP.length));
  const damage = fc.tuple(fc.constantFrom(JUNIT, TAP), position, position, fc.string({ maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(damage, async ([text, from, length, put]) => {
      const damaged = text.slice(0, from) + put + text.slice(from + (length % 9));
      try {
        const { records } = await importEvidence(damaged, 'file', DEFAULTS);
        for (const record of records) evidenceDocument(record);
      } catch (error) {
        assert.ok(error instanceof ToolError, String(error));
        assert.ok(!error.message.includes('\n'));
      }
    }),
    { seed, numRuns: casesOf(200) },
  );
});
