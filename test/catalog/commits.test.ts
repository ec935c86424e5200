import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { Chalk } from 'chalk';
import { buildCatalog, catalogInMemory } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { contentOf } from '../../src/catalog/content.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { readVersions } from '../../src/catalog/read-content.ts';
import { command } from '../../src/cli/commands/catalog.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { Change, CommitsDocument, KnownCommit } from '../../src/model/commits.ts';
import { commitsBetween } from '../../src/model/commits.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-commits-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SHIPPED = join(packageRoot(), 'versions/commits');
const EMPTY = { documents: [], errata: [], reviews: [], stamp: '' };

function mainline(): CommitsDocument {
  const document = shipped().commits?.find(({ branch }) => branch === 'mainline');
  assert.ok(document);
  return document;
}

function between(outgoing: string, incoming: string, component: string): string[] {
  const change: Change = { component, outgoing: [outgoing], incoming: [incoming] };
  return commitsBetween(mainline().commits, change).map(({ commit }) => commit);
}

test('the catalog gives the documents back, and exports them equal to the byte', async () => {
  const path = join(folder, 'shipped.sqlite');
  buildCatalog(path, { ...EMPTY, commits: shipped().commits ?? [] });
  const catalog = Catalog.open(path);
  assert.deepEqual(catalog.commits(), shipped().commits);
  assert.deepEqual(contentOf(catalog).commits, shipped().commits);
  assert.deepEqual(contentOf(catalogInMemory(contentOf(catalog))).commits, shipped().commits);
  catalog.close();
  const out = join(folder, 'out');
  const io = {
    out: () => {},
    note: () => {},
    env: {},
    render: { chalk: new Chalk({ level: 0 }), width: 80 },
  };
  assert.equal(await command.run(['export', out], { catalog: path }, io), 0);
  assert.deepEqual(readdirSync(join(out, 'commits')), readdirSync(SHIPPED));
  for (const name of readdirSync(SHIPPED)) {
    assert.equal(
      readFileSync(join(out, 'commits', name), 'utf8'),
      readFileSync(join(SHIPPED, name), 'utf8'),
      name,
    );
  }
  assert.deepEqual(readVersions(out).commits, shipped().commits);
});

test('a catalog of version 4, which knew no commits, is read without them', () => {
  const path = join(folder, 'old.sqlite');
  const db = new Database(path);
  for (const step of MIGRATIONS.slice(0, 4)) db.exec(step);
  db.pragma('user_version = 4');
  db.close();
  const catalog = Catalog.open(path);
  assert.deepEqual(catalog.commits(), []);
  catalog.close();
});

test('a document of another name, a newer one and one with a strange id are refused', () => {
  const versions = join(folder, 'versions');
  mkdirSync(join(versions, 'commits'), { recursive: true });
  const path = join(versions, 'commits/mainline.json');
  const [first] = mainline().commits;
  const faults: [Partial<CommitsDocument>, RegExp][] = [
    [{ branch: '../mainline' }, /branch \.\.\/mainline is not the name of the file/],
    [{ schemaVersion: 2 }, /schemaVersion 2 is newer than 1/],
    [{ commits: [{ ...(first as KnownCommit), commit: 'HEAD' }] }, /\/commits\/0\/commit /],
  ];
  for (const [change, message] of faults) {
    writeFileSync(path, canonicalJson({ ...mainline(), ...change }));
    assert.throws(() => readVersions(versions), { code: 'DOCUMENT_INVALID', message });
  }
});

test('the shipped document is in the order of releases, each commit once a component', () => {
  const { commits } = mainline();
  const keys = commits.map(({ commit, component }) => `${commit} ${component}`);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(new Set(commits.map(({ commit }) => commit)).size, 19);
  const firsts = commits.map(({ first }) => first);
  assert.deepEqual(firsts, [...firsts].sort(compareReleases));
  assert.equal(canonicalJson(mainline()), readFileSync(join(SHIPPED, 'mainline.json'), 'utf8'));
});

