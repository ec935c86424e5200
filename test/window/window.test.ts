import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAIR_CLASSES } from '../../src/matrix/pair-classes.ts';
import { isLoss } from '../../src/model/condition.ts';
import type { PairClass } from '../../src/model/outputs.ts';
import { compareReleases, parseReleaseName } from '../../src/model/release-name.ts';
import type { Target } from '../../src/model/target.ts';
import type { WindowRelease } from '../../src/model/window.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { demandsOn, fallsOutAfter } from '../../src/window/reach.ts';
import { Window } from '../../src/window/window.ts';
import { edited, profileNamed, shipped } from '../support/shipped.ts';

const { documents, errata, reviews = [] } = shipped();
const upstream = documents
  .filter(({ release }) => parseReleaseName(release)?.vendor === null)
  .sort((a, b) => compareReleases(a.release, b.release));
const known = new Map(documents.map((document) => [document.release, kernelOf(document)]));
const dates = new Map(documents.map(({ release, date = null }) => [release, date]));
/** The newest of each series, as a class has them. */
const NEWEST = ['6.16', '6.17.8', '6.18.15', '6.19.11', '7.0', '7.1.13', '7.2.13', '7.3.4'];

interface Setting {
  profile?: string;
  reach?: PairClass;
  target?: Target;
  both?: boolean;
  extra?: readonly Kernel[];
  hosts?: ReadonlyMap<string, number>;
}

function windowOver(setting: Setting = {}): Window {
  const {
    profile = 'memfd',
    reach = 'stable+2',
    target = 'x86_64-4k',
    both = false,
    extra = [],
    hosts,
  } = setting;
  const kernels = [...upstream.map(({ release }) => known.get(release) as Kernel), ...extra]
    .filter(({ targets }) => targets?.includes(target) ?? true)
    .sort((a, b) => compareReleases(a.release, b.release));
  const releases = kernels.map(({ release }) => release);
  return new Window({
    kernels,
    profiles: [profileNamed(profile)],
    target,
    judging: { errata, reviews, erratumApplies: appliesTo, kernelNamed: (release) => known.get(release) },
    demandsOn: (release) => demandsOn(release, releases, { class: reach, both }),
    reach,
    dateOf: (release) => dates.get(release) ?? null,
    hosts: hosts ?? null,
    isTold: (release) => NEWEST.includes(release) || extra.some((kernel) => kernel.release === release),
  });
}

function missing({ mustRead }: WindowRelease): string[] {
  return mustRead.filter(({ state }) => state !== 'read').map(({ id }) => id);
}

for (const [profile, target] of [
  ['carried', 'x86_64-4k'],
  ['memory', 'x86_64-4k'],
  ['memory', 'arm64-16k'],
  ['memfd', 'x86_64-4k'],
  ['pci', 'x86_64-4k'],
] as const) {
  test(`each unsafe pair inside the window names a format that is missing, and no safe one does (${profile}, ${target})`, () => {
    const window = windowOver({ profile, target, both: true });
    let unsafe = 0;
    for (const release of NEWEST) {
      for (const pair of window.of(release).pairs) {
        const words = `${pair.outgoing} -> ${pair.incoming}: ${pair.verdict}`;
        const isUnsafe = ['refused', 'misread', 'unknown'].includes(pair.verdict);
        unsafe += Number(isUnsafe);
        if (isUnsafe) assert.notDeepEqual(pair.missing, [], words);
        const isConditional = (pair.conditions ?? []).some(isLoss);
        if (pair.verdict.startsWith('compatible') && !isConditional)
          assert.deepEqual(pair.missing, [], words);
      }
    }
    if (profile !== 'pci') assert.ok(unsafe > 3, String(unsafe));
  });
}

test('7.2 dropped formats of 7.1 that a window of stable+2 still holds', () => {
  const release = windowOver().of('7.2.13');
  assert.equal(release.previous, '7.2.12');
  const ids = release.droppedTooEarly;
  for (const id of ['kho kho-v3 as of 7.1.13', 'luo luo-v1 as of 7.1.13', 'memfd memfd-v1 as of 7.0']) {
    assert.ok(ids.includes(id), `${id} in ${ids.join(', ')}`);
  }
  const kho = release.mustRead.find(({ id }) => id === 'kho kho-v3 as of 7.1.13');
  assert.equal(kho?.droppedBy, '7.2.6');
  assert.deepEqual(kho?.writers, ['7.1-rc1', '7.1.3', '7.1.8', '7.1.13']);
  assert.deepEqual(kho?.fallsOut, {
    with: '7.4',
    isKnown: false,
    date: null,
    expected: '2026-12',
    words: 'falls out with 7.4 (about 2026-12)',
  });
});

test('one marker that names two formats is two formats: the bitmap of 6.17 under kho-v1', () => {
  const { mustRead } = windowOver({ profile: 'memory' }).of('6.18.15');
  const kho = mustRead.filter(({ component }) => component === 'kho');
  assert.deepEqual(
    kho.map(({ marker, state, verdict }) => [marker, state, verdict]),
    [
      ['kho-v1', 'missing', 'misread'],
      ['kho-v1', 'read', 'compatible-with-notes'],
    ],
  );
});

