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

test('parts of an object that a variable or a function of make names are built', async () => {
  const rows = [
    'luo-y := kho_block.o $(addprefix luo_,core.o file.o flb.o session.o)\n\n',
    'luo-parts := kho_block.o luo_core.o luo_file.o luo_flb.o luo_session.o\nluo-y := $(luo-parts)\n\n',
  ];
  for (const rule of rows)
    assert.deepEqual(await optionsOf('luo-session', [replaced(MAKEFILE, /luo-y :=[^#]*?\n\n/, rule)]), LUO);
  const unread = replaced(MAKEFILE, /luo-y :=[^#]*?\n\n/, 'luo-y := $(patsubst %.c,%.o,$(MADE))\n\n');
  assert.equal(
    await optionsOf('luo-session', [unread]),
    `unknown: no rule of ${MAKEFILE} builds kernel/liveupdate/luo_file.c, as far as it is read: it says $(MADE)`,
  );
});

test('a folder counts where each one around it is entered', async () => {
  const moved = moveFile('mm/memfd_luo.c', 'mm/liveupdate/memfd.c');
  const made = (path: string, text: string): Edit => {
    return (tree) => tree.set(path, text);
  };
  const edits = [
    moved,
    made('mm/liveupdate/Makefile', 'obj-$(CONFIG_LIVEUPDATE_MEMFD) += memfd.o\n'),
    replaced('mm/Makefile', /.*memfd_luo\.o\n/, ''),
  ];
  assert.equal(await optionsOf('memfd', edits), 'unknown: no rule of mm/Makefile builds mm/liveupdate/');
  const entered = editFile('mm/Makefile', (text) => `${text}obj-y += liveupdate/\n`);
  assert.deepEqual(await optionsOf('memfd', [...edits, entered]), [...LUO, 'CONFIG_LIVEUPDATE_MEMFD']);
});

/** The Kconfig files that every kernel has. */
const WHOLE: Edit = (tree) => {
  tree.set('kernel/Kconfig.kexec', 'config KEXEC_FILE\n\tbool "Test"\n');
  tree.set('mm/Kconfig', 'config MEMBLOCK_KHO_SCRATCH\n\tbool\n');
  tree.set('fs/Kconfig', 'config MEMFD_CREATE\n\tbool "Test" if EXPERT\n\tdefault y\n');
};
const SELECTING = replaced(KCONFIG, /config KEXEC_HANDOVER\n/, '$&\tselect MEMBLOCK_KHO_SCRATCH\n');

test('what builds the code must be an option that some Kconfig declares', async () => {
  const rule = replaced('mm/Makefile', /CONFIG_LIVEUPDATE_MEMFD/, 'CONFIG_LIVEUPDATE_SHMEM');
  const why =
    'unknown: mm/Makefile builds mm/memfd_luo.c under CONFIG_LIVEUPDATE_SHMEM, which no Kconfig that is read declares';
  assert.equal(await optionsOf('memfd', [WHOLE, rule]), why);
  const declared = editFile(KCONFIG, (text) => `${text}\nconfig LIVEUPDATE_SHMEM\n\tbool "Test"\n`);
  assert.deepEqual(await optionsOf('memfd', [WHOLE, rule, declared]), [
    ...LUO,
    'CONFIG_LIVEUPDATE_MEMFD',
    'CONFIG_LIVEUPDATE_SHMEM',
  ]);
});

test('an option that nobody is asked about and nothing turns on is never on', async () => {
  const given = (entry: string) => replaced(KCONFIG, /config LIVEUPDATE\n\tbool "Test"\n/, entry);
  const mute = given('config LIVEUPDATE\n\tbool\n');
  const why = 'unknown: no Kconfig that is read lets CONFIG_LIVEUPDATE be on';
  assert.equal(await optionsOf('luo', [WHOLE, mute]), why);
  assert.equal(await optionsOf('memfd', [WHOLE, mute]), why);
  assert.equal(await optionsOf('luo', [WHOLE, given('config LIVEUPDATE\n\tbool\n\tdefault n\n')]), why);
  for (const entry of [
    'config LIVEUPDATE\n\tdef_bool KEXEC_HANDOVER\n',
    'config MADE\n\tbool "Test"\n\tselect LIVEUPDATE\n\nconfig LIVEUPDATE\n\tbool\n',
    'config LIVEUPDATE\n\tbool\n\tprompt "Test" if EXPERT\n',
  ])
    assert.deepEqual(await optionsOf('luo', [WHOLE, given(entry)]), LUO, entry);
});

test('an option that the code was read with and that nothing selects leaves its reader in doubt', async () => {
  const doubtsOf = async (edits: readonly Edit[]) =>
    ((await captureEdited(edits)).components.get('kho')?.facts.doubts ?? []).map(
      ({ subject, side }) => `${side} ${subject}`,
    );
  const doubt = 'reads CONFIG_MEMBLOCK_KHO_SCRATCH';
  assert.ok((await doubtsOf([WHOLE])).includes(doubt));
  assert.ok(!(await doubtsOf([WHOLE, SELECTING])).includes(doubt));
  assert.ok(!(await doubtsOf([])).includes(doubt));
});
