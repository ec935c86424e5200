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

const MEMFD = 'mm/memfd_luo.c';
const OPERATIONS = 'include/linux/liveupdate.h';
const REGISTERING = /static int memfd_luo_init[\s\S]*late_initcall\(memfd_luo_init\);\n/;
const withHeader = (text: string): Edit => {
  return (tree) => tree.set(OPERATIONS, `${tree.get(OPERATIONS) ?? ''}${text}`);
};

/** What is said of how the handler of memory files is registered. */
async function registered(edits: readonly Edit[]): Promise<string> {
  const facts = (await captureEdited(edits)).components.get('memfd')?.facts;
  const doubt = facts?.doubts?.find(({ subject }) => subject === 'MEMFD_LUO_FH_COMPATIBLE');
  return `${facts?.available}${facts?.reason === undefined ? '' : `: ${facts.reason}`}${doubt ? `; ${doubt.message}` : ''}`;
}

test('a handler is registered by a helper of a header', async () => {
  const helper =
    'static inline int made_register(struct liveupdate_file_handler *fh)\n{\n\treturn liveupdate_register_file_handler(fh);\n}\n';
  const called = replaced(MEMFD, /liveupdate_register_file_handler\(/, 'made_register(');
  assert.equal(await registered([withHeader(helper), called]), 'buildable');
  assert.match(await registered([called]), /^buildable; nothing in its own files registers/);
});

test('a handler is registered by a macro that makes the function and its initcall', async () => {
  const macro = (initcall: string): Edit =>
    withHeader(`#define made_handler(_fh) \\
static int _fh##_init(void) \\
{ \\
	return liveupdate_register_file_handler(&_fh); \\
} \\
${initcall}(_fh##_init)
`);
  const made = replaced(MEMFD, REGISTERING, 'made_handler(memfd_luo_handler);\n');
  assert.equal(await registered([macro('late_initcall'), made]), 'buildable');
  for (const initcall of ['early_initcall', 'made_call'])
    assert.match(await registered([macro(initcall), made]), /^buildable; nothing in its own files/, initcall);
});

test('a handler is registered by a function that has another name in this kernel', async () => {
  const name = 'made_register_file_handler';
  const own = `int ${name}(struct liveupdate_file_handler *fh)\n{\n\tlist_add_tail(&fh->list, &made_list);\n\treturn 0;\n}\n`;
  const edits = [
    editFile('kernel/liveupdate/luo_file.c', (text) => `${text}${own}`),
    replaced(MEMFD, /liveupdate_register_file_handler\(/, `${name}(`),
  ];
  assert.equal(await registered(edits), 'buildable');
});

test('a handler is registered by a function that another file calls', async () => {
  const open = replaced(
    MEMFD,
    REGISTERING,
    'int memfd_luo_init(void)\n{\n\treturn liveupdate_register_file_handler(&memfd_luo_handler);\n}\n',
  );
  const calling = (body: string): Edit => {
    return (tree) =>
      tree.set('mm/memfd.c', `static int memfd_init(void)\n{\n${body}}\nlate_initcall(memfd_init);\n`);
  };
  const message = 'which registers MEMFD_LUO_FH_COMPATIBLE';
  assert.equal(
    await registered([open, calling('\treturn memfd_luo_init();\n')]),
    `buildable; memfd_luo_init(), ${message}, is called in mm/memfd.c alone`,
  );
  for (const edits of [[open], [open, calling('\treturn 0;\n\treturn memfd_luo_init();\n')]])
    assert.equal(
      await registered(edits),
      `buildable; nothing that is read calls memfd_luo_init(), ${message}`,
    );
  const mute = replaced(MEMFD, /late_initcall\(memfd_luo_init\);\n/, '');
  assert.equal(await registered([mute]), 'no: its handler is never registered');
});

test('a macro that a Makefile gives and that handed-over data speaks of leaves it in doubt', async () => {
  const doubted = async (edits: readonly Edit[]): Promise<string[]> =>
    [...(await captureEdited(edits)).components].flatMap(([id, { facts }]) =>
      (facts.doubts ?? []).flatMap(({ subject }) => (subject === 'MADE_WIDE' ? id : [])),
    );
  const wide = replaced(
    'include/linux/kho/abi/luo.h',
    /struct luo_file_set_ser \{\n/,
    '$&#ifdef MADE_WIDE\n\tu64 id;\n#endif\n',
  );
  for (const flags of ['ccflags-y += -DMADE_WIDE', 'CFLAGS_luo_file.o := -O2 -DMADE_WIDE=1']) {
    const given = editFile(MAKEFILE, (text) => `${flags}\n${text}`);
    assert.ok((await doubted([wide, given])).includes('luo-session'), flags);
    assert.deepEqual(await doubted([given]), []);
  }
  assert.deepEqual(await doubted([wide]), []);
});

test('a struct is taken from the header that the code includes on a target', async () => {
  const sizes = async (edits: readonly Edit[]): Promise<string> => {
    const layout = (await captureEdited(edits)).components.get('kho')?.facts.structs.kho_scratch?.layout;
    return JSON.stringify(layout, (key, value) => (key === 'members' ? undefined : value));
  };
  const own: Edit = (tree) =>
    tree.set(
      'arch/x86/include/asm/kexec_handover.h',
      'struct kho_scratch {\n\tphys_addr_t addr;\n\tphys_addr_t size;\n\tu64 made;\n};\n',
    );
  const including: Edit = (tree) =>
    tree.set('include/linux/kexec_handover.h', '#include <linux/types.h>\n#include <asm/kexec_handover.h>\n');
  const plain = await sizes([]);
  assert.equal(await sizes([own]), plain);
  const found = await sizes([own, including]);
  assert.match(found, /"x86_64-4k":\{[^}]*"size":24/);
  assert.match(found, /"arm64-4k":\{[^}]*"size":16/);
});
