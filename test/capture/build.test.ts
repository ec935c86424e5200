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

/** A configuration of the object's kernel, as it lies in /boot. */
function configWith(text: string): string {
  const path = join(mkdtempSync(join(folder, 'boot-')), 'config-7.3.4+test-amd64');
  writeFileSync(path, text);
  return path;
}

async function together(...locators: string[]): Promise<CaptureDocument> {
  const evidence = await Promise.all(locators.map((locator) => openKernelSource(locator, {})));
  return captureTogether(evidence, {});
}

/** What the capture has doubts about in a component, in words. */
function said({ components }: CaptureDocument, id: string): string[] {
  return (components[id]?.doubts ?? []).map(({ message }) => message);
}

test('a build with its headers gives the same document as the headers, each fact confirmed', {
  skip,
}, async () => {
  const both = await together(object, TREE, configWith(ON));
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
    availability: ['config', 'btf'],
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
  assert.ok((luo?.unchecked.length ?? 0) > 0);
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
  const both = await together(patched, TREE, configWith(ON));
  assert.deepEqual(said(both, 'luo'), [
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
  const both = await together(other, TREE, configWith(ON));
  assert.deepEqual(said(both, 'luo'), ['the marker is luo-v5 in the source, and the image has luo-v6']);
});

test('a configuration with KHO off makes every component unavailable, with the option', {
  skip,
}, async () => {
  const off = await together(object, TREE, configWith('# CONFIG_KEXEC_HANDOVER is not set\n'));
  assert.equal(off.components.kho?.available, 'no');
  assert.equal(off.components.kho?.reason, 'CONFIG_KEXEC_HANDOVER is not set');
  assert.equal(off.components.memfd?.available, 'no');
});

test('two configurations that contradict each other are a disagreement of what rests on the option', {
  skip,
}, async () => {
  const one = configWith(ON);
  const other = configWith(ON.replace('CONFIG_LIVEUPDATE=y', 'CONFIG_LIVEUPDATE=n'));
  const both = await together(object, TREE, one, other);
  assert.match(said(both, 'luo').join(), /CONFIG_LIVEUPDATE is y in .* and n in /);
  assert.deepEqual(said(both, 'kho'), []);
});

test('an enumerator that differs from the source is a disagreement', { skip }, async () => {
  const own = mkdtempSync(join(folder, 'enum-'));
  const depth =
    'KHO_TREE_MAX_DEPTH = 2 + (KHO_RADIX_KEY_WIDTH - KHO_BITMAP_SIZE_LOG2 - 1) / KHO_TABLE_SIZE_LOG2';
  const other = buildObject(
    own,
    (text) => text,
    (header) => header.replace(depth, 'KHO_TREE_MAX_DEPTH = 5'),
  );
  const both = await together(other, TREE, configWith(ON));
  assert.deepEqual(said(both, 'kho'), ['KHO_TREE_MAX_DEPTH is 6 in the source and 5 in the build']);
});

test('a configuration that says yes, and BTF without a function of it, is a disagreement', {
  skip,
}, async () => {
  const own = mkdtempSync(join(folder, 'off-'));
  const other = buildObject(own, (text) =>
    text.replaceAll(/^int (?!other_)\w+/gm, 'int foreign_$&').replaceAll('foreign_int ', 'foreign_'),
  );
  const both = await together(other, TREE, configWith(ON));
  assert.match(said(both, 'kho').join(), /CONFIG_KEXEC_HANDOVER is set in .*BTF of the build has none of/);
});

test('a required struct that the BTF lacks is not checked', { skip }, async () => {
  const own = mkdtempSync(join(folder, 'lost-'));
  const other = buildObject(own, (text) =>
    text.replace(
      '#include <linux/kho/abi/luo.h>',
      '#define luo_ser luo_other\n#include <linux/kho/abi/luo.h>',
    ),
  );
  const both = await together(other, TREE, configWith(ON));
  assert.deepEqual(both.components.luo?.unchecked, ['luo_ser']);
});

test('a build of which nothing says what is in it is unknown, whatever its source', { skip }, async () => {
  const bare = await openKernelSource(configWith(ON), {});
  assert.ok(bare.build);
  const { config: _config, ...nothing } = bare.build;
  const both = await captureTogether([{ ...bare, build: nothing }, await openKernelSource(TREE, {})], {});
  assert.equal(both.components.kho?.available, 'unknown');
  assert.match(both.components.kho?.reason ?? '', /neither a configuration nor BTF/);
});

test('a build whose page size nobody says is not checked on it', { skip }, async () => {
  const evidence = [await openKernelSource(object, {}), await openKernelSource(TREE, {})];
  const [build] = evidence;
  assert.ok(build?.build);
  const { machine: _machine, ...anywhere } = build.build;
  const both = await captureTogether(
    [{ ...build, build: { ...anywhere, machine: 'aarch64' } }, ...evidence.slice(1)],
    {},
  );
  assert.deepEqual(both.targets, ['arm64-4k', 'arm64-16k', 'arm64-64k']);
  assert.ok(both.components.kho?.unchecked.includes('the page size of the build'));
});

test('what is taken to be built by its options is held against the build all the same', {
  skip,
}, async () => {
  const own = mkdtempSync(join(folder, 'options-'));
  const other = buildObject(own, (text) =>
    text
      .replace('MEMBLOCK_KHO_NODE_COMPATIBLE,', '"memblock-v9",')
      .replaceAll(/^int ((?:prepare_kho_fdt|reserve_mem_kho_retrieve_fdt)\b)/gm, 'int renamed_$1'),
  );
  const both = await together(other, TREE);
  assert.equal(both.components.memblock?.available, 'yes');
  assert.deepEqual(both.fidelity?.memblock?.availability, ['inferred', 'btf']);
  assert.deepEqual(said(both, 'memblock'), [
    'the marker is memblock-v1 in the source, and the image has memblock-v9',
  ]);
});

test('a configuration that was asked for counts for a build alone too', { skip }, async () => {
  const off = await captureTogether([await openKernelSource(object, {})], {
    config: new Map([['CONFIG_KEXEC_HANDOVER', 'n']]),
  });
  assert.equal(off.components.kho?.reason, 'CONFIG_KEXEC_HANDOVER is not set');
});

test('two markers in one image are a disagreement; so is one that only ends like it', { skip }, async () => {
  const own = mkdtempSync(join(folder, 'both-'));
  const two = buildObject(own, (text) =>
    text.replace('LUO_ABI_COMPATIBLE,', 'LUO_ABI_COMPATIBLE, "luo-v6",'),
  );
  const both = await together(two, TREE, configWith(ON));
  assert.deepEqual(said(both, 'luo'), [
    'the marker is luo-v5 in the source, and the image has luo-v5, luo-v6',
  ]);
  const ending = mkdtempSync(join(folder, 'ending-'));
  const tail = buildObject(ending, (text) => text.replace('LUO_ABI_COMPATIBLE,', '"luo-v6", "xen-luo-v5",'));
  const other = await together(tail, TREE, configWith(ON));
  assert.deepEqual(said(other, 'luo'), ['the marker is luo-v5 in the source, and the image has luo-v6']);
});

test('what is of two kernels is refused: releases, vendors, machines, type information', {
  skip,
}, async () => {
  const named = async (text: string, name: string) => {
    const path = join(mkdtempSync(join(folder, 'two-')), name);
    writeFileSync(path, text);
    return openKernelSource(path, {});
  };
  const image = await openKernelSource(object, {});
  for (const other of [
    await named(ON, 'config-7.1.13'),
    await named(ON, 'config-7.3.4+mine'),
    await named('CONFIG_ARM64=y\n', 'config-7.3.4'),
  ]) {
    await assert.rejects(captureTogether([image, other], {}), { code: 'USAGE' }, other.name);
  }
  const patched = buildObject(
    mkdtempSync(join(folder, 'btf-')),
    (text) => `struct another { int one; } another;\n${text}`,
  );
  await assert.rejects(captureTogether([image, await openKernelSource(patched, {})], {}), { code: 'USAGE' });
});

test('two sources of one kernel are refused', { skip }, async () => {
  const evidence = [await openKernelSource(object, {}), await openKernelSource(TREE, {}), headers];
  await assert.rejects(captureTogether(evidence, {}), { code: 'USAGE' });
});
