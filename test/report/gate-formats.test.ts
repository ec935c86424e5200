import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { Chalk } from 'chalk';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Log, Result } from 'sarif';
import type { GateFormat, GateRenderOptions } from '../../src/report/gate-format.ts';
import type { GateFormatName } from '../../src/report/gate-formats.ts';
import { GATE_FORMATS } from '../../src/report/gate-formats.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import { GATE_SAMPLES } from './gate-samples.ts';

// Every sample in every format against its golden file, then each format by its own schema or parser.

const GOLDEN = join(packageRoot(), 'test/report/fixtures/gate');
const isUpdate = process.env.UPDATE_GOLDEN === '1';
if (isUpdate && process.env.CI) throw new Error('UPDATE_GOLDEN is refused where CI is set');

const options: GateRenderOptions = {
  chalk: new Chalk({ level: 0 }),
  width: 100,
  version: '1.2.3',
  helpOf: (id) =>
    id === 'marker-not-bumped'
      ? {
          id,
          level: 'error',
          summary: 'The marker is accepted and means two things.',
          page: '# marker-not-bumped\n',
        }
      : undefined,
};

const samples = Object.entries(GATE_SAMPLES);

function render(name: GateFormatName, sample: keyof typeof GATE_SAMPLES): string {
  const format: GateFormat | undefined = GATE_FORMATS.find((candidate) => candidate.name === name);
  assert.ok(format);
  return format.render(GATE_SAMPLES[sample], options);
}

const SAMPLE_NAMES = Object.keys(GATE_SAMPLES) as (keyof typeof GATE_SAMPLES)[];

test('formats are sorted by name, and each golden belongs to one', () => {
  const names = GATE_FORMATS.map(({ name }) => name as string);
  assert.deepEqual([...names].sort(), names);
  const expected = names.flatMap((format) => samples.map(([sample]) => `${sample}.${format}.txt`));
  if (!isUpdate) assert.deepEqual(readdirSync(GOLDEN).sort(), expected.sort());
});

for (const { name } of GATE_FORMATS) {
  for (const sample of SAMPLE_NAMES) {
    test(`${name} of ${sample}`, () => {
      const text = render(name, sample);
      const path = join(GOLDEN, `${sample}.${name}.txt`);
      if (isUpdate) writeFileSync(path, text);
      assert.equal(text, readFileSync(path, 'utf8'));
      assert.ok(text.endsWith('\n'));
    });
  }
}

test('json matches its schema', () => {
  for (const sample of SAMPLE_NAMES) validate('gate', JSON.parse(render('json', sample)), sample);
});

function sarifSchema(): object {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@microsoft/jest-sarif/package.json').replace(/package\.json$/, '');
  return JSON.parse(readFileSync(join(path, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as object;
}

test('sarif matches the schema of OASIS', () => {
  // Named as drafts before 6 did, which ajv refuses; its formats would need a package of their own.
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
  const { $schema: _draft, id: _id, ...schema } = sarifSchema() as { $schema?: string; id?: string };
  const isValid = ajv.compile(schema);
  for (const sample of SAMPLE_NAMES) {
    assert.ok(isValid(JSON.parse(render('sarif', sample))), `${sample}: ${ajv.errorsText(isValid.errors)}`);
  }
  assert.ok(!isValid({ version: '2.1.0', runs: [{ tool: {} }] }));
});

function resultsOf(sample: keyof typeof GATE_SAMPLES): Result[] {
  const log = JSON.parse(render('sarif', sample)) as Log;
  return log.runs[0]?.results ?? [];
}

test('sarif: rules with their help, stable fingerprints, waivers as suppressions', () => {
  const log = JSON.parse(render('sarif', 'failed')) as Log;
  const [run] = log.runs;
  const [first] = run?.results ?? [];
  const rule = run?.tool.driver.rules?.[first?.ruleIndex ?? -1];
  assert.equal(rule?.id, 'marker-not-bumped');
  assert.equal(rule?.help?.markdown, '# marker-not-bumped\n');
  assert.deepEqual(first?.partialFingerprints, { 'findingHash/v1': '6cee892e7d4bd925e2ad6bb9582b7fb2' });
  assert.equal(run?.invocations?.[0]?.exitCode, 1);
  for (const result of run?.results ?? []) {
    assert.equal(run?.tool.driver.rules?.[result.ruleIndex ?? -1]?.id, result.ruleId);
    assert.deepEqual(result.suppressions, []);
  }
  const [waived] = resultsOf('waived');
  assert.equal(waived?.suppressions?.[0]?.status, 'accepted');
  assert.match(waived?.suppressions?.[0]?.justification ?? '', /^rebooted, never updated \(kernel team/);
  const region = waived?.suppressions?.[0]?.location?.physicalLocation?.region;
  assert.equal(region?.startLine, 12);
});

interface Suite {
  '@name': string;
  '@tests': string;
  '@failures': string;
  testcase?: { failure?: unknown }[];
}

test('junit parses, and its counts are those of its cases', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  for (const sample of SAMPLE_NAMES) {
    const text = render('junit', sample);
    assert.equal(XMLValidator.validate(text), true, sample);
    const { testsuites } = parser.parse(text) as {
      testsuites: { '@tests': string; '@failures': string; testsuite: Suite[] };
    };
    const cases = testsuites.testsuite.flatMap(({ testcase = [] }) => testcase);
    assert.equal(Number(testsuites['@tests']), cases.length);
    assert.equal(
      Number(testsuites['@failures']),
      cases.filter(({ failure }) => failure !== undefined).length,
    );
    for (const { testcase = [], ...suite } of testsuites.testsuite)
      assert.equal(Number(suite['@tests']), testcase.length);
    const { outcome } = GATE_SAMPLES[sample];
    assert.equal(Number(testsuites['@failures']) > 0, outcome === 'failed');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
    assert.doesNotMatch(text, /[\u0000-\u0008\u001b]/);
  }
});

test('github: one line an annotation, and nothing in a message can begin another', () => {
  for (const sample of SAMPLE_NAMES) {
    for (const line of render('github', sample).trimEnd().split('\n')) {
      assert.match(line, /^::(error|notice|warning) file=[^:,]+,line=\d+,title=[^:,]+::[^\r\n]+$/);
    }
  }
});

test('gitlab: what its schema demands of an entry, and no fingerprint twice', () => {
  for (const sample of SAMPLE_NAMES) {
    const issues = JSON.parse(render('gitlab', sample)) as {
      [name: string]: unknown;
      fingerprint: string;
      severity: string;
      location: { path: string; lines: { begin: number } };
    }[];
    for (const { description, check_name, severity, location } of issues) {
      assert.ok(typeof description === 'string' && typeof check_name === 'string');
      assert.ok(['blocker', 'critical', 'info', 'major', 'minor'].includes(severity));
      assert.ok(location.path.length > 0 && location.lines.begin >= 1);
    }
    const prints = issues.map(({ fingerprint }) => fingerprint);
    assert.equal(new Set(prints).size, prints.length);
  }
});

test('markdown: every row of a table has as many cells as its head', () => {
  for (const sample of SAMPLE_NAMES) {
    const tables = render('markdown', sample)
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    for (const table of tables) {
      const counts = table
        .trimEnd()
        .split('\n')
        .map((row) => row.replaceAll('\\|', '').split('|').length);
      assert.equal(new Set(counts).size, 1, table);
    }
  }
});

test('what is waived and what fails is in every format', () => {
  for (const { name } of GATE_FORMATS) {
    assert.match(render(name, 'failed'), /marker-not-bumped/, name);
    assert.match(render(name, 'waived'), /rebooted, never updated/, name);
  }
});
