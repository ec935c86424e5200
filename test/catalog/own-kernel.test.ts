import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { checkNameFree, evidenceAbout, isNamesake } from '../../src/catalog/own-kernel.ts';
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
      assert.match(error.message, /^\.\/build\.json: .* 6\.17\.8; rename it with --release$/);
      return true;
    },
  );
});

test('tests of a kernel say nothing of another that bears its name, on either side', () => {
  const own = kernelOf(documentOf('6.17.8'));
  assert.ok(evidenceAbout({ outgoing: own, incoming: own }, catalog).length > 0);
  assert.deepEqual(evidenceAbout({ outgoing: own, incoming: CHANGED }, catalog), []);
  assert.deepEqual(evidenceAbout({ outgoing: CHANGED, incoming: own }, catalog), []);
});
