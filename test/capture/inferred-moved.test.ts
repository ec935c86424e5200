import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { bothDoors, type Files, MadeTrees } from '../support/inferred-kernels.ts';

// What nobody has described is known by the name under which it is registered: its header and its driver may lie in any file.

before(initParser);

const trees = new MadeTrees();
after(() => trees.remove());

const RECORD = 'struct foo_ser { u64 size; u32 flags; u32 count; } __packed;\n';
const TYPES = '#include <linux/types.h>\n';
const FLAGS =
  '#define FOO_F_DIRTY (1 << 0)\nenum foo_state { FOO_STATE_IDLE, FOO_STATE_BUSY };\n#define FOO_NAME_LENGTH 64\n';
/** Edits of all that is declared, under an equal marker. */
const HARMS: readonly [from: string, to: string][] = [
  ['u32 count;', 'u32 count; u64 more;'],
  ['(1 << 0)', '(1 << 2)'],
  ['FOO_STATE_IDLE,', 'FOO_STATE_NEW, FOO_STATE_IDLE,'],
];
const marker = (macro = 'FOO_LUO_FH_COMPATIBLE', name = 'foo-v1') => `#define ${macro} "${name}"\n`;
const KEEPS = `static int foo_preserve(void *file)
{
	struct foo_ser *ser = kho_alloc_preserve(sizeof(*ser));

	ser->size = 5;
	ser->flags = FOO_F_DIRTY;
	ser->count = FOO_STATE_BUSY;
	return 0;
}
`;
const registers = (name = 'FOO_LUO_FH_COMPATIBLE') =>
  `static struct liveupdate_file_handler foo_handler = { .compatible = ${name} };\nstatic int foo_init(void) { return liveupdate_register_file_handler(&foo_handler); }\n`;

const ABI = (name: string) => `include/linux/kho/abi/${name}.h`;
const inAbi = (name: string) => `#include <linux/kho/abi/${name}.h>\n`;

/** The form from which all others are moved, with a record of its own. */
const first = (record: string): Files => ({
  [ABI('foo')]: TYPES + marker() + FLAGS + record,
  'drivers/foo/foo_luo.c': inAbi('foo') + KEEPS + registers(),
});

