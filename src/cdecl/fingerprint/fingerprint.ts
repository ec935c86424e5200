import { createHash } from 'node:crypto';
import type { FunctionText } from './function-tokens.ts';
import { LocalNames } from './local-names.ts';

/** The hash of tokens in which nothing but white space, comments and the names of locals is arbitrary. */
export function fingerprintOf(text: FunctionText): string {
  const names = new LocalNames(text).replacements();
  const hash = createHash('sha256');
  for (const [index, token] of text.tokens.entries())
    hash.update(`${names.get(index) ?? `${token.kind} ${token.text}`}\n`);
  return hash.digest('hex');
}
