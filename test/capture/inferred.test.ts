import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { bothDoors, LEAST_KERNEL, MadeTrees } from '../support/inferred-kernels.ts';
import { documentOf, edited, judge } from '../support/shipped.ts';

// What nobody has described is captured by the conventions of the field, and judged: a reader that takes another layout under
// the same marker is found on the day on which it appears.

before(initParser);

const trees = new MadeTrees();
after(() => trees.remove());
const captured = trees.captured.bind(trees);
const kernelWith = trees.kernelWith.bind(trees);

function verdicts(
  outgoing: Kernel | string,
  incoming: Kernel | string,
  profile = 'carried',
): [string, PairVerdict] {
  const pair = judge({ outgoing, incoming, profile });
  return [pair.verdict, pair];
}

const header = (body: string): string => `#include <linux/types.h>\n${body}\n`;
const FOO = header(
  '#define FOO_LUO_FH_COMPATIBLE "foo-v1"\n#define FOO_F_DIRTY 1\nstruct foo_ser { u64 size; u32 flags; u32 count; } __packed;',
);
const FOO_CODE = `#include <linux/kho/abi/foo.h>
static int foo_preserve(void *file)
{
	struct foo_ser *ser = kho_alloc_preserve(sizeof(*ser));
	ser->size = 5;
	return 0;
}
static struct liveupdate_file_handler foo_handler = { .compatible = FOO_LUO_FH_COMPATIBLE };
static int foo_init(void) { return liveupdate_register_file_handler(&foo_handler); }
`;
const foo = (text = FOO, code = FOO_CODE) => ({
  'include/linux/kho/abi/foo.h': text,
  'drivers/foo/foo_luo.c': code,
});

describe('a header and a handler that nobody has seen', () => {
  test('marker, carrier, structs and flags are inferred, under the mark', async () => {
    const { components } = await captured(foo());
    const { isInferred, marker, structs, constants, needs } = components.foo ?? {};
    assert.equal(isInferred, true);
    assert.deepEqual(marker?.writes, 'foo-v1');
    assert.equal(marker?.carrier, 'file-handler');
    assert.equal(marker?.dispatcher, 'luo-session');
    assert.deepEqual(needs, ['luo-session']);
    assert.deepEqual(Object.keys(structs ?? {}), ['foo_ser']);
    assert.deepEqual(constants?.FOO_F_DIRTY, { role: 'flag', value: { all: 1 } });
    assert.deepEqual(components.kho?.doubts ?? [], []);
  });

  test('equal layouts are at best with notes', async () => {
    const [one, other] = [await kernelWith('7.3.4+one', foo()), await kernelWith('7.3.4+two', foo())];
    const [verdict, { components }] = verdicts(one, other);
    assert.equal(verdict, 'compatible-with-notes');
    assert.equal(components.find(({ id }) => id === 'foo')?.verdict, 'compatible-with-notes');
    assert.equal(bothDoors(one, other, 'carried'), 'compatible-with-notes');
    assert.equal(bothDoors(one, other, 'memory'), 'compatible-with-notes');
    assert.equal(bothDoors(one, one, 'carried'), 'compatible-with-notes');
  });

  const CHANGES: Readonly<Record<string, [string, string]>> = {
    'grown at its end': ['u32 count;', 'u32 count; u64 more;'],
    'grown in its middle': ['u32 flags;', 'u32 flags; u32 mode;'],
    'two members exchanged': ['u64 size; u32 flags;', 'u32 flags; u64 size;'],
    'a flag with another value': ['FOO_F_DIRTY 1', 'FOO_F_DIRTY 2'],
    'no longer packed': ['u64 size; u32 flags; u32 count; } __packed', 'u32 flags; u64 size; u32 count; }'],
  };
  for (const [title, [from, to]] of Object.entries(CHANGES)) {
    test(`${title}, under an equal marker: misread, both ways and by both doors`, async () => {
      const one = await kernelWith('7.3.4+one', foo());
      const other = await kernelWith('7.3.4+two', foo(FOO.replace(from, to)));
      for (const [outgoing, incoming] of [
        [one, other],
        [other, one],
      ] as const) {
        assert.equal(bothDoors(outgoing, incoming, 'carried'), 'misread');
      }
    });
  }

  test('another marker is refused; a kernel that lacks it is not passed', async () => {
    const one = await kernelWith('7.3.4+one', foo());
    const raised = await kernelWith('7.3.4+two', foo(FOO.replace('foo-v1', 'foo-v2')));
    assert.equal(bothDoors(one, raised, 'carried'), 'refused');
    assert.equal(
      bothDoors(
        one,
        edited('7.3.4', () => {}),
        'carried',
      ),
      'unknown',
    );
  });

  test('a literal name in the driver, without a header of its own, is enough', async () => {
    const code = (more: string): Record<string, string> => ({
      'drivers/bar/bar.c': `#include <linux/types.h>
struct bar_ser { u64 one; ${more}} __packed;
static struct liveupdate_file_handler bar = { .compatible = "bar-v1" };
int f(void) { return liveupdate_register_file_handler(&bar); }
`,
    });
    const [one, other] = [
      await kernelWith('7.3.4+one', code('')),
      await kernelWith('7.3.4+two', code('u32 two; ')),
    ];
    assert.equal(bothDoors(one, other, 'carried'), 'misread');
    assert.equal(bothDoors(one, one, 'carried'), 'compatible-with-notes');
  });

  test('of headers alone a grown struct is a misread too', async () => {
    const { 'mm/memblock.c': _code, ...headers } = LEAST_KERNEL;
    const made = async (text: string) => {
      const folder = trees.tree({ ...headers, 'include/linux/kho/abi/foo.h': text });
      const { components } = await capture(folder);
      return edited('7.3.4', (document) => {
        if (components.foo) document.components.foo = components.foo;
      });
    };
    const pair = judge({
      outgoing: await made(FOO),
      incoming: await made(FOO.replace('u32 count;', 'u32 count; u64 more;')),
      profile: 'carried',
    });
    assert.equal(pair.verdict, 'misread');
  });
});

