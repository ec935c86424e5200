import { createHash } from 'node:crypto';
import type { CacheOptions } from '../../capture/parse-cache.ts';
import { canonicalJson } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import { validate } from '../../schema/validate.ts';

/** What the cache holds under the hash of a document that its schema accepts. */
const VALID = 'valid\n';

/** The document's text. One that passed the schema before, to the byte, is not checked again. */
export function checkedText(document: CaptureDocument, cache: CacheOptions | undefined): string {
  const text = canonicalJson(document);
  const name = cache && createHash('sha256').update(`${cache.program}\nvalid\n${text}`).digest('hex');
  if (name !== undefined && cache?.store?.read(name) === VALID) return text;
  validate<CaptureDocument>('capture', document, document.release);
  if (name !== undefined) cache?.store?.write(name, VALID);
  return text;
}
