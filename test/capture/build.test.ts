import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import { openKernelSource } from '../../src/capture/open.ts';
import { captureTogether } from '../../src/capture/together.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { Doubt } from '../../src/model/doubt.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { forTarget } from '../../src/model/target.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import type { Edits } from './build-object.ts';
import { buildObject, canBuildObjects, linkObject, TREE } from './build-object.ts';

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

/** The object of our declarations with some of them changed. */
function variant(edits: Edits): string {
  return buildObject(mkdtempSync(join(folder, 'variant-')), edits);
}

/** Changes one ABI header. */
function inHeader(name: string, from: string | RegExp, to: string): Edits {
  return {
    header(text, path) {
      if (!path.endsWith(`/${name}`)) return text;
      assert.match(text, from instanceof RegExp ? from : new RegExp(from.replace(/[^\w ]/g, '\\$&')));
      return text.replace(from, to);
    },
  };
}

/** What a verdict rests on that is more than a note. */
function openDoubts({ components }: CaptureDocument, id: string): string[] {
  return (components[id]?.doubts ?? []).filter(({ isNote }) => !isNote).map(({ message }) => message);
}

function doubtsOf({ components }: CaptureDocument, id: string, code: Doubt['code']): string[] {
  return (components[id]?.doubts ?? []).filter((doubt) => doubt.code === code).map(({ subject }) => subject);
}

function judged(outgoing: CaptureDocument, incoming: CaptureDocument, name: string) {
  const profile = PROFILES.find((each) => each.name === name) ?? assert.fail(name);
  return judgePair({ outgoing: kernelOf(outgoing), incoming: kernelOf(incoming), profile, target: TARGET });
}

/** A build alone that borrows from an earlier capture of the same release. */
async function borrowing(...locators: string[]): Promise<CaptureDocument> {
  const evidence = await Promise.all(locators.map((locator) => openKernelSource(locator, {})));
  return captureTogether(evidence, { lend: (release) => (release === '7.3.4' ? headers : undefined) });
}

async function together(...locators: string[]): Promise<CaptureDocument> {
  const evidence = await Promise.all(locators.map((locator) => openKernelSource(locator, {})));
  return captureTogether(evidence, {});
}

test('a build with its source has the facts of the source; what it does not show is said, a note each', {
  skip,
}, async () => {
  const both = await together(object, TREE, configWith(ON));
  assert.equal(both.release, '7.3.4+test');
  assert.deepEqual(both.targets, [TARGET]);
  for (const [id, state] of Object.entries(headers.components)) {
    const { available: _was, options: _options, ...source } = state;
    const { available: _is, options, doubts: _doubts, ...merged } = both.components[id] ?? assert.fail(id);
    if (state.available !== 'buildable') continue;
    // What the code asks the configuration for is known of the build alone.
    const code = merged.code.map(({ options: _asked, ...row }) => row);
    assert.deepEqual({ ...merged, code }, source, id);
    assert.deepEqual(openDoubts(both, id), [], id);
    assert.ok(
      options.every(({ value }) => value === 'y'),
      id,
    );
  }
  assert.deepEqual(both.fidelity?.luo, {
    availability: ['config', 'btf', 'rodata'],
    marker: ['source', 'rodata'],
    structs: ['source', 'btf'],
    constants: ['source', 'btf'],
    fdt: ['source', 'rodata'],
    checks: ['source'],
    code: ['source'],
  });
  assert.deepEqual(doubtsOf(both, 'memfd', 'borrowed'), [
    'MEMFD_LUO_ALL_SEALS',
    'MEMFD_LUO_FOLIO_DIRTY',
    'MEMFD_LUO_FOLIO_UPTODATE',
    'code',
  ]);
  assert.deepEqual(doubtsOf(both, 'luo-session', 'borrowed'), ['code'], 'lengths are shown by the arrays');
});

test('one build is compatible with itself, with notes where the other side is the source or another build', {
  skip,
}, async () => {
  const one = await borrowing(object, configWith(ON));
  assert.equal(judged(one, one, 'memfd').verdict, 'compatible');
  assert.equal(judged(one, await together(object, TREE, configWith(ON)), 'memfd').verdict, 'compatible');
  assert.equal(judged(one, headers, 'memfd').verdict, 'compatible-with-notes');
  const flags = variant(inHeader('memfd.h', 'DIRTY BIT(0)', 'DIRTY BIT(3)'));
  const other = await borrowing(flags, configWith(ON));
  for (const pair of [judged(one, other, 'memfd'), judged(other, headers, 'memfd')]) {
    assert.equal(pair.verdict, 'compatible-with-notes', 'a macro leaves no trace, and that is said');
    const told = pair.components.flatMap(({ findings }) => findings.map(({ message }) => message));
    assert.ok(
      told.some((text) => /MEMFD_LUO_FOLIO_DIRTY: taken from 7\.3\.4, not seen in this build/.test(text)),
    );
  }
  assert.equal(judged(one, other, 'memory').verdict, 'compatible-with-notes');
});

