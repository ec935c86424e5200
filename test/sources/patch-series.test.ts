import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isPatchSeries, readPatchSeries } from '../../src/sources/patch-series.ts';
import { damaged, endsWell, propertyRuns } from '../formats/property.ts';
import type { Message } from './patch-fixture.ts';
import { mboxOf } from './patch-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-series-'));
after(() => rmSync(folder, { recursive: true }));

const diffOf = (path: string): string => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n-- \n2\n`;
const patch = (subject: string, body = diffOf('f')): Message => ({
  subject,
  id: `${subject.replace(/\W/g, '')}@x`,
  body,
});

let counter = 0;
function write(
  messages: readonly Message[],
  pack: (text: string) => Uint8Array | string = (text) => text,
): string {
  const path = join(folder, `${counter++}.mbox`);
  writeFileSync(path, pack(mboxOf(messages)));
  return path;
}

test('numbers give the order, the newest version is meant', async () => {
  const mails = ['[PATCH v2 2/2] b', '[PATCH v1 1/1] old', '[PATCH v2 1/2] a'].map((subject) =>
    patch(subject),
  );
  const { patches, version, title } = await readPatchSeries(write(mails));
  assert.deepEqual(
    patches.map(({ name }) => name),
    ['v2 1/2 a', 'v2 2/2 b'],
  );
  assert.deepEqual([version, title], [2, 'a']);
});

test('a gzipped mbox is read, a damaged one is an error', async () => {
  const path = write([patch('[PATCH] a')], gzipSync);
  assert.equal((await readPatchSeries(path)).patches.length, 1);
  const damaged = write([patch('[PATCH] a')], (text) => gzipSync(text).subarray(0, 40));
  await assert.rejects(readPatchSeries(damaged), { code: 'ARCHIVE_CORRUPT' });
});

test('patches without numbers are taken as the files of a folder are sorted', async () => {
  const root = join(folder, 'queue');
  mkdirSync(root);
  writeFileSync(join(root, '02.patch'), diffOf('b'));
  writeFileSync(join(root, '01.patch'), diffOf('a'));
  writeFileSync(join(root, 'notes.txt'), 'no patch\n');
  const { patches, title } = await readPatchSeries(root);
  assert.deepEqual(
    patches.map(({ files }) => files.map(({ path }) => path)),
    [['a'], ['b']],
  );
  assert.equal(title, '01.patch');
});

const REFUSED: Record<string, [string, Message[]]> = {
  'two patches of one number': ['SERIES_AMBIGUOUS', [patch('[PATCH 1/1] a'), patch('[PATCH 1/1] b')]],
  'two lengths': ['SERIES_AMBIGUOUS', [patch('[PATCH 1/2] a'), patch('[PATCH 2/3] b')]],
  'a number beyond the last': ['SERIES_AMBIGUOUS', [patch('[PATCH 3/2] a')]],
  'one without a number': ['SERIES_AMBIGUOUS', [patch('[PATCH 1/1] a'), patch('[PATCH] b')]],
  'no diff in a patch': ['PATCH_SYNTAX', [patch('[PATCH 1/1] a', 'lost\n')]],
  'a cover letter alone': ['PATCH_SYNTAX', [patch('[PATCH 0/3] a', 'hello\n')]],
  'nothing but answers': ['PATCH_SYNTAX', [patch('Re: [PATCH 1/1] a')]],
};

for (const [what, [code, messages]] of Object.entries(REFUSED)) {
  test(`refused: ${what}`, () => assert.rejects(readPatchSeries(write(messages)), { code }));
}

test('of many missing patches some are named', async () => {
  const path = write([patch('[PATCH v3 4/9999] a')]);
  await assert.rejects(readPatchSeries(path), {
    code: 'SERIES_INCOMPLETE',
    message: /v3 1\/9999, .* and 9990 more$/,
  });
});

test('a series is recognized by what it is', async () => {
  assert.equal(await isPatchSeries(write([patch('[PATCH] a')])), true);
  const root = join(folder, 'nothing');
  mkdirSync(root);
  assert.equal(await isPatchSeries(root), false);
  assert.equal(await isPatchSeries(join(folder, 'absent')), false);
});

test('what is not there is an error', async () => {
  await assert.rejects(readPatchSeries(join(folder, 'absent')), { code: 'FILE_UNREADABLE' });
});

test('a damaged mbox gives a series or an error', async () => {
  const encodings = ['7bit', 'base64', 'multipart', 'quoted-printable'] as const;
  const mails = encodings.map((encoding, index) => ({ ...patch(`[PATCH v2 ${index + 1}/4] a`), encoding }));
  const path = join(folder, 'damaged.mbox');
  const property = fc.asyncProperty(damaged(Buffer.from(mboxOf(mails))), async (bytes) => {
    writeFileSync(path, bytes);
    return endsWell(() => readPatchSeries(path));
  });
  await fc.assert(property, propertyRuns('damaged mbox', 200));
});
