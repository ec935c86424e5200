import { attempt } from '../errors.ts';
import { headersBeside } from './beside.ts';
import type { SoughtFiles } from './source.ts';

/** Trees whose answers are kept: neighbours mostly have the same. */
const KNOWN_LIMIT = 8;

/** What a tree says of a file, wanted or not. */
export interface NamedFiles {
  /** Names a file's content; undefined where there is none. */
  find(path: string): string | undefined;
  textOf(path: string): string | undefined;
}

interface Known {
  callers: string;
  marks: ReadonlyMap<string, string | undefined>;
  headers: ReadonlySet<string>;
}

/** The headers beside files that were found, in one tree after the other. */
export class CallerHeaders {
  readonly #sought: SoughtFiles;
  readonly #known: Known[] = [];
  /** All that were found in any tree. */
  readonly seen = new Set<string>();

  constructor(sought: SoughtFiles) {
    this.#sought = sought;
  }

  /** Those of one tree. */
  of(found: Iterable<string>, files: NamedFiles): ReadonlySet<string> {
    const callers = [...found].sort();
    const name = callers.join('\n');
    const isSame = ({ callers: others, marks }: Known): boolean =>
      others === name && [...marks].every(([path, mark]) => files.find(path) === mark);
    const known = this.#known.find(isSame);
    if (known) return known.headers;
    const marks = new Map<string, string | undefined>();
    const headers = headersBeside(callers, this.#sought, (path) => {
      const mark = attempt(() => files.find(path));
      marks.set(path, mark);
      return mark === undefined ? undefined : attempt(() => files.textOf(path));
    });
    for (const header of headers) this.seen.add(header);
    this.#known.unshift({ callers: name, marks, headers });
    this.#known.length = Math.min(this.#known.length, KNOWN_LIMIT);
    return headers;
  }
}
