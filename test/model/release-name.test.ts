import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReleases, parseReleaseName } from '../../src/model/release-name.ts';

const NAMES: [name: string, base: string, vendor: string | null, series: string][] = [
  ['6.18.5', '6.18.5', null, '6.18'],
  ['7.3-rc7', '7.3-rc7', null, '7.3'],
  ['6.12.107+deb13', '6.12.107', 'deb13', '6.12'],
  ['7.2.12+deb13', '7.2.12', 'deb13', '7.2'],
  ['5.14.0-427.13.1.el9_4', '5.14', '427.13.1.el9_4', '5.14'],
  ['6.8.0-31-generic', '6.8', '31-generic', '6.8'],
  ['next-20260928', 'next-20260928', null, 'next'],
  ['7.2.12+pci-liveupdate-v7', '7.2.12', 'pci-liveupdate-v7', '7.2'],
];

for (const [name, base, vendor, series] of NAMES) {
  test(`${name}: base ${base}, vendor ${vendor}, series ${series}`, () => {
    const parsed = parseReleaseName(name);
    assert.deepEqual([parsed?.base, parsed?.vendor, parsed?.series], [base, vendor, series]);
  });
}

test('kernels order as they follow one another', () => {
  const ordered = [
    '6.16',
    '6.18.5',
    '6.18.12',
    '6.19.6',
    '7.0',
    '7.1-rc1',
    '7.1.3',
    '7.2.12',
    '7.2.12+deb13',
    '7.3-rc7',
    '7.3',
    '7.3.4',
    'next-20260928',
  ];
  assert.deepEqual([...ordered].reverse().sort(compareReleases), ordered);
});

test('text that is no release is not read as one', () => {
  for (const text of ['', 'abc', '7', 'v', '7.x']) assert.equal(parseReleaseName(text), undefined, text);
});
