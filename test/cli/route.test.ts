import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readFleet } from '../../src/ask/files/fleet.ts';
import type { PlanGroup } from '../../src/model/fleet.ts';
import { PROFILES } from '../../src/model/profile.ts';
import type { RouteOutput } from '../../src/model/route.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// `pairs`, `route`, `reach` and `plan` as a user runs them.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-route-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const ACME = join(packageRoot(), 'test/matrix/fixtures/7.3.4+acme1.json');

function run(...args: string[]): Promise<CliRun> {
  return runCli([...args], { env: { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder } });
}

async function json(...args: string[]) {
  const { status, stdout } = await run(...args, '--format', 'json');
  return { status, answer: JSON.parse(stdout) };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('upstream has no route from 6.18.15 to 7.3.4; a kernel that accepts kho-v1 and kho-v3 gives one', async () => {
  const none = await run('route', '6.18.15', '7.3.4', '--profile', 'memory');
  assert.equal(none.status, 1);
  assert.match(none.stdout, /no route\n {2}from 6\.18\.15 live updates lead as far as 7\.0;/);
  assert.match(none.stdout, /to 7\.3\.4 they lead from as far back as 7\.2\.6;/);
  assert.match(none.stdout, / R {2}6\.18\.5 … 7\.0 -> 7\.2\.6 … 7\.3\.4\n {10}refused \(state-dropped\)/);
  const { status, answer } = await json('route', '6.18.15', '7.3.4', '--profile', 'memory', '--with', ACME);
  assert.equal(status, 0);
  validate('route', answer, 'route');
  assert.deepEqual(
    answer.hops.map(({ incoming }: { incoming: string }) => incoming),
    ['7.3.4+acme1', '7.3.4'],
  );
});

test('docs/routes.md shows the overlay and the answers as they are', async () => {
  const page = readFileSync(join(packageRoot(), 'docs/routes.md'), 'utf8');
  const [, overlay = ''] = /```json\n([^`]*)```/.exec(page) ?? [];
  assert.deepEqual(JSON.parse(overlay), JSON.parse(readFileSync(ACME, 'utf8')));
  const way = ['route', '6.18.15', '7.3.4', '--profile', 'memory'];
  for (const args of [way, [...way, '--with', ACME]]) {
    assert.ok(page.includes(`\`\`\`\n${(await run(...args)).stdout}\`\`\``), args.join(' '));
  }
});

test('a kernel in a catalog of one’s own is on the way without being named', async () => {
  const catalog = join(folder, 'own.sqlite');
  const documents = ['6.18.15', '7.1.13', '7.3.4'].map((release) =>
    join(packageRoot(), 'versions', `${release}.json`),
  );
  assert.equal((await run('catalog', 'import', ...documents, ACME, '--catalog', catalog)).status, 0);
  const { status, answer } = await json(
    'route',
    '6.18.15',
    '7.3.4',
    '--profile',
    'memory',
    '--catalog',
    catalog,
  );
  assert.equal(status, 0);
  assert.equal(answer.hops.length, 2);
});

test("a document under the name of the catalog's kernel, or two of one name, are an error unless they are equal", async () => {
  const path = join(packageRoot(), 'versions/7.3.4.json');
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const changed = { ...document, targets: ['x86_64-4k'] };
  const taken = file('taken.json', JSON.stringify(changed));
  const fleet = file('one.csv', 'name,release\na,7.2.12\n');
  const mine = file('mine.json', JSON.stringify({ ...document, release: '7.3.4+mine' }));
  const other = file('other.json', JSON.stringify({ ...changed, release: '7.3.4+mine' }));
  for (const args of [
    ['route', '7.2.12', taken],
    ['route', '7.2.12', '7.3.4', '--with', taken],
    ['route', '7.2.12', '7.3.4', '--with', mine, '--with', other],
    ['reach', taken],
    ['plan', '--fleet', fleet, '--to', taken],
  ]) {
    const { status, stderr } = await run(...args, '--profile', 'memory');
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /^luo-abi: RELEASE_TAKEN: /);
  }
  assert.equal((await run('route', '7.2.12', path, '--profile', 'memory')).status, 0);
});

