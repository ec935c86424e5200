import { posix } from 'node:path';
import { attempt } from '../errors.ts';
import type { SoughtFiles } from './source.ts';

// The headers that a file includes in quotes lie beside it, and bear no word that a search could find them by.

const QUOTED = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm;
const DEPTH_LIMIT = 4;
const COUNT_LIMIT = 1000;

/** The path that a name in quotes means, as a file includes it. */
export function besideOf(path: string, name: string): string {
  return posix.normalize(`${posix.dirname(path)}/${name}`);
}

/**
 * The headers beside files that were found and that lead on, and those that these include in turn.
 * @param textOf of such a file or header; undefined where it is absent
 * @param beside each is in it before its text is asked for
 */
export function headersBeside(
  found: Iterable<string>,
  { leads }: Pick<SoughtFiles, 'leads'>,
  textOf: (path: string) => string | undefined,
  beside = new Set<string>(),
): Set<string> {
  const visit = (path: string, text: string | undefined, depth: number): void => {
    for (const [, name = ''] of (text ?? '').matchAll(QUOTED)) {
      const header = besideOf(path, name);
      if (header.startsWith('../') || beside.has(header) || beside.size >= COUNT_LIMIT) continue;
      beside.add(header);
      const inner = attempt(() => textOf(header));
      // What is not there, or leads out of the tree, is none.
      if (inner === undefined) beside.delete(header);
      else if (depth < DEPTH_LIMIT) visit(header, inner, depth + 1);
    }
  };
  for (const path of found) {
    const text = leads ? textOf(path) : undefined;
    if (text !== undefined && leads?.(path, text)) visit(path, text, 0);
  }
  return beside;
}
