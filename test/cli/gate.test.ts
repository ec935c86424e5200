import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Chalk } from 'chalk';
import type { Log } from 'sarif';
import { topicsOf } from '../../src/ask/explain/topics.ts';
import { command } from '../../src/cli/commands/gate.ts';
import { ToolError } from '../../src/errors.ts';
import { GATE_RULES } from '../../src/matrix/gate-rules.ts';
import type { GateReport } from '../../src/model/gate.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';

// The command with a policy on disk: what it prints, its exit code, and every way in which a policy can be wrong.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-gate-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

function policyFile(text: string): string {
  count += 1;
  const path = join(folder, `policy-${count}.yaml`);
  writeFileSync(path, text);
  return path;
}

interface Run {
  code: number;
  out: string;
}

async function run(path: string, options: { [name: string]: string | string[] } = {}): Promise<Run> {
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    note: () => {},
    env: { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder },
    render: { chalk: new Chalk({ level: 0 }), width: 100 },
  };
  const code = await command.run([], { policy: path, today: '2026-11-01', ...options }, io);
  return { code, out };
}

async function report(
  text: string,
  options: { [name: string]: string | string[] } = {},
): Promise<GateReport> {
  const { code, out } = await run(policyFile(text), { ...options, format: ['json'] });
  const parsed = validate<GateReport>('gate', JSON.parse(out), 'gate');
  assert.equal(code, parsed.outcome === 'failed' ? 1 : 0);
  return parsed;
}

