import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { capture, openKernelSource } from '../../src/capture/capture.ts';
import { captureTogether } from '../../src/capture/together.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { forTarget } from '../../src/model/target.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { buildObject, canBuildObjects, TREE } from './build-object.ts';

const skip = canBuildObjects() ? false : 'no gcc or no pahole';
const TARGET = 'x86_64-4k';
const ON = 'CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\nCONFIG_LIVEUPDATE=y\nCONFIG_LIVEUPDATE_MEMFD=y\n';

let folder: string;
let object: string;
let headers: CaptureDocument;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-build-'));
  headers = await capture(TREE);
  if (!skip) object = buildObject(folder);
});
after(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function together(...locators: string[]): Promise<CaptureDocument> {
  const evidence = await Promise.all(locators.map((locator) => openKernelSource(locator, {})));
  return captureTogether(evidence, {});
}

test('a build with its headers gives the same document as the headers, each fact confirmed', {
  skip,
}, async () => {
  const both = await together(object, TREE, fileWith('config-7.3.4', ON));
  assert.equal(both.release, '7.3.4+test');
  assert.deepEqual(both.targets, [TARGET]);
  for (const [id, state] of Object.entries(headers.components)) {
    const { available: _was, options: _options, ...source } = state;
    const { available: _is, options, ...merged } = both.components[id] ?? assert.fail(id);
    if (state.available !== 'buildable') continue;
    assert.deepEqual(merged, source, id);
    assert.ok(
      options.every(({ value }) => value === 'y'),
      id,
    );
  }
  assert.deepEqual(both.findings, headers.findings);
  assert.deepEqual(both.fidelity?.luo, {
    availability: ['config'],
    marker: ['source', 'rodata'],
    structs: ['source', 'btf'],
    constants: ['source'],
    fdt: ['source'],
    checks: ['source'],
    code: ['source'],
  });
});

test('a build alone has the layouts of its headers, and says what it cannot know', { skip }, async () => {
  const alone = await together(object);
  for (const [id, state] of Object.entries(headers.components)) {
    if (state.available !== 'buildable') continue;
    const built = alone.components[id] ?? assert.fail(id);
    if (built.available !== 'yes') continue;
    for (const [name, { layout }] of Object.entries(state.structs)) {
      const expected = forTarget(layout, TARGET);
      const actual = built.structs[name] && forTarget(built.structs[name].layout, TARGET);
      if (!expected || !actual) continue;
      assert.equal(actual.size, expected.size, name);
      assert.deepEqual(actual.members, expected.members, name);
    }
  }
  const { luo, kho, memfd } = alone.components;
  assert.equal(luo?.marker?.writes, 'luo-v5');
  assert.equal(kho?.marker?.writes, 'kho-v4');
  assert.deepEqual(kho?.constants.KHO_TREE_MAX_DEPTH?.value, { [TARGET]: 6 });
  assert.ok(Object.keys(memfd?.structs ?? {}).includes('memfd_luo_ser'));
  assert.ok(luo?.unchecked.length ?? 0 > 0);
  assert.ok(luo?.inferred?.some((text) => text.includes('luo-v5')));
});

test('what rests on a build alone is unknown, never a pass', { skip }, async () => {
  const alone = kernelOf(await together(object));
  const known = kernelOf(headers);
  for (const profile of PROFILES.filter(({ name }) => name === 'memory' || name === 'memfd')) {
    for (const [outgoing, incoming] of [
      [alone, known],
      [known, alone],
    ] as const) {
      assert.equal(
        judgePair({ outgoing, incoming, profile, target: TARGET }).verdict,
        'unknown',
        profile.name,
      );
    }
  }
});

test('a build whose struct differs from its headers is a disagreement, and its pairs are unknown', {
  skip,
}, async () => {
  const own = mkdtempSync(join(folder, 'patched-'));
  const patched = buildObject(own, (text) =>
    text.replace(
      '#include <linux/kho/abi/luo.h>',
      '#define sessions_pa moved_pa\n#include <linux/kho/abi/luo.h>',
    ),
  );
  const both = await together(patched, TREE, fileWith('config-7.3.4-on', ON));
  const said = both.components.luo?.disagreements ?? [];
  assert.deepEqual(said, [
    'luo_ser.sessions_pa is in the source and not in the build',
    'luo_ser.moved_pa is in the build and not in the source',
  ]);
  assert.ok(both.findings.some(({ code, component }) => code === 'source-disagrees' && component === 'luo'));
  const [profile] = PROFILES.filter(({ name }) => name === 'memfd');
  const pair = judgePair({
    outgoing: kernelOf(headers),
    incoming: kernelOf(both),
    profile: profile ?? assert.fail(),
    target: TARGET,
  });
  assert.equal(pair.verdict, 'unknown');
  assert.equal(pair.decidedBy?.rule, 'source-disagrees');
});

test('an image without the marker of its source is a disagreement', { skip }, async () => {
  const own = mkdtempSync(join(folder, 'marker-'));
  const other = buildObject(own, (text) => text.replace('LUO_ABI_COMPATIBLE,', '"luo-v6",'));
  const both = await together(other, TREE, fileWith('config-7.3.4-marker', ON));
  assert.deepEqual(both.components.luo?.disagreements, [
    'the marker is luo-v5 in the source, and the image has luo-v6',
  ]);
});

test('a configuration with KHO off makes every component unavailable, with the option', {
  skip,
}, async () => {
  const off = await together(
    object,
    TREE,
    fileWith('config-7.3.4-off', '# CONFIG_KEXEC_HANDOVER is not set\n'),
  );
  assert.equal(off.components.kho?.available, 'no');
  assert.equal(off.components.kho?.reason, 'CONFIG_KEXEC_HANDOVER is not set');
  assert.equal(off.components.memfd?.available, 'no');
});

test('two configurations that contradict each other are a disagreement of what rests on the option', {
  skip,
}, async () => {
  const one = fileWith('config-7.3.4-a', ON);
  const other = fileWith('config-7.3.4-b', ON.replace('CONFIG_LIVEUPDATE=y', 'CONFIG_LIVEUPDATE=n'));
  const both = await together(object, TREE, one, other);
  assert.match(both.components.luo?.disagreements?.join() ?? '', /CONFIG_LIVEUPDATE is y in .* and n in /);
  assert.equal(both.components.kho?.disagreements, undefined);
});

test('two sources of one kernel are refused', { skip }, async () => {
  const evidence = [await openKernelSource(object, {}), await openKernelSource(TREE, {}), headers];
  await assert.rejects(captureTogether(evidence, {}), { code: 'USAGE' });
});
