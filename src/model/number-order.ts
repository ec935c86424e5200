import { byCodeUnit } from './canonical.ts';

const PARTS = /\d+|[A-Za-z]+|[^0-9A-Za-z]/g;

/** What stands at one place, from first to last: `~` marks what comes before, a longer name comes after, `-` parts a flavour, `.` and `+` a further build. */
const ORDER = ['~', '', '-', '.', '+'];

/**
 * Orders the parts of versions and names: numbers as numbers of any length (`9-generic` before `100-generic`), text as text,
 * text before numbers (`427.el9` before `427.13.1.el9_4`). Zero for texts that differ in leading zeros alone.
 */
export function compareWithNumbers(one: string, other: string): number {
  const [a, b] = [one.match(PARTS) ?? [], other.match(PARTS) ?? []];
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const order = compareParts(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(one: string, other: string): number {
  return (
    rankOf(one) - rankOf(other) || (/^\d/.test(one) ? compareNumbers(one, other) : byCodeUnit(one, other))
  );
}

function rankOf(part: string): number {
  const known = ORDER.indexOf(part);
  if (known >= 0) return known;
  return ORDER.length + (/^\d/.test(part) ? 2 : /^[A-Za-z]/.test(part) ? 1 : 0);
}

function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  return a.length - b.length || byCodeUnit(a, b);
}
