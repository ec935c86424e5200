import type { FilePatch, Hunk } from '../formats/patch.ts';
import type { AuditHunk } from '../model/audit.ts';

/** Lines of a hunk that are quoted. */
const LINE_LIMIT = 40;
/** Lines on either side up to which the shortest way from one to the other is looked for. */
const ALIGN_LIMIT = 400;

/** The hunks of a patch that cover a line of a file as it is after the patch, or that lie behind it up to `until`. */
export function hunksAt(
  files: readonly FilePatch[],
  place: { file: string; from: number; until: number },
): AuditHunk[] {
  const { file, from, until } = place;
  // A file that is new as a whole shows nothing by being quoted.
  const changed = files.filter(({ path, kind }) => path === file && kind !== 'created');
  const hunks = changed.flatMap(({ hunks: own }) => own);
  const covering = hunks.filter(({ incomingStart: start, after }) => {
    return start <= until && start + after.length > from;
  });
  return covering.map((hunk) => ({ file, line: hunk.incomingStart, lines: shortened(linesOf(hunk)) }));
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= LINE_LIMIT) return [...lines];
  return [...lines.slice(0, LINE_LIMIT), ` ... ${lines.length - LINE_LIMIT} more lines`];
}

/** A hunk's lines with their marks, without line ends. */
function linesOf({ before, after }: Hunk): string[] {
  const [out, into] = [before.map(withoutEnd), after.map(withoutEnd)];
  const isLong = out.length > ALIGN_LIMIT || into.length > ALIGN_LIMIT;
  if (isLong) return [...out.map((line) => `-${line}`), ...into.map((line) => `+${line}`)];
  const common = commonLengths(out, into);
  const lines: string[] = [];
  let [a, b] = [0, 0];
  while (a < out.length || b < into.length) {
    const isKept = a < out.length && b < into.length && out[a] === into[b];
    if (isKept) lines.push(` ${out[a]}`);
    else if (a < out.length && (common[a + 1]?.[b] ?? 0) >= (common[a]?.[b + 1] ?? 0)) {
      lines.push(`-${out[a]}`);
    } else lines.push(`+${into[b]}`);
    const isTaken = !isKept && lines.at(-1)?.startsWith('-') === true;
    if (isKept || isTaken) a += 1;
    if (isKept || !isTaken) b += 1;
  }
  return lines;
}

/** How many lines the rests behind two places have in common, in order. */
function commonLengths(out: readonly string[], into: readonly string[]): number[][] {
  const table = Array.from({ length: out.length + 1 }, () => new Array<number>(into.length + 1).fill(0));
  for (let a = out.length - 1; a >= 0; a--) {
    for (let b = into.length - 1; b >= 0; b--) {
      const row = table[a] as number[];
      const below = table[a + 1] as number[];
      row[b] = out[a] === into[b] ? (below[b + 1] ?? 0) + 1 : Math.max(below[b] ?? 0, row[b + 1] ?? 0);
    }
  }
  return table;
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '');
}
