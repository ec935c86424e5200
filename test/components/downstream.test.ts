import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resolveOverlays } from '../../src/catalog/overlay.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { parseDocument } from '../../src/schema/validate.ts';
import { judgeSeries, kernelDocument, shippedOverlays } from './series-kernels.ts';

const PAGE = 'docs/downstream.md';
const COMPATIBLE = ['compatible', 'compatible-with-notes'];

function overlayOfPage(): OverlayDocument {
  const page = readFileSync(join(packageRoot(), PAGE), 'utf8');
  const [, json] = /```json\n(.*?)```/s.exec(page) ?? [];
  assert.ok(json, `${PAGE} holds no document`);
  return parseDocument<OverlayDocument>('overlay', json, PAGE);
}

function downstream(): CaptureDocument {
  const [document] = resolveOverlays([overlayOfPage()], kernelDocument);
  assert.ok(document);
  return document;
}

function verdictOf({ components }: PairVerdict, id: string): string | undefined {
  return components.find((component) => component.id === id)?.verdict;
}

test('the document of the page is PCI v9 with one more integer accepted', () => {
  const overlay = overlayOfPage();
  const v9 = shippedOverlays().find(({ release }) => release === '7.3.4+pci-liveupdate-v9');
  assert.deepEqual(overlay.components?.pci, v9?.components?.pci);
  const { marker, available } = downstream().components.pci ?? {};
  assert.deepEqual(marker?.accepts, [{ value: 2 }, { value: 1, layoutOf: '7.3.4+pci-liveupdate-v8' }]);
  assert.equal(available, 'yes');
});

test('what v8 wrote is read', () => {
  const pair = judgeSeries({ outgoing: '7.3.4+pci-liveupdate-v8', incoming: downstream() });
  assert.equal(verdictOf(pair, 'pci'), 'compatible');
  assert.ok(COMPATIBLE.includes(pair.verdict), pair.summary);
});

test('what it writes is read by v9, and is a panic for a kernel that knows 1 alone', () => {
  const forward = judgeSeries({ outgoing: downstream(), incoming: '7.3.4+pci-liveupdate-v9' });
  assert.equal(verdictOf(forward, 'pci'), 'compatible');
  const back = judgeSeries({ outgoing: downstream(), incoming: '7.3.4+pci-liveupdate-v9-core' });
  assert.deepEqual([back.verdict, back.effect], ['refused', 'boot-panic']);
});

test('what v7 wrote is not found', () => {
  const pair = judgeSeries({ outgoing: '7.2.12+pci-liveupdate-v7', incoming: downstream() });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'component-absent']);
});

test('without the line in accepts the same update is a panic', () => {
  const { accepts: _accepts, ...overlay } = overlayOfPage();
  const [incoming] = resolveOverlays([overlay], kernelDocument);
  assert.ok(incoming);
  const pair = judgeSeries({ outgoing: '7.3.4+pci-liveupdate-v8', incoming });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'boot-panic']);
});
