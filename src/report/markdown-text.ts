/** Text that stays text in a cell of a table. */
export function escapeText(text: string): string {
  return text.replace(/[\\`*_[\]<>|~#&]/g, (character) => `\\${character}`);
}

/** A table of GitHub's Markdown; the cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
