import { ToolError } from '../errors.ts';
import type { Hunk } from './patch.ts';

// Hunks are placed as `git apply` places them: every line of context must be there to the byte. A hunk is looked for
// where its header says, then ever further down and up. One that begins at line 1 is good at the top of the file alone,
// one without context behind it at the end alone; lines that an earlier hunk of the same patch wrote are not matched.

/** Comparisons of lines that all hunks of a series may cost together; a real series needs some thousands. */
const WORK_LIMIT = 50_000_000;

/** What the search may still cost. */
export interface ApplyBudget {
  left: number;
}

/** The budget of one series. */
export function createApplyBudget(): ApplyBudget {
  return { left: WORK_LIMIT };
}

interface Line {
  text: string;
  isWritten: boolean;
}

/**
 * The text with the hunks applied.
 * @throws ToolError HUNK_FAILED with the path and the line of the first hunk that has no place; `patch` names its origin
 */
export function applyHunks(
  text: string,
  hunks: readonly Hunk[],
  { path, patch, budget }: { path: string; patch: string; budget: ApplyBudget },
): string {
  const lines = splitLines(text).map((line): Line => ({ text: line, isWritten: false }));
  for (const hunk of hunks) {
    budget.left -= lines.length;
    const at = budget.left < 0 ? undefined : findPlace(lines, hunk, budget);
    if (at === undefined) throw hunkFailed(hunk, { path, patch, budget });
    const written = hunk.after.map((line): Line => ({ text: line, isWritten: true }));
    replaceLines(lines, at, hunk.before.length, written);
  }
  return lines.map((line) => line.text).join('');
}

/** Lines with their line ends; the last may have none. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// Not one call with a spread: an argument list is too short for a long file.
function replaceLines(lines: Line[], at: number, count: number, written: readonly Line[]): void {
  const rest = lines.splice(at);
  for (const line of written) lines.push(line);
  for (const line of rest.slice(count)) lines.push(line);
}

function findPlace(lines: readonly Line[], hunk: Hunk, budget: ApplyBudget): number | undefined {
  const { outgoingStart, incomingStart, before, hasTrailingContext } = hunk;
  const last = lines.length - before.length;
  const isAtTop = outgoingStart <= 1;
  if (last < 0) return undefined;
  if (isAtTop || !hasTrailingContext) {
    const only = isAtTop ? 0 : last;
    const isWhole = hasTrailingContext || only === last;
    return isWhole && matches(lines, only, { before, budget }) ? only : undefined;
  }
  const start = Math.min(Math.max(incomingStart - 1, 0), last);
  for (let distance = 0; distance <= lines.length; distance++) {
    for (const at of distance === 0 ? [start] : [start + distance, start - distance]) {
      if (at >= 0 && at <= last && matches(lines, at, { before, budget })) return at;
    }
    if (budget.left < 0) return undefined;
  }
  return undefined;
}

function matches(
  lines: readonly Line[],
  at: number,
  { before, budget }: { before: readonly string[]; budget: ApplyBudget },
): boolean {
  for (const [index, text] of before.entries()) {
    budget.left--;
    const line = lines[at + index];
    if (line === undefined || line.isWritten || line.text !== text) return false;
  }
  return true;
}

function hunkFailed(
  { outgoingStart, before }: Hunk,
  { path, patch, budget }: { path: string; patch: string; budget: ApplyBudget },
): ToolError {
  const why = budget.left < 0 ? 'the search for its place was given up' : 'its lines are not in the file';
  return new ToolError('HUNK_FAILED', `${patch}: ${path}:${outgoingStart}: the hunk does not apply: ${why}`, {
    path,
    line: outgoingStart,
    ...(before[0] !== undefined && { source: before[0].trimEnd() }),
  });
}
