/** Text that stands in a cell of a table and means itself: no markup, no new column. */
export function markdownCell(text: string): string {
  return markdownText(text).replaceAll('|', '\\|');
}

/** Text that means itself in a paragraph. */
export function markdownText(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]~]/g, (sign) => `\\${sign}`)
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Text as code, whatever stands in it. */
export function markdownCode(text: string): string {
  const flat = text.replace(/[\r\n]+/g, ' ');
  return flat.includes('`') ? `\`\` ${flat.replaceAll('``', '` `')} \`\`` : `\`${flat}\``;
}
