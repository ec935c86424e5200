import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestReleases, unknownReleaseHint } from '../../src/catalog/release-unknown.ts';
import { compareReleases, parseReleaseName } from '../../src/model/release-name.ts';
import { shipped } from '../support/shipped.ts';

const ROWS = shipped()
  .documents.map(({ release }) => release)
  .sort(compareReleases)
  .map((release) => ({
    release,
    series: parseReleaseName(release)?.series ?? release,
    vendor: parseReleaseName(release)?.vendor ?? null,
  }));

const NEAREST: [text: string, ...near: string[]][] = [
  ['7.0.0-30-generic', '7.0'],
  ['7.0.0-1019-nvidia', '7.0'],
  ['6.18.5-1.8.azl4.x86_64', '6.18.5', '6.18.9'],
  ['6.18.31-1.3.azl4.x86_64', '6.18.15', '6.18.12'],
  ['7.3.4+deb13-amd64', '7.3.4', '7.3.4+deb13', '7.3-rc7'],
  ['7.2.12+deb31', '7.2.12', '7.2.12+deb13', '7.2.11'],
  ['7.2.14', '7.2.13', '7.2.12'],
  ['6.18.10', '6.18.9', '6.18.5', '6.18.12'],
  ['8.18.5', '6.18.5'],
  ['5.14.0-427.13.1.el9_4'],
  ['6.8.0-31-generic'],
  ['foo'],
  ['build/mine.json'],
  [`7.0-${'x'.repeat(10_000)}`],
];

for (const [text, ...near] of NEAREST) {
  test(`nearest to ${text.slice(0, 30)}: ${near.join(', ') || 'none'}`, () => {
    assert.deepEqual(nearestReleases(text, ROWS), near);
  });
}

const HINTS: [text: string, hint: RegExp][] = [
  ['7.0.0-30-generic', /^; its base is 7\.0: check 7\.0 …, or give its package$/],
  ['7.0.0-1019-nvidia', /^; its base is 7\.0: check 7\.0 …/],
  [
    '6.18.5-1.8.azl4.x86_64',
    /^; its base is 6\.18\.5: check 6\.18\.5 …, or give its package; nearest: 6\.18\.9$/,
  ],
  [
    '6.12.0-0.rc5.44.fc42.x86_64',
    /^; its base is 6\.12-rc5, which is not known either.*; known are 6\.16 to 7\.\d/,
  ],
  ['7.2.14', /^; nearest: 7\.2\.13, 7\.2\.12$/],
  ['8.1', /^; known are 6\.16 to 7\.\d/],
  ['foo', /^$/],
];

for (const [text, hint] of HINTS) {
  test(`what is said of ${text}`, () => {
    assert.match(unknownReleaseHint(text, ROWS), hint);
  });
}