test('a machine on a target that the goal lacks does not end the plan', async () => {
  const document = JSON.parse(readFileSync(join(packageRoot(), 'versions/7.3.4.json'), 'utf8'));
  const goal = file(
    'x86.json',
    JSON.stringify({ ...document, release: '7.3.4+x86', targets: ['x86_64-4k'] }),
  );
  const fleet = file('two.csv', 'name,release,target\na,7.2.12,\nb,7.2.12,arm64-16k\n');
  const { status, answer } = await json('plan', '--fleet', fleet, '--to', goal, '--profile', 'memory');
  assert.equal(status, 1);
  validate('plan', answer, 'plan');
  assert.deepEqual(answer.hosts, { total: 2, done: 0, liveUpdate: 1, reboot: 1, unknown: 0 });
});

test('--rollback and --max-hops refuse what goes one way or too far', async () => {
  const way = ['route', '6.18.15', '7.3.4', '--profile', 'memory', '--with', ACME];
  const back = await json(...way, '--rollback');
  assert.equal(back.status, 1);
  validate('route', back.answer, 'route');
  assert.ok(back.answer.ends.border.some(({ isRollback }: { isRollback?: boolean }) => isRollback));
  const short = await run(...way, '--max-hops', '1');
  assert.equal(short.status, 1);
  assert.match(short.stdout, /no route of at most 1 hops?; the shortest has 2/);
  assert.equal((await run(...way, '--max-hops', '0')).status, 2);
});

test('reach and pairs print JSON that matches their schemas', async () => {
  const { status, answer } = await json('reach', '7.2.8', '--profile', 'memfd');
  assert.equal(status, 0);
  validate('reach', answer, 'reach');
  assert.ok(answer.reached.some(({ release }: { release: string }) => release === '7.3.4'));
  assert.equal((await run('reach', '6.17.8', '--profile', 'memfd')).status, 1);
  const pairs = await json('pairs', '--profile', 'memory', '--class', 'main+1', '--verdict', 'misread');
  assert.equal(pairs.status, 1);
  validate('pairs', pairs.answer, 'pairs');
  assert.equal(pairs.answer.pairs.length, 1);
  assert.equal((await run('pairs', '--profile', 'memory', '--verdict', 'compatible')).status, 0);
  assert.match(
    (await run('pairs', '--verdict', 'fine')).stderr,
    /USAGE: --verdict fine: known verdicts are misread/,
  );
});

test('the matrix in JSON keeps its pairs and has classes of equals beside them', async () => {
  const { answer } = await json('matrix', '--profile', 'memory');
  validate('matrix', answer, 'matrix');
  assert.equal(answer.pairs.length, answer.releases.length ** 2);
  assert.deepEqual(answer.equivalents.flat().sort(), [...answer.releases].sort());
  assert.match((await run('matrix', '--profile', 'memory')).stdout, /\n {2}6\.18\.5 … 6\.18\.15 {3}X {8}n/);
});

test('a fleet is planned: groups, machines to be rebooted, unknown releases, exit 1', async () => {
  const fleet = file(
    'fleet.csv',
    'name,release,profiles,target\na,7.2.6,memfd,\nb,7.3.4,memfd;memory,arm64-64k\nc,6.18.15,memory,\nd,7.2.99,,\n',
  );
  const { status, answer } = await json('plan', '--fleet', fleet, '--to', '7.3.4');
  assert.equal(status, 1);
  validate('plan', answer, 'plan');
  assert.deepEqual(answer.hosts, { total: 4, done: 1, liveUpdate: 1, reboot: 1, unknown: 1 });
  assert.deepEqual(answer.unknown[0].hosts, ['d']);
  // The number counts, not the letters: 7.2.9 looks like it and is four releases further away.
  assert.deepEqual(answer.unknown[0].nearest, ['7.2.13', '7.2.12']);
  const { stdout } = await run('plan', '--fleet', fleet, '--to', '7.3.4');
  assert.match(stdout, /^4 machines -> 7\.3\.4\n {2}1 by live update, 1 to be rebooted, 1 done, 1 not known/);
  assert.match(stdout, /live updates lead as far as 7\.0/);
});

test('machines whose KHO or LUO is off are not live-updated, and the plan says why', async () => {
  const rows = [
    'a,7.2.12,memfd,ro kho=on liveupdate=on,',
    'b,7.2.12,memfd,ro kho=off liveupdate=on,',
    'c,7.2.12,memory,,kho=off',
    'd,7.2.12,memory,ro quiet,',
    'e,7.3.4+deb13,memory,,',
  ];
  const fleet = file('booted.csv', `name,release,profiles,cmdline,kho\n${rows.join('\n')}\n`);
  const { status, answer } = await json('plan', '--fleet', fleet, '--to', '7.3.4');
  assert.equal(status, 1);
  validate('plan', answer, 'plan');
  assert.deepEqual(answer.hosts, { total: 5, done: 0, liveUpdate: 1, reboot: 3, unknown: 1 });
  const { stdout } = await run('plan', '--fleet', fleet, '--to', '7.3.4');
  assert.equal(stdout.match(/each has KHO switched off by kho=off/g)?.length, 2);
  assert.match(stdout, /each was booted without kho=on, and nothing says whether that is its default/);
  assert.match(stdout, /unsupported {2}kho: CONFIG_KEXEC_HANDOVER \[config-disabled\]/);
});

