import { beforeFunction, inFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { addFile, editFile, redefine, replaceMatch, replaceText } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, DROPPED, IGNORED, MISREAD, NOTED, PANIC, READS_SAME, SAME, UNKNOWN } from '../mutation.ts';
import type { CodeRow } from './code-rows.ts';
import { codeMutations, OPEN } from './code-rows.ts';

// What decides the bytes beside functions: tables, enumerators, macros of a file's own, helpers in other headers; and
// readers that compare in other ways.

const CODE = { family: 'code', kind: 'code' } as const;
const MEMFD = 'mm/memfd_luo.c';
const SHIFT = 'i_size_write(inode_of(args), record->size);';

/** Both kernels have `given`; what is changed is in it. */
function within(name: string, given: readonly Edit[], edits: readonly Edit[]): Mutation {
  return { ...CODE, name, profile: 'memfd', only: 'fixture', given, edits, ...both(OPEN) };
}

const TABLE = [
  beforeFunction(
    'kho_preserve_vmalloc',
    'static const struct {\n\tbool alloc;\n\tu16 kept;\n} kept_flags[] = {\n\t{ true, KHO_VMALLOC_ALLOC },\n\t{ false, KHO_VMALLOC_HUGE_VMAP },\n};\n',
  ),
  inFunction(
    'kho_preserve_vmalloc',
    'kept->flags = area->flags & VM_ALLOC ? KHO_VMALLOC_ALLOC : KHO_VMALLOC_HUGE_VMAP;',
    'kept->flags = kept_flags[!(area->flags & VM_ALLOC)].kept;',
  ),
];
const ENUMERATOR = [
  beforeFunction('memfd_luo_retrieve', 'enum {\n\tSIZE_FIRST,\n\tSIZE_SHIFT,\n};\n'),
  inFunction('memfd_luo_retrieve', SHIFT, 'i_size_write(inode_of(args), record->size << SIZE_SHIFT);'),
];
const UNDER_OPTION = replaceText(
  'record->size = bytes;',
  '#ifdef CONFIG_MADE_SMALL\n\trecord->size = bytes >> 12;\n#else\n\trecord->size = bytes;\n#endif',
);
const ANOTHER_FUNCTION = editFile(MEMFD, (text) => {
  const [own = ''] = /^static [^;{]*\bmemfd_luo_preserve\([^;{]*\{.*?^\}\n/ms.exec(text) ?? [];
  const other = own.replace('record->size = bytes;', 'record->size = bytes >> 12;');
  return text.replace(own, `#ifdef CONFIG_MADE_SMALL\n${other}#else\n${own}#endif\n`);
});
const HEADER = [
  addFile(
    'include/linux/luo_unit.h',
    '#define LUO_UNIT 1\nstatic inline u64 luo_in_units(u64 size)\n{\n\treturn size;\n}\n',
  ),
  editFile(MEMFD, (text) => `#include <linux/luo_unit.h>\n${text}`),
  inFunction(
    'memfd_luo_retrieve',
    SHIFT,
    'i_size_write(inode_of(args), luo_in_units(record->size) * LUO_UNIT);',
  ),
];

const GIVEN: readonly Mutation[] = [
  {
    ...within('kho: the entries of a table of flags that both have are exchanged', TABLE, [
      replaceText('{ true, KHO_VMALLOC_ALLOC }', '{ true, KHO_VMALLOC_HUGE_VMAP }'),
      replaceText('{ false, KHO_VMALLOC_HUGE_VMAP }', '{ false, KHO_VMALLOC_ALLOC }'),
    ]),
    profile: 'memory',
  },
  within('memfd: an enumerator that its code shifts by is another', ENUMERATOR, [
    replaceText('SIZE_FIRST,', 'SIZE_FIRST = 11,'),
  ]),
  within('memfd: a helper in a header that both include gives another unit', HEADER, [
    replaceText('return size;', 'return size >> 12;'),
  ]),
  within('memfd: a macro in a header that both include is another number', HEADER, [
    redefine('LUO_UNIT', '4096'),
  ]),
];

/** The marker compared in another way; the changed kernel's is another. */
const compare = (by: string): Edit =>
  inFunction('luo_early_startup', /strncmp\((\w+)->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN\)/, by);
const RAISED = redefine('LUO_ABI_COMPATIBLE', '"luo-v6"');
const TAKEN = { forward: READS_SAME, backward: PANIC } as const;

/** The version of the metadata tested in another way. */
const versions = (by: string): Edit =>
  inFunction('kho_in_kexec_metadata', /(\w+)->version != KHO_KEXEC_METADATA_VERSION/, by);
const WRITTEN = /fdt_property_string\((\w+), "compatible", KHO_FDT_COMPATIBLE\)/;
const NEXT = redefine('KHO_KEXEC_METADATA_VERSION', '2');

const ROWS: readonly CodeRow[] = [
  [
    'luo: three letters of the marker are compared, and the marker raised',
    'memfd',
    [compare('strncmp($1->compatible, LUO_ABI_COMPATIBLE, 3)'), RAISED],
    TAKEN,
  ],
  [
    'luo: the beginning of the marker is asked for, and the marker raised',
    'memfd',
    [compare('!strstarts($1->compatible, "luo-v")'), RAISED],
    TAKEN,
  ],
  [
    'luo: the beginning of the marker is asked for, the marker raised with a change of the layout',
    'memfd',
    [
      compare('!strstarts($1->compatible, "luo-v")'),
      RAISED,
      replaceText('\tu64 sessions_pa;\n\tu64 flbs_pa;', '\tu64 flbs_pa;\n\tu64 sessions_pa;'),
    ],
    { forward: MISREAD, backward: PANIC },
  ],
  [
    'luo: as many letters are compared as the marker has, and the marker raised',
    'memfd',
    [compare('strncmp($1->compatible, LUO_ABI_COMPATIBLE, strlen(LUO_ABI_COMPATIBLE))'), RAISED],
    both(PANIC),
  ],
  [
    'luo: as many letters are compared as the marker has',
    'memfd',
    [compare('strncmp($1->compatible, LUO_ABI_COMPATIBLE, sizeof(LUO_ABI_COMPATIBLE) - 1)')],
    both(READS_SAME),
  ],
  [
    'kho: a list of two markers is written, the known one behind',
    'memory',
    [replaceMatch(WRITTEN, 'fdt_property($1, "compatible", "kho-v5\\0kho-v4", sizeof("kho-v5\\0kho-v4"))')],
    both(READS_SAME),
  ],
  [
    'kho: a list of two markers is written, none of them known',
    'memory',
    [replaceMatch(WRITTEN, 'fdt_property($1, "compatible", "kho-v6\\0kho-v5", sizeof("kho-v6\\0kho-v5"))')],
    { forward: READS_SAME, backward: DROPPED },
  ],
  [
    'kho: another marker is a panic, and the marker raised',
    'memory',
    [
      inFunction('kho_populate', /(COMPATIBLE\);\n\tif \(err\) \{)/, '$1\n\t\tpanic("KHO: not ours");'),
      redefine('KHO_FDT_COMPATIBLE', '"kho-v5"'),
    ],
    { forward: PANIC, backward: DROPPED },
  ],
  [
    'metadata: a switch takes two versions, and the version raised',
    'metadata',
    [
      inFunction(
        'kho_in_kexec_metadata',
        /if \((\w+)->version != KHO_KEXEC_METADATA_VERSION\) \{[^}]*\}/,
        'switch ($1->version) {\n\tcase 1:\n\tcase KHO_KEXEC_METADATA_VERSION:\n\t\tbreak;\n\tdefault:\n\t\treturn;\n\t}',
      ),
      NEXT,
    ],
    { forward: READS_SAME, backward: IGNORED },
  ],
  [
    'metadata: a switch takes the new version alone, and the version raised',
    'metadata',
    [
      inFunction(
        'kho_in_kexec_metadata',
        /if \((\w+)->version != KHO_KEXEC_METADATA_VERSION\) \{[^}]*\}/,
        'switch ($1->version) {\n\tcase 2:\n\t\tbreak;\n\tdefault:\n\t\treturn;\n\t}',
      ),
      NEXT,
    ],
    both(IGNORED),
  ],
  [
    'metadata: the version is tested in a range, and raised',
    'metadata',
    [versions('!in_range($1->version, 1, 2)'), NEXT],
    { forward: [...READS_SAME, ...UNKNOWN], backward: IGNORED },
  ],
  [
    'metadata: the version is not tested, and raised',
    'metadata',
    [
      inFunction(
        'kho_in_kexec_metadata',
        /if \((\w+)->version != KHO_KEXEC_METADATA_VERSION\) \{[^}]*\}\n/,
        '',
      ),
      NEXT,
    ],
    { forward: [...READS_SAME, ...UNKNOWN], backward: IGNORED },
  ],
  [
    'memfd: a macro of the file takes the place of the one by which pages become addresses',
    'memfd',
    [
      editFile(MEMFD, (text) =>
        text.replace('\n\n', '\n\n#undef PFN_PHYS\n#define PFN_PHYS(pfn) ((phys_addr_t)(pfn) << 13)\n\n'),
      ),
    ],
    { forward: OPEN, backward: READS_SAME },
  ],
  [
    'kho: the result of kho_encode_radix_key() is an int, which has no room for the order',
    'memory',
    [replaceMatch(/static unsigned long (?=kho_encode_radix_key)/, 'static unsigned int ')],
    both(OPEN),
  ],
  [
    'kho: the result of kho_encode_radix_key() is as wide by another name',
    'memory',
    [replaceMatch(/static unsigned long (?=kho_encode_radix_key)/, 'static u64 ')],
    both(SAME),
  ],
  [
    'kho: the index of a table is a byte',
    'memory',
    [replaceMatch(/static unsigned long (?=kho_radix_get_table_index)/, 'static u8 ')],
    both(OPEN),
  ],
  [
    'kho_block: the address is cut in a struct that nobody hands over',
    'memfd',
    [replaceText('\tu64 head_pa;', '\tu32 head_pa;')],
    both(OPEN),
  ],
];

