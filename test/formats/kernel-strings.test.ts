import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KernelStrings } from '../../src/formats/kernel-strings.ts';
import { propertyRuns } from './property.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const find = (text: string, pattern: RegExp, ...pieces: string[]) =>
  new KernelStrings([bytesOf(text)]).find(pattern, pieces);

test('a string is the longest printable run that a NUL ends', () => {
  const text = 'luo-v1\0xluo-v2\0luo-v3\u0001luo-v4\0\u00ffluo-v5\0luo-v6';
  assert.deepEqual(find(text, /^luo-v\d$/, '-v'), ['luo-v1', 'luo-v4', 'luo-v5']);
  assert.deepEqual(find(text, /luo-v\d/, '-v'), ['luo-v1', 'luo-v4', 'luo-v5', 'xluo-v2']);
  assert.deepEqual(find('-v-v\0-v', /^/, '-v'), ['-v-v']);
});

test('without repeats, in code unit order, over all parts and pieces', () => {
  const strings = new KernelStrings([bytesOf('ab\0aa\0b\0'), bytesOf('aB\0aa\0')]);
  assert.deepEqual(strings.find(/./, ['a']), ['aB', 'aa', 'ab']);
  assert.deepEqual(strings.find(/^.b/i, ['B', 'b']), ['aB', 'ab']);
});

const PATTERNS = [/^a/, /b$/, /^ab$/, /^(?:a|b)b/, /a.b/, /[^a]b/, /a(?!b)/, /^[^b]+$/, /(a)b\1/];

test('what is around a piece is what a search string by string finds', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '\n', '\0', '\u0001', '\u00e4'),
    maxLength: 40,
  });
  const piece = fc.constantFrom('a', 'ab', 'b ');
  const property = fc.property(text, fc.constantFrom(...PATTERNS), piece, (made, pattern, part) => {
    const all = [...made.matchAll(/[\x20-\x7e\t\n]+\0/g)].map(([string]) => string.slice(0, -1));
    const matching = all.filter((string) => pattern.test(string) && string.includes(part));
    const expected = [...new Set(matching)].sort();
    assert.deepEqual(find(made, pattern, part), expected, `${pattern} in ${JSON.stringify(made)}`);
  });
  fc.assert(property, propertyRuns('strings', 500));
});

test('strings that begin with a text are those that a search for it finds', () => {
  const strings = new KernelStrings([
    bytesOf('ab 1\0xab 2\0\u00ffab 3\0ab \u00ff4\0ab 5'),
    bytesOf('ab 0\0'),
  ]);
  assert.deepEqual(strings.startingWith('ab '), ['ab 0', 'ab 1', 'ab 3']);
  assert.deepEqual(strings.startingWith('ab '), strings.find(/^ab /, ['ab ']));
});

test('a text stands as a string of its own, or as the end of longer ones', () => {
  const strings = new KernelStrings([
    bytesOf('vfio-pci-v1\0pci-v2\0\u00ffmemfd-v2\0kho-v4'),
    bytesOf('x-luo\0luo\0'),
  ]);
  const standing = strings.standing(['pci-v1', 'pci-v2', 'memfd-v2', 'kho-v4', 'luo', 'none', 'o', '']);
  assert.deepEqual([...standing].sort(), [
    ['luo', 'whole'],
    ['memfd-v2', 'whole'],
    ['pci-v1', 'end'],
    ['pci-v2', 'whole'],
  ]);
});

test('standing finds what a look at every NUL finds', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u0001'), maxLength: 40 });
  const property = fc.property(
    fc.array(part, { maxLength: 3 }),
    fc.constantFrom('ab', 'ba', 'aab', 'bb'),
    (parts, text) => {
      const has = (pattern: RegExp): boolean => parts.some((each) => pattern.test(each));
      const whole = has(new RegExp(`(?:^|[^ab])${text}\\0`));
      const expected = whole ? 'whole' : has(new RegExp(`${text}\\0`)) ? 'end' : undefined;
      assert.equal(new KernelStrings(parts.map(bytesOf)).standing([text]).get(text), expected);
    },
  );
  fc.assert(property, propertyRuns('standing', 500));
});
