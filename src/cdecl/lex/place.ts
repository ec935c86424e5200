import { type ErrorCode, ToolError } from '../../errors.ts';
import type { Where } from '../../model/layout.ts';

/** A file's text with its lines, as errors quote them. */
export interface PlacedText {
  readonly path: string;
  readonly text: string;
}

/** The text of one line (from 1), without its line end. */
export function lineText(text: string, line: number): string {
  let start = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return '';
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  const found = text.slice(start, end < 0 ? undefined : end);
  return found.endsWith('\r') ? found.slice(0, -1) : found;
}

/** An error at a line of a file: the message starts with `path:line`, the details quote the line. */
export function errorAt(code: ErrorCode, message: string, source: PlacedText, line: number): ToolError {
  return new ToolError(code, `${source.path}:${line}: ${message}`, {
    path: source.path,
    line,
    source: lineText(source.text, line).slice(0, 300),
  });
}

/** A place as the documents hold it. */
export function whereOf(source: PlacedText, line: number): Where {
  return { file: source.path, line };
}

/** How deep anything may nest (parentheses, braces, conditionals, macro arguments, types): C11 5.2.4.1 asks for 63. */
export const MAX_DEPTH = 256;

/** How deep an expression may nest after expansion; a helper such as const_ilog2 alone chains 63 conditionals. */
export const MAX_EXPRESSION_DEPTH = 1024;

/** How many declarations may need each other in a row: a struct a typedef, the typedef a length, the length an enum. */
export const MAX_CHAIN = 100;

/** How many characters one macro invocation at file level may yield, all its steps together. */
export const MAX_EXPANSION = 1 << 20;
