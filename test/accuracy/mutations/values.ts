import type { Edit } from '../edit-declarations.ts';
import {
  editMembers,
  insertBefore,
  redefine,
  renameWord,
  renumber,
  replaceMatch,
  replaceMember,
  replaceStruct,
  undefine,
} from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, PANIC, READS_SAME, SAME, SESSIONS_LOST, UNKNOWN } from '../mutation.ts';

const COMMON = { profile: 'memfd', family: 'constructs of C' } as const;
const MEMORY = { ...COMMON, profile: 'memory' } as const;
const FLB = { ...COMMON, profile: 'flb' } as const;

const FIELDS = [
  'u64 pos',
  'u64 size',
  'u32 seals',
  'u32 flags',
  'u64 nr_folios',
  'struct kho_vmalloc folios',
];
const fieldText = (fields: readonly string[]): string => fields.map((field) => `${field};`).join(' ');
const EXCHANGED = ['u64 size', 'u64 pos', ...FIELDS.slice(2)];

const flags = (text: string): Edit[] => [
  undefine('MEMFD_LUO_FOLIO_DIRTY'),
  undefine('MEMFD_LUO_FOLIO_UPTODATE'),
  insertBefore('memfd_luo_folio_ser', text),
];

const byMacro = (fields: readonly string[]): Edit[] => [
  insertBefore('memfd_luo_ser', `#define MEMFD_LUO_FIELDS ${fieldText(fields)}\n`),
  editMembers('memfd_luo_ser', () => ['MEMFD_LUO_FIELDS']),
];

const wholeByMacro = (fields: readonly string[]): Edit[] => [
  replaceStruct(
    'memfd_luo_ser',
    `#define DEFINE_SER(name, ...) struct name { __VA_ARGS__ } __packed\nDEFINE_SER(memfd_luo_ser, ${fieldText(fields)});`,
  ),
];

const byList = (fields: readonly string[]): Edit[] => [
  replaceStruct(
    'memfd_luo_ser',
    `#define MEMFD_LUO_LIST(X) ${fields.map((field) => `X(${field.replace(/ (\w+)$/, ', $1')})`).join(' ')}
#define MEMFD_LUO_FIELD(type, name) type name;
struct memfd_luo_ser {
	MEMFD_LUO_LIST(MEMFD_LUO_FIELD)
} __packed;
#undef MEMFD_LUO_FIELD`,
  ),
];

const compatible = (value: string): Edit => redefine('MEMFD_LUO_FH_COMPATIBLE', value);

