import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureTexts } from '../../src/catalog/capture-texts.ts';
import { ToolError } from '../../src/errors.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { documentOf } from '../support/shipped.ts';

// What is read once for all documents that say the same, and what is still read of each.

const original = documentOf('7.3.4');
const textOf = (edit: Partial<CaptureDocument> | { [key: string]: unknown }): string =>
  canonicalJson({ ...original, ...edit });
const read = (texts: CaptureTexts, text: string): CaptureDocument => texts.read(Buffer.from(text), 'it.json');

/** What reading a text alone comes to: the document, or what is wrong with it. */
function outcome(text: string, texts: CaptureTexts): unknown {
  try {
    return read(texts, text);
  } catch (error) {
    assert.ok(error instanceof ToolError);
    return `${error.code} ${error.message}`;
  }
}

const CASES: [what: string, text: string][] = [
  ['another name', textOf({ release: '7.3.5', base: '7.3.5' })],
  ['a name beyond ASCII', textOf({ release: '7.3.5+é', base: '7.3.5', vendor: 'é' })],
  ['a head that its schema refuses', textOf({ release: 5 })],
  ['a head without a release', textOf({ release: undefined })],
  ['a head with a key that nobody knows', textOf({ release: '7.3.5', other: true })],
  ['a later version', textOf({ schemaVersion: 99 })],
  ['components that its schema refuses', textOf({ components: { kho: { available: 'perhaps' } } })],
  ['findings of its own', textOf({ findings: [{ code: 'X', message: 'é' }] })],
  ['another indent', JSON.stringify(original, null, 2)],
  ['no indent', JSON.stringify(original)],
  [
    'the components inside something else',
    `{\n "uapi": {\n "a": 1${textOf({}).slice(textOf({}).indexOf(',\n "components": {'))}}`,
  ],
  ['a half', textOf({}).slice(0, 400)],
  ['text behind the end', `${textOf({})}x`],
  ['nothing', ''],
];

for (const [what, text] of CASES) {
  test(`${what}: the same behind a document that says the same as by itself`, () => {
    const texts = new CaptureTexts();
    read(texts, textOf({}));
    assert.deepEqual(outcome(text, texts), outcome(text, new CaptureTexts()));
  });
}

test('documents that say the same share what they say, with the keys in their order', () => {
  const texts = new CaptureTexts();
  const first = read(texts, textOf({}));
  const second = read(texts, textOf({ release: '7.3.5' }));
  assert.equal(first.components, second.components);
  assert.equal(canonicalJson(second), textOf({ release: '7.3.5' }));
});
