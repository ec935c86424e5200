import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareReleases, parseReleaseName } from '../../src/model/release-name.ts';

// As `uname -r`, tags and packages of these systems write them.
const NAMES: [name: string, base: string, vendor: string | null, series: string][] = [
  // upstream
  ['6.18.5', '6.18.5', null, '6.18'],
  ['v7.2.6', '7.2.6', null, '7.2'],
  ['6.18.0', '6.18', null, '6.18'],
  ['7.3-rc7', '7.3-rc7', null, '7.3'],
  ['7.3.0-rc7', '7.3-rc7', null, '7.3'],
  ['next-20260928', 'next-20260928', null, 'next'],
  ['7.3.0-rc1-next-20260928', 'next-20260928', null, 'next'],
  ['next-20260928-mine', 'next-20260928', 'mine', 'next'],
  // a tree of one's own
  ['7.2.12+pci-liveupdate-v7', '7.2.12', 'pci-liveupdate-v7', '7.2'],
  ['7.3.0-rc7-00123-g1f2e3d4c5b6a', '7.3-rc7', '00123-g1f2e3d4c5b6a', '7.3'],
  ['6.6.0-rc1+', '6.6-rc1', '+', '6.6'],
  // Debian
  ['6.1.0-9-amd64', '6.1', '9-amd64', '6.1'],
  ['6.12.107+deb13', '6.12.107', 'deb13', '6.12'],
  ['7.2.12+deb13', '7.2.12', 'deb13', '7.2'],
  ['6.12.107+deb12-cloud-amd64', '6.12.107', 'deb12-cloud-amd64', '6.12'],
  ['7.3~rc7-1~exp1', '7.3-rc7', '1~exp1', '7.3'],
  // Ubuntu
  ['6.8.0-31-generic', '6.8', '31-generic', '6.8'],
  ['7.0.0-1019-nvidia', '7.0', '1019-nvidia', '7.0'],
  ['6.18.0-061800rc5-generic', '6.18-rc5', '061800rc5-generic', '6.18'],
  ['6.18.5-061805-generic', '6.18.5', '061805-generic', '6.18'],
  // Fedora, RHEL and their kin
  ['5.17.4-300.fc36.x86_64', '5.17.4', '300.fc36.x86_64', '5.17'],
  ['6.12.0-0.rc5.44.fc42.x86_64', '6.12-rc5', '0.rc5.44.fc42.x86_64', '6.12'],
  [
    '5.15.0-0.rc4.20211008git1da38549dd64.36.fc36.x86_64',
    '5.15-rc4',
    '0.rc4.20211008git1da38549dd64.36.fc36.x86_64',
    '5.15',
  ],
  ['5.12.0-0.rc5.180.fc35.x86_64+debug', '5.12-rc5', '0.rc5.180.fc35.x86_64+debug', '5.12'],
  ['5.14.0-427.13.1.el9_4', '5.14', '427.13.1.el9_4', '5.14'],
  ['6.12.0-124.20.1.el10_1.x86_64', '6.12', '124.20.1.el10_1.x86_64', '6.12'],
  // openSUSE
  ['6.4.0-150600.23.33-default', '6.4', '150600.23.33-default', '6.4'],
  ['6.18.5-1-default', '6.18.5', '1-default', '6.18'],
  ['6.12.0-rc5-1.g6ae64e8-default', '6.12-rc5', '1.g6ae64e8-default', '6.12'],
  // clouds and boards
  ['6.6.57.1-6.azl3', '6.6.57', '1-6.azl3', '6.6'],
  ['6.18.5-1.8.azl4.x86_64', '6.18.5', '1.8.azl4.x86_64', '6.18'],
  ['6.1.159-182.297.amzn2023.x86_64', '6.1.159', '182.297.amzn2023.x86_64', '6.1'],
  ['6.8.0-1021-aws', '6.8', '1021-aws', '6.8'],
  ['6.6.72+', '6.6.72', '+', '6.6'],
  ['5.15.167.4-microsoft-standard-WSL2', '5.15.167', '4-microsoft-standard-WSL2', '5.15'],
  ['6.8.12-10-pve', '6.8.12', '10-pve', '6.8'],
  ['7.0.10+rpt-rpi-v8', '7.0.10', 'rpt-rpi-v8', '7.0'],
  ['6.12.47+rpt-rpi-2712', '6.12.47', 'rpt-rpi-2712', '6.12'],
  ['6.12.22-v8+', '6.12.22', 'v8+', '6.12'],
  [
    '6.12.23-android16-5-gf1bdb13583da-ab13761046-4k',
    '6.12.23',
    'android16-5-gf1bdb13583da-ab13761046-4k',
    '6.12',
  ],
];

for (const [name, base, vendor, series] of NAMES) {
  test(`${name}: base ${base}, vendor ${vendor}, series ${series}`, () => {
    const parsed = parseReleaseName(name);
    assert.deepEqual([parsed?.base, parsed?.vendor, parsed?.series], [base, vendor, series]);
  });
}

