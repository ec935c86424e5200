import { ToolError } from '../errors.ts';

// What a format can hold of very many kernels. Asked before any pair is judged.

/** Pairs that are written one by one: some four gigabytes of JSON. */
const MAX_PAIRS = 25_000_000;

/** Kernels of which each answers in its own way, in one matrix: for each pair of them the answer is held. */
const MAX_CLASSES = 3000;

/** @throws ToolError TOO_MANY where so many kernels have more pairs than a list of pairs should hold; `instead` says what helps */
export function checkPairs(kernels: number, instead: string): void {
  if (kernels ** 2 <= MAX_PAIRS) return;
  throw new ToolError(
    'TOO_MANY',
    `${kernels} kernels have ${kernels ** 2} pairs, and JSON has an entry for each of at most ${MAX_PAIRS}; ${instead}`,
  );
}

/** @throws ToolError TOO_MANY where so many kinds of kernels are more than a matrix holds; `instead` says what helps */
export function checkClasses(kinds: number, instead: string): void {
  if (kinds <= MAX_CLASSES) return;
  throw new ToolError(
    'TOO_MANY',
    `${kinds} kernels each write or read something of their own, and a matrix holds at most ${MAX_CLASSES} of those; ${instead}`,
  );
}
