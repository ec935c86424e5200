import type { Catalog } from '../../src/index.ts';

// What the three doors are asked, as data.

/** What questions are asked of. */
export interface Setting {
  catalog: Catalog;
  /** One of few kernels, for answers about all of them that are long. */
  small: Catalog;
  /** The catalog's file. */
  path: string;
  /** A folder for what is written; it goes when the tests end. */
  folder: string;
}

/** A question at each of the doors; where one does not have it, the reason. */
export interface Question {
  /** What the library is asked: text as it is, anything else as JSON. */
  ask(): unknown;
  /** The arguments of the command, without --format and --catalog. */
  argv: readonly string[] | { not: string };
  /** An address of the server. */
  url: string | { not: string };
  /** What is added to the arguments: --format json unless the command prints a text, --catalog where it takes one. */
  options?: { isText?: true; isWithoutCatalog?: true; isSmall?: true };
  /** Where the answer is written: what the command wrote, told as `ask` tells it. */
  written?(): unknown;
}

/** The server answers from its catalog alone. */
export const NO_FOLDERS = { not: 'a server reads no file or folder of its host' } as const;
export const READ_ONLY = { not: 'a server writes nothing' } as const;
export const BY_THE_PAGE = { not: 'the page shows it, by what it embeds' } as const;
export const BY_PAIRS = {
  not: 'the page, `/api/check` and `/api/route` answer what is asked of a fleet one by one',
} as const;