/** Code under equal layouts that no function shows by itself. */
export const BESIDE_MUTATIONS: readonly Mutation[] = [
  ...GIVEN,
  ...codeMutations(CODE, both(OPEN), ROWS),
  {
    ...CODE,
    name: 'luo: nothing starts its writer any more',
    profile: 'memfd',
    only: 'kernel',
    edits: [replaceMatch(/^late_initcall\((luo_state_setup|luo_late_startup)\);\n/m, '')],
    forward: READS_SAME,
    backward: UNKNOWN,
  },
  {
    ...CODE,
    name: 'luo: nothing starts its reader any more',
    profile: 'memfd',
    only: 'kernel',
    edits: [replaceText('early_initcall(liveupdate_early_init);\n', '')],
    forward: UNKNOWN,
    backward: READS_SAME,
  },
  {
    ...CODE,
    name: 'kho: its marker is another under an option of which nothing is known',
    profile: 'memory',
    edits: [
      editFile('include/linux/kho/abi/kexec_handover.h', (text) =>
        text.replace(
          /#define KHO_FDT_COMPATIBLE[ \t]+"kho-v4"/,
          '#ifdef CONFIG_KHO_NEXT\n#define KHO_FDT_COMPATIBLE "kho-v5"\n#else\n$&\n#endif',
        ),
      ),
    ],
    ...both(UNKNOWN),
  },
  {
    ...CODE,
    name: 'memfd: the size is written and read as a number of the other byte order',
    profile: 'memfd',
    only: 'kernel',
    edits: [
      replaceText('ser->size = inode_size;', 'ser->size = (__force u64)cpu_to_be64(inode_size);'),
      replaceText('ser->size);', 'be64_to_cpu((__force __be64)ser->size));'),
    ],
    ...both([...MISREAD, 'compatible-with-notes']),
  },
  {
    ...CODE,
    name: 'memfd: its size is in pages under an option of which nothing is known',
    profile: 'memfd',
    only: 'fixture',
    edits: [UNDER_OPTION],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...CODE,
    name: 'memfd: another function of its name, with its size in pages, under an option of which nothing is known',
    profile: 'memfd',
    only: 'fixture',
    edits: [ANOTHER_FUNCTION],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...CODE,
    name: 'kho: a macro that stores a pointer stores another thing under an option of which nothing is known',
    profile: 'memfd',
    only: 'kernel',
    edits: [
      editFile('include/linux/kho/abi/kexec_handover.h', (text) =>
        text.replace(
          /^#define KHOSER_STORE_PTR\(.*?[^\\]\n/ms,
          (own) =>
            `#ifdef CONFIG_MADE_SMALL\n${own.replace('virt_to_phys', 'virt_to_pfn')}#else\n${own}#endif\n`,
        ),
      ),
    ],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...CODE,
    name: 'memfd: its size is in pages under an option on both sides',
    profile: 'memfd',
    only: 'fixture',
    given: [UNDER_OPTION],
    edits: [],
    ...both(NOTED),
  },
  {
    ...CODE,
    name: 'memfd: its size is in pages under an option that neither build has',
    profile: 'memfd',
    only: 'fixture',
    edits: [UNDER_OPTION],
    configs: { plain: {}, changed: {} },
    ...both(SAME),
  },
  {
    ...CODE,
    name: 'memfd: a message under an option of which nothing is known',
    profile: 'memfd',
    only: 'fixture',
    edits: [
      replaceText(
        'record->size = bytes;',
        '#ifdef CONFIG_MADE_LOUD\n\tpr_info("%llu bytes\\n", bytes);\n#endif\n\trecord->size = bytes;',
      ),
    ],
    ...both(SAME),
  },
];
