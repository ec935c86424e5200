import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { TARGETS } from '../../src/model/target.ts';
import { type Kernel, kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import { addFile, editFile, swap } from '../accuracy/edit-declarations.ts';
import { fixtureTree } from '../history/generated-history.ts';
import { edited } from '../history/made-repository.ts';

// KHO's ABI header in three: the radix tree and the vmalloc areas in headers of their own, as was announced. The data is the
// same, and so is the marker.

const root = mkdtempSync(join(tmpdir(), 'luo-abi-split-'));
after(() => rmSync(root, { recursive: true, force: true }));

const ABI = 'include/linux/kho/abi';
const KHO = `${ABI}/kexec_handover.h`;
const RADIX = 'linux/kho/abi/radix_tree.h';
const VMALLOC = 'linux/kho/abi/vmalloc.h';

const include = (...paths: readonly string[]): string => paths.map((path) => `#include <${path}>\n`).join('');
const guarded = (name: string, text: string): string =>
  `#ifndef ${name}\n#define ${name}\n${include('linux/types.h', 'linux/log2.h', 'asm/page.h')}${text}\n#endif\n`;

/** From one line that begins so up to another. */
function cut(text: string, from: string, to: string): [rest: string, part: string] {
  const [start, end] = [text.indexOf(`\n${from}`), text.indexOf(`\n${to}`)];
  assert.ok(start > 0 && end > start, `${from} to ${to}`);
  return [text.slice(0, start) + text.slice(end), text.slice(start, end)];
}

/** @param marker what the header of the radix tree says beside its declarations */
function split({ marker = '', isIncluded = false }: { marker?: string; isIncluded?: boolean }): Edit {
  return (tree) => {
    const whole = tree.get(KHO) ?? '';
    const [withoutRadix, radix] = cut(whole, 'enum kho_radix_consts', '#endif');
    const [rest, vmalloc] = cut(withoutRadix, '/* What a pointer is', '#endif');
    addFile(`include/${RADIX}`, guarded('TEST_RADIX_H', `${marker}${radix}`))(tree);
    addFile(`include/${VMALLOC}`, guarded('TEST_VMALLOC_H', vmalloc))(tree);
    const includes = include(RADIX, VMALLOC);
    tree.set(KHO, isIncluded ? rest.replace('#include', `${includes}#include`) : rest);
    if (isIncluded) return;
    for (const path of [`${ABI}/memfd.h`, 'kernel/liveupdate/kexec_handover.c'])
      editFile(path, (text) => text.replace(/^#include/m, `${includes}#include`))(tree);
  };
}

let count = 0;
async function kernel(...edits: readonly Edit[]): Promise<Kernel> {
  count += 1;
  const folder = join(root, String(count));
  for (const [path, text] of edited(fixtureTree(), ...edits)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return kernelOf(await capture(folder));
}

function verdicts(one: Kernel, other: Kernel): string[] {
  const profiles = PROFILES.filter(({ name }) => name === 'memory' || name === 'memfd');
  const pairs = profiles.flatMap((profile) =>
    TARGETS.flatMap((target) => [
      judgePair({ outgoing: one, incoming: other, profile, target }),
      judgePair({ outgoing: other, incoming: one, profile, target }),
    ]),
  );
  return [...new Set(pairs.map(({ verdict }) => verdict))];
}

const whole = await kernel();
const CASES: readonly [title: string, edits: readonly Edit[], expected: readonly string[]][] = [
  ['in headers that the old one includes', [split({ isIncluded: true })], ['compatible']],
  ['in headers that their users include', [split({})], ['compatible']],
  [
    'with a marker that no code speaks of',
    [split({ marker: '#define KHO_RADIX_COMPATIBLE "radix-v1"\n' })],
    ['compatible'],
  ],
  ['and members exchanged on the way', [swap('kho_vmalloc', 'flags', 'order'), split({})], ['misread']],
];
for (const [title, edits, expected] of CASES) {
  test(`the radix tree and vmalloc areas ${title}: ${expected.join()} with 7.3.4, both ways`, async () => {
    assert.deepEqual(verdicts(whole, await kernel(...edits)), expected);
  });
}