/** Where the same may lie. */
const MOVED: Readonly<Record<string, (record: string) => Files>> = {
  'header and driver': (record) => ({
    [ABI('bar')]: TYPES + marker() + FLAGS + record,
    'drivers/bar/bar_luo.c': inAbi('bar') + KEEPS + registers(),
  }),
  'the header': (record) => ({
    [ABI('bar')]: TYPES + marker() + FLAGS + record,
    'drivers/foo/foo_luo.c': inAbi('bar') + KEEPS + registers(),
  }),
  'the driver': (record) => ({
    [ABI('foo')]: TYPES + marker() + FLAGS + record,
    'drivers/misc/other.c': inAbi('foo') + KEEPS + registers(),
  }),
  'the driver into two files': (record) => ({
    [ABI('foo')]: TYPES + marker() + FLAGS + record,
    'drivers/foo/foo_main.c': inAbi('foo') + registers(),
    'drivers/foo/foo_keep.c': inAbi('foo') + KEEPS,
  }),
  'header and driver, the driver into two files': (record) => ({
    [ABI('bar')]: TYPES + marker() + FLAGS + record,
    'drivers/bar/bar_main.c': inAbi('bar') + registers(),
    'drivers/bar/bar_keep.c': inAbi('bar') + KEEPS,
  }),
  'the header into two': (record) => ({
    [ABI('foo')]: `${inAbi('foo_record')}${marker()}${FLAGS}`,
    [ABI('foo_record')]: TYPES + record,
    'drivers/foo/foo_luo.c': inAbi('foo') + KEEPS + registers(),
  }),
  'the flags into another header': (record) => ({
    [ABI('foo')]: `${inAbi('foo_flags')}${TYPES}${marker()}${record}`,
    [ABI('foo_flags')]: FLAGS,
    'drivers/foo/foo_luo.c': inAbi('foo') + inAbi('foo_flags') + KEEPS + registers(),
  }),
  'the header to one beside the driver': (record) => ({
    'drivers/foo/foo_priv.h': TYPES + marker() + FLAGS + record,
    'drivers/foo/foo_luo.c': `#include "foo_priv.h"\n${KEEPS}${registers()}`,
  }),
  'the marker into the driver, as text': (record) => ({
    [ABI('foo')]: TYPES + FLAGS + record,
    'drivers/foo/foo_luo.c': inAbi('foo') + KEEPS + registers('"foo-v1"'),
  }),
  'the marker’s macro, by name': (record) => ({
    [ABI('bar')]: TYPES + marker('BAR_FH_COMPATIBLE') + FLAGS + record,
    'drivers/bar/bar_luo.c': inAbi('bar') + KEEPS + registers('BAR_FH_COMPATIBLE'),
  }),
  'all of it into the driver': (record) => ({
    'drivers/foo/foo_luo.c': TYPES + marker() + FLAGS + record + KEEPS + registers(),
  }),
  'the flags into the driver': (record) => ({
    [ABI('foo')]: TYPES + marker() + record,
    'drivers/foo/foo_luo.c': inAbi('foo') + FLAGS + KEEPS + registers(),
  }),
  'the record into the driver': (record) => ({
    [ABI('foo')]: TYPES + marker() + FLAGS,
    'drivers/foo/foo_luo.c': inAbi('foo') + record + KEEPS + registers(),
  }),
  'the header to one of the kernel’s': (record) => ({
    [linux('foo')]: TYPES + FLAGS + record,
    'drivers/foo/foo_luo.c': `#include <linux/foo.h>\n${marker()}${KEEPS}${registers()}`,
  }),
  'the flags to a header of uapi': (record) => ({
    'include/uapi/linux/foo.h': FLAGS,
    [ABI('foo')]: TYPES + marker() + record,
    'drivers/foo/foo_luo.c': `${inAbi('foo')}#include <linux/foo.h>\n${KEEPS}${registers()}`,
  }),
  'all of it, by name, to a header of the kernel’s': (record) => ({
    [linux('foo')]: TYPES + FLAGS + plain(record),
    'drivers/foo/foo_luo.c': `#include <linux/foo.h>\n${plain(KEEPS)}${registers('"foo-v1"')}`,
  }),
  'the name into a variable': (record) => ({
    [ABI('foo')]: TYPES + FLAGS + record,
    'drivers/foo/foo_luo.c': `${inAbi('foo')}static const char foo_name[] = "foo-" "v1";\n${KEEPS}${registers('foo_name')}`,
  }),
  'the struct, by name': (record) => ({
    [ABI('bar')]: TYPES + marker() + FLAGS + record.replace('foo_ser', 'bar_ser'),
    'drivers/bar/bar_luo.c': inAbi('bar') + KEEPS.replace('foo_ser', 'bar_ser') + registers(),
  }),
};

/** All of it in the driver, from which others are moved. */
const bare = (record: string): Files => ({
  'drivers/foo/foo_luo.c': TYPES + FLAGS + record + KEEPS + registers('"foo-v1"'),
});
/** A record that nothing about its declaration shows to be handed over. */
const plain = (text: string): string => text.replaceAll('foo_ser', 'foo_record').replace(' __packed', '');
const linux = (name: string) => `include/linux/${name}.h`;
const BARE: typeof MOVED = {
  'all of it from an ABI header': (record) => ({
    [ABI('bar')]: TYPES + marker() + FLAGS + record,
    'drivers/bar/bar_luo.c': inAbi('bar') + KEEPS + registers(),
  }),
  'the driver, into two files with a header of their own': (record) => ({
    'drivers/bar/bar.h': TYPES + FLAGS + record,
    'drivers/bar/bar_main.c': `#include "bar.h"\n${registers('"foo-v1"')}`,
    'drivers/bar/bar_keep.c': `#include "bar.h"\n${KEEPS}`,
  }),
};

/** Data that lies in a subtree, guarded by a marker in it or by a number. */
const subtree = (own: string, name: string, record: string): Files => ({
  [ABI(name)]: TYPES + own + record,
  [`drivers/${name}/${name}.c`]: `${inAbi(name)}static int foo_keep(struct foo_ser *ser)\n{\n\tser->size = 5;\n\treturn kho_add_subtree("foo_state", ser, sizeof(*ser));\n}\n`,
});
const SUBTREES: Readonly<Record<string, string>> = {
  'a subtree with a marker': marker('FOO_KHO_COMPATIBLE', 'foo-kho-v1'),
  'a subtree with a number': '#define FOO_ABI_VERSION 1\n',
  'a subtree that nothing guards': '',
};