test('a node that a reader demands and a writer never had is a format too', () => {
  const release = windowOver().of('7.0');
  assert.deepEqual(missing(release), ['luo-flb nothing as of 6.19.11']);
  const pair = release.pairs.find(({ outgoing }) => outgoing === '6.19.11');
  assert.equal(pair?.effect, 'boot-panic');
});

test('what only ends a boot outside the profile is a note with its condition', () => {
  const release = windowOver({ profile: 'memory' }).of('7.0');
  const [format] = release.mustRead;
  assert.equal(format?.id, 'luo-flb nothing as of 6.19.11');
  assert.equal(format.counts, false);
  assert.match(format.why ?? '', /counts if 6\.19\.11 runs with liveupdate=on/);
  const without = release.pairs.find(({ outgoing }) => outgoing === '6.18.15');
  assert.deepEqual(without?.missing, [], '6.18 has no LUO: nobody comes as far as to look for the node');
});

test('a kernel of which it is not known what it writes is never said to be read', () => {
  const bare = edited('7.2.13', (document) => {
    const memfd = document.components.memfd;
    assert.ok(memfd);
    document.release = '7.2.14';
    memfd.available = 'unknown';
  });
  const { mustRead, pairs } = windowOver({ extra: [bare], reach: 'main+1' }).of('7.3.4');
  const format = mustRead.find(({ marker }) => marker === 'not known');
  assert.equal(format?.state, 'unknown');
  assert.equal(format.droppedBy, null);
  assert.deepEqual(pairs.find(({ outgoing }) => outgoing === '7.2.14')?.missing, [format.id]);
});

test('a window is as wide as its class, and takes in what is nearer', () => {
  const releases = upstream.map(({ release }) => release);
  const outgoing = (reach: PairClass, both = false): string[] =>
    demandsOn('7.1.8', releases, { class: reach, both }).map((demand) => demand.outgoing);
  assert.deepEqual(outgoing('stable-sequential'), ['7.1.3']);
  assert.deepEqual(outgoing('main+1'), ['7.0', '7.1.3']);
  assert.deepEqual(outgoing('stable+2'), ['6.19.6', '6.19.8', '6.19.10', '6.19.11', '7.0', '7.1.3']);
  assert.deepEqual(outgoing('stable-sequential', true), ['7.1.3', '7.1.13']);
  for (const name of PAIR_CLASSES) assert.ok(outgoing(name).length > 0);
});

test('6.19 is followed by 7.0, and a series that is not known yet is expected', () => {
  const dateOf = (release: string): string | null => dates.get(release) ?? null;
  const releases = upstream.map(({ release }) => release);
  assert.equal(fallsOutAfter('6.18.15', 'main+1', { releases, dateOf }).with, '7.0');
  const far = fallsOutAfter('7.3.4', 'stable+2', { releases, dateOf });
  assert.equal(far.with, '7.6');
  assert.equal(far.isKnown, false);
  assert.match(far.expected ?? '', /^2027-0[4-6]$/);
  assert.equal(fallsOutAfter('7.2.12', 'stable-sequential', { releases, dateOf }).with, null);
  assert.equal(fallsOutAfter('7.2.11', 'stable-sequential', { releases, dateOf }).with, '7.2.13');
});

test('a tree that raises the marker of memfd drops what all releases inside the window write', () => {
  const raised = edited('7.3.4', (document) => {
    document.release = '7.4-rc1+ours';
    const marker = document.components.memfd?.marker;
    assert.ok(marker);
    marker.writes = 'memfd-v3';
    marker.accepts = [{ value: 'memfd-v3' }];
  });
  const hosts = new Map([
    ['7.3.4', 12],
    ['7.2.13', 3],
  ]);
  const release = windowOver({ reach: 'main+1', extra: [raised], hosts }).of('7.4-rc1+ours');
  assert.deepEqual(release.droppedTooEarly, ['memfd memfd-v2 as of 7.3.4']);
  const [format] = release.mustRead;
  assert.equal(format?.droppedBy, '7.4-rc1+ours');
  assert.equal(format?.hosts, 15);
});

test('a format that is accepted and that nobody inside the window writes may be dropped', () => {
  const generous = edited('7.3.4', (document) => {
    document.release = '7.4-rc1+ours';
    const accepts = document.components.memfd?.marker?.accepts;
    accepts?.push({ value: 'memfd-v1', layoutOf: '7.0' }, { value: 'memfd-v0' });
  });
  const release = windowOver({ extra: [generous] }).of('7.4-rc1+ours');
  assert.deepEqual(
    release.mayDrop.map(({ component, marker, asOf, why }) => [component, marker, asOf, why]),
    [
      ['memfd', 'memfd-v1', '7.0', 'it was last written by 7.0, which is outside the window of 7.4-rc1+ours'],
      ['memfd', 'memfd-v0', '7.4-rc1+ours', 'no known kernel writes it'],
    ],
  );
  assert.equal(
    release.mustRead.some(({ component, state }) => component === 'memfd' && state !== 'read'),
    false,
  );
});

test('a kernel whose facts are missing is never said to read', () => {
  const bare = edited('7.3.4', (document) => {
    document.release = '7.4-rc1+ours';
    const memfd = document.components.memfd;
    assert.ok(memfd);
    memfd.available = 'unknown';
  });
  const { mustRead } = windowOver({ extra: [bare], reach: 'main+1' }).of('7.4-rc1+ours');
  assert.equal(mustRead.find(({ component }) => component === 'memfd')?.state, 'unknown');
});
