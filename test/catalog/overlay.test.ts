import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Database from 'better-sqlite3';
import { resolveKernel } from '../../src/ask/kernels/resolve.ts';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { MIGRATIONS } from '../../src/catalog/migrations.ts';
import { resolveOverlays } from '../../src/catalog/overlay.ts';
import { readKernelFile, readVersions } from '../../src/catalog/read-content.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import { ToolError } from '../../src/errors.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import { applyOverlay } from '../../src/model/overlay.ts';
import { validate } from '../../src/schema/validate.ts';
import { documentOf, shipped } from '../support/shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-overlay-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function overlay(change: Partial<OverlayDocument> = {}): OverlayDocument {
  return {
    $schema: 'overlay.schema.json',
    schemaVersion: 1,
    release: '7.2.12+test1',
    base: '7.2.12',
    vendor: 'test1',
    origin: 'transcribed',
    provenance: { kind: 'transcribed', name: 'a test', files: [] },
    ...change,
  };
}

function isError(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ToolError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

const base = (release: string): CaptureDocument | undefined =>
  shipped().documents.find((document) => document.release === release);

test('what a base offers to programs is not what its overlay does, unless that says so', () => {
  const uapi = { ioctls: {}, structs: {}, constants: { LENGTH: 64 } };
  const offering = { ...documentOf('7.2.12'), uapi };
  assert.equal(applyOverlay(offering, overlay()).uapi, undefined);
  assert.deepEqual(applyOverlay(offering, overlay({ uapi })).uapi, uapi);
});

test('an empty overlay is its base under another name', () => {
  const { release: _release, ...made } = applyOverlay(documentOf('7.2.12'), overlay());
  const { components, base: upstream, targets } = documentOf('7.2.12');
  assert.deepEqual(made.components, components);
  assert.deepEqual([made.base, made.vendor, made.targets], [upstream, 'test1', targets]);
});

test('an overlay changes neither its base nor itself', () => {
  const document = documentOf('7.2.12');
  const before = canonicalJson(document);
  const change = overlay({
    removed: ['memfd'],
    accepts: { luo: [{ value: 'luo-v4', layoutOf: '7.1.13' }] },
    config: { CONFIG_KEXEC_HANDOVER: 'n' },
  });
  const own = canonicalJson(change);
  applyOverlay(document, change);
  assert.equal(canonicalJson(document), before);
  assert.equal(canonicalJson(change), own);
});

test('a component is added or replaced whole, and removed with a reason', () => {
  const { memfd } = documentOf('6.19.11').components;
  assert.ok(memfd);
  const made = applyOverlay(documentOf('7.2.12'), overlay({ components: { memfd, other: memfd } }));
  assert.deepEqual(made.components.memfd, memfd);
  assert.deepEqual(made.components.other, memfd);
  assert.deepEqual(Object.keys(made.components), Object.keys(made.components).sort());
  const without = applyOverlay(documentOf('7.2.12'), overlay({ removed: ['memfd'] })).components.memfd;
  assert.equal(without?.available, 'no');
  assert.match(without?.reason ?? '', /7\.2\.12\+test1 does not have it/);
  assert.deepEqual(without?.structs, {});
});

test('accepted markers come after the one that is written', () => {
  const entry = { value: 'luo-v4', layoutOf: '7.1.13' };
  const { luo } = applyOverlay(documentOf('7.2.12'), overlay({ accepts: { luo: [entry] } })).components;
  assert.deepEqual(luo?.marker?.accepts, [{ value: 'luo-v5' }, entry]);
});

test('options decide what is there: off, on, and not all known', () => {
  const off = applyOverlay(documentOf('7.2.12'), overlay({ config: { CONFIG_LIVEUPDATE: 'n' } })).components;
  assert.deepEqual([off.luo?.available, off.luo?.reason], ['no', 'CONFIG_LIVEUPDATE is not set']);
  assert.equal(off.kho?.available, 'buildable');
  const on = applyOverlay(
    documentOf('7.2.12'),
    overlay({ config: { CONFIG_KEXEC_HANDOVER: 'y', CONFIG_LIVEUPDATE: 'y' } }),
  ).components;
  assert.deepEqual([on.kho?.available, on.luo?.available], ['yes', 'yes']);
  assert.equal(on.memfd?.available, 'buildable');
  const again = applyOverlay(
    applyOverlay(documentOf('7.2.12'), overlay({ config: { CONFIG_LIVEUPDATE: 'n' } })),
    overlay({ base: '7.2.12+test1', release: '7.2.12+test2', config: { CONFIG_LIVEUPDATE: 'y' } }),
  ).components;
  assert.equal(again.luo?.available, 'buildable');
  assert.equal(again.luo?.reason, undefined);
});

test('an overlay stands on another one, in whatever order they come', () => {
  const lower = overlay({ removed: ['memfd'] });
  const upper = overlay({ release: '7.2.12+test2', base: '7.2.12+test1', removed: ['kexec-metadata'] });
  for (const order of [
    [lower, upper],
    [upper, lower],
  ]) {
    const made = resolveOverlays(order, base).find(({ release }) => release === '7.2.12+test2');
    assert.equal(made?.base, '7.2.12');
    assert.equal(made?.components.memfd?.available, 'no');
    assert.equal(made?.components['kexec-metadata']?.available, 'no');
  }
});

test('an unknown base, a cycle, and a component that nobody describes are errors', () => {
  assert.throws(
    () => resolveOverlays([overlay({ base: '9.9' })], base),
    isError('OVERLAY_BASE_UNKNOWN', /7\.2\.12\+test1: its base 9\.9/),
  );
  const one = overlay({ release: '1', base: '2' });
  const two = overlay({ release: '2', base: '1' });
  assert.throws(() => resolveOverlays([one, two], base), isError('OVERLAY_CYCLE', /1 -> 2 -> 1/));
  const self = overlay({ base: '7.2.12+test1' });
  assert.throws(() => resolveOverlays([self], base), isError('OVERLAY_CYCLE', /test1 -> 7\.2\.12\+test1/));
  for (const change of [{ removed: ['nothing'] }, { accepts: { nothing: [{ value: 1 }] } }]) {
    assert.throws(() => resolveOverlays([overlay(change)], base), isError('DOCUMENT_INVALID', /nothing/));
  }
});

test('the catalog gives an overlay back, and the kernel that it makes', () => {
  const path = join(folder, 'with.sqlite');
  const own = overlay({ removed: ['memfd'], date: '2026-11-20' });
  buildCatalog(path, { ...shipped(), overlays: [...(shipped().overlays ?? []), own] });
  const catalog = Catalog.open(path);
  const stored = new Map(catalog.overlays().map((each) => [each.release, each]));
  for (const each of [...(shipped().overlays ?? []), own]) {
    assert.equal(canonicalJson(stored.get(each.release)), canonicalJson(each), each.release);
  }
  const [made] = resolveOverlays([own], base);
  assert.equal(canonicalJson(catalog.document(own.release)), canonicalJson(made));
  assert.ok(catalog.kernels().some(({ release, vendor }) => release === own.release && vendor === 'test1'));
  assert.deepEqual(faultsIn(catalog), []);
  catalog.close();
});

test('a folder with an overlay on an unknown base gives no catalog', () => {
  const path = join(folder, 'without.sqlite');
  const content = { ...shipped(), overlays: [overlay({ base: '9.9' })] };
  assert.throws(() => buildCatalog(path, content), isError('OVERLAY_BASE_UNKNOWN', /9\.9/));
  assert.throws(() => Catalog.open(path), isError('CATALOG_MISSING', /without/));
});

test('the path of an overlay stands where a release is expected', async () => {
  const path = join(folder, 'catalog.sqlite');
  buildCatalog(path, shipped());
  const catalog = Catalog.open(path);
  const file = join(folder, 'mine.json');
  writeFileSync(file, canonicalJson(overlay({ base: '7.2.12+pci-liveupdate-v7', removed: ['memfd'] })));
  const { kernel, document } = await resolveKernel({ locator: file }, { catalog });
  assert.equal(kernel.release, '7.2.12+test1');
  assert.equal(document().base, '7.2.12');
  assert.equal(kernel.components.get('memfd')?.facts.available, 'no');
  assert.equal(kernel.components.get('pci')?.facts.marker?.writes, 'pci-v2');
  catalog.close();
});

test('hostile overlay files are errors of the document, never a crash', () => {
  const valid = canonicalJson(overlay());
  for (const [text, message] of [
    ['{"$schema": "overlay.schema.json"}', /required property/],
    [valid.replace('"schemaVersion": 1', '"schemaVersion": 99'), /schemaVersion 99 is newer/],
    [valid.replace('7.2.12+test1', '../../etc/passwd'), /release must match pattern/],
    [valid.replace('"vendor"', '"vendr"'), /additional|required/],
    [valid.slice(0, -20), /not JSON/],
  ] as const) {
    const file = join(folder, 'hostile.json');
    writeFileSync(file, text);
    assert.throws(() => readKernelFile(file), isError('DOCUMENT_INVALID', message));
  }
});

test('two documents for one release are refused, an overlay among them or not', () => {
  const twice = mkdtempSync(join(folder, 'twice-'));
  writeFileSync(join(twice, 'a.json'), canonicalJson(documentOf('7.2.12')));
  writeFileSync(join(twice, 'b.json'), canonicalJson(overlay({ release: '7.2.12', base: '7.2.6' })));
  assert.throws(() => readVersions(twice), isError('DOCUMENT_INVALID', /two documents for 7\.2\.12/));
});

test('every kernel that an overlay makes is a valid capture document', () => {
  for (const document of resolveOverlays(shipped().overlays ?? [], base)) {
    validate('capture', document, document.release);
  }
});

test('a catalog of version 1, which knew no overlays, is read without them', () => {
  const path = join(folder, 'first.sqlite');
  const db = new Database(path);
  db.exec(MIGRATIONS[0] ?? '');
  db.pragma('user_version = 1');
  db.close();
  const catalog = Catalog.open(path);
  assert.deepEqual(catalog.overlays(), []);
  catalog.close();
});