/** Constants, strings, and declarations that macros make. */
export const VALUE_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'LUO_ABI_COMPAT_LEN by ALIGN() of the length by strlen',
    kind: 'comment or spelling',
    edits: [redefine('LUO_ABI_COMPAT_LEN', 'ALIGN(__builtin_strlen(LUO_ABI_COMPATIBLE) + 1, sizeof(u64))')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'LUO_ABI_COMPAT_LEN by round_up() and sizeof',
    kind: 'comment or spelling',
    edits: [redefine('LUO_ABI_COMPAT_LEN', 'round_up(sizeof(LUO_ABI_COMPATIBLE), sizeof(u64))')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'LIVEUPDATE_HNDL_COMPAT_LENGTH by MAX() that yields the same',
    kind: 'comment or spelling',
    edits: [redefine('LIVEUPDATE_HNDL_COMPAT_LENGTH', 'MAX(48, 32)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'LIVEUPDATE_HNDL_COMPAT_LENGTH by MAX() that yields 64',
    kind: 'array length',
    edits: [redefine('LIVEUPDATE_HNDL_COMPAT_LENGTH', 'MAX(48, 64)')],
    ...both(MISREAD),
  },
  {
    ...FLB,
    name: 'LIVEUPDATE_FLB_COMPAT_LENGTH by MIN() of the other length',
    kind: 'comment or spelling',
    edits: [redefine('LIVEUPDATE_FLB_COMPAT_LENGTH', 'MIN(LIVEUPDATE_HNDL_COMPAT_LENGTH, 64)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags by BIT_ULL()',
    kind: 'comment or spelling',
    edits: [
      redefine('MEMFD_LUO_FOLIO_DIRTY', 'BIT_ULL(0)'),
      redefine('MEMFD_LUO_FOLIO_UPTODATE', 'BIT_ULL(1)'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags as enumerators',
    kind: 'comment or spelling',
    edits: flags(
      'enum memfd_luo_folio_flags {\n\tMEMFD_LUO_FOLIO_DIRTY = 1,\n\tMEMFD_LUO_FOLIO_UPTODATE = 2,\n};\n',
    ),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags as enumerators, exchanged',
    kind: 'flag',
    edits: flags(
      'enum memfd_luo_folio_flags {\n\tMEMFD_LUO_FOLIO_UPTODATE = 1,\n\tMEMFD_LUO_FOLIO_DIRTY = 2,\n};\n',
    ),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the folio flags as enumerators of an enum with a type of its own',
    kind: 'comment or spelling',
    edits: flags(
      'enum memfd_luo_folio_flags : u64 {\n\tMEMFD_LUO_FOLIO_DIRTY = BIT_ULL(0),\n\tMEMFD_LUO_FOLIO_UPTODATE = BIT_ULL(1),\n};\n',
    ),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags as constant objects',
    kind: 'comment or spelling',
    edits: flags(
      'static const u64 MEMFD_LUO_FOLIO_DIRTY = BIT(0);\nstatic const u64 MEMFD_LUO_FOLIO_UPTODATE = 1 << 1;\n',
    ),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags as constant objects, exchanged',
    kind: 'flag',
    edits: flags(
      'static const u64 MEMFD_LUO_FOLIO_DIRTY = BIT(1);\nstatic const u64 MEMFD_LUO_FOLIO_UPTODATE = BIT(0);\n',
    ),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the folio flags by GENMASK()',
    kind: 'comment or spelling',
    edits: [
      redefine('MEMFD_LUO_FOLIO_DIRTY', 'GENMASK(0, 0)'),
      redefine('MEMFD_LUO_FOLIO_UPTODATE', 'GENMASK_ULL(1, 1)'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the folio flags by FIELD_PREP() of a mask',
    kind: 'comment or spelling',
    edits: [
      redefine('MEMFD_LUO_FOLIO_DIRTY', 'FIELD_PREP(GENMASK_ULL(1, 0), 1)'),
      redefine('MEMFD_LUO_FOLIO_UPTODATE', 'FIELD_PREP(GENMASK_ULL(1, 0), 2)'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a folio flag by FIELD_PREP() of another mask',
    kind: 'flag',
    edits: [redefine('MEMFD_LUO_FOLIO_UPTODATE', 'FIELD_PREP(GENMASK_ULL(2, 1), 2)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the mask of seals loses one',
    kind: 'flag',
    edits: [
      redefine(
        'MEMFD_LUO_ALL_SEALS',
        '(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)',
      ),
    ],
    forward: [...MISREAD, 'refused file-lost', 'compatible-with-notes', 'refused all-sessions-lost'],
    backward: [...READS_SAME, ...MISREAD],
  },
  {
    ...COMMON,
    name: 'the mask of seals in another order of its parts',
    kind: 'comment or spelling',
    edits: [
      redefine(
        'MEMFD_LUO_ALL_SEALS',
        '(F_SEAL_EXEC | F_SEAL_FUTURE_WRITE | F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...MEMORY,
    name: 'KHO_TREE_MAX_DEPTH by the width without the bit for the order',
    kind: 'constant',
    edits: [renumber('KHO_RADIX_KEY_WIDTH', '64 - PAGE_SHIFT')],
    ...both(READS_SAME),
    perTarget: { 'arm64-16k': both(MISREAD) },
  },
  {
    ...MEMORY,
    name: 'KHO_RADIX_KEY_WIDTH taken out, its value in the depth',
    kind: 'constant',
    edits: [
      replaceMatch(/\tKHO_RADIX_KEY_WIDTH = [^,]*,\n/, ''),
      renameWord('KHO_RADIX_KEY_WIDTH', '(65 - PAGE_SHIFT)'),
    ],
    only: 'fixture',
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'KHO_BLOCK_SIZE as SZ_4K',
    kind: 'constant',
    edits: [redefine('KHO_BLOCK_SIZE', 'SZ_4K')],
    ...both(MISREAD),
    perTarget: { 'x86_64-4k': both(READS_SAME), 'arm64-4k': both(READS_SAME) },
  },
  {
    ...COMMON,
    name: 'KHO_BLOCK_SIZE as a shift of the page',
    kind: 'comment or spelling',
    edits: [redefine('KHO_BLOCK_SIZE', '(1UL << PAGE_SHIFT)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'all members by one macro',
    kind: 'comment or spelling',
    edits: byMacro(FIELDS),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'all members by one macro, two exchanged',
    kind: 'swap or reorder',
    edits: byMacro(EXCHANGED),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the struct by a macro with its name and members',
    kind: 'comment or spelling',
    edits: wholeByMacro(FIELDS),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the struct by a macro with its name and members, two exchanged',
    kind: 'swap or reorder',
    edits: wholeByMacro(EXCHANGED),
    ...both([...MISREAD, ...UNKNOWN]),
  },
  {
    ...COMMON,
    name: 'members by a list macro',
    kind: 'comment or spelling',
    edits: byList(FIELDS),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'members by a list macro, two exchanged',
    kind: 'swap or reorder',
    edits: byList(EXCHANGED),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the pointer of kho_vmalloc spelled out',
    kind: 'comment or spelling',
    edits: [
      replaceMember(
        'kho_vmalloc',
        'first',
        'union {\n\t\tu64 phys;\n\t\tstruct kho_vmalloc_chunk *ptr;\n\t} first',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the pointer of kho_vmalloc by a typedef',
    kind: 'comment or spelling',
    edits: [
      insertBefore('kho_vmalloc', 'typedef struct kho_vmalloc_chunk *kho_vmalloc_chunk_ptr;\n'),
      replaceMember(
        'kho_vmalloc',
        'first',
        'union {\n\t\tu64 phys;\n\t\tkho_vmalloc_chunk_ptr ptr;\n\t} first',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the pointer of kho_vmalloc leads to a struct of another layout',
    kind: 'retype',
    edits: [
      insertBefore('kho_vmalloc', 'struct kho_vmalloc_list {\n\tu64 count;\n\tu64 phys[16];\n};\n'),
      replaceMember(
        'kho_vmalloc',
        'first',
        'union {\n\t\tu64 phys;\n\t\tstruct kho_vmalloc_list *ptr;\n\t} first',
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the pointer of kho_vmalloc leads to a struct that is declared nowhere',
    kind: 'retype',
    edits: [
      insertBefore('kho_vmalloc', 'struct kho_vmalloc_list;\n'),
      replaceMember(
        'kho_vmalloc',
        'first',
        'union {\n\t\tu64 phys;\n\t\tstruct kho_vmalloc_list *ptr;\n\t} first',
      ),
    ],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'the pointer of kho_vmalloc leads to words of another size',
    kind: 'retype',
    given: [replaceMember('kho_vmalloc', 'first', 'union {\n\t\tu64 phys;\n\t\tu64 *ptr;\n\t} first')],
    edits: [replaceMember('kho_vmalloc', 'first', 'union {\n\t\tu64 phys;\n\t\tu32 *ptr;\n\t} first')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the struct that a pointer leads to changes, and no component speaks of it',
    kind: 'swap or reorder',
    given: [
      insertBefore('memfd_luo_ser', 'struct memfd_luo_extra {\n\tu64 one;\n\tu64 two;\n};\n'),
      replaceMember(
        'memfd_luo_ser',
        'size',
        'u64 size',
        'union {\n\t\tu64 phys;\n\t\tstruct memfd_luo_extra *ptr;\n\t} extra',
      ),
    ],
    edits: [replaceStruct('memfd_luo_extra', 'struct memfd_luo_extra {\n\tu64 two;\n\tu64 one;\n};')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the address in the pointer of kho_vmalloc becomes a number of 32 bits',
    kind: 'retype',
    edits: [
      replaceMember(
        'kho_vmalloc',
        'first',
        'union {\n\t\tu32 pfn;\n\t\tstruct kho_vmalloc_chunk *ptr;\n\t} first',
      ),
    ],
    ...both([...MISREAD, 'compatible-with-notes', ...UNKNOWN]),
  },
  {
    ...COMMON,
    name: 'a count gives way to an address of its size',
    kind: 'rename',
    edits: [replaceMember('memfd_luo_ser', 'nr_folios', 'u64 folios_pa')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'an address gives way to a count of its size',
    kind: 'rename',
    edits: [replaceMember('luo_ser', 'sessions_pa', 'u64 nr_sessions')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'the string of memfd by two literals',
    kind: 'comment or spelling',
    edits: [compatible('"memfd" "-v2"')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd by __stringify()',
    kind: 'comment or spelling',
    edits: [compatible('"memfd-v" __stringify(2)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd by __stringify() of another macro',
    kind: 'comment or spelling',
    edits: [compatible('"memfd-v" __stringify(TEST_MEMFD_V)\n#define TEST_MEMFD_V 2')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd by __stringify(), raised',
    kind: 'restring or renumber a marker',
    edits: [compatible('"memfd-v" __stringify(3)')],
    ...both(SESSIONS_LOST),
    decidedBy: ['marker-changed'],
  },
  {
    ...COMMON,
    name: 'the string of memfd by a macro with parameters',
    kind: 'comment or spelling',
    edits: [compatible('TEST_COMPAT("memfd", 2)\n#define TEST_COMPAT(name, version) name "-v" #version')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd by a macro with parameters, another one',
    kind: 'restring or renumber a marker',
    edits: [compatible('TEST_COMPAT("memfd", 4)\n#define TEST_COMPAT(name, version) name "-v" #version')],
    ...both(SESSIONS_LOST),
    decidedBy: ['marker-changed'],
  },
  {
    ...COMMON,
    name: 'the string of memfd with an escape in hexadecimal',
    kind: 'comment or spelling',
    edits: [compatible('"memfd\\x2dv2"')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd with an escape in octal',
    kind: 'comment or spelling',
    edits: [compatible('"memfd\\055v2"')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd in brackets',
    kind: 'comment or spelling',
    edits: [compatible('("memfd-v2")')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of memfd as a constant array',
    kind: 'comment or spelling',
    edits: [
      undefine('MEMFD_LUO_FH_COMPATIBLE'),
      insertBefore('memfd_luo_ser', 'static const char MEMFD_LUO_FH_COMPATIBLE[] = "memfd-v2";\n'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the string of LUO is composed, and longer',
    kind: 'restring or renumber a marker',
    edits: [
      redefine(
        'LUO_ABI_COMPATIBLE',
        '"luo-v5" KHO_SUB_COMPAT("block-v1")\n#define KHO_SUB_COMPAT(name) ";" name',
      ),
    ],
    ...both(PANIC),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser under another name, the old one kept as a typedef',
    kind: 'rename',
    edits: [
      replaceMatch(/struct memfd_luo_ser \{/, 'struct memfd_luo_record {'),
      replaceMatch(
        /(struct memfd_luo_record \{[^}]*\}[^;]*;)/,
        '$1\n\ntypedef struct memfd_luo_record memfd_luo_ser;',
      ),
    ],
    only: 'fixture',
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser under another name, the old one kept as a macro',
    kind: 'rename',
    edits: [
      replaceMatch(/struct memfd_luo_ser \{/, 'struct memfd_luo_record {'),
      replaceMatch(
        /(struct memfd_luo_record \{[^}]*\}[^;]*;)/,
        '$1\n\n#define memfd_luo_ser memfd_luo_record',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a flag is defined anew further down',
    kind: 'flag',
    edits: [
      replaceMatch(
        /(struct memfd_luo_ser \{[^}]*\}[^;]*;)/,
        '$1\n\n#undef MEMFD_LUO_FOLIO_DIRTY\n#define MEMFD_LUO_FOLIO_DIRTY BIT(2)',
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a length is defined anew further down, behind the struct that it shapes',
    kind: 'comment or spelling',
    profile: 'flb',
    edits: [
      replaceMatch(
        /(struct luo_flb_ser \{[^}]*\}[^;]*;)/,
        '$1\n\n#undef LIVEUPDATE_FLB_COMPAT_LENGTH\n#define LIVEUPDATE_FLB_COMPAT_LENGTH 48',
      ),
    ],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: '#pragma once in the place of an include guard',
    kind: 'comment or spelling',
    edits: [
      replaceMatch(
        /#ifndef (\w*MEMFD_H)\n#define \w+\n([\s\S]*struct memfd_luo_ser[\s\S]*)#endif[^\n]*\n/,
        '#pragma once\n$2',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    profile: 'memory',
    name: 'kho_scratch: the size as two halves, of which one is an order',
    kind: 'retype',
    edits: [replaceMember('kho_scratch', 'size', 'u32 size', 'u32 order')],
    ...both(MISREAD),
  },
];