const CPU_MARKERS =
  '#define CPU_PRESERVED_LUO_FLB_COMPATIBLE "cpu_flb_v1"\n#define CPU_PRESERVED_LUO_FH_COMPATIBLE "cpu_fh_v1"\n';
const CPU: Readonly<Record<string, string>> = {
  A: '#define CPU_PRESERVED_NAME_LENGTH 64\n#define CPU_PRESERVED_PARKED 1\nstruct cpu_preserved_entry_ser { u32 cpu; u32 workload; u64 stack_pa; u32 stack_order; char name[CPU_PRESERVED_NAME_LENGTH]; char session[64]; } __packed;\nstruct cpu_preserved_ser { u32 count; u64 entries; u64 pcpus_pa; } __packed;',
  B: '#define CPU_PRESERVED_FILE_MAGIC 0x43505546\n#define CPU_PRESERVED_PARKED 1\ntypedef struct { unsigned long bits[8]; } cpumask_t;\nstruct cpu_preserved_global_ser { cpumask_t cpu_preserved_mask; u64 text_runtime_pa; u64 text_runtime_size; u64 data_runtime_pa; u64 data_runtime_size; u64 pcpus_runtime_pa; } __packed;\nstruct cpu_preserved_file_ser { u32 magic; u32 cpu; u64 session_ser_pa; u64 stack_pa; u32 stack_order; u64 pcpu_pa; } __packed;\nstruct cpu_preserved_entry_ser { u32 cpu; u32 workload; u64 stack_pa; u32 stack_order; char name[64]; char session[64]; } __packed;',
  C: 'enum { CPU_PRESERVED_PARKING, CPU_PRESERVED_PARKED, CPU_PRESERVED_EXITING, CPU_PRESERVED_DEAD, CPU_PRESERVED_WORKLOAD };\nstruct cpu_preserved_global_ser { u32 nr_cpu_words; u32 reserved; u64 text_runtime_pa; u64 text_runtime_size; u64 data_runtime_pa; u64 data_runtime_size; u64 cpu_preserved_bitmap[]; } __packed;\nstruct cpu_preserved_as_ser { u64 pgd_pa; u64 nr_pgtable_pages; union { u64 phys; void *ptr; } pg_tables; } __packed;\nstruct cpu_preserved_session_ser { char session_name[64]; u64 workload_pa; union { u64 phys; void *ptr; } as; u32 nr_cpu_words; u32 reserved; u64 cpus_bitmap[]; } __packed;\nstruct cpu_preserved_ser { u32 cpu; u32 state; u64 stack_pa; union { u64 phys; void *ptr; } session; } __packed;',
  D: 'enum { CPU_PRESERVED_PARKING, CPU_PRESERVED_PARKED, CPU_PRESERVED_EXITING, CPU_PRESERVED_DEAD, CPU_PRESERVED_FAULTED, CPU_PRESERVED_WORKLOAD, CPU_PRESERVED_DETACHING };\nstruct cpu_preserved_global_ser { u64 text_runtime_pa; u64 text_runtime_size; u64 data_runtime_pa; u64 data_runtime_size; union { u64 phys; void *ptr; } cpus; u64 arch_mode; };\nstruct cpu_preserved_as_ser { u64 pgd_pa; u64 nr_pgtable_pages; union { u64 phys; void *ptr; } pg_tables; u64 direct_map_offset; };\nstruct cpu_preserved_session_ser { union { u64 phys; void *ptr; } as; };\nstruct cpu_preserved_ser { u32 cpu; u32 state; u64 stack_pa; union { u64 phys; void *ptr; } session; u64 hwid; union { u64 phys; void *ptr; } next; };',
};

