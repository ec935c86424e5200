import { drawn } from '../components/index.ts';

// What a component is called that nobody has described: by its names among kernels, which its files and macros are not.

const knownIds = drawn((all): ReadonlySet<string> => new Set(all.map(({ id }) => id)));

/**
 * The id of what is registered under some names, or guarded by some markers, at least one: their words without the version,
 * of several the words that all of them begin with, else those of the first.
 */
export function identityOf(names: readonly string[]): string {
  const all = [...new Set(names.map(stemOf))].sort().map((stem) => stem.split('-'));
  const [first = []] = all;
  const shared = first.findIndex((word, at) => all.some((words) => words[at] !== word));
  const id = (shared > 0 ? first.slice(0, shared) : first).join('-');
  return knownIds().has(id) || id === '' ? `${id}-inferred` : id;
}

/** The words of a name without its version: `foo_bar-v2;part-v1` is `foo-bar`. */
export function stemOf(name: string): string {
  const [head = ''] = name.split(';');
  return head
    .toLowerCase()
    .replace(/[-_.]v\d+(?:\.\d+)*$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