/** The same with an edit in whatever file has the place. */
function harmed(files: Files, [from, to]: (typeof HARMS)[number]): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(from, to)]));
}

const CASES: readonly [string, (record: string) => Files, (record: string) => Files][] = [
  ...Object.entries(MOVED).map(([what, move]) => [what, first, move] as const),
  ...Object.entries(BARE).map(([what, move]) => [what, bare, move] as const),
  ...Object.entries(SUBTREES).map(
    ([what, own]) =>
      [
        what,
        (record: string) => subtree(own, 'foo', record),
        (record: string) => subtree(own, 'bar', record),
      ] as const,
  ),
].map(([what, from, to]) => [what, from, to]);

describe('moved under the same name', () => {
  for (const [what, from, to] of IS_WHOLE ? CASES : CASES.filter((_, at) => at % 3 === 0)) {
    test(`${what}: the same reads the same, and what was changed on the way is a misread`, async () => {
      const one = await trees.kernelWith('7.3.4+one', from(RECORD));
      const moved = to(RECORD);
      const harms = HARMS.filter(([place]) => Object.values(moved).some((text) => text.includes(place)));
      assert.ok(harms.length > 0);
      for (const [files, verdict] of [
        [moved, 'compatible-with-notes'] as const,
        ...harms.map((harm) => [harmed(moved, harm), 'misread'] as const),
      ]) {
        const other = await trees.kernelWith('7.3.4+two', files);
        assert.deepEqual(
          [bothDoors(one, other, 'carried'), bothDoors(other, one, 'carried')],
          [verdict, verdict],
          JSON.stringify(files),
        );
      }
    });
  }
});

describe('what is not the same', () => {
  const named = (name: string, text: string): Files => ({
    [ABI(name)]: TYPES + marker('FOO_LUO_FH_COMPATIBLE', text) + RECORD,
    [`drivers/${name}/${name}.c`]: inAbi(name) + KEEPS + registers(),
  });

  for (const [what, other, verdict] of [
    ['a raised marker in other files', named('bar', 'foo-v2'), 'refused'],
    ['another name in other files', named('bar', 'bar-v1'), 'unknown'],
    ['another name in the same files', named('foo', 'bar-v1'), 'unknown'],
  ] as const) {
    test(`${what}: ${verdict}`, async () => {
      const one = await trees.kernelWith('7.3.4+one', named('foo', 'foo-v1'));
      const two = await trees.kernelWith('7.3.4+two', other);
      assert.deepEqual([bothDoors(one, two, 'carried'), bothDoors(two, one, 'carried')], [verdict, verdict]);
    });
  }
});

test('a caller without a name is the same under another name of its own header', async () => {
  const keeps = (name: string, size: number): Files => ({
    [`drivers/keep/${name}.h`]: `#define KEPT ${size}\n`,
    'drivers/keep/keep.c': `#include "${name}.h"\nint keep(struct page *page) { return kho_preserve_pages(page, KEPT); }\n`,
  });
  const one = await trees.kernelWith('7.3.4+one', keeps('first', 4));
  assert.equal(
    bothDoors(one, await trees.kernelWith('7.3.4+two', keeps('second', 4)), 'memory'),
    'compatible-with-notes',
  );
  assert.equal(bothDoors(one, await trees.kernelWith('7.3.4+two', keeps('second', 8)), 'memory'), 'unknown');
});

test('a component is named by what its names have in common', async () => {
  const both = `${marker('FOO_FLB_COMPATIBLE', 'foo_flb_v1')}${marker('FOO_FH_COMPATIBLE', 'foo_fh_v1')}`;
  for (const [text, id] of [
    [marker('X_COMPATIBLE', 'foo-mnt-v12'), 'foo-mnt'],
    [marker('X_COMPATIBLE', 'foo-v1;part-v2'), 'foo'],
    [both, 'foo'],
  ] as const) {
    const { components } = await trees.captured({ [ABI('bar')]: TYPES + text + RECORD });
    assert.ok(components[id]?.isInferred, `${id}: ${Object.keys(components).join(' ')}`);
  }
});
