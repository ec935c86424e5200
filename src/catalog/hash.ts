import { createHash } from 'node:crypto';

/** The SHA-256 of a text, in hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the hash of a content is of, behind its kind. */
export function contentText(snapshots: readonly (readonly [component: string, hash: string])[]): string {
  return snapshots.map(([component, hash]) => `${component} ${hash}`).join('\n');
}
