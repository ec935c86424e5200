import { ToolError } from '../errors.ts';

// What a format can hold of very many kernels. Asked before any pair is judged.

/** Pairs that are written one by one: some four gigabytes of JSON. */
const MAX_PAIRS = 25_000_000;

/** Kernels of which each answers in its own way, in one matrix: for each pair of them the answer is held. */
const MAX_CLASSES = 3000;

/** Checks of a gate, one for each pair, profile and target: each is kept with its reasons, which is some kilobyte. */
const MAX_CHECKS = 1_000_000;

/** @throws ToolError TOO_MANY where so many kernels have more pairs than a list of pairs should hold; `instead` says what helps */
export function checkPairs(kernels: number, instead: string): void {
  if (kernels ** 2 <= MAX_PAIRS) return;
  throw new ToolError(
    'TOO_MANY',
    `${kernels} kernels have ${kernels ** 2} pairs, and JSON has an entry for each of at most ${MAX_PAIRS}; ${instead}`,
  );
}

/** @throws ToolError TOO_MANY where so many kinds of kernels are more than are held against each other; `instead` says what helps */
export function checkClasses(kinds: number, instead: string): void {
  if (kinds <= MAX_CLASSES) return;
  throw new ToolError(
    'TOO_MANY',
    `${kinds} kernels each write or read something of their own, and at most ${MAX_CLASSES} of those are held against each other; ${instead}`,
  );
}

/** @throws ToolError TOO_MANY where a policy asks for so many checks */
export function checkChecks(checks: number): void {
  if (checks <= MAX_CHECKS) return;
  throw new ToolError(
    'TOO_MANY',
    `the policy asks for ${checks} checks, and a gate holds at most ${MAX_CHECKS}; leave pairs.allReleases out, or name fewer kernels, profiles or targets`,
  );
}
