import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TarMember, TarReader } from '../../src/formats/tar.ts';
import { type Entry, kernelTar, memorySource, paxRecord, tarBytes } from './archives.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

async function readAll(bytes: Uint8Array, chunk?: number) {
  const reader = new TarReader(memorySource(bytes, chunk));
  const found: { member: TarMember; text: string }[] = [];
  for (let member = await reader.next(); member; member = await reader.next()) {
    found.push({ member, text: Buffer.from(await reader.content(member)).toString() });
  }
  return found;
}

async function onlyMember(entries: readonly Entry[]) {
  const [found] = await readAll(tarBytes(entries));
  assert.ok(found);
  return { ...found.member, text: found.text };
}

test('gives files, folders and links with their content', async () => {
  const entries = [
    { path: 'top/' },
    { path: 'top/a', text: 'one' },
    { path: 'top/b', flag: '2', linkTarget: 'a' },
    { path: 'top/c', flag: '1', linkTarget: 'top/a' },
  ];
  const found = await readAll(tarBytes(entries));
  const shown = found.map(({ member, text }) => [member.type, member.path, member.linkTarget, text]);
  assert.deepEqual(shown, [
    ['directory', 'top/', '', ''],
    ['file', 'top/a', '', 'one'],
    ['symlink', 'top/b', 'a', ''],
    ['hardlink', 'top/c', 'top/a', ''],
  ]);
});

for (const chunk of [1, 100, 511, 512, 700, 5000]) {
  test(`reads the same from chunks of ${chunk} bytes`, async () => {
    const bytes = kernelTar();
    assert.deepEqual(await readAll(bytes, chunk), await readAll(bytes));
  });
}

test('a pax header gives path, time and size of the next member', async () => {
  const path = `${'d/'.repeat(100)}file.h`;
  const text = paxRecord('path', path) + paxRecord('mtime', '12.5') + paxRecord('size', '3');
  const member = await onlyMember([
    { path: 'x', flag: 'x', text },
    { path: 'short', text: 'abc', size: 0 },
  ]);
  assert.deepEqual([member.path, member.mtime, member.size, member.text], [path, 12, 3, 'abc']);
  assert.equal(member.headerOffset, 0);
});

test('a GNU long name replaces the name', async () => {
  const path = `${'d/'.repeat(80)}file.h`;
  const member = await onlyMember([
    { path: '././@LongLink', flag: 'L', text: `${path}\0` },
    { path: path.slice(0, 99), text: 'abc' },
  ]);
  assert.deepEqual([member.path, member.text], [path, 'abc']);
});

test('a global pax header is skipped', async () => {
  const member = await onlyMember([
    { path: 'pax_global_header', flag: 'g', text: paxRecord('comment', 'abc') },
    { path: 'a', text: 'x' },
  ]);
  assert.deepEqual([member.path, member.headerOffset], ['a', 0]);
});

test('a bad checksum is told with its offset', async () => {
  const bytes = tarBytes([{ path: 'a', text: 'x' }, { path: 'b' }]);
  bytes[1024] = 1;
  await assert.rejects(readAll(bytes), {
    code: 'ARCHIVE_CORRUPT',
    message: 'tar: a header with a right checksum expected at offset 1024',
    details: { offset: 1024 },
  });
});

test('an archive that ends without its closing zeros is cut short', async () => {
  const bytes = tarBytes([{ path: 'a', text: 'x' }]).subarray(0, 1024);
  await assert.rejects(readAll(bytes), {
    message: 'tar: a header of 512 bytes expected, 0 left at offset 1024',
  });
});

test('a member that reaches beyond the end is cut short, also where the end is not known', async () => {
  const bytes = tarBytes([{ path: 'a', text: 'x'.repeat(5000) }]).subarray(0, 2000);
  await assert.rejects(readAll(bytes), {
    message: /5000 bytes expected, the archive ends at 2000/,
  });
  await assert.rejects(readAll(bytes, 512), { message: /a: 5000 bytes expected, cut short/ });
});

test('a chain of extended headers ends in an error', async () => {
  const entries = Array.from({ length: 40 }, () => ({ path: 'x', flag: 'x', text: '' }));
  await assert.rejects(readAll(tarBytes(entries)), { code: 'ARCHIVE_CORRUPT' });
});

test('any damaged archive gives members or a ToolError', async () => {
  const bytes = tarBytes([
    { path: 'x', flag: 'x', text: paxRecord('path', 'b') + paxRecord('size', '1') },
    { path: 'a', text: 'x' },
    { path: 'l', flag: 'L', text: 'long\0' },
    { path: 'b', text: 'y'.repeat(2000) },
  ]);
  const property = fc.asyncProperty(damaged(bytes), fc.integer({ min: 1, max: 3000 }), (damage, chunk) =>
    endsWell(() => readAll(damage, chunk)),
  );
  await fc.assert(property, propertyRuns('tar', 300));
});
