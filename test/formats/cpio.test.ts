import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CpioReader, isCpio } from '../../src/formats/cpio.ts';
import { memorySource } from './archives.ts';
import { type CpioEntry, cpioBytes, endsSoon } from './packages.ts';
import { damaged, propertyRuns } from './property.ts';

const ENTRIES: readonly CpioEntry[] = [
  { path: './top', mode: 0o040755 },
  { path: './top/a', text: 'one' },
  { path: './top/b', text: 'a', mode: 0o120777 },
  { path: './top/c', inode: 9, linkCount: 2 },
  { path: './top/d', text: 'shared', inode: 9, linkCount: 2 },
  { path: './top/pipe', mode: 0o010644 },
];

/** More content than a member of the tests has; without it a claimed size would be taken. */
const CONTENT_LIMIT = 1 << 20;

async function readAll(bytes: Uint8Array, chunk?: number) {
  const reader = new CpioReader(memorySource(bytes, chunk));
  const found: { type: string; path: string; linkTarget: string; names: readonly string[]; text: string }[] =
    [];
  for (let member = await reader.next(); member; member = await reader.next()) {
    const { type, path, linkTarget, names } = member;
    const isRead = type === 'file' && member.size <= CONTENT_LIMIT;
    const text = isRead ? Buffer.from(await reader.content(member)).toString() : '';
    found.push({ type, path, linkTarget, names, text });
  }
  return found;
}

test('gives files, folders, links and the names that share a file', async () => {
  const found = await readAll(cpioBytes(ENTRIES));
  const shown = found.map(({ type, path, linkTarget, names, text }) => [type, path, linkTarget, names, text]);
  assert.deepEqual(shown, [
    ['directory', './top', '', [], ''],
    ['file', './top/a', '', [], 'one'],
    ['symlink', './top/b', 'a', [], ''],
    ['file', './top/c', '', [], ''],
    ['file', './top/d', '', ['./top/c'], 'shared'],
    ['other', './top/pipe', '', [], ''],
  ]);
});

for (const chunk of [1, 3, 100, 110, 111, 5000]) {
  test(`reads the same from chunks of ${chunk} bytes`, async () => {
    const bytes = cpioBytes([...ENTRIES, { path: 'large', text: 'x'.repeat(4321) }]);
    assert.deepEqual(await readAll(bytes, chunk), await readAll(bytes));
  });
}

test('the form with checksums is read as well', async () => {
  const [found] = await readAll(cpioBytes([{ path: 'a', text: 'x', magic: '070702' }]));
  assert.equal(found?.text, 'x');
  assert.ok(isCpio(Buffer.from('070702')) && !isCpio(Buffer.from('070707')));
});

for (const { name, bytes, code, message } of [
  {
    name: 'the stripped form for large files is refused with words',
    bytes: cpioBytes([{ path: 'a', magic: '07070X' }]),
    code: 'ARCHIVE_UNKNOWN',
    message: 'cpio: the stripped form for packages with files over 4 GB is not supported',
  },
  {
    name: 'the old form is refused with words',
    bytes: cpioBytes([{ path: 'a', magic: '070707' }]),
    code: 'ARCHIVE_UNKNOWN',
    message: 'cpio: the old form "odc" is not supported, "newc" is',
  },
  {
    name: 'an archive without its trailer is cut short',
    bytes: cpioBytes([{ path: 'a', text: 'x' }], { trailer: false }),
    code: 'ARCHIVE_CORRUPT',
    message: 'cpio: a header of 110 bytes expected, 0 left at offset 116',
  },
  {
    name: 'a member that reaches beyond the end is told with the numbers',
    bytes: cpioBytes([{ path: 'a', text: 'x', size: 0xffffffff }]),
    code: 'ARCHIVE_CORRUPT',
    message: 'cpio: a member up to 4294967407 expected, the archive ends at 240 at offset 112',
  },
  {
    name: 'a header that is none is told with its offset',
    bytes: Buffer.concat([cpioBytes([{ path: 'a', text: 'x' }], { trailer: false }), Buffer.alloc(200)]),
    code: 'ARCHIVE_CORRUPT',
    message: 'cpio: a header with "070701" expected at offset 116',
  },
  {
    name: 'a link target of megabytes is not read',
    bytes: cpioBytes([{ path: 'a', text: 'x'.repeat(5000), mode: 0o120777 }]),
    code: 'ARCHIVE_CORRUPT',
    message: 'cpio: a link target of 5000 bytes at offset 112',
  },
  {
    name: 'a name with a zero byte in it is refused',
    bytes: cpioBytes([{ path: 'a\0b', text: 'x' }]),
    code: 'ARCHIVE_CORRUPT',
    message: 'cpio: a name that ends with a zero byte expected at offset 110',
  },
]) {
  test(name, async () => {
    await assert.rejects(readAll(bytes), { code, message });
  });
}

test('any damaged archive gives members or a ToolError', { timeout: 300_000 }, async () => {
  const bytes = cpioBytes([...ENTRIES, { path: 'large', text: 'y'.repeat(2000) }]);
  const property = fc.asyncProperty(damaged(bytes), fc.integer({ min: 1, max: 3000 }), (damage, chunk) =>
    endsSoon(() => readAll(damage, chunk)),
  );
  await fc.assert(property, propertyRuns('cpio', 250));
});

test('any crafted fields give members or a ToolError', async () => {
  const field = fc.constantFrom(0, 1, 2, 3, 0x7fffffff, 0xffffffff);
  const mode = fc.constantFrom(0o100644, 0o040755, 0o120777, 0, 0xffffffff);
  const text = fc.string({ maxLength: 40 });
  const entry = fc.record(
    { path: text, text, mode, inode: field, linkCount: field, size: field },
    { requiredKeys: ['path'] },
  );
  const property = fc.asyncProperty(fc.array(entry, { maxLength: 20 }), fc.nat(300), (entries, chunk) =>
    endsSoon(() => readAll(cpioBytes(entries), chunk || undefined)),
  );
  await fc.assert(property, propertyRuns('crafted cpio', 100));
});
