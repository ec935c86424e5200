import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { list } from '../../src/ask/list.ts';
import { buildCatalog, catalogInMemory } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { hashText } from '../../src/catalog/hash.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { documentOf } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-stored-kernels-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A catalog of version 5: a row for each component of a kernel, the head in the row of the kernel. */
function oldCatalog(release: string): string {
  const path = join(folder, 'fifth.sqlite');
  const db = new Database(path);
  for (const step of MIGRATIONS.slice(0, 5)) db.exec(step);
  db.pragma('user_version = 5');
  const { components, ...head } = documentOf(release);
  const { base, vendor, date } = head;
  db.prepare('INSERT INTO kernel VALUES (1, ?, 0, ?, ?, ?, ?, ?)').run(
    release,
    '7.3',
    base,
    vendor,
    date ?? null,
    JSON.stringify(head),
  );
  for (const [at, [id, { places, ...facts }]] of Object.entries(components).entries()) {
    const bare = Object.entries(facts.structs).map(([name, { layout: _, ...rest }]) => [name, rest]);
    const stripped = { ...facts, structs: Object.fromEntries(bare) };
    db.prepare('INSERT INTO snapshot VALUES (?, ?, ?, ?)').run(at, `h${at}`, id, JSON.stringify(stripped));
    db.prepare('INSERT INTO kernel_component VALUES (1, ?, ?, ?)').run(id, at, JSON.stringify(places));
    for (const [name, { layout }] of Object.entries(facts.structs)) {
      for (const [target, own] of Object.entries(layout)) {
        const json = JSON.stringify(own);
        db.prepare('INSERT OR IGNORE INTO layout VALUES (?, ?)').run(hashText(json), json);
        db.prepare('INSERT INTO snapshot_layout VALUES (?, ?, ?, ?)').run(at, name, target, hashText(json));
      }
    }
  }
  db.close();
  return path;
}

test('a catalog of version 5, with a row for each component of a kernel, says what one of today says', () => {
  const release = '7.3.4';
  const old = Catalog.open(oldCatalog(release));
  const path = join(folder, 'today.sqlite');
  buildCatalog(path, { documents: [documentOf(release)], errata: [], reviews: [], stamp: '' });
  const today = Catalog.open(path);
  assert.equal(canonicalJson(old.document(release)), canonicalJson(documentOf(release)));
  assert.equal(canonicalJson(today.document(release)), canonicalJson(documentOf(release)));
  assert.deepEqual(list({ catalog: old }), list({ catalog: today }));
  assert.deepEqual(old.heads(), today.heads());
  assert.deepEqual(
    old.allKernels().map(({ release: name }) => name),
    [release],
  );
  old.close();
  today.close();
});

test('kernels that say the same share their facts, and each has its own places and files', () => {
  const documents = manyKernels(24);
  const [first, twin] = [documents[11], documents[23]];
  assert.ok(first && twin);
  const moved = structuredClone(twin);
  const [place] = Object.keys(moved.components.kho?.places ?? {});
  assert.ok(place !== undefined && moved.components.kho);
  moved.components.kho.places[place] = 'kernel/moved.c:7';
  const content = contentWith(documents.map((document) => (document === twin ? moved : document)));
  const catalog = catalogInMemory(content);
  const [one, other] = [catalog.kernel(first.release), catalog.kernel(moved.release)];
  assert.ok(one && other);
  assert.equal(one.alike, other.alike);
  assert.equal(other.components.get('kho')?.places[place], 'kernel/moved.c:7');
  assert.notEqual(one.components.get('kho')?.places[place], 'kernel/moved.c:7');
  assert.deepEqual(other.files, kernelOf(moved).files);
  assert.equal(new Set(catalog.allKernels().map(({ alike }) => alike)).size, 12);
  assert.deepEqual(faultsIn(catalog), []);
  catalog.close();
});

test('kernels are read oldest first, however their documents came, and can be copied', () => {
  const documents = manyKernels(48);
  const oldest = documents.map(({ release }) => release).sort(compareReleases);
  const catalog = catalogInMemory(contentWith(documents.toReversed()));
  assert.deepEqual(
    [catalog.kernels(), catalog.allKernels(), catalog.listedKernels().map(({ row }) => row)].map((rows) =>
      rows.map(({ release }) => release),
    ),
    [oldest, oldest, oldest],
  );
  const [kernel] = catalog.allKernels();
  assert.ok(kernel);
  const copy = { ...kernel, release: 'copy' };
  assert.equal(copy.components, kernel.components);
  assert.deepEqual(copy.files, kernel.files);
  catalog.close();
});

test('of upstream kernels that are alike the newest stands for all, those with another fault apart', () => {
  const catalog = catalogInMemory(contentWith(manyKernels(48)));
  const newest = catalog.distinctUpstream(new Set());
  assert.ok(newest.length >= 12 && newest.length < 24, String(newest.length));
  assert.equal(newest.at(-1)?.release, catalog.kernels().at(-1)?.release);
  const last = newest.at(-1)?.release ?? '';
  const without = catalog.distinctUpstream(new Set([last]));
  assert.ok(without.every(({ release }) => release !== last));
  assert.equal(without.length, newest.length);
  catalog.close();
});

test('a content whose snapshots were exchanged, and a list of places that was changed, are found', () => {
  const path = join(folder, 'changed.sqlite');
  buildCatalog(path, contentWith(manyKernels(12)));
  const db = new Database(path);
  db.exec(`UPDATE content_component SET snapshot = (
    SELECT max(other.snapshot) FROM content_component AS other WHERE other.component = content_component.component
  ) WHERE content = 1 AND component = 'kho'`);
  db.exec(`UPDATE place_list SET json = replace(json, ':1', ':2') WHERE json LIKE '%:1%'`);
  db.close();
  const catalog = Catalog.open(path);
  const faults = faultsIn(catalog).join('\n');
  assert.match(faults, /content 1: its snapshots do not match its hash/);
  assert.match(faults, /places \d+: content does not match its hash/);
  catalog.close();
});
