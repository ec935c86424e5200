import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveFunctions } from '../accuracy/edit-code.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import { editFile, moveFile } from '../accuracy/edit-declarations.ts';
import { captureEdited } from '../accuracy/judge-mutation.ts';

const MAKEFILE = 'kernel/liveupdate/Makefile';
const KCONFIG = 'kernel/liveupdate/Kconfig';

async function optionsOf(component: string, edits: readonly Edit[]): Promise<string[] | string> {
  const facts = (await captureEdited(edits)).components.get(component)?.facts;
  if (facts?.available !== 'buildable') return `${facts?.available}: ${facts?.reason}`;
  return facts.options.map(({ name }) => name);
}

const replaced = (path: string, from: RegExp, to: string): Edit =>
  editFile(path, (text) => text.replace(from, to));

const LUO = ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'];

test('options come from the Makefile that builds the code', async () => {
  assert.deepEqual(await optionsOf('memfd', []), [...LUO, 'CONFIG_LIVEUPDATE_MEMFD']);
  assert.deepEqual(await optionsOf('luo', []), LUO);
});

test('an option by another name takes the place of the one that is gone', async () => {
  const edits = [
    replaced(KCONFIG, /config LIVEUPDATE_MEMFD/, 'config MEMFD_LIVEUPDATE'),
    replaced('mm/Makefile', /CONFIG_LIVEUPDATE_MEMFD/, 'CONFIG_MEMFD_LIVEUPDATE'),
  ];
  assert.deepEqual(await optionsOf('memfd', edits), [...LUO, 'CONFIG_MEMFD_LIVEUPDATE']);
});

test('an option that is gone with nothing in its place leaves it open', async () => {
  const edits = [replaced(KCONFIG, /config LIVEUPDATE_MEMFD/, 'config MEMFD_LIVEUPDATE')];
  assert.equal(
    await optionsOf('memfd', edits),
    "unknown: CONFIG_LIVEUPDATE_MEMFD is no option of this kernel's Kconfig",
  );
});

test('a part of the composite object has its own option beside that of the whole', async () => {
  const edits = [
    replaced(MAKEFILE, /luo_flb\.o /, ''),
    editFile(MAKEFILE, (text) => `${text}luo-$(CONFIG_LIVEUPDATE_FLB) += luo_flb.o\n`),
  ];
  assert.deepEqual(await optionsOf('luo-flb', edits), [...LUO, 'CONFIG_LIVEUPDATE_FLB']);
  assert.deepEqual(await optionsOf('luo', edits), LUO);
});

test('every file with code that the component needs must be built', async () => {
  for (const object of ['luo_session', 'luo_file'])
    assert.equal(
      await optionsOf('luo-session', [replaced(MAKEFILE, new RegExp(`${object}\\.o`), '')]),
      `unknown: no rule of ${MAKEFILE} builds kernel/liveupdate/${object}.c`,
    );
});

test('code in a new file is built as where it lay', async () => {
  const core = 'kernel/liveupdate/luo_core.c';
  assert.deepEqual(await optionsOf('luo', [moveFile(core, 'kernel/liveupdate/core.c')]), LUO);
  const moved = moveFunctions(['luo_state_setup'], 'kernel/liveupdate/luo_out.c', '');
  assert.deepEqual(await optionsOf('luo', [moved]), LUO);
});

test('two rules for one object ask for neither option', async () => {
  const edits = [editFile('mm/Makefile', (text) => `${text}obj-$(CONFIG_MADE) += memfd_luo.o\n`)];
  assert.deepEqual(await optionsOf('memfd', edits), [...LUO, 'CONFIG_LIVEUPDATE_MEMFD']);
});
