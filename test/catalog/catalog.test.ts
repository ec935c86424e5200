import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { readVersions } from '../../src/catalog/read-content.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import { CATALOG_VERSION } from '../../src/catalog/version.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-catalog-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'catalog.sqlite');
buildCatalog(path, shipped());

test('a document comes back from the catalog equal to the byte', () => {
  const catalog = Catalog.open(path);
  for (const document of shipped().documents) {
    assert.equal(
      canonicalJson(catalog.document(document.release)),
      canonicalJson(document),
      document.release,
    );
  }
  catalog.close();
});

test('the shipped documents are in canonical form', () => {
  const versions = join(packageRoot(), 'versions');
  for (const name of readdirSync(versions).filter((entry) => entry.endsWith('.json'))) {
    const text = readFileSync(join(versions, name), 'utf8');
    assert.equal(canonicalJson(JSON.parse(text)), text, name);
    assert.equal(`${JSON.parse(text).release}.json`, name);
  }
});

test('equal layouts and snapshots are stored once', () => {
  const catalog = Catalog.open(path);
  const { kernels, snapshots, layouts } = catalog.info();
  const components = catalog
    .kernels()
    .flatMap(({ release }) => Object.values(catalog.document(release)?.components ?? {}));
  assert.equal(kernels, shipped().documents.length + (shipped().overlays ?? []).length);
  assert.ok(snapshots < components.length / 2, `${snapshots} snapshots for ${components.length} components`);
  const structs = components.flatMap((state) => Object.values(state.structs));
  assert.ok(layouts < structs.length / 2, `${layouts} layouts for ${structs.length} structs`);
  catalog.close();
});

test('a sound catalog verifies; a changed layout is found', () => {
  const copy = join(folder, 'changed.sqlite');
  buildCatalog(copy, shipped());
  const sound = Catalog.open(copy);
  assert.deepEqual(faultsIn(sound), []);
  sound.close();
  const db = new Database(copy);
  db.exec(`UPDATE layout SET json = replace(json, '"size":16', '"size":24') WHERE json LIKE '%"size":16%'`);
  db.close();
  const changed = Catalog.open(copy);
  assert.match(faultsIn(changed).join('\n'), /content does not match its hash/);
  changed.close();
});

test('a build that fails leaves the old catalog usable and nothing beside it', () => {
  const own = mkdtempSync(join(folder, 'failing-'));
  const target = join(own, 'catalog.sqlite');
  buildCatalog(target, shipped());
  const before = readFileSync(target);
  const { documents, ...rest } = shipped();
  const twice = [...documents, documents[0]!];
  assert.throws(() => buildCatalog(target, { documents: twice, ...rest }), /UNIQUE/);
  assert.deepEqual(readFileSync(target), before);
  assert.deepEqual(readdirSync(own), ['catalog.sqlite']);
});

test('the version of catalogs counts their steps', () => {
  assert.equal(CATALOG_VERSION, MIGRATIONS.length);
});

test('a catalog of a newer program, a file of another kind and a missing file are refused', () => {
  const newer = join(folder, 'newer.sqlite');
  buildCatalog(newer, shipped());
  const db = new Database(newer);
  db.pragma(`user_version = ${CATALOG_VERSION + 1}`);
  db.close();
  assert.throws(() => Catalog.open(newer), { code: 'CATALOG_TOO_NEW' });
  const other = join(folder, 'other.sqlite');
  writeFileSync(other, 'not a database, but long enough to look at '.repeat(100));
  assert.throws(() => Catalog.open(other), { code: 'CATALOG_CORRUPT' });
  assert.throws(() => Catalog.open(join(folder, 'none.sqlite')), { code: 'CATALOG_MISSING' });
});

test('a document that breaks its schema is refused with the path of what is wrong', () => {
  const own = mkdtempSync(join(folder, 'versions-'));
  const [first] = shipped().documents;
  writeFileSync(join(own, 'bad.json'), canonicalJson({ ...first, targets: ['sparc-8k'] }));
  assert.throws(
    () => readVersions(own),
    (error: Error) => {
      assert.match(error.message, /bad\.json: \/targets\/0 /);
      return true;
    },
  );
});
