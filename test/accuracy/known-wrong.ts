/**
 * Mutations that the program answers wrongly, by name, with what is missing. The expectation stays; the table shows the
 * wrong answer until it is right.
 */
export const KNOWN_WRONG: ReadonlyMap<string, string> = new Map([
  [
    'a loop by while in memfd_luo_preserve_folios()',
    'the step of a loop that stands in its body is not taken for that of a `for`',
  ],
]);
