import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMbox, splitMbox } from '../../src/formats/mbox.ts';

const texts = (mbox: string): string[] =>
  splitMbox(Buffer.from(mbox)).map(({ bytes }) => Buffer.from(bytes).toString());

test('messages are split at separators behind an empty line, and quoted ones are restored', () => {
  const mbox = [
    'From a@example Thu Jan  1 00:00:00 1970\nSubject: one\n\n>From the start\n>>From twice\nFrom here on\n',
    'From mboxrd@z Thu Jan  1 00:00:00 1970 +0000\nSubject: two\n\nbody\n',
  ].join('\n');
  assert.deepEqual(texts(mbox), [
    'Subject: one\n\nFrom the start\n>From twice\nFrom here on\n',
    'Subject: two\n\nbody\n',
  ]);
});

test('a sentence that begins with From is no separator', () => {
  const mbox = 'From a@b Thu Jan  1 00:00:00 1970\nSubject: s\n\n\nFrom 7.3 on, at 10:00, all is well\n';
  assert.equal(texts(mbox).length, 1);
});

test('a line of a message in the form of a separator is none where no header follows', () => {
  const line = 'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001';
  const mbox = `${line}\nSubject: s\n\nThe quoted patch begins with\n\n${line}\n\nand nothing else.\n`;
  assert.equal(texts(mbox).length, 1);
  assert.equal(texts(`${line}\nno header\n`).length, 1);
});

test('the commit of a separator is kept, bytes are not touched', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const bytes = Buffer.concat([
    Buffer.from(`From ${commit} Mon Sep 17 00:00:00 2001\r\nSubject: s\r\n\r\n`),
    Buffer.from([0xe9, 0x00, 0xff]),
  ]);
  const [message] = splitMbox(bytes);
  assert.equal(message?.commit, commit);
  assert.deepEqual([...(message?.bytes.subarray(-3) ?? [])], [0xe9, 0x00, 0xff]);
});

test('what is no mbox is one message', () => {
  assert.equal(isMbox(Buffer.from('Subject: x\n')), false);
  assert.deepEqual(texts('--- a/f\n'), ['--- a/f\n']);
});