test('four layouts of preserved CPUs under one marker misread each other', async () => {
  const kernels = new Map<string, Kernel>();
  for (const [name, body] of Object.entries(CPU))
    kernels.set(
      name,
      await kernelWith(`7.3.4+cpu-${name}`, {
        'include/linux/kho/abi/cpu.h': header(CPU_MARKERS + body),
        'kernel/cpu_luo.c':
          '#include <linux/kho/abi/cpu.h>\nstatic struct liveupdate_flb flb = { .compatible = CPU_PRESERVED_LUO_FLB_COMPATIBLE };\nint f(void *h) { return liveupdate_register_flb(h, &flb); }\n',
      }),
    );
  const told: string[] = [];
  for (const [from, outgoing] of kernels)
    for (const [to, incoming] of kernels) {
      const verdict = bothDoors(outgoing, incoming, 'carried');
      if (verdict !== (from === to ? 'compatible-with-notes' : 'misread'))
        told.push(`${from} ${to} ${verdict}`);
    }
  assert.deepEqual(told, []);
});

describe('the page tracker of a hypervisor, which lies outside the ABI headers', () => {
  const mshv = (more: string): Record<string, string> => ({
    'drivers/hv/mshv_page_preserve.c': `#define FDT_SUBTREE_MSHV "mshv_prsv_pt"
#define MSHV_KHO_COMPAT_STR "mshv_kho-v1"
static int keep(void *fdt, unsigned long root)
{
	fdt_property_string(fdt, "compatible", MSHV_KHO_COMPAT_STR);
	fdt_property(fdt, "root_table", &root, sizeof(root));
${more}	return kho_add_subtree(FDT_SUBTREE_MSHV, fdt, 4096);
}
`,
  });
  const LIST =
    '	fdt_property(fdt, "partition_ids", &root, sizeof(root));\n	fdt_property_u32(fdt, "nr_partition_ids", 1);\n';

  test('one form knows the other’s marker and misreads it', async () => {
    const [first, second] = [
      await kernelWith('7.3.4+m1', mshv('')),
      await kernelWith('7.3.4+m2', mshv(LIST)),
    ];
    for (const profile of ['memory', 'carried']) {
      assert.equal(bothDoors(first, second, profile), 'misread');
      assert.equal(bothDoors(second, first, profile), 'misread');
      assert.equal(bothDoors(first, first, profile), 'compatible-with-notes');
    }
    assert.equal(bothDoors(first, second, 'memfd'), 'compatible');
  });

  test('on one side only it is never a plain pass', async () => {
    const one = await kernelWith('7.3.4+m1', mshv(''));
    const none = edited('7.3.4', () => {});
    for (const profile of ['memory', 'carried']) {
      assert.equal(bothDoors(one, none, profile), 'unknown');
      assert.equal(bothDoors(none, one, profile), 'unknown');
    }
  });
});

test('a marker in a new header that no code speaks of is nothing, and one that code speaks of is in doubt', async () => {
  const split = { 'include/linux/kho/abi/radix_tree.h': '#define KHO_RADIX_COMPATIBLE "radix-v1"\n' };
  const { components } = await captured(split);
  assert.deepEqual(
    Object.values(components).flatMap(({ doubts = [] }) => doubts),
    [],
  );
  const used = await captured({
    ...split,
    'kernel/liveupdate/kexec_handover.c': 'const char *a = KHO_RADIX_COMPATIBLE; /* kho_ */\n',
  });
  assert.deepEqual(
    used.components.kho?.doubts?.map(({ subject }) => subject),
    ['KHO_RADIX_COMPATIBLE'],
  );
});

test('no shipped document has an inferred component', () => {
  const { components } = documentOf('7.3.4');
  assert.ok(Object.values(components).every(({ isInferred }) => isInferred === undefined));
});

