import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parseReleaseName } from '../../src/model/release-name.ts';
import { releaseOfDebBuild, releaseOfRpmBuild } from '../../src/sources/package-members-release.ts';

/** uname -r, version of the package, and what the kernel is called; every name of a Debian kernel at hand. */
const DEBIAN = [
  ['6.19.6+deb13-amd64', '6.19.6-2~bpo13+1', '6.19.6+deb13', '6.19.6'],
  ['6.19.8+deb13-amd64', '6.19.8-1~bpo13+1', '6.19.8+deb13', '6.19.8'],
  ['6.19.10+deb13-amd64', '6.19.10-1~bpo13+1', '6.19.10+deb13', '6.19.10'],
  ['6.19.11+deb13-amd64', '6.19.11-1~bpo13+1', '6.19.11+deb13', '6.19.11'],
  ['6.19.13+deb13-amd64', '6.19.13-1~bpo13+1', '6.19.13+deb13', '6.19.13'],
  ['6.19.14+deb13-amd64', '6.19.14-1~bpo13+1', '6.19.14+deb13', '6.19.14'],
  ['7.0.4+deb13-amd64', '7.0.4-1~bpo13+1', '7.0.4+deb13', '7.0.4'],
  ['7.0.7+deb13-amd64', '7.0.7-1~bpo13+1', '7.0.7+deb13', '7.0.7'],
  ['7.0.9+deb13-amd64', '7.0.9-1~bpo13+1', '7.0.9+deb13', '7.0.9'],
  ['7.0.10+deb13-amd64', '7.0.10-1~bpo13+1', '7.0.10+deb13', '7.0.10'],
  ['7.0.12+deb13-amd64', '7.0.12-2~bpo13+1', '7.0.12+deb13', '7.0.12'],
  ['7.0.13+deb13-amd64', '7.0.13-1~bpo13+1', '7.0.13+deb13', '7.0.13'],
  ['7.1.3+deb13-amd64', '7.1.3-1~bpo13+1', '7.1.3+deb13', '7.1.3'],
  ['7.1.7+deb13-amd64', '7.1.7-1~bpo13+1', '7.1.7+deb13', '7.1.7'],
  ['7.1.8+deb13-amd64', '7.1.8-1~bpo13+1', '7.1.8+deb13', '7.1.8'],
  ['7.1.13+deb13-amd64', '7.1.13-1~bpo13+1', '7.1.13+deb13', '7.1.13'],
  ['7.2.6+deb13-amd64', '7.2.6-1~bpo13+1', '7.2.6+deb13', '7.2.6'],
  ['7.2.9+deb13-amd64', '7.2.9-1~bpo13+1', '7.2.9+deb13', '7.2.9'],
  ['7.2.11+deb13-amd64', '7.2.11-1~bpo13+1', '7.2.11+deb13', '7.2.11'],
  ['7.2.12+deb13-amd64', '7.2.12-1~bpo13+1', '7.2.12+deb13', '7.2.12'],
  ['7.2.13+deb14-amd64', '7.2.13-1', '7.2.13+deb14', '7.2.13'],
  ['7.3-amd64', '7.3~rc7-1~exp1', '7.3-rc7+exp1', '7.3-rc7'],
  ['7.3.4+deb13-amd64', '7.3.4-1~bpo13+1', '7.3.4+deb13', '7.3.4'],
  // Other forms.
  ['7.3.4+deb13-cloud-amd64', '7.3.4-1~bpo13+1', '7.3.4+deb13', '7.3.4'],
  ['7.3.4+deb13-rt-arm64-16k', '7.3.4-1', '7.3.4+deb13', '7.3.4'],
  ['6.1.0-18-amd64', '6.1.76-1', '6.1.76-1', '6.1.76'],
  ['6.8.0-31-generic', '6.8.0-31.31', '6.8.0-31-generic', '6.8'],
  ['7.3.4-my-tests', '7.3.4-2', '7.3.4-my-tests', '7.3.4'],
  ['7.3.4', '7.3.4-2', '7.3.4', '7.3.4'],
  ['7.3.0-rc7+', '7.3.0~rc7-1', '7.3-rc7+local', '7.3-rc7'],
  ['7.3.4+deb13-amd64', undefined, '7.3.4+deb13', '7.3.4'],
  ['7.3.4+deb13-amd64', '6.12-1', '7.3.4+deb13', '7.3.4'],
  ['7.3-amd64', undefined, '7.3+debian', '7.3'],
] as const;

for (const [uname, version, release, base] of DEBIAN) {
  test(`${uname} of ${version ?? 'no package'} is ${release}`, () => {
    assert.equal(releaseOfDebBuild(uname, version), release);
    assert.equal(parseReleaseName(release)?.base, base);
  });
}

const FOLDER = process.env.LUO_ABI_KERNELS || undefined;
const SKIP = FOLDER === undefined && 'LUO_ABI_KERNELS names no folder';
test('every Debian package of a build that is at hand stands in the table', { skip: SKIP }, () => {
  const names = readdirSync(FOLDER ?? '', { recursive: true, encoding: 'utf8' });
  const known = new Set(DEBIAN.map(([uname, version]) => `${uname} ${version}`));
  for (const name of names) {
    const [, uname, version] = /linux-(?:binary|base)-([^_]+)_([^_]+)_/.exec(name) ?? [];
    if (uname !== undefined) assert.ok(known.has(`${uname} ${version}`), name);
  }
});

for (const [uname, version, release, name, base] of [
  ['5.14.0-427.13.1.el9_4.x86_64', '5.14.0', '427.13.1.el9_4', '5.14.0-427.13.1.el9_4', '5.14'],
  ['6.19.10-300.fc43.x86_64', '6.19.10', '300.fc43', '6.19.10-300.fc43', '6.19.10'],
  ['6.19.10-300.fc43.x86_64+debug', '6.19.10', '300.fc43', '6.19.10-300.fc43', '6.19.10'],
  ['7.3.0-0.rc7.61.fc44.x86_64', '7.3.0', '0.rc7.61.fc44', '7.3-rc7-61.fc44', '7.3-rc7'],
  ['7.3.0-rc7', '7.3.0_rc7', '1', '7.3-rc7-1', '7.3-rc7'],
  [undefined, '7.3.4', '1', '7.3.4-1', '7.3.4'],
  ['7.3.4-4.el9.x86_64', '2', '4.el9', '7.3.4-4.el9', '7.3.4'],
  ['7.3.4-4.el9.x86_64', '9.1', '4.el9', '7.3.4-4.el9', '7.3.4'],
] as const) {
  test(`${uname ?? 'no uname'} of ${version} release ${release} is ${name}`, () => {
    assert.equal(releaseOfRpmBuild(uname, { version, release, arch: 'x86_64' }), name);
    assert.equal(parseReleaseName(name)?.base, base);
  });
}