test('a build alone has the layouts of its headers, and names exactly what it cannot know', {
  skip,
}, async () => {
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
  assert.equal(memfd?.marker?.writes, 'memfd-v2', 'the string lies in the struct of the handler');
  assert.deepEqual(kho?.constants.KHO_TREE_MAX_DEPTH?.value, { [TARGET]: 6 });
  assert.deepEqual(luo?.constants.LUO_ABI_COMPAT_LEN?.value, { [TARGET]: 8 });
  assert.deepEqual(luo?.unchecked, ['LUO_KHO_ENTRY_NAME']);
  assert.deepEqual(memfd?.unchecked, [
    'MEMFD_LUO_ALL_SEALS',
    'MEMFD_LUO_FOLIO_DIRTY',
    'MEMFD_LUO_FOLIO_UPTODATE',
  ]);
  assert.deepEqual(alone.components['luo-session']?.unchecked, []);
  assert.ok(luo?.inferred?.some((text) => text.includes('luo-v5')));
});

test('what rests on a build alone is unknown, never a pass', { skip }, async () => {
  const alone = await together(object);
  for (const name of ['memory', 'memfd']) {
    for (const pair of [judged(alone, headers, name), judged(headers, alone, name)]) {
      assert.equal(pair.verdict, 'unknown', name);
    }
  }
});

test('a struct that the build has otherwise is judged as the build has it, and the difference is said', {
  skip,
}, async () => {
  const swapped = variant(inHeader('memfd.h', /u64 pos;\s*u64 size;/, 'u64 size; u64 pos;'));
  for (const built of [
    await together(swapped, TREE, configWith(ON)),
    await borrowing(swapped, configWith(ON)),
    await borrowing(swapped),
  ]) {
    assert.deepEqual(doubtsOf(built, 'memfd', 'source-disagrees'), ['memfd_luo_ser']);
    for (const pair of [judged(built, headers, 'memfd'), judged(headers, built, 'memfd')]) {
      assert.equal(pair.verdict, 'misread');
      assert.equal(pair.components.find(({ verdict }) => verdict === 'misread')?.id, 'memfd');
    }
    assert.equal(judged(built, headers, 'memory').verdict, 'compatible-with-notes');
  }
});

test('what a build has of its own beside such a struct is not known; what it shows is', {
  skip,
}, async () => {
  const longer = variant(
    inHeader('memfd.h', 'struct kho_vmalloc folios;\n}', 'struct kho_vmalloc folios; u64 more;\n}'),
  );
  const built = await borrowing(longer, configWith(ON));
  const pair = judged(built, headers, 'memfd');
  assert.equal(pair.verdict, 'unknown');
  assert.deepEqual(openDoubts(built, 'memfd'), [
    'MEMFD_LUO_ALL_SEALS: taken from 7.3.4, not seen in this build',
    'MEMFD_LUO_FOLIO_DIRTY: taken from 7.3.4, not seen in this build',
    'MEMFD_LUO_FOLIO_UPTODATE: taken from 7.3.4, not seen in this build',
  ]);
});

test('a record that grew, and enumerators with other values, are misread', { skip }, async () => {
  const grown = variant(
    inHeader(
      'luo.h',
      'struct luo_file_set_ser file_set_ser;',
      'struct luo_file_set_ser file_set_ser; u64 g[2];',
    ),
  );
  const sessions = judged(headers, await borrowing(grown, configWith(ON)), 'memfd');
  assert.equal(sessions.verdict, 'misread');
  assert.equal(sessions.components.find(({ verdict }) => verdict === 'misread')?.id, 'luo-session');
  const radix = variant(
    inHeader(
      'kexec_handover.h',
      'KHO_BITMAP_SIZE_LOG2 = PAGE_SHIFT + 3',
      'KHO_BITMAP_SIZE_LOG2 = PAGE_SHIFT + 2',
    ),
  );
  const built = await borrowing(radix, configWith(ON));
  assert.equal(judged(built, headers, 'memory').verdict, 'misread');
  assert.ok(doubtsOf(built, 'kho', 'source-disagrees').includes('KHO_BITMAP_SIZE_LOG2'));
});