test('a commit leaves the marker that its kinds tell, and the next one begins there', () => {
  const last = new Map<string, string | number>();
  for (const { commit, component, kinds, marker } of mainline().commits) {
    const { before, after: left } = marker;
    // The commits that brought memfd and what luo-flb stands under are not in the records.
    if (last.has(component)) assert.equal(before, last.get(component), commit);
    assert.equal(kinds.includes('new'), before === null, commit);
    assert.equal(kinds.includes('bumped'), before !== null && before !== left, commit);
    last.set(component, left);
  }
});

test('every captured release of upstream writes the marker that the last commit in it left', () => {
  const { commits } = mainline();
  let compared = 0;
  for (const { release, vendor, components } of shipped().documents) {
    if (vendor !== null) continue;
    for (const component of ['kexec-metadata', 'kho', 'luo', 'luo-session', 'memfd']) {
      const writes = components[component]?.marker?.writes;
      const own = commits.filter(
        (known) => known.component === component && compareReleases(known.first, release) <= 0,
      );
      if (writes === undefined || own.length === 0) continue;
      assert.equal(writes, own.at(-1)?.marker.after, `${component} of ${release}`);
      compared += 1;
    }
  }
  assert.ok(compared > 60, `${compared} markers`);
});

test('what lies between two kernels: silent breaks first, the same both ways, no commit that changed no byte', () => {
  const known = ['a2fff99f92da', 'a667300bd53f'];
  assert.deepEqual(between('6.17.8', '6.18.15', 'kho'), known);
  assert.deepEqual(between('6.18.15', '6.17.8', 'kho'), known);
  assert.deepEqual(between('6.17.8', '7.0', 'kho'), known);
  assert.deepEqual(between('6.19.11', '7.0', 'luo-flb'), ['cab056f2aae7']);
  assert.deepEqual(between('7.1-rc1', '7.1.13', 'kho'), ['d64b0372760e']);
  assert.deepEqual(between('7.2.12', '7.3.4', 'kho'), []);
  assert.deepEqual(between('7.0', '7.0', 'kho'), []);
});

test('a stable series that took a commit has it from then on', () => {
  assert.deepEqual(between('6.19.8', '7.0', 'memfd'), ['7e04bf1f3315']);
  assert.deepEqual(between('6.19.8', '6.19.9', 'memfd'), ['7e04bf1f3315']);
  assert.deepEqual(between('6.19.9', '7.0', 'memfd'), []);
  assert.deepEqual(between('6.18.15', '7.0', 'memfd'), ['7e04bf1f3315']);
});

test('a downstream kernel stands for its base, a snapshot of linux-next has all, a name that is none has no place', () => {
  assert.deepEqual(between('7.1-rc5+mine', '7.1-rc6+mine', 'kho'), ['d64b0372760e']);
  assert.deepEqual(between('7.1-rc6', '7.1-rc6+mine', 'kho'), []);
  assert.deepEqual(between('7.2.12', 'next-20261001', 'kho'), []);
  assert.deepEqual(between('7.1.13', 'next-20261001', 'kho'), ['0349ff288705']);
  assert.deepEqual(between('mine', '7.1.13', 'kho'), []);
});

test('a commit that changed the bytes of one target alone is told there', () => {
  const { commits } = mainline();
  const change = { component: 'kho', outgoing: ['7.1-rc1'], incoming: ['7.1.13'] };
  assert.equal(commitsBetween(commits, { ...change, targets: ['arm64-16k', 'arm64-4k'] }).length, 1);
  assert.deepEqual(commitsBetween(commits, { ...change, targets: ['x86_64-4k'] }), []);
});

test('of many kernels only what lies between every pair', () => {
  const change = { component: 'kho', outgoing: ['6.16', '6.17.8'], incoming: ['6.18.5', '7.0'] };
  const { commits } = mainline();
  assert.deepEqual(
    commitsBetween(commits, change).map(({ commit }) => commit),
    ['a2fff99f92da', 'a667300bd53f'],
  );
  assert.deepEqual(commitsBetween(commits, { ...change, outgoing: ['6.17.8', '7.0'] }), []);
  assert.deepEqual(commitsBetween(commits, { ...change, incoming: [] }), []);
});