describe('a file that hands over under two names', () => {
  const code = (second: string): string => `#include <linux/types.h>
struct first_ser { u64 size; } __packed;
static ${second} kept;
static int both_init(void)
{
	struct first_ser *first = kho_alloc_preserve(sizeof(*first));
	kho_add_subtree("first-v1", first, sizeof(*first));
	return kho_add_subtree("second-v1", &kept, sizeof(kept));
}
`;
  const both = (second: string) => ({ 'drivers/both/both.c': code(second) });

  test('what is inferred of one name says nothing of the other: the file counts as a whole', async () => {
    const [one, grown] = [
      await kernelWith('7.3.4+one', both('u32')),
      await kernelWith('7.3.4+two', both('u64')),
    ];
    for (const profile of ['memory', 'carried']) {
      assert.equal(bothDoors(one, one, profile), 'compatible-with-notes');
      assert.equal(bothDoors(one, grown, profile), 'unknown');
      assert.equal(bothDoors(grown, one, profile), 'unknown');
    }
  });
});

describe('a mask of processors, which a configuration sizes', () => {
  const mask = {
    'include/linux/masks.h':
      '#ifndef CONFIG_NR_CPUS\n#define CONFIG_NR_CPUS 1\n#endif\n#define NR_CPUS CONFIG_NR_CPUS\ntypedef struct { unsigned long bits[(NR_CPUS + 63) / 64]; } cpumask_t;\n',
    ...foo(
      '#include <linux/types.h>\n#include <linux/masks.h>\n#define FOO_LUO_FH_COMPATIBLE "foo-v1"\nstruct foo_ser { cpumask_t cpus; u64 size; } __packed;\n',
    ),
  };
  const built = (count: number): ReadonlyMap<string, string> =>
    new Map([
      ['CONFIG_X86_64', 'y'],
      ['CONFIG_NR_CPUS', String(count)],
    ]);

  test('from source alone it is a note with the condition', async () => {
    const [one, other] = [await kernelWith('7.3.4+one', mask), await kernelWith('7.3.4+two', mask)];
    assert.equal(bothDoors(one, other, 'carried'), 'compatible-with-notes');
    const [, { conditions }] = verdicts(one, other);
    assert.ok(
      conditions?.some((text) => text.includes('CONFIG_NR_CPUS')),
      JSON.stringify(conditions),
    );
  });

  test('two builds are what they are', async () => {
    const small = await kernelWith('7.3.4+64', mask, built(64));
    const large = await kernelWith('7.3.4+512', mask, built(512));
    assert.equal(bothDoors(small, small, 'carried'), 'compatible-with-notes');
    assert.equal(bothDoors(small, large, 'carried'), 'misread');
    assert.equal(bothDoors(large, small, 'carried'), 'misread');
    // Which the source alone is, nobody knows.
    const source = await kernelWith('7.3.4+source', mask);
    assert.equal(bothDoors(source, small, 'carried'), 'unknown');
    assert.equal(bothDoors(source, large, 'carried'), 'misread');
  });
});

describe('what a configuration aligns or counts', () => {
  const HEADERS = {
    'include/linux/cache.h': '#define SMP_CACHE_BYTES (1 << CONFIG_X86_L1_CACHE_SHIFT)\n',
  };
  const CASES: readonly [member: string, option: string, sizes: readonly [number, number]][] = [
    ['u64 line ____cacheline_aligned;', 'CONFIG_X86_L1_CACHE_SHIFT', [6, 7]],
    ['u64 line __aligned(SMP_CACHE_BYTES);', 'CONFIG_X86_L1_CACHE_SHIFT', [6, 7]],
    ['u64 ticks[CONFIG_HZ];', 'CONFIG_HZ', [100, 250]],
  ];
  for (const [member, option, [small, large]] of CASES) {
    test(`${member} a note from source alone, ${option} in two builds tells them apart`, async () => {
      const files = {
        ...HEADERS,
        ...foo(
          `#include <linux/types.h>\n#include <linux/cache.h>\n#define FOO_LUO_FH_COMPATIBLE "foo-v1"\nstruct foo_ser { u64 head; ${member} u64 tail; };\n`,
        ),
      };
      const [one, other] = [await kernelWith('7.3.4+one', files), await kernelWith('7.3.4+two', files)];
      const [, { verdict, conditions }] = verdicts(one, other);
      assert.equal(verdict, 'compatible-with-notes');
      assert.ok(
        conditions?.some((text) => text.includes(option)),
        JSON.stringify(conditions),
      );
      const built = (value: number) =>
        kernelWith(
          `7.3.4+${value}`,
          files,
          new Map([
            ['CONFIG_X86_64', 'y'],
            [option, String(value)],
          ]),
        );
      assert.equal(bothDoors(await built(small), await built(large), 'carried'), 'misread');
    });
  }
});
