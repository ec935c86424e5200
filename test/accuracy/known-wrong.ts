const BY_NAME = 'facts are found by their names in the source; without the name the answer is unknown';

/**
 * Mutations that the program answers wrongly, by name, with what is missing. The expectation stays; the table shows the
 * wrong answer until it is right.
 */
export const KNOWN_WRONG: ReadonlyMap<string, string> = new Map([
  ['the macro LUO_ABI_COMPATIBLE renamed', BY_NAME],
]);
