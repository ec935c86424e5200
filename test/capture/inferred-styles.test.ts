import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { bothDoors, type Files, MadeTrees } from '../support/inferred-kernels.ts';

// What nobody has described may be written in many ways: an edit of its data is found in each of them, and what is the driver's
// own is not taken for data.

before(initParser);

const trees = new MadeTrees();
after(() => trees.remove());

const TYPES = '#include <linux/types.h>\n';
const FLAGS = '#define FOO_FLAG_X (1 << 0)\n';
const RECORD = 'struct foo_ser { u64 size; u32 flags; u32 state; u64 slots[4]; } __packed;\n';

interface Parts {
  /** Beside flags and record, before the functions. */
  before?: string;
  flags?: string;
  record?: string;
  /** What the writer and the reader do with `ser`. */
  writes?: string;
  reads?: string;
  name?: string;
}

const driver = ({
  before: own = '',
  flags = FLAGS,
  record = RECORD,
  writes = 'ser->flags = FOO_FLAG_X;',
  reads = 'if (ser->flags & ~FOO_FLAG_X)\n\t\treturn -22;',
  name = '"foo-v1"',
}: Parts): Files => ({
  'drivers/foo/foo_luo.c': `${TYPES}${flags}${record}${own}static int foo_preserve(struct liveupdate_file_op_args *args)
{
	struct foo_ser *ser = kho_alloc_preserve(sizeof(*ser));

	${writes}
	args->serialized_data = virt_to_phys(ser);
	return 0;
}
static int foo_retrieve(struct liveupdate_file_op_args *args)
{
	struct foo_ser *ser = phys_to_virt(args->serialized_data);

	${reads}
	return 0;
}
static struct liveupdate_file_handler foo_handler = { .compatible = ${name} };
static int foo_init(void) { return liveupdate_register_file_handler(&foo_handler); }
`,
});

const OTHER = { flags: '#define FOO_FLAG_X (1 << 2)\n' };
const BITS = { writes: 'set_bit(FOO_BIT_X, &ser->size);', reads: '' };
const LOCAL = {
  writes: 'u32 flags = 0;\n\n\tif (args->file)\n\t\tflags |= FOO_FLAG_X;\n\tser->flags = flags;',
  reads: '',
};
const HELPER = {
  before:
    'static u32 foo_flags(void *file)\n{\n\treturn file ? FOO_FLAG_X : 0;\n}\nstatic void foo_set(struct foo_ser *ser, u32 flags)\n{\n\tser->flags = flags;\n}\n',
  writes: 'foo_set(ser, foo_flags(args->file));\n\tser->state = foo_flags(0);',
  reads: '',
};
const SWITCH = { writes: '', reads: 'switch (ser->flags) {\n\tcase FOO_FLAG_X:\n\t\treturn -22;\n\t}' };
const TABLE = {
  before: 'static const struct { u32 from, to; } foo_map[] = { { 1, FOO_FLAG_X } };\n',
  writes: 'ser->flags = foo_map[0].to;',
  reads: '',
};
const CONTEXT = {
  before: 'struct foo_ctx { struct foo_ser *kept; int refs; };\n',
  writes: 'struct foo_ctx *ctx = args->private_data;\n\n\tctx->kept = ser;\n\tctx->kept->flags = FOO_FLAG_X;',
  reads: '',
};
const ENTRY = 'struct foo_entry { u64 at; u32 kind; };\n';
const entries = (entry: string, from: string): Parts => ({
  record: entry + RECORD,
  writes: `struct foo_entry *entry = ${from};\n\n\tentry->kind = 1;`,
  reads: '',
});
const GROWN_ENTRY = ENTRY.replace('u64 at;', 'u64 at; u64 more;');
const KEPT = (entry: string): Parts => ({
  record: entry + RECORD,
  writes: 'struct foo_entry *all = vmalloc(64);\n\n\tkho_preserve_vmalloc(all, &ser->size);',
  reads: '',
});
const PLAIN = RECORD.replace('foo_ser', 'foo_kept').replace(' __packed', '');
const folio = (record: string): Parts => ({
  record: record + RECORD,
  writes: 'struct foo_kept *kept = folio_address(args->folio);\n\n\tkho_preserve_folio(args->folio);',
  reads: '',
});
const GROWN = RECORD.replace('u32 state;', 'u32 mode; u32 state;');
/** The driver's own. */
const OWN = {
  before:
    '#define FOO_RETRIES 3\nenum foo_phase { FOO_PHASE_A, FOO_PHASE_B };\nstruct foo_dev { int phase; };\nstatic int foo_wait(struct foo_dev *dev)\n{\n\tint i;\n\n\tfor (i = 0; i < FOO_RETRIES; i++)\n\t\tif (dev->phase == FOO_PHASE_B)\n\t\t\treturn 0;\n\treturn -22;\n}\n',
};
const OWN_OTHERS = {
  before: OWN.before
    .replace('RETRIES 3', 'RETRIES 5')
    .replace('FOO_PHASE_A,', 'FOO_PHASE_0, FOO_PHASE_A,')
    .replace('int phase;', 'int refs; int phase;'),
};