test('a marker that is in the source and in no string of the image is not known', { skip }, async () => {
  const built = await borrowing(variant(inHeader('memfd.h', '"memfd-v2"', '"other"')), configWith(ON));
  assert.deepEqual(doubtsOf(built, 'memfd', 'source-disagrees'), ['memfd-v2']);
  for (const pair of [judged(built, headers, 'memfd'), judged(headers, built, 'memfd')]) {
    assert.equal(pair.verdict, 'unknown');
    assert.deepEqual(pair.decidedBy, { component: 'memfd', rule: 'source-disagrees', subject: 'memfd-v2' });
  }
  assert.equal(judged(built, built, 'memfd').verdict, 'compatible-with-notes', 'the same build');
});

test('a property or node of which an image has no string has another name there: what demands it is refused', {
  skip,
}, async () => {
  const rows: [string, Edits, Edits, string, string][] = [
    [
      'kho',
      inHeader('kexec_handover.h', '"preserved-data"', '"preserved-dat2"'),
      inHeader('kexec_handover.h', '"preserved-data"', '"preserved-dat3"'),
      'preserved-data',
      'boot-panic',
    ],
    [
      'luo',
      inHeader('luo.h', '"LUO"', '"LUO2"'),
      inHeader('luo.h', '"LUO"', '"LUO3"'),
      'LUO',
      'component-absent',
    ],
  ];
  for (const [id, edits, others, subject, effect] of rows) {
    const built = await borrowing(variant(edits), configWith(ON));
    assert.deepEqual(doubtsOf(built, id, 'source-disagrees'), [subject]);
    for (const pair of [judged(built, headers, 'memfd'), judged(headers, built, 'memfd')]) {
      assert.deepEqual([pair.verdict, pair.effect], ['refused', effect], subject);
      assert.equal(pair.decidedBy?.component, id);
    }
    assert.equal(judged(built, built, 'memfd').verdict, 'compatible-with-notes', 'the same build');
    // Of two builds that both lack it nobody knows whether they have one name in common.
    const other = await borrowing(variant(others), configWith(ON));
    for (const pair of [judged(built, other, 'memfd'), judged(other, built, 'memfd')])
      assert.equal(pair.verdict, 'unknown', subject);
  }
});

test('the one other marker that an image has is its own', { skip }, async () => {
  const other = variant(inHeader('luo.h', '"luo-v5"', '"luo-v6"'));
  const built = await borrowing(other, configWith(ON));
  assert.equal(built.components.luo?.marker?.writes, 'luo-v6');
  assert.deepEqual(openDoubts(built, 'luo'), []);
  const pair = judged(headers, built, 'memfd');
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'boot-panic']);
});

test('two markers in one image are not known; the end of a longer string may be one', { skip }, async () => {
  const two = variant({
    source: (text) => text.replace('LUO_ABI_COMPATIBLE,', 'LUO_ABI_COMPATIBLE, "luo-v6",'),
  });
  assert.deepEqual(openDoubts(await together(two, TREE, configWith(ON)), 'luo'), [
    'the marker is luo-v5 in tree, and the image has luo-v5, luo-v6',
  ]);
  const tail = variant({ source: (text) => text.replace('LUO_ABI_COMPATIBLE,', '"xen-luo-v5",') });
  const ending = await borrowing(tail, configWith(ON));
  assert.deepEqual(openDoubts(ending, 'luo'), []);
  assert.ok(doubtsOf(ending, 'luo', 'borrowed').includes('luo-v5'));
  const both = variant({ source: (text) => text.replace('LUO_ABI_COMPATIBLE,', '"luo-v6", "xen-luo-v5",') });
  assert.equal((await borrowing(both, configWith(ON))).components.luo?.marker?.writes, 'luo-v6');
});

test('where symbols say where a handler lies, its name is read there, and nowhere else', {
  skip,
}, async () => {
  const object = variant({
    source: (text) => `${text}const char *others[] = { "memfd-v3" };\nint _start(void) { return 0; }\n`,
  });
  const { image, stripped, symbols } = linkObject(object);
  assert.deepEqual(openDoubts(await borrowing(stripped, configWith(ON)), 'memfd'), [
    'the marker is memfd-v2 in 7.3.4, and the image has memfd-v2, memfd-v3',
  ]);
  for (const built of [
    await borrowing(image, configWith(ON)),
    await borrowing(stripped, symbols, configWith(ON)),
    await together(stripped, symbols, configWith(ON)),
  ]) {
    assert.equal(built.components.memfd?.marker?.writes, 'memfd-v2');
    assert.deepEqual(openDoubts(built, 'memfd'), []);
  }
  const patched = linkObject(
    variant({
      source: (text) =>
        `${text.replace(', MEMFD_LUO_FH_COMPATIBLE }', ', "memfd-v9" }')}const char *old = MEMFD_LUO_FH_COMPATIBLE;\n`,
    }),
  );
  const built = await borrowing(patched.image, configWith(ON));
  assert.equal(built.components.memfd?.marker?.writes, 'memfd-v9');
  assert.deepEqual(
    openDoubts(built, 'memfd').filter((text) => !/_LUO_/.test(text)),
    [],
  );
});

