import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseOfMakefile, releaseOfName } from '../../src/sources/release.ts';

for (const [values, release] of [
  [['7', '1', '13', ''], '7.1.13'],
  [['7', '3', '0', '-rc7'], '7.3-rc7'],
  [['6', '16', '0', ''], '6.16'],
  [['6', '6', '1', '-custom'], '6.6.1-custom'],
  [['', '', '', ''], undefined],
] as const) {
  test(`a Makefile with ${values.join(' ')} is ${release}`, () => {
    const names = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL', 'EXTRAVERSION'];
    const text = names.map((name, index) => `${name} = ${values[index]}`.trimEnd()).join('\n');
    assert.equal(releaseOfMakefile(`# a comment\n${text}\nNAME = Some Name\n`), release);
  });
}

for (const [name, release] of [
  ['linux-7.1.13', '7.1.13'],
  ['linux_7.1.13.orig.tar.xz', '7.1.13'],
  ['linux-7.3-rc7', '7.3-rc7'],
  ['7.3~rc7-1~exp1', '7.3-rc7'],
  ['7.3.0-0.rc7.61.fc44', '7.3.0-rc7'],
  ['7.3.4-1~bpo13+1', '7.3.4'],
  ['linux-headers-7.3.4+deb13-common', '7.3.4'],
  ['kernel', undefined],
] as const) {
  test(`the name ${name} says ${release}`, () => {
    assert.equal(releaseOfName(name), release);
  });
}
