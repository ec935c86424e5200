import type { DiffInput } from './diff-input.ts';
import type { RawFinding } from './rule.ts';
import type { Run } from './run-rules.ts';

/**
 * Hands integers that one kernel's code has wider than the other's to the rules of code. Where the code itself differs that
 * is told already, and a name that only one of the two has says nothing.
 */
export function diffWidths(input: DiffInput, findings: readonly RawFinding[], run: Run): void {
  const { component, target, outgoing, incoming } = input;
  const [from, to] = [outgoing.facts.widths, incoming.facts.widths];
  if (!from || !to || findings.some(({ impact }) => impact === 'misread')) return;
  const told = new Set(findings.map(({ subject }) => subject));
  for (const [where, text] of Object.entries(from)) {
    const there = Object.hasOwn(to, where) ? to[where] : undefined;
    if (text === there || told.has(`${where}()`)) continue;
    const read = widthsIn(there);
    for (const [name, width] of widthsIn(text)) {
      const other = read.get(name);
      if (other === undefined || other === width) continue;
      const code = (hash: string) =>
        ({ function: `${name} of ${where}`, side: 'both', kind: 'width', hash }) as const;
      run('code', {
        ...{ component, target, outgoing, incoming },
        writtenCode: code(width),
        readCode: code(other),
        reviewed: undefined,
      });
    }
  }
}

function widthsIn(text = ''): Map<string, string> {
  return new Map(text.split(', ').map((one) => one.split('=') as [string, string]));
}
