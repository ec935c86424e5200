/** JSON as every document of this project is written: one space of indent, LF, a final newline. Key order is the object's. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/**
 * A list in a value that is written as JSON and of which never more than a part is made at a time. `texts` gives the entries
 * in their order, one text for some of them: each line behind the indent, a comma between two of a text.
 */
export class JsonList {
  readonly texts: (indent: string) => Iterable<string>;

  constructor(texts: (indent: string) => Iterable<string>) {
    this.texts = texts;
  }
}

/** The same text as `canonicalJson`, in pieces; lists of the value may be `JsonList`s. */
export function* jsonChunks(value: unknown): Generator<string> {
  yield* chunksOf(value, '');
  yield '\n';
}

function* chunksOf(value: unknown, indent: string): Generator<string> {
  if (value instanceof JsonList) yield* listChunks(value, indent);
  else if (!hasList(value)) yield JSON.stringify(value, null, 1).replaceAll('\n', `\n${indent}`);
  else if (Array.isArray(value)) {
    yield '[';
    for (const [at, entry] of value.entries()) {
      yield `${at === 0 ? '' : ','}\n${indent} `;
      yield* chunksOf(entry, `${indent} `);
    }
    yield `\n${indent}]`;
  } else {
    yield '{';
    const entries = Object.entries(value as object).filter(([, entry]) => entry !== undefined);
    for (const [at, [name, entry]] of entries.entries()) {
      yield `${at === 0 ? '' : ','}\n${indent} ${JSON.stringify(name)}: `;
      yield* chunksOf(entry, `${indent} `);
    }
    yield `\n${indent}}`;
  }
}

function* listChunks({ texts }: JsonList, indent: string): Generator<string> {
  let isEmpty = true;
  for (const text of texts(`${indent} `)) {
    yield isEmpty ? '[\n' : ',\n';
    yield text;
    isEmpty = false;
  }
  yield isEmpty ? '[]' : `\n${indent}]`;
}

function hasList(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  return value instanceof JsonList || Object.values(value).some(hasList);
}

/** Orders strings by code unit, whatever the locale. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A record with its keys in the order of their code units. */
export function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b)));
}
