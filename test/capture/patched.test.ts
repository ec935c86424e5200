import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capture } from '../../src/capture/capture.ts';
import { captureSeriesOnFacts, captureSeriesOnFiles } from '../../src/capture/overlay-from.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import { applyOverlay } from '../../src/model/overlay.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import { readPatchSeries } from '../../src/sources/patch-series.ts';
import type { Files, Message } from '../sources/patch-fixture.ts';
import { bodyOf, gitDiff, mailOf, mboxOf, writeFiles } from '../sources/patch-fixture.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// A series on a small tree of 7.3.4: the overlay on the base is the capture of the tree with the patches applied.

const TREE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));
const LUO = 'include/linux/kho/abi/luo.h';
const PCI = 'include/linux/kho/abi/pci.h';
const MEMBLOCK = 'include/linux/kho/abi/memblock.h';

const PCI_TEXT = `/* Test declarations: the layouts and values of version 9 of the series, written anew. « » */
#ifndef TEST_KHO_ABI_PCI_H
#define TEST_KHO_ABI_PCI_H

#include <linux/types.h>

#define PCI_LUO_FLB_COMPATIBLE "pci"
#define PCI_LUO_FLB_VERSION 2

struct pci_dev_ser {
	u32 domain;
	u16 bdf;
	u16 refcount;
} __packed;

struct pci_ser {
	u32 version;
	u32 nr_devices;
	u64 devices;
} __packed;

#endif
`;

const text = (path: string): string => readFileSync(join(TREE, path), 'utf8');
const luo = text(LUO);
const longerLuo = luo
  .replace('#include <linux/types.h>', '#include <linux/types.h>\n/* one line more */')
  .replace('\tu64 token;', '\tu64 token;\n\tu64 flags;');
assert.notEqual(longerLuo, luo);

const TITLE = 'PCI: liveupdate: PCI core support for Live Update';
const STEPS: [Files, Files][] = [
  [{ [LUO]: luo }, { [LUO]: longerLuo }],
  [{}, { [PCI]: PCI_TEXT.replace('VERSION 2', 'VERSION 1'), 'drivers/net/other.c': 'int other;\n' }],
  [{ [PCI]: PCI_TEXT.replace('VERSION 2', 'VERSION 1'), [MEMBLOCK]: text(MEMBLOCK) }, { [PCI]: PCI_TEXT }],
];

function seriesOf(encoding: Message['encoding'] = '7bit'): Message[] {
  const patches = STEPS.map(
    ([one, other], index): Message => ({
      subject: `[PATCH v9 ${index + 1}/3] Step ${index + 1}`,
      id: `${index + 1}-step@example`,
      body: bodyOf(gitDiff(one, other)),
      encoding,
    }),
  );
  return [
    { subject: `[PATCH v9 0/3] ${TITLE}`, id: '0-cover@example', body: 'What it is for.\n' },
    ...patches,
  ];
}

let folder: string;
let base: CaptureDocument;
let patched: CaptureDocument;
let counter = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-patched-'));
  const root = join(folder, 'patched');
  cpSync(TREE, root, { recursive: true });
  writeFiles(root, { [LUO]: longerLuo, [PCI]: PCI_TEXT });
  rmSync(join(root, MEMBLOCK));
  base = await capture(TREE);
  patched = await capture(root);
});
after(() => rmSync(folder, { recursive: true }));

function write(messages: readonly Message[], change = (mbox: string): string => mbox): string {
  const path = join(folder, `${counter++}.mbox`);
  writeFileSync(path, change(mboxOf(messages)));
  return path;
}

async function overlayOf(locator: string): Promise<OverlayDocument> {
  const { overlay } = await captureSeriesOnFiles(await readPatchSeries(locator), TREE);
  return validate<OverlayDocument>('overlay', overlay, overlay.release);
}