async function refused(text: string, pattern: RegExp, code = 'DOCUMENT_INVALID'): Promise<void> {
  await assert.rejects(run(policyFile(text)), (error) => {
    assert.ok(error instanceof ToolError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    assert.equal(error.exitCode, 2);
    return true;
  });
}

const HEAD = `schemaVersion: 1
kernels:
  ranges: ['>=6.17 <=7.3.4']
pairs:
  classes: [main+1]
profiles: [memory]
allow: [compatible, compatible-with-notes, refused]
`;

const WAIVER = `waivers:
  - rule: marker-not-bumped
    subject: KHO_FDT_COMPATIBLE
    outgoing: 6.17.x
    incoming: 6.18.x
    reason: rebooted across this step
    owner: kernel team
    expires: 2026-11-30
    accept-corruption: true
`;

const PAIR = `schemaVersion: 1
pairs:
  named: [{ outgoing: 7.2.12, incoming: 7.3.4 }]
profiles: [memory]
`;

test('upstream main+1 for memory fails; the SARIF names 6.17 -> 6.18 with the help of the rule', async () => {
  const sarif = join(folder, 'out.sarif');
  const { code, out } = await run(policyFile(HEAD), { format: ['terminal', `sarif=${sarif}`] });
  assert.equal(code, 1);
  assert.match(out, /6\.17\.8 -> 6\.18\.\d+ {2}memory on x86_64-4k: misread/);
  const [first] = (JSON.parse(readFileSync(sarif, 'utf8')) as Log).runs;
  const result = first?.results?.find(({ ruleId }) => ruleId === 'marker-not-bumped');
  assert.match(result?.message.text ?? '', /6\.17\.8 -> 6\.18/);
  assert.equal(result?.level, 'error');
  const rule = first?.tool.driver.rules?.[result?.ruleIndex ?? -1];
  assert.equal(
    rule?.help?.markdown,
    readFileSync(join(packageRoot(), 'docs/rules/marker-not-bumped.md'), 'utf8'),
  );
});

test('with the waiver it passes and shows it; a day after its last it fails again', async () => {
  const path = policyFile(HEAD + WAIVER);
  const held = await run(path, { today: '2026-11-30' });
  assert.equal(held.code, 0, held.out);
  assert.match(
    held.out,
    /waived: rebooted across this step \(kernel team; until 2026-11-30; accepts corruption\)/,
  );
  const over = await run(path, { today: '2026-12-01' });
  assert.equal(over.code, 1);
  assert.match(over.out, /error\[waiver-expired\] line 9: waiver 1/);
});

test('several formats in one run, each into its file', async () => {
  const names = ['github', 'gitlab', 'json', 'junit', 'markdown', 'sarif', 'terminal'];
  const format = names.map((name) => `${name}=${join(folder, `all.${name}`)}`);
  const { out } = await run(policyFile(HEAD), { format });
  assert.equal(out, '');
  for (const name of names)
    assert.match(readFileSync(join(folder, `all.${name}`), 'utf8'), /marker-not-bumped|kho/);
  await assert.rejects(run(policyFile(HEAD), { format: ['html'] }), /known formats are .*sarif/);
});

test('a policy in JSON, and files relative to it', async () => {
  mkdirSync(join(folder, 'captures'), { recursive: true });
  const document = JSON.parse(readFileSync(join(packageRoot(), 'versions/7.3.4.json'), 'utf8'));
  const ours = { ...document, release: '7.3.4+ours', vendor: 'ours' };
  writeFileSync(join(folder, 'captures/ours.json'), JSON.stringify(ours));
  const policy = {
    schemaVersion: 1,
    kernels: { ranges: ['7.2.x'], files: ['captures/ours.json'] },
    pairs: { named: [{ outgoing: '7.2.x', incoming: 'captures/ours.json' }] },
    profiles: ['memfd'],
  };
  const found = await report(JSON.stringify(policy));
  assert.equal(found.outcome, 'passed', found.summary);
  assert.ok(found.pairs.length > 1);
  assert.ok(found.pairs.every(({ incoming }) => incoming === '7.3.4+ours'));
});

test("a file that bears the name of the catalog's kernel and says something else is an error; an equal one is not", async () => {
  const path = join(packageRoot(), 'versions/7.3.4.json');
  const own = PAIR.replace('7.3.4', path);
  assert.equal((await report(own)).outcome, 'passed');
  const document = JSON.parse(readFileSync(path, 'utf8'));
  document.components.kho.marker.writes = 'kho-v9';
  const taken = join(folder, 'taken.json');
  writeFileSync(taken, JSON.stringify(document));
  await refused(
    PAIR.replace('7.3.4', taken),
    /another kernel named 7\.3\.4; rename it with `release`/,
    'RELEASE_TAKEN',
  );
  await refused(`${PAIR}kernels: { files: [${taken}] }\n`, /taken\.json/, 'RELEASE_TAKEN');
});

test('what is missing, empty or stale fails the gate', async () => {
  const missing = await report(PAIR.replace('7.3.4', '7.99.1'));
  assert.deepEqual(
    missing.problems.map(({ rule }) => rule),
    ['capture-missing', 'selection-empty', 'selection-empty'],
  );
  const file = await report(`${PAIR}kernels: { files: [./no-such.json] }\n`);
  assert.match(file.problems.map(({ message }) => message).join(), /no-such\.json: no capture/);
  assert.equal(file.outcome, 'failed');
  const unpaired = await report(`${HEAD}${WAIVER}`.replace('ranges', "releases: ['7.2.6']\n  ranges"));
  assert.match(unpaired.problems.map(({ message }) => message).join(), /7\.2\.6 is named/);
  assert.equal((await report(HEAD.replace('>=6.17 <=7.3.4', '>=90'))).outcome, 'failed');
});

test('a catalog of other documents is stale; one of the documents at hand is not', async () => {
  const { buildCatalog } = await import('../../src/catalog/build.ts');
  const { readVersions } = await import('../../src/catalog/read-content.ts');
  const versions = join(packageRoot(), 'versions');
  const content = readVersions(versions);
  const stale = join(folder, 'stale.sqlite');
  buildCatalog(stale, { ...content, stamp: 'of another day' });
  const found = await report(PAIR, { catalog: stale });
  assert.deepEqual(
    found.problems.map(({ rule }) => rule),
    ['catalog-stale'],
  );
  const fresh = join(folder, 'fresh.sqlite');
  buildCatalog(fresh, content);
  assert.equal((await report(PAIR, { catalog: fresh, versions })).outcome, 'passed');
});

test('a wrong policy is one line that names the place and the nearest', async () => {
  await refused(`${PAIR}profles: [memory]\n`, /:5: profles: no such key; nearest: profiles/);
  await refused(
    `${HEAD}${WAIVER}    expiry: 2026-01-01\n`,
    /waivers\.0\.expiry: no such key; nearest: expires/,
  );
  await refused(HEAD.replace('ranges', 'rangs'), /kernels\.rangs: no such key; nearest: ranges/);
  await refused(
    HEAD + WAIVER.replace('marker-not-bumped', 'marker-not-bumpd'),
    /:9: waivers\.0\.rule: no rule marker-not-bumpd; nearest: marker-not-bumped/,
  );
  await refused(PAIR.replace('[memory]', '[memroy]'), /memroy: no such profile/, 'PROFILE_UNKNOWN');
  await refused(`${PAIR}targets: [x86_64]\n`, /\/targets\/0 .*x86_64-4k/);
  await refused(`${PAIR}allow: [misread]\n`, /\/allow\/0/);
  await refused(PAIR.replace('schemaVersion: 1', 'schemaVersion: 2'), /\/schemaVersion/);
  await refused('profiles: [memory]\n', /schemaVersion|pairs/);
  await refused(HEAD.replace('>=6.17 <=7.3.4', 'newest'), /kernels\.ranges\.0: newest is not a range/);
  await refused(HEAD.replace("['>=6.17 <=7.3.4']", '[7.10]'), /must be string; put it in quotes/);
});

test('a wrong waiver is named with its line', async () => {
  const without = (key: string): string => HEAD + WAIVER.replace(new RegExp(`    ${key}: .*\n`), '');
  await refused(without('reason'), /waivers\/0 must have required property 'reason'/);
  await refused(without('owner'), /waivers\/0 must have required property 'owner'/);
  await refused(without('subject'), /:9: waivers\.0: a waiver by rule needs subject/);
  await refused(without('incoming'), /a waiver by rule needs incoming/);
  const ruleless = WAIVER.replace('- rule: marker-not-bumped\n    subject', '- subject');
  await refused(HEAD + ruleless, /waivers\.0: give either a fingerprint or a rule/);
  await refused(HEAD + WAIVER.replace('rebooted across this step', "' '"), /waivers\/0\/reason/);
  await refused(
    HEAD + WAIVER.replace('6.17.x', 'the old one'),
    /waivers\.0\.outgoing: the old one is neither/,
  );
  for (const date of ['', 'soon', "''", '2026-02-30', '2026-1-1', '20261130', 'true']) {
    await refused(HEAD + WAIVER.replace('2026-11-30', date), /:\d+: waivers\.0\.expires: .*write YYYY-MM-DD/);
  }
  await refused(
    `${HEAD}${WAIVER}    fingerprint: '0123456789abcdef0123456789abcdef'\n`,
    /either a fingerprint or a rule/,
  );
  await refused(`${HEAD}${WAIVER}    component: khoo\n`, /no component khoo; nearest: kho/);
});

test('hostile text ends with an error, not a crash', async () => {
  const aliases = Array.from({ length: 12 }, (_, index) => {
    const before =
      index === 0 ? '[x, x]' : `[*a${index - 1}, *a${index - 1}, *a${index - 1}, *a${index - 1}]`;
    return `a${index}: &a${index} ${before}`;
  });
  const texts = [
    '',
    '[]',
    '42',
    'a: b: c',
    '{ "schemaVersion": 1,',
    'schemaVersion: 1\nschemaVersion: 1\n',
    '[['.repeat(20_000),
    `${aliases.join('\n')}\n`,
    '__proto__: { schemaVersion: 1 }\n',
    'waivers: [1, null, {expires: null}]\n',
    '\u0000\u0001\ufffd',
    '--- 1\n--- 2\n',
    '*nothing',
  ];
  for (const text of texts) await refused(text, /policy-\d+\.yaml/);
});

test('every rule of the gate can be explained', () => {
  for (const { id, summary } of GATE_RULES) assert.equal(topicsOf(id)[0]?.summary, summary);
});

test('only what looks like a path is a file', async () => {
  writeFileSync(join(folder, '7.99.1'), '{}');
  const found = await report(PAIR.replace('7.3.4', '7.99.1'));
  assert.equal(found.problems[0]?.rule, 'capture-missing');
  const damaged = PAIR.replace('7.3.4', './damaged.json');
  writeFileSync(join(folder, 'damaged.json'), '{ "release": ');
  await refused(damaged, /damaged\.json: not JSON/);
});

test('wrong options are refused', async () => {
  const path = policyFile(PAIR);
  await assert.rejects(run(path, { today: 'tomorrow' }), /--today tomorrow/);
  await assert.rejects(run(path, { today: '2026-02-30' }), /--today/);
  await assert.rejects(run(join(folder, 'none.yaml')), /cannot be read/);
  await assert.rejects(command.run([], {}, {} as never), /--policy <file> is missing/);
});

test('as a program: data on stdout, one line on stderr, the exit code', () => {
  const main = join(packageRoot(), 'dist/cli/main.js');
  const env = { ...process.env, XDG_CACHE_HOME: folder, NO_COLOR: '1' };
  const start = (...args: string[]) =>
    spawnSync(process.execPath, [main, 'gate', ...args], {
      cwd: packageRoot(),
      encoding: 'utf8',
      env,
      timeout: 300_000,
    });
  const failed = start('--policy', policyFile(HEAD), '--format', 'github');
  assert.equal(failed.status, 1, failed.stderr);
  assert.match(failed.stdout, /^::error file=kernel\/kexec_handover\.c,line=\d+,title=marker-not-bumped/);
  const wrong = start('--policy', policyFile('pars: 1\n'));
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /^luo-abi: DOCUMENT_INVALID: .*pars: no such key; nearest: pairs.*\n$/);
});
