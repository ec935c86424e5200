import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPatchMail } from '../../src/formats/patch-mail.ts';
import { readPatchSubject } from '../../src/formats/patch-subject.ts';

const SUBJECTS: [string, ReturnType<typeof readPatchSubject>][] = [
  ['[PATCH v7 03/24] a: b', { title: 'a: b', version: 7, number: 3, total: 24, isReply: false }],
  ['[RFC PATCH 0/2] a [b]', { title: 'a [b]', version: 1, number: 0, total: 2, isReply: false }],
  ['Re: [PATCH v2] a', { title: 'a', version: 2, isReply: true }],
  ['[list] [PATCH RESEND V3 1/1] a', { title: 'a', version: 3, number: 1, total: 1, isReply: false }],
  ['a 3/4', { title: 'a 3/4', version: 1, isReply: false }],
  ['[PATCH] a\n\u001b[31m b', { title: 'a [31m b', version: 1, isReply: false }],
];

for (const [subject, expected] of SUBJECTS) {
  test(`subject: ${JSON.stringify(subject)}`, () => assert.deepEqual(readPatchSubject(subject), expected));
}

const mail = (head: string, body: Uint8Array | string) =>
  readPatchMail(Buffer.concat([Buffer.from(`${head}\n\n`), Buffer.from(body)]), 'a.patch');

test('charsets: latin-1 and UTF-8', async () => {
  const latin = await mail(
    'Subject: x\nContent-Type: text/plain; charset=iso-8859-1',
    Buffer.from([0x2b, 0xe9, 10]),
  );
  assert.equal(latin.text, '+é\n');
  assert.equal((await mail('Subject: =?utf-8?q?caf=C3=A9?=', '+é\n')).title, 'café');
});

test('white space at the end of lines and of the text stays', async () => {
  const body = '+a \n \n\t\n-- \n\n';
  assert.equal((await mail('Subject: x\nContent-Type: text/plain', body)).text, body);
});

test('an attached patch counts, a page of HTML does not', async () => {
  const head = 'Subject: x\nContent-Type: multipart/mixed; boundary=B';
  const parts = [
    'Content-Type: text/plain\n\nhello',
    'Content-Type: text/html\nContent-Disposition: attachment\n\n<p>--- a/f</p>',
    'Content-Type: application/octet-stream; name=f.patch\nContent-Disposition: attachment\n\n--- a/f',
  ];
  const body = `${parts.map((part) => `--B\n${part}\n`).join('')}--B--\n`;
  const { text } = await mail(head, body);
  assert.match(text, /^hello\n+--- a\/f\n*$/);
});

test('a date without a time zone is none', async () => {
  assert.equal((await mail('Subject: x\nDate: Fri, 18 Sep 2026 23:30:00', '')).date, undefined);
  assert.equal((await mail('Subject: x\nDate: Fri, 18 Sep 2026 23:30:00 -0700', '')).date, '2026-09-19');
});

test('a bare diff has the name of its file for a title', async () => {
  const { title, text } = await readPatchMail(Buffer.from('--- a/f\r\n+++ b/f\r\n'), 'mine.patch');
  assert.deepEqual([title, text], ['mine.patch', '--- a/f\n+++ b/f\n']);
});

test('parts nested without end are an error', async () => {
  let head = '';
  for (let depth = 0; depth < 600; depth++)
    head += `Content-Type: multipart/mixed; boundary=B${depth}\n\n--B${depth}\n`;
  await assert.rejects(readPatchMail(Buffer.from(`Subject: x\n${head}`), 'deep'), { code: 'PATCH_SYNTAX' });
});