test('a build is known for itself by its build ID, whatever was stripped from it', { skip }, async () => {
  const { image, stripped } = linkObject(object);
  const [whole, bare] = [await borrowing(image, configWith(ON)), await borrowing(stripped, configWith(ON))];
  assert.equal(judged(whole, bare, 'memfd').verdict, 'compatible');
  assert.equal(judged(bare, whole, 'memfd').verdict, 'compatible');
});

test('the option decides, whatever functions the compiler inlined', { skip }, async () => {
  const inlined = variant({ source: (text) => text.replaceAll(/^int (?!other_)\w+\(.*$/gm, '') });
  for (const built of [
    await together(inlined, configWith(ON)),
    await borrowing(inlined, configWith(ON)),
    await together(inlined),
  ]) {
    for (const id of ['kho', 'luo', 'luo-session', 'memfd', 'memblock']) {
      assert.equal(built.components[id]?.available, 'yes', id);
      assert.deepEqual(
        (built.components[id]?.doubts ?? []).filter(({ code }) => code === 'source-disagrees'),
        [],
      );
    }
  }
});

test('a configuration with KHO off makes every component unavailable, with the option', {
  skip,
}, async () => {
  const off = await together(object, TREE, configWith('# CONFIG_KEXEC_HANDOVER is not set\n'));
  assert.equal(off.components.kho?.available, 'no');
  assert.equal(off.components.kho?.reason, 'CONFIG_KEXEC_HANDOVER is not set');
  assert.equal(off.components.memfd?.available, 'no');
});

test('without LUO its blocks are not built, and nothing disagrees', { skip }, async () => {
  const config = configWith(
    ON.replaceAll(/CONFIG_LIVEUPDATE\w*=y/g, '').concat('# CONFIG_LIVEUPDATE is not set\n'),
  );
  const bare = variant({
    source: (text) =>
      text
        .replaceAll(/^struct (?:luo|memfd)_\w+ \*.*$|^struct kho_block\w+ \*.*$/gm, '')
        .replace('LUO_ABI_COMPATIBLE,', '')
        .replaceAll(/^.*MEMFD_LUO_FH_COMPATIBLE.*$/gm, '')
        .replaceAll(/^int (?:\w*luo|\w*liveupdate)\w*\(.*$/gm, ''),
  });
  for (const built of [await borrowing(bare, config), await together(bare, config)]) {
    for (const id of ['luo', 'luo-session', 'luo-flb', 'memfd', 'kho-block']) {
      assert.equal(built.components[id]?.available, 'no', id);
      assert.equal(built.components[id]?.reason, 'CONFIG_LIVEUPDATE is not set');
    }
    assert.deepEqual(
      built.findings.filter(({ code }) => code === 'source-disagrees'),
      [],
    );
    assert.equal(built.components['kexec-metadata']?.available, 'yes');
  }
  const none = await borrowing(bare);
  assert.equal(none.components.luo?.available, 'no');
  assert.match(none.components.luo?.reason ?? '', /^CONFIG_LIVEUPDATE is not set, as it seems/);
});

test('an option that is set, and nothing of it in the build, is a contradiction', { skip }, async () => {
  const none = variant({
    source: (text) =>
      text
        .replaceAll(/^struct memfd_\w+ \*.*$/gm, '')
        .replaceAll(/^.*MEMFD_LUO_FH_COMPATIBLE.*$/gm, '')
        .replaceAll(/^int memfd_\w+\(.*$/gm, ''),
  });
  const built = await borrowing(none, configWith(ON));
  assert.match(openDoubts(built, 'memfd').join(), /are? set in .*shows nothing of memfd/);
  assert.equal(judged(built, headers, 'memfd').verdict, 'unknown');
});

test('two configurations that contradict each other are a disagreement of what rests on the option', {
  skip,
}, async () => {
  const one = configWith(ON);
  const other = configWith(ON.replace('CONFIG_LIVEUPDATE=y', 'CONFIG_LIVEUPDATE=n'));
  const both = await together(object, TREE, one, other);
  assert.match(openDoubts(both, 'luo').join(), /CONFIG_LIVEUPDATE is y in .* and n in /);
  assert.deepEqual(openDoubts(both, 'kho'), []);
});

test('a required struct that the BTF lacks is a contradiction', { skip }, async () => {
  const other = variant({
    source: (text) =>
      text.replace(
        '#include <linux/kho/abi/luo.h>',
        '#define luo_ser luo_other\n#include <linux/kho/abi/luo.h>',
      ),
  });
  const both = await together(other, TREE, configWith(ON));
  assert.deepEqual(openDoubts(both, 'luo'), ['luo_ser is in tree and not in the BTF of this build']);
});

test('what source and build both do not have is taken from a configuration as it is', { skip }, async () => {
  const config = configWith('CONFIG_X86_64=y\nCONFIG_KEXEC_HANDOVER=y\n');
  const alone = await together(config);
  assert.equal(alone.components.kho?.available, 'unknown');
  const reason = alone.components.kho?.reason ?? '';
  assert.match(
    reason,
    /^CONFIG_KEXEC_HANDOVER is set in config-7\.3\.4\+test-amd64, so that it is built, but nothing at hand says/,
  );
  assert.doesNotMatch(reason, /neither a configuration/);
  const lent = await borrowing(config);
  assert.equal(lent.components.kho?.available, 'yes');
  assert.ok(doubtsOf(lent, 'kho', 'borrowed').includes('kho_radix_leaf'));
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

test('a configuration that was asked for counts for a build alone too', { skip }, async () => {
  const off = await captureTogether([await openKernelSource(object, {})], {
    config: new Map([['CONFIG_KEXEC_HANDOVER', 'n']]),
  });
  assert.equal(off.components.kho?.reason, 'CONFIG_KEXEC_HANDOVER is not set');
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
  const patched = variant({ source: (text) => `struct another { int one; } another;\n${text}` });
  await assert.rejects(captureTogether([image, await openKernelSource(patched, {})], {}), { code: 'USAGE' });
});

test('two sources of one kernel are refused', { skip }, async () => {
  const evidence = [await openKernelSource(object, {}), await openKernelSource(TREE, {}), headers];
  await assert.rejects(captureTogether(evidence, {}), { code: 'USAGE' });
});

test('what .liveupdate_versions lists beside the own marker is accepted, and unknown until it is said how it is read', {
  skip,
}, async () => {
  const listing = (names: readonly string[]): string => {
    const place = mkdtempSync(join(folder, 'section-'));
    const table = Buffer.concat([
      Buffer.from([0x50, 0x55, 0x56, 0x4c, 1, 0, 0, 0]),
      ...names.map((name) => Buffer.from(name.padEnd(48, '\0'))),
    ]);
    writeFileSync(join(place, 'table'), table);
    const out = join(place, 'vmlinux');
    execFileSync('objcopy', ['--add-section', `.liveupdate_versions=${join(place, 'table')}`, object, out]);
    return out;
  };
  const both = await together(listing(['memfd-v1', 'memfd-v2']), TREE, configWith(ON));
  const { marker } = both.components.memfd ?? {};
  assert.equal(marker?.writes, 'memfd-v2');
  assert.deepEqual(
    marker?.accepts.map(({ value, asWritten }) => [value, asWritten]),
    [
      ['memfd-v2', undefined],
      ['memfd-v1', true],
    ],
  );
  assert.deepEqual(openDoubts(both, 'memfd'), []);
  assert.ok(both.fidelity?.memfd?.marker?.includes('section'));
  // A writer of memfd-v1, whose record is another one.
  const old = structuredClone(both);
  const memfd = old.components.memfd ?? assert.fail();
  memfd.marker = { ...(memfd.marker ?? assert.fail()), writes: 'memfd-v1', accepts: [{ value: 'memfd-v1' }] };
  for (const { members } of Object.values(memfd.structs.memfd_luo_ser?.layout ?? {})) members.shift();
  const pair = judged(old, both, 'memfd');
  assert.equal(pair.verdict, 'unknown');
  assert.match(JSON.stringify(pair.components), /how it reads what that names was not seen/);
  // Upstream's reader, which lists nothing, refuses it.
  assert.equal(judged(old, await together(object, TREE, configWith(ON)), 'memfd').verdict, 'refused');
  const odd = await together(listing(['memfd-v1']), TREE, configWith(ON));
  assert.match(
    openDoubts(odd, 'memfd').join(),
    /accepts memfd-v2, and the image's \.liveupdate_versions lists memfd-v1/,
  );
});
