import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KernelStrings } from '../../src/formats/kernel-strings.ts';
import { propertyRuns } from './property.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const find = (text: string, pattern: RegExp) => new KernelStrings([bytesOf(text)]).find(pattern);

test('a string is the longest printable run that a NUL ends', () => {
  const text = 'luo-v1\0xluo-v2\0luo-v3\u0001luo-v4\0\u00ffluo-v5\0luo-v6';
  assert.deepEqual(find(text, /^luo-v\d$/), ['luo-v1', 'luo-v4', 'luo-v5']);
  assert.deepEqual(find(text, /luo-v\d/g), ['luo-v1', 'luo-v4', 'luo-v5', 'xluo-v2']);
});

test('without repeats, in code unit order, over all parts', () => {
  const strings = new KernelStrings([bytesOf('b\0a\0'), bytesOf('B\0a\0')]);
  assert.deepEqual(strings.find(/./), ['B', 'a', 'b']);
  assert.deepEqual(strings.find(/b/i), ['B', 'b']);
});

const PATTERNS = [
  /^a/,
  /b$/,
  /^ab$/,
  /^(?:a|b)b/,
  /a.b/,
  /^.*$/,
  /[^a]b/,
  /[$^]/,
  /\^a|\$/,
  /a(?!b)/,
  /(?<=a)b/,
  /\bb/,
  /\Wb/,
  /a\nb/m,
  /^b/m,
  /(a)b\1/,
  /^[^b]+$/,
  /^(?:)$/,
  /a.b/s,
];

test('the quick search finds what a search string by string finds', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '^', '$', ' ', '\n', '\0', '\u0001', '\u00e4'),
    maxLength: 40,
  });
  const property = fc.property(text, fc.constantFrom(...PATTERNS), (made, pattern) => {
    const all = [...made.matchAll(/[\x20-\x7e\t\n]+\0/g)].map(([string]) => string.slice(0, -1));
    const expected = [...new Set(all.filter((string) => pattern.test(string)))].sort();
    assert.deepEqual(find(made, pattern), expected, `${pattern} in ${JSON.stringify(made)}`);
  });
  fc.assert(property, propertyRuns('strings', 500));
});

test('strings that begin with a text are those that a search for it finds', () => {
  const strings = new KernelStrings([
    bytesOf('ab 1\0xab 2\0\u00ffab 3\0ab \u00ff4\0ab 5'),
    bytesOf('ab 0\0'),
  ]);
  assert.deepEqual(strings.startingWith('ab '), ['ab 0', 'ab 1', 'ab 3']);
  assert.deepEqual(strings.startingWith('ab '), strings.find(/^ab /));
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

test('8 MB are searched in well under 50 ms', () => {
  const bytes = Buffer.alloc(8 << 20);
  for (let at = 0; at < bytes.byteLength - 64; at += 64)
    bytes.write(`some string ${at} of a kernel`, at + (at % 7));
  bytes.write('\0luo-v5\0', 5 << 20);
  const strings = new KernelStrings([bytes]);
  strings.find(/^warm$/);
  const times = [1, 2, 3, 4, 5].map(() => {
    const started = process.cpuUsage();
    assert.deepEqual(strings.find(/^(?:luo|kho)-v\d+$/), ['luo-v5']);
    return process.cpuUsage(started).user / 1000;
  });
  assert.ok(Math.min(...times) < 50, `${times}`);
});
