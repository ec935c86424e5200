import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openKernelSource } from '../../src/capture/open.ts';
import { captureTogether } from '../../src/capture/together.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { parseReleaseName } from '../../src/model/release-name.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';

// Images of real kernels with KHO and LUO, in a folder of the operator's: bzImage-RELEASE as built from the source of the
// release, and bzImage-RELEASE-VARIANT with one edit each (docs/testing.md).

const folder = process.env.LUO_ABI_IMAGES;
const VERSIONS = fileURLToPath(new URL('../../versions', import.meta.url));
const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.startsWith('bzImage-'));
const skip = names.length > 0 ? false : 'LUO_ABI_IMAGES names no folder with images';

function lend(release: string): CaptureDocument | undefined {
  const path = join(VERSIONS, `${release}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as CaptureDocument) : undefined;
}

async function captured(name: string, options: Parameters<typeof captureTogether>[1] = { lend }) {
  return captureTogether([await openKernelSource(join(folder ?? '', name), {})], options);
}

function judged(outgoing: CaptureDocument, incoming: CaptureDocument, name: string): PairVerdict {
  const profile = PROFILES.find((each) => each.name === name) ?? assert.fail(name);
  const sides = { outgoing: kernelOf(outgoing), incoming: kernelOf(incoming) };
  return judgePair({ ...sides, profile, target: 'x86_64-4k' });
}

/** `refused boot-panic luo`: a verdict with what it is of. */
function said({ verdict, effect, decidedBy }: PairVerdict): string {
  return [verdict, effect, decidedBy?.component].filter((word) => word !== null).join(' ');
}

/** An image under the bare name of a release. */
function isRelease(name: string): boolean {
  return parseReleaseName(name.replace('bzImage-', ''))?.vendor === null;
}

test('the image of a release says what its source says, as far as it shows it', { skip }, async () => {
  for (const name of names.filter(isRelease)) {
    const source = lend(name.replace('bzImage-', ''));
    if (!source) continue;
    const built = await captured(name);
    assert.equal(built.release, source.release);
    for (const [id, { structs, constants, fdt, marker }] of Object.entries(source.components)) {
      const own = built.components[id] ?? assert.fail(id);
      if (own.available !== 'yes') continue;
      assert.deepEqual(own.structs, structs, `${name} ${id}`);
      assert.deepEqual(own.constants, constants, `${name} ${id}`);
      assert.deepEqual(own.fdt, fdt, `${name} ${id}`);
      assert.deepEqual(own.marker, marker, `${name} ${id}`);
      const open = (own.doubts ?? []).filter(({ isNote, code }) => !isNote && code !== 'config-dependent');
      assert.deepEqual(open, [], `${name} ${id}`);
    }
    const has = (id: string): boolean => built.components[id]?.available === 'yes';
    assert.ok(has('kho'), name);
    assert.deepEqual(
      [has('luo'), has('memfd')],
      Array(2).fill(source.components.luo?.available !== 'no'),
      name,
    );
    for (const profile of ['memory', 'memfd']) {
      const isSupported = profile === 'memory' || has('memfd');
      const [own, other] = [said(judged(built, built, profile)), said(judged(built, source, profile))];
      assert.match(own, isSupported ? /^compatible/ : /^unsupported/, name);
      assert.match(other, isSupported ? /^compatible-with-notes/ : /^unsupported/, name);
    }
  }
});

test('an image alone, of a release that nobody lends, names the constants that it cannot show', {
  skip,
}, async () => {
  for (const name of names.filter((each) => /-7\.[23]\.\d+$/.test(each))) {
    const { memfd, 'kho-block': block, 'luo-session': sessions } = (await captured(name, {})).components;
    assert.equal(memfd?.available, 'yes', name);
    assert.deepEqual(memfd.unchecked, [
      'MEMFD_LUO_ALL_SEALS',
      'MEMFD_LUO_FOLIO_DIRTY',
      'MEMFD_LUO_FOLIO_UPTODATE',
    ]);
    assert.deepEqual(block?.unchecked, ['KHO_BLOCK_SIZE']);
    assert.deepEqual(sessions?.unchecked, []);
  }
});

/** By variant: what `memfd` comes to from the release to it and back, and `memory` either way. */
const VARIANTS: Readonly<Record<string, readonly [there: RegExp, back: RegExp, memory: RegExp]>> = {
  memfdswap: [/^misread corruption memfd$/, /^misread corruption memfd$/, /^compatible-with-notes/],
  sessgrow: [
    /^misread corruption luo-session$/,
    /^misread corruption luo-session$/,
    /^compatible-with-notes/,
  ],
  radix: [/^misread corruption kho$/, /^misread corruption kho$/, /^misread corruption kho$/],
  flagswap: [/^compatible-with-notes/, /^compatible-with-notes/, /^compatible-with-notes/],
  prop: [/^refused boot-panic kho$/, /^refused boot-panic kho$/, /^refused boot-panic kho$/],
  prop2: [/^refused boot-panic kho$/, /^refused boot-panic kho$/, /^refused boot-panic kho$/],
  nomemfd: [/^refused all-sessions-lost memfd$/, /^unsupported memfd$/, /^compatible-with-notes/],
  nolu: [/^refused component-absent/, /^unsupported/, /^compatible-with-notes/],
};

test('a patched kernel under its bare release name is judged by what it shows', { skip }, async () => {
  for (const [variant, [there, back, memory]] of Object.entries(VARIANTS)) {
    const name = names.find((each) => each.endsWith(`-${variant}`));
    const release = name?.slice('bzImage-'.length, -variant.length - 1);
    const source = release === undefined ? undefined : lend(release);
    if (name === undefined || !source) continue;
    const built = await captured(name);
    for (const base of [source, await captured(`bzImage-${release}`)]) {
      assert.match(said(judged(base, built, 'memfd')), there, name);
      assert.match(said(judged(built, base, 'memfd')), back, name);
      assert.match(said(judged(base, built, 'memory')), memory, name);
      assert.match(said(judged(built, base, 'memory')), memory, name);
    }
    const disagreements = built.findings.filter(({ code }) => code === 'source-disagrees');
    const isPatched = !/^(?:no|flagswap)/.test(variant);
    assert.equal(disagreements.length > 0, isPatched, name);
  }
});