/** Each a series of names from first to last. */
const ORDERS: Record<string, string[]> = {
  upstream: [
    '6.16',
    '6.18.5',
    '6.18.12',
    '6.19.6',
    '7.0',
    '7.1-rc1',
    '7.1-rc9',
    '7.1-rc10',
    '7.1.3',
    '7.2.12',
    '7.2.12+deb13',
    '7.3-rc7',
    '7.3',
    '7.3.4',
    'next-20260928',
    '7.3.0-rc2-next-20261005',
  ],
  'Ubuntu, from its hundredth build on': [
    '6.8.0-9-generic',
    '6.8.0-31-generic',
    '6.8.0-100-generic',
    '6.8.0-1000-aws',
    '6.8.12-1-generic',
  ],
  'Ubuntu on a cloud': ['6.8.0-999-aws', '6.8.0-1009-aws', '6.8.0-1021-aws', '6.8.0-1021-gcp'],
  'Ubuntu, builds of mainline': [
    '6.18.0-061800rc5-generic',
    '6.18.0-061800rc10-generic',
    '6.18.0-061800-generic',
    '6.18.5-061805-generic',
  ],
  'Debian 12': ['6.1.0-9-amd64', '6.1.0-30-amd64', '6.1.0-30-cloud-amd64', '6.1.0-100-amd64'],
  'Debian 13': [
    '6.12.9+deb13-amd64',
    '6.12.41+deb13-amd64',
    '6.12.43+deb13-amd64',
    '6.12.43+deb13+1-amd64',
    '6.12.107+deb13-amd64',
  ],
  "Debian's package versions": [
    '6.12.107-1~bpo12+1',
    '6.12.107-1~bpo12+2',
    '6.12.107-1',
    '6.12.107-2',
    '6.12.107-10',
  ],
  Fedora: [
    '6.12.0-0.rc4.36.fc42.x86_64',
    '6.12.0-0.rc5.9.fc42.x86_64',
    '6.12.0-0.rc5.44.fc42.x86_64',
    '6.12.0-65.fc42.x86_64',
    '6.12.9-200.fc41.x86_64',
    '6.12.10-200.fc41.x86_64',
    '6.12.10-1000.fc41.x86_64',
  ],
  RHEL: [
    '5.14.0-70.22.1.el9_0.x86_64',
    '5.14.0-427.el9.x86_64',
    '5.14.0-427.9.1.el9_4.x86_64',
    '5.14.0-427.13.1.el9_4.x86_64',
    '5.14.0-570.62.1.el9_6.x86_64',
  ],
  openSUSE: [
    '6.4.0-150600.9-default',
    '6.4.0-150600.23-default',
    '6.4.0-150600.23.7-default',
    '6.4.0-150600.23.33-default',
    '6.4.0-150700.1-default',
  ],
  'Azure Linux': [
    '6.6.57-9.azl3',
    '6.6.57.1-6.azl3',
    '6.6.57.1-10.azl3',
    '6.18.5-1.8.azl4.x86_64',
    '6.18.5-1.10.azl4.x86_64',
    '6.18.31-1.3.azl4.x86_64',
  ],
  'Amazon Linux': [
    '6.1.159-99.1.amzn2023.x86_64',
    '6.1.159-181.297.amzn2023.x86_64',
    '6.1.159-182.297.amzn2023.x86_64',
  ],
  'Raspberry Pi': [
    '6.12.47+rpt-rpi-v8',
    '6.12.47+rpt-rpi-2712',
    '6.18.50+rpt-rpi-v8',
    '7.0.9+rpt-rpi-v8',
    '7.0.10+rpt-rpi-v8',
  ],
  Android: [
    '6.6.30-android15-8-g54dcbfbef792-ab12368803-4k',
    '6.6.92-android15-8-g3637f4904cf5-ab13944661-4k',
    '6.6.118-android15-8-g608a629fedf7-ab15154340-4k',
    '6.12.23-android16-5-gf1bdb13583da-ab13761046-4k',
    '6.12.23-android16-10-gf1bdb13583da-ab13761046-4k',
  ],
  Proxmox: ['6.8.12-9-pve', '6.8.12-10-pve'],
  "a tree's commits": ['7.3.0-rc7', '7.3.0-rc7-00009-gabc', '7.3.0-rc7-00123-gabc', '7.3.0'],
};

for (const [system, ordered] of Object.entries(ORDERS)) {
  test(`kernels order as they follow one another: ${system}`, () => {
    assert.deepEqual([...ordered].reverse().sort(compareReleases), ordered);
  });
}

test('the order is one order: no three names go in a circle', () => {
  const names = [...Object.values(ORDERS).flat(), ...NAMES.map(([name]) => name)];
  for (const a of names) {
    for (const b of names) {
      assert.equal(Math.sign(compareReleases(a, b)), 0 - Math.sign(compareReleases(b, a)), `${a} and ${b}`);
    }
  }
  const sorted = [...new Set(names)].sort(compareReleases);
  for (const [at, name] of sorted.entries()) {
    for (const later of sorted.slice(at + 1))
      assert.ok(compareReleases(name, later) < 0, `${name} before ${later}`);
  }
});

test('text that is no release is not read as one', () => {
  const texts = [
    '',
    'abc',
    '7',
    'v',
    '7.x',
    '7.1-',
    '7.1.',
    '99999999999999999999.1',
    '7.3-rc99999999999999999999',
  ];
  for (const text of texts) assert.equal(parseReleaseName(text), undefined, text);
});