const CASES: readonly [what: string, verdict: string, outgoing: Parts, incoming: Parts][] = [
  ['a flag in the driver', 'misread', {}, OTHER],
  ['a flag by enumerator', 'same', {}, { flags: 'enum foo_flags { FOO_FLAG_X = 1 };\n' }],
  ['a flag by constant variable', 'same', {}, { flags: 'static const u32 FOO_FLAG_X = 1;\n' }],
  ['another flag by constant variable', 'misread', {}, { flags: 'static const u32 FOO_FLAG_X = 2;\n' }],
  ['a flag through a local variable', 'misread', LOCAL, { ...LOCAL, ...OTHER }],
  ['a flag through helpers', 'misread', HELPER, { ...HELPER, ...OTHER }],
  ['a state of a switch', 'misread', SWITCH, { ...SWITCH, ...OTHER }],
  ['a flag in a table', 'misread', TABLE, { ...TABLE, ...OTHER }],
  ['a flag through a context', 'misread', CONTEXT, { ...CONTEXT, ...OTHER }],
  [
    'a bit by number',
    'misread',
    { ...BITS, flags: '#define FOO_BIT_X 3\n' },
    { ...BITS, flags: '#define FOO_BIT_X 4\n' },
  ],
  ['what is the driver’s own', 'same', OWN, OWN_OTHERS],
  ['the driver’s own, new', 'same', {}, OWN],
  [
    'entries of a block',
    'misread',
    entries(ENTRY, 'kho_block_set_it_next(it)'),
    entries(GROWN_ENTRY, 'kho_block_set_it_next(it)'),
  ],
  ['entries that are kept by address', 'misread', KEPT(ENTRY), KEPT(GROWN_ENTRY)],
  [
    'a record in a folio',
    'misread',
    folio(PLAIN),
    folio(PLAIN.replace('u32 state;', 'u64 more; u32 state;')),
  ],
  ['a record in a folio, a member by name', 'same', folio(PLAIN), folio(PLAIN.replace('state', 'mode'))],
  ['a name of texts in a row', 'same', {}, { name: '"foo-" "v1"' }],
  ['a name of texts in a row, raised', 'refused', {}, { name: '"foo-" "v2"', record: GROWN }],
  ['a name in parentheses', 'same', {}, { name: '("foo-v1")' }],
  [
    'a name by variable',
    'same',
    {},
    { before: 'static const char foo_name[] = "foo-v1";\n', name: 'foo_name' },
  ],
  [
    'a name by variable, raised',
    'refused',
    {},
    { before: 'static const char *foo_name = "foo-v2";\n', name: 'foo_name', record: GROWN },
  ],
  [
    'a name by an alias',
    'same',
    {},
    { before: '#define FOO_V1 "foo-v1"\n#define FOO_NAME FOO_V1\n', name: 'FOO_NAME' },
  ],
];

describe('one driver in many ways', () => {
  for (const [what, verdict, from, to] of IS_WHOLE ? CASES : CASES.filter((_, at) => at % 2 === 0)) {
    test(`${what}: ${verdict}, both ways`, async () => {
      const one = await trees.kernelWith('7.3.4+one', driver(from));
      const other = await trees.kernelWith('7.3.4+two', driver(to));
      const expected = verdict === 'same' ? 'compatible-with-notes' : verdict;
      assert.deepEqual(
        [bothDoors(one, other, 'carried'), bothDoors(other, one, 'carried')],
        [expected, expected],
      );
    });
  }
});

describe('a file handler and shared data under two names', () => {
  const PART = 'struct foo_part_ser { u64 at; } __packed;\n';
  const flb = (name: string): string =>
    `static struct liveupdate_flb foo_flb = { .compatible = ${name} };\nint foo_flb_init(void) { return liveupdate_register_flb(&foo_handler, &foo_flb); }\n`;
  const both = (handler: string, shared: string, record = RECORD): Files => {
    const [[path, text] = ['', '']] = Object.entries(driver({ record: PART + record, name: `"${handler}"` }));
    return { [path]: text + flb(`"${shared}"`) };
  };
  const inHeader = (handler: string, shared: string): Files => {
    const [[path, text] = ['', '']] = Object.entries(
      driver({ record: '', flags: '', name: 'FOO_FH_COMPATIBLE' }),
    );
    const macros = `#define FOO_FH_COMPATIBLE "${handler}"\n#define FOO_FLB_COMPATIBLE "${shared}"\n`;
    return {
      'include/linux/kho/abi/foo.h': TYPES + macros + FLAGS + PART + RECORD,
      [path]: `#include <linux/kho/abi/foo.h>\n${text}${flb('FOO_FLB_COMPATIBLE')}`,
    };
  };

  for (const [what, verdict, files] of [
    ['the handler’s name raised', 'refused', both('foo_fh_v2', 'foo_flb_v1')],
    ['the shared data’s name raised', 'refused', both('foo_fh_v1', 'foo_flb_v2')],
    ['the record grown', 'misread', both('foo_fh_v1', 'foo_flb_v1', GROWN)],
    ['from a header of the ABI', 'compatible-with-notes', inHeader('foo_fh_v1', 'foo_flb_v1')],
    ['from a header of the ABI, the handler’s name raised', 'refused', inHeader('foo_fh_v2', 'foo_flb_v1')],
  ] as const) {
    test(`${what}: ${verdict}`, async () => {
      const one = await trees.kernelWith('7.3.4+one', both('foo_fh_v1', 'foo_flb_v1'));
      const other = await trees.kernelWith('7.3.4+two', files);
      assert.deepEqual(
        [bothDoors(one, other, 'carried'), bothDoors(other, one, 'carried')],
        [verdict, verdict],
      );
    });
  }
});
