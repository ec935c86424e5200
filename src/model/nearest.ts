/** Edit distance between two words, each insertion, removal or replacement of a character counting one. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...other].entries()) {
      const replaced = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/**
 * Up to three known names that are closest to what was typed, closest first; none of which more than `limit` characters
 * differ (two, and in long names a third of them).
 */
export function nearest(
  typed: string,
  known: readonly string[],
  limit = Math.max(2, Math.floor(typed.length / 3)),
): string[] {
  return known
    .filter((name) => Math.abs(name.length - typed.length) <= limit)
    .map((name) => ({ name, distance: distance(typed, name) }))
    .filter((entry) => entry.distance <= limit && entry.distance < typed.length)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
