import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { evidenceDocument } from '../../src/catalog/evidence-id.ts';
import { checkNameFree, evidenceAbout, isNamesake, ownEvidence } from '../../src/catalog/own-kernel.ts';
import { ToolError } from '../../src/errors.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, edited, shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-own-kernel-'));
const path = join(folder, 'catalog.sqlite');
buildCatalog(path, shipped());
const catalog = Catalog.open(path);
after(() => {
  catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

const CHANGED = edited('6.17.8', ({ components }) => {
  const constant = components.kho?.constants.PRESERVE_BITS;
  assert.ok(constant);
  constant.value = { all: 16384 };
});

test('a document is the kernel of its name whatever the order of its keys and its places', () => {
  assert.equal(isNamesake(kernelOf(documentOf('6.17.8')), catalog), false);
  const moved = edited('6.17.8', ({ components }) => {
    for (const [id, state] of Object.entries(components)) {
      components[id] = Object.fromEntries(Object.entries(state).reverse()) as typeof state;
      components[id].places = {};
    }
  });
  assert.equal(isNamesake(moved, catalog), false);
  assert.equal(
    isNamesake(
      edited('6.17.8', (document) => Object.assign(document, { release: '6.17.8+mine' })),
      catalog,
    ),
    false,
  );
});

test('what a kernel offers to programs makes it no other kernel, and its tests count for it', () => {
  const offering = edited('7.2.12', (document) => {
    const file = { path: 'include/uapi/linux/liveupdate.h', sha256: 'b'.repeat(64) };
    document.uapi = { file, ioctls: { MADE_UP: { request: 1, line: 1 } }, structs: {}, constants: {} };
  });
  assert.equal(isNamesake(offering, catalog), false);
  const other = kernelOf(documentOf('7.3.4'));
  const known = evidenceAbout({ outgoing: kernelOf(documentOf('7.2.12')), incoming: other }, catalog);
  assert.ok(known.length > 0);
  assert.deepEqual(evidenceAbout({ outgoing: offering, incoming: other }, catalog), known);
});

test('a fact, a component or a target that is another makes it another kernel', () => {
  assert.equal(isNamesake(CHANGED, catalog), true);
  assert.equal(
    isNamesake(
      edited('6.17.8', (document) => void document.targets.pop()),
      catalog,
    ),
    true,
  );
  assert.equal(
    isNamesake(
      edited('6.17.8', ({ components }) => void delete components.kho),
      catalog,
    ),
    true,
  );
  assert.throws(
    () => checkNameFree(CHANGED, './build.json', catalog),
    (error) => {
      assert.ok(error instanceof ToolError);
      assert.deepEqual([error.code, error.exitCode], ['RELEASE_TAKEN', 2]);
      assert.match(error.message, /^\.\/build\.json: .* 6\.17\.8; rename it with `release`$/);
      return true;
    },
  );
});

test('a document of equal facts that were read from other files is no kernel that was tested', () => {
  const own = kernelOf(documentOf('7.3.4'));
  const about = (incoming: typeof own): number => evidenceAbout({ outgoing: own, incoming }, catalog).length;
  assert.ok(about(own) > 0);
  const patched = edited('7.3.4', ({ provenance }) => {
    const [file] = provenance.files.filter(({ path }) => path === 'mm/memfd_luo.c');
    assert.ok(file);
    file.sha256 = '0'.repeat(64);
  });
  assert.equal(isNamesake(patched, catalog), false);
  assert.equal(about(patched), 0);
  const built = edited('7.3.4', ({ provenance }) => {
    provenance.files = [{ path: 'bzImage', sha256: '1'.repeat(64) }];
  });
  assert.equal(about(built), 0);
});

test('a record that names an image counts for that build alone', () => {
  const digest = '2'.repeat(64);
  const [like] =
    shipped().evidence?.filter(({ outgoing, incoming }) => outgoing === '7.2.12' && incoming === '7.3.4') ??
    [];
  assert.ok(like);
  const record = evidenceDocument({ ...like, images: { incoming: digest } });
  assert.notEqual(record.id, like.id);
  const file = join(folder, 'with-image.sqlite');
  buildCatalog(file, { ...shipped(), evidence: [record] });
  const other = Catalog.open(file);
  const [outgoing, incoming] = [kernelOf(documentOf('7.2.12')), kernelOf(documentOf('7.3.4'))];
  const build = edited('7.3.4', (document) => {
    document.provenance.files = [{ path: 'bzImage', sha256: digest }];
    document.components.memfd = { ...document.components.memfd, available: 'yes' } as never;
  });
  assert.deepEqual(evidenceAbout({ outgoing, incoming }, other), []);
  assert.deepEqual(ownEvidence([record], other), []);
  assert.deepEqual(evidenceAbout({ outgoing, incoming: build }, other), [record]);
  other.close();
});

test('every record that ships counts for the kernels that ship, but for those of builds that differ', () => {
  const all = catalog.evidence();
  assert.ok(all.length >= 150);
  const records = all.filter(({ images }) => images === undefined);
  assert.ok(records.length >= 27);
  assert.deepEqual(ownEvidence(all, catalog), records);
  for (const record of records) {
    const [outgoing, incoming] = [record.outgoing, record.incoming].map((release) => catalog.kernel(release));
    assert.ok(outgoing && incoming);
    assert.ok(
      evidenceAbout({ outgoing, incoming }, catalog).some(({ id }) => id === record.id),
      record.id,
    );
    const read = kernelOf(documentOf(record.outgoing));
    assert.ok(evidenceAbout({ outgoing: read, incoming }, catalog).length > 0);
  }
});

test('tests of a kernel say nothing of another that bears its name, on either side', () => {
  const own = kernelOf(documentOf('6.17.8'));
  assert.ok(evidenceAbout({ outgoing: own, incoming: own }, catalog).length > 0);
  assert.deepEqual(evidenceAbout({ outgoing: own, incoming: CHANGED }, catalog), []);
  assert.deepEqual(evidenceAbout({ outgoing: CHANGED, incoming: own }, catalog), []);
});
