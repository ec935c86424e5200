/** JSON as every document of this project is written: one space of indent, LF, a final newline. Key order is the object's. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
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