test('a panic of LUO is certain for a machine whose command line runs it, a condition where nothing says so', async () => {
  const rows = [
    'runs,6.19.11,memory,kho=on liveupdate=on,',
    'idle,6.19.11,memory,kho=on,',
    'silent,6.19.11,memory,,on',
    'all,6.19.11,,kho=on liveupdate=on,',
    'all-idle,6.19.11,,kho=on liveupdate=off,',
  ];
  const fleet = file('luo.csv', `name,release,profiles,cmdline,kho\n${rows.join('\n')}\n`);
  const { answer } = await json('plan', '--fleet', fleet, '--to', '7.0');
  const groups = answer.groups.map(({ hosts, profiles, way, hops }: PlanGroup) => [
    hosts.join(),
    profiles.join(),
    way,
    hops.length,
  ]);
  assert.deepEqual(groups, [
    ['all', 'carried', 'reboot', 0],
    ['idle,silent,all-idle', 'memory', 'live-update', 1],
    // 6.18 has no LUO to hand anything over.
    ['runs', 'memory', 'live-update', 2],
  ]);
});

test('a fleet that can be updated as a whole ends with 0, from JSON as well', async () => {
  const fleet = file('fleet.json', JSON.stringify([{ name: 'a', release: '7.2.6', profiles: ['memfd'] }]));
  assert.equal((await run('plan', '--fleet', fleet, '--to', '7.3', '--rollback')).status, 0);
});

const KNOWN = PROFILES.map(({ name }) => name);

const BROKEN: readonly [name: string, file: string, content: string, error: RegExp][] = [
  ['an empty file', 'x.csv', '', /DOCUMENT_INVALID.*empty/],
  [
    'an unknown column',
    'x.csv',
    'name,relase\na,7.0\n',
    /DOCUMENT_INVALID.*x\.csv:1: no column relase; nearest: release/,
  ],
  [
    'a switch that is neither on nor off',
    'x.csv',
    'name,release,kho\na,7.0,maybe\n',
    /DOCUMENT_INVALID.*x\.csv:2: kho maybe: neither on nor off/,
  ],
  ['a column twice', 'x.csv', 'name,host,release\n', /DOCUMENT_INVALID.*two columns for name/],
  [
    'a column that Object has',
    'x.csv',
    'name,release,constructor\n',
    /DOCUMENT_INVALID.*no column constructor/,
  ],
  ['no column with releases', 'x.csv', 'name\na\n', /DOCUMENT_INVALID.*no column release/],
  ['a row too long', 'x.csv', 'name,release\na,7.0,1,2\n', /DOCUMENT_INVALID.*not CSV/],
  ['an open quote', 'x.csv', 'name,release\n"a,7.0\n', /DOCUMENT_INVALID.*not CSV/],
  [
    'a machine without a name',
    'x.csv',
    'name,release\n"a\nb",7.0\n,7.0\n',
    /DOCUMENT_INVALID.*x\.csv:4: a machine/,
  ],
  [
    'a machine twice',
    'x.csv',
    'name,release\na,7.0\na,7.1\n',
    /DOCUMENT_INVALID.*entries 1 and 2 are both a/,
  ],
  [
    'an unknown profile',
    'x.csv',
    'name,release,profile\na,7.0,memfb\n',
    /PROFILE_UNKNOWN.*a: no profile memfb; known: carried, memory/,
  ],
  ['an unknown target', 'x.csv', 'name,release,target\na,7.0,riscv\n', /TARGET_UNKNOWN.*x\.csv:2: riscv/],
  ['no JSON', 'x.json', '[{', /DOCUMENT_INVALID.*not JSON/],
  [
    'a machine without a release',
    'x.json',
    '[{"name":"a"}]',
    /DOCUMENT_INVALID.*\/0 must have required property/,
  ],
  [
    'a member that nobody knows',
    'x.json',
    '[{"name":"a","release":"7.0","os":1}]',
    /DOCUMENT_INVALID.*\(os\)/,
  ],
  ['a target as a number', 'x.json', '[{"name":"a","release":"7.0","target":1}]', /DOCUMENT_INVALID/],
];

