import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { idleBy } from '../../src/matrix/fleet-boot.ts';
import type { Booted } from '../../src/model/boot-switch.ts';
import { bootSwitch, readSwitch } from '../../src/model/boot-switch.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, profileNamed } from '../support/shipped.ts';

/** By profile, what is said of 7.2.12; `khoByDefault` as its configuration has it. */
const ROWS: readonly [profile: string, booted: Booted, said: string | undefined][] = [
  ['memfd', {}, undefined],
  ['memfd', { commandLine: 'ro kho=on liveupdate=on' }, undefined],
  ['memfd', { commandLine: 'ro kho=off liveupdate=on' }, 'off has KHO switched off by kho=off'],
  ['memfd', { commandLine: 'kho=on kho=0 liveupdate=on' }, 'off has KHO switched off by kho=0'],
  ['memfd', { commandLine: 'kho=on' }, 'off was booted without liveupdate=on'],
  ['memfd', { commandLine: 'kho=on liveupdate=off' }, 'off has LUO switched off by liveupdate=off'],
  ['memory', { commandLine: 'kho=on liveupdate=off' }, undefined],
  ['memory', { commandLine: 'kho=on -- kho=off' }, undefined],
  ['memory', { commandLine: 'kho=enable' }, undefined],
  ['memory', { commandLine: 'kho=on kho=what' }, undefined],
  ['memory', { kho: 'on' }, undefined],
  ['memory', { kho: 'off' }, 'off has KHO switched off by kho=off'],
  ['memory', { commandLine: 'kho=on', kho: 'off' }, 'off has KHO switched off by kho=off'],
  ['memory', { commandLine: 'ro', khoByDefault: true }, undefined],
  ['memory', { commandLine: 'ro', khoByDefault: false }, 'off was booted without kho=on'],
  [
    'memory',
    { commandLine: 'ro' },
    'unknown was booted without kho=on, and nothing says whether that is its default',
  ],
  ['carried', { commandLine: 'kho=on' }, undefined],
  ['carried', { commandLine: 'kho=off' }, 'off has KHO switched off by kho=off'],
  ['pci', { commandLine: 'kho=off' }, undefined],
];

describe('what the command line of a machine takes from its kernel', () => {
  for (const [profile, { khoByDefault, ...booted }, said] of ROWS) {
    test(`${profile}: ${JSON.stringify({ ...booted, khoByDefault })}`, () => {
      const document = documentOf('7.2.12');
      const kernel = kernelOf({ ...document, ...(khoByDefault !== undefined && { khoByDefault }) });
      const idle = idleBy(kernel, [profileNamed(profile)], booted);
      assert.equal(idle && `${idle.state} ${idle.reason}`, said);
    });
  }
});

test('a kernel that cannot carry the state anyway is the pair to tell', () => {
  assert.equal(
    idleBy(kernelOf(documentOf('6.17.8')), [profileNamed('memfd')], { commandLine: 'kho=off' }),
    undefined,
  );
});

test('values are read as the kernel reads them, from their beginning', () => {
  const words = [
    'on',
    '1',
    'Yes',
    'true',
    'enabled',
    'off',
    '0',
    'no',
    'false',
    'disabled',
    '',
    'o',
    'maybe',
  ];
  const on = 'on';
  const off = 'off';
  assert.deepEqual(words.map(readSwitch), [
    on,
    on,
    on,
    on,
    on,
    off,
    off,
    off,
    off,
    off,
    ...Array(3).fill(undefined),
  ]);
  assert.equal(bootSwitch('liveupdate=on', { kho: 'off' }), undefined);
});
