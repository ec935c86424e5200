import { holdsAddress } from './fitting-range.ts';
import type { FlatMember } from './rule.ts';

// Whether one name may be another name of the same member. The place alone says little: a count that gives way to an
// address of its size leaves every byte where it was.

const COUNT_NAME =
  /(?:^|_)(?:count|cnt|pgcnt|nr|num|number|len|length|size|sizes|pages|entries|elems|bytes)(?:_|$)/i;

function holdsCount({ name }: FlatMember): boolean {
  return COUNT_NAME.test(ownName(name));
}

function ownName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Whether a rename is possible at all: a count and an address are never one. */
export function mayBeRenamed(one: FlatMember, other: FlatMember): boolean {
  const isOneEach = (a: FlatMember, b: FlatMember): boolean =>
    holdsAddress(a) && holdsCount(b) && !holdsAddress(b);
  return !isOneEach(one, other) && !isOneEach(other, one);
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[._]+/)
    .filter((word) => word !== '');
}

/** One word of at least three letters may be cut short in the other: `pos` and `position`. */
function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  const [short = '', long = ''] = [one, other].sort((a, b) => a.length - b.length);
  return short.length >= 3 && long.startsWith(short);
}

/**
 * Whether two names have a word in common. Where both are names within something and end alike (`state.phys` and
 * `folios.phys`), it is what they are in that counts.
 */
export function sharesWord(one: string, other: string): boolean {
  const [a, b] = [ownName(one), ownName(other)];
  const isWithinOther = a === b && a.length < one.length && b.length < other.length;
  const [from, to] = isWithinOther ? [one.slice(0, -a.length), other.slice(0, -b.length)] : [one, other];
  return wordsOf(from).some((word) => wordsOf(to).some((twin) => isSameWord(word, twin)));
}