test('the overlay on the base is the capture of the patched tree', async () => {
  const overlay = await overlayOf(write(seriesOf()));
  assert.equal(overlay.release, '7.3.4+pci-liveupdate-pci-core-support-for-live-update-v9');
  assert.equal(overlay.base, '7.3.4');
  assert.equal(overlay.date, '2026-09-19');
  assert.equal(overlay.provenance.name, '0-cover@example');
  assert.match(overlay.provenance.note ?? '', /1-step@example, 2-step@example, 3-step@example/);
  assert.deepEqual(
    overlay.provenance.files.map(({ path }) => path),
    [LUO, PCI],
  );
  assert.deepEqual(overlay.removed, ['memblock', 'reserve-mem']);
  const changed = Object.keys(overlay.components ?? {});
  assert.ok(changed.includes('pci') && changed.includes('luo-session'), changed.join());
  assert.ok(!changed.includes('kho'), changed.join());
  const made = applyOverlay(base, overlay).components;
  for (const [id, state] of Object.entries(patched.components)) {
    if (overlay.removed?.includes(id)) assert.equal(made[id]?.available, state.available);
    else assert.deepEqual({ ...made[id], places: {} }, { ...state, places: {} }, id);
    if (changed.includes(id)) assert.deepEqual(made[id]?.places, state.places, id);
  }
  assert.deepEqual(overlay.components?.pci?.marker?.writes, 2);
});

test('quoted-printable, base64, multipart, CRLF and a folder of patches give the same overlay', async () => {
  const { provenance: _provenance, ...expected } = await overlayOf(write(seriesOf()));
  const patches = join(folder, 'patches');
  mkdirSync(patches);
  for (const [index, message] of seriesOf().entries()) {
    writeFileSync(join(patches, `v9-000${index}-x.patch`), mailOf(message));
  }
  const locators = [
    ...(['base64', 'multipart', 'quoted-printable'] as const).map((encoding) => write(seriesOf(encoding))),
    write(seriesOf(), (mbox) => mbox.replaceAll('\n', '\r\n')),
    patches,
  ];
  for (const locator of locators) {
    const { provenance: _other, ...overlay } = await overlayOf(locator);
    assert.deepEqual(overlay, expected, locator);
  }
});

test('answers, other versions and copies in the thread change nothing', async () => {
  const [cover, ...patches] = seriesOf() as [Message, ...Message[]];
  const [first] = patches as [Message];
  const answer = { subject: `Re: ${first.subject}`, id: 'a@example', body: first.body };
  const older = { ...first, subject: '[PATCH v8 1/7] Step 1', id: 'o@example' };
  const copy = { ...first, id: 'copy@example' };
  const mixed = write([...[...patches].reverse(), older, answer, cover, copy]);
  assert.deepEqual((await overlayOf(mixed)).components, (await overlayOf(write(seriesOf()))).components);
});

test('a missing patch is named', async () => {
  const messages = seriesOf().filter(({ subject }) => !subject.includes('2/3'));
  await assert.rejects(readPatchSeries(write(messages)), {
    code: 'SERIES_INCOMPLETE',
    message: /: v9 2\/3$/,
  });
});

test('a hunk that does not apply is an error with patch, file and line', async () => {
  const locator = write(seriesOf(), (mbox) =>
    mbox.replace(' #include <uapi/linux/liveupdate.h>', ' #include <x.h>'),
  );
  const series = await readPatchSeries(locator);
  await assert.rejects(captureSeriesOnFiles(series, TREE), (error: Error & { details?: unknown }) => {
    assert.match(
      error.message,
      /^v9 1\/3 Step 1: include\/linux\/kho\/abi\/luo\.h:\d+: the hunk does not apply/,
    );
    assert.equal((error.details as { path: string }).path, LUO);
    return true;
  });
});

test('on facts alone new files are read, and a change of another file is refused', async () => {
  const diff = gitDiff({}, { [PCI]: PCI_TEXT });
  const single = write([{ subject: '[PATCH v9] PCI: add a header', id: 's@example', body: bodyOf(diff) }]);
  const { overlay } = await captureSeriesOnFacts(await readPatchSeries(single), base);
  assert.deepEqual(Object.keys(overlay.components ?? {}), ['pci']);
  assert.deepEqual(overlay.components?.pci, patched.components.pci);
  const whole = await readPatchSeries(write(seriesOf()));
  await assert.rejects(captureSeriesOnFacts(whole, base), {
    code: 'HUNK_FAILED',
    message: /luo\.h:\d+: not at hand/,
  });
});

