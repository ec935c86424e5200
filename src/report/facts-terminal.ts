/** Numbers and names, a line each. */
export function renderFacts(facts: object): string {
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(10)} ${value}`);
  return `${lines.join('\n')}\n`;
}
