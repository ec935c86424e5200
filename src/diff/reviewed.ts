import type { DiffInput } from './diff-input.ts';
import type { ComparedCode } from './rule.ts';

/** Why two versions of a function mean the same, or why one that only one kernel has means nothing, where somebody read them. */
export function reasonFor(
  { reviews }: DiffInput,
  written?: ComparedCode,
  read?: ComparedCode,
): string | undefined {
  const name = written?.function ?? read?.function;
  const hashes = [written, read].flatMap((code) => (code ? [code.hash ?? ''] : []));
  const review = reviews.find(
    ({ function: reviewed, same }) =>
      reviewed === name &&
      hashes.every((hash) => same.includes(hash)) &&
      (hashes.length > 1 || same.length === 1),
  );
  return review?.reason;
}