test('a base of headers alone: changes of code are passed over and told', async () => {
  const headers = join(folder, 'headers');
  cpSync(TREE, headers, { recursive: true, filter: (path) => !path.endsWith('.c') });
  const diff = gitDiff(
    { 'mm/memfd_luo.c': 'int before;\n' },
    { 'mm/memfd_luo.c': 'int after;\n', [PCI]: PCI_TEXT },
  );
  const path = write([{ subject: '[PATCH] PCI: add a header', id: 'h@example', body: bodyOf(diff) }]);
  const { overlay, passedOver } = await captureSeriesOnFiles(await readPatchSeries(path), headers);
  assert.deepEqual(passedOver, ['mm/memfd_luo.c']);
  assert.match(overlay.provenance.note ?? '', /mm\/memfd_luo\.c/);
});

test('files are moved to where a capture reads, and away from there', async () => {
  const moved = 'drivers/pci/moved.h';
  const root = join(folder, 'moving');
  cpSync(TREE, root, { recursive: true });
  writeFiles(root, { [moved]: PCI_TEXT });
  const diff = gitDiff(
    { [moved]: PCI_TEXT, [MEMBLOCK]: text(MEMBLOCK) },
    { [PCI]: PCI_TEXT, 'drivers/away.h': text(MEMBLOCK) },
  );
  assert.match(diff, /rename from drivers\/pci\/moved\.h/);
  const path = write([{ subject: '[PATCH] Move', id: 'm@example', body: bodyOf(diff) }]);
  const { overlay } = await captureSeriesOnFiles(await readPatchSeries(path), root);
  assert.deepEqual(overlay.components?.pci, patched.components.pci);
  assert.deepEqual(overlay.removed, ['memblock', 'reserve-mem']);
});

function run(...args: string[]): Promise<CliRun> {
  return runCli([...args], { env: { XDG_CACHE_HOME: folder }, cwd: packageRoot() });
}

test('a series that touches nothing of a component gives an overlay without any', async () => {
  const diff = gitDiff(
    { 'drivers/x.c': 'int a;\n', Makefile: 'a\n' },
    { 'drivers/x.c': 'int b;\n', Makefile: 'b\n' },
  );
  const path = write([
    { subject: '[PATCH v2] x: \u00dcber 7.3, a change', id: 'n@example', body: bodyOf(diff) },
  ]);
  const overlay = await overlayOf(path);
  assert.deepEqual([overlay.components, overlay.removed, overlay.provenance.files], [{}, undefined, []]);
  assert.equal(overlay.release, '7.3.4+x-uber-7-3-a-change-v2');
});

test('the command writes the overlay, and what is wrong with a series exits 2', async () => {
  const mbox = write(seriesOf());
  const output = join(folder, 'overlay.json');
  const written = await run('capture', mbox, '--on', TREE, '--release', '7.3.4+mine', '-o', output);
  assert.equal(written.status, 0, written.stderr);
  assert.match(
    written.stderr,
    /7\.3\.4\+mine: 3 patches on 7\.3\.4: changes .*pci.*; removes memblock, reserve-mem/,
  );
  assert.equal(JSON.parse(readFileSync(output, 'utf8')).vendor, 'mine');
  const bare = await run('capture', mbox);
  assert.equal(bare.status, 2);
  assert.match(bare.stderr, /^luo-abi: USAGE: .*--on/);
  const gap = await run('capture', write(seriesOf().slice(0, 3)), '--on', TREE);
  assert.equal(gap.status, 2);
  assert.match(gap.stderr, /^luo-abi: SERIES_INCOMPLETE: .*v9 3\/3/);
});