for (const [name, path, content, error] of BROKEN) {
  test(`${name} is no fleet`, () => {
    assert.throws(
      () => readFleet(file(path, content), KNOWN),
      (thrown) => {
        assert.match(`${(thrown as { code?: string }).code}: ${(thrown as Error).message}`, error);
        return true;
      },
    );
  });
}

test('columns in any order and case, a byte order mark, quotes and CRLF are read', () => {
  const text = '\uFEFFRelease,"Name",Profile\r\n7.0 ,"a, b","memfd, memory"\r\n\r\n7.1.3,c,\r\n';
  assert.deepEqual(readFleet(file('y.csv', text), KNOWN), [
    { name: 'a, b', release: '7.0', profiles: ['memfd', 'memory'] },
    { name: 'c', release: '7.1.3' },
  ]);
});

test('plan says which option is missing', async () => {
  assert.match((await run('plan', '--to', '7.3')).stderr, /USAGE: plan: --fleet is missing/);
  assert.match(
    (await run('plan', '--fleet', file('z.csv', 'name,release\n'))).stderr,
    /USAGE: plan: --to is missing/,
  );
});

for (const [from, to, profile] of [
  ['6.19.11', '7.0', 'memfd'],
  ['6.17.8', '6.18.15', 'memory'],
  ['7.1.13', '7.2.12', 'memory'],
] as const) {
  test(`check of ${from} and ${to} names the hops that route finds, or says that there are none`, async () => {
    const { hops } = (await json('route', from, to, '--profile', profile)).answer as RouteOutput;
    const way = hops && [from, ...hops.map(({ incoming }) => incoming)].join(' -> ');
    const said = (await run('check', from, to, '--profile', profile)).stdout.replace(/\s+/g, ' ');
    assert.ok(said.includes(way ? `hops that are safe: ${way}.` : 'No way of hops is known'), said);
  });
}

test('--shims finds the hops that code of a downstream makes safe, and says what of it is generated', async () => {
  const way = ['7.1.13', '7.2.13', '--profile', 'memfd'];
  const { status, answer } = await json('route', ...way, '--shims', '3');
  assert.equal(status, 0);
  validate('route', answer, 'route');
  const [hop] = (answer as RouteOutput).hops ?? [];
  assert.deepEqual(
    hop?.shims?.map(({ component, marker, isGenerated }) => [component, marker, isGenerated]),
    [
      ['kho', 'kho-v3', false],
      ['luo', 'luo-v1', false],
      ['luo-session', 'luo-session-v2', false],
    ],
  );
  assert.equal(answer.shims.least, 3);
  const few = await run('route', ...way, '--shims', '1');
  assert.equal(few.status, 1);
  assert.match(few.stdout, /no route with at most 1 shim; the fewest are 3/);
  const none = await run('route', '7.2.12', '7.3.4', '--profile', 'memfd', '--shims', '1');
  assert.match(none.stdout, /one live update/);
  assert.doesNotMatch(none.stdout, /needs/);
});

test('a shim for KHO lets in what KHO kept out: LUO that panics is a condition of the hop', async () => {
  const { stdout } = await run('route', '7.0', '7.3.4', '--profile', 'memory', '--shims', '1');
  assert.match(
    stdout,
    /panics if 7\.0 runs with liveupdate=on\n {10}needs kho \(kho-v1 as of 7\.0\): not generated/,
  );
});

test('pci v8 to v9 is one shim, and it is generated; a marker that both write is none', async () => {
  const ends = ['7.3.4+pci-liveupdate-v8', '7.3.4+pci-liveupdate-v9', '--profile', 'pci'];
  const { stdout, status } = await run('route', ...ends, '--shims', '1');
  assert.equal(status, 0);
  assert.match(stdout, /needs pci \(pci 1 as of 7\.3\.4\+pci-liveupdate-v8\): generated/);
  const same = await run('route', '6.17.8', '6.18.15', '--profile', 'memory', '--shims', '1');
  assert.equal(same.status, 1);
  assert.match(same.stdout, /no route with at most 1 shim; the fewest are 2/);
  assert.doesNotMatch(same.stdout, /^ {8}6\.17\.8 -> 6\.18/m);
  const odd = await run('route', ...ends, '--shims', 'x');
  assert.equal(odd.status, 2);
  assert.match(odd.stderr, /^luo-abi: USAGE: --shims x: give a whole number from 1 on/m);
});
