import {
  editMembers,
  insertAfter,
  redefine,
  renameWord,
  renumber,
  replaceMember,
  replaceText,
  setAttributes,
  swap,
} from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, DROPPED, MISREAD, NOTED, READS_SAME, SAME } from '../mutation.ts';

const COMMON = { profile: 'memfd' } as const;

/** Other spellings of one layout, which must stay quiet, and changes that look like them, which must not. */
export const SPELLING_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'KHO_FDT_COMPATIBLE written as "kho-" "v4"',
    kind: 'comment or spelling',
    edits: [redefine('KHO_FDT_COMPATIBLE', '"kho-" "v4"')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'LUO_ABI_COMPATIBLE through another macro',
    kind: 'comment or spelling',
    edits: [redefine('LUO_ABI_COMPATIBLE', 'TEST_LUO\n#define TEST_LUO "luo-v5"')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'KHO_FDT_COMPATIBLE with a blank behind it',
    kind: 'restring or renumber a marker',
    edits: [redefine('KHO_FDT_COMPATIBLE', '"kho-v4 "')],
    ...both(DROPPED),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: pos as __le64, which is u64 on these targets',
    kind: 'comment or spelling',
    edits: [replaceMember('memfd_luo_ser', 'pos', '__le64 pos')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: size as unsigned long long, seals as unsigned int',
    kind: 'comment or spelling',
    edits: [
      replaceMember('memfd_luo_ser', 'size', 'unsigned long long size'),
      replaceMember('memfd_luo_ser', 'seals', 'unsigned int seals'),
    ],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: two members in one declaration',
    kind: 'comment or spelling',
    edits: [replaceText('\tu32 seals;\n\tu32 flags;\n', '\tu32 seals, flags;\n')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_folio_ser: bit-fields of unsigned long',
    kind: 'comment or spelling',
    edits: [
      replaceMember('memfd_luo_folio_ser', 'pfn', 'unsigned long pfn:52'),
      replaceMember('memfd_luo_folio_ser', 'flags', 'unsigned long flags:12'),
    ],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'luo_ser: the attribute spelled out',
    kind: 'comment or spelling',
    edits: [setAttributes('luo_ser', '__attribute__((packed))')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'KHO_BITMAP_SIZE_LOG2 in hexadecimal',
    kind: 'comment or spelling',
    target: 'x86_64-4k',
    edits: [renumber('KHO_BITMAP_SIZE_LOG2', '0xf')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'the vmalloc flags moved from the code into the header',
    only: 'fixture',
    kind: 'comment or spelling',
    edits: [
      replaceText('#define KHO_VMALLOC_ALLOC 0x1\n#define KHO_VMALLOC_HUGE_VMAP 0x2\n', ''),
      replaceText(
        'struct kho_vmalloc_chunk;',
        '#define KHO_VMALLOC_ALLOC 0x1\n#define KHO_VMALLOC_HUGE_VMAP 0x2\n\nstruct kho_vmalloc_chunk;',
      ),
    ],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'luo_session_ser: name char[64] to char[8][8], the same bytes',
    kind: 'regroup',
    edits: [replaceMember('luo_session_ser', 'name', 'char name[8][8]')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: flags aligned to 8, which moves it',
    kind: 'repack',
    edits: [replaceMember('memfd_luo_ser', 'flags', 'u32 flags __aligned(8)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'kho_radix_leaf: a bitmap of u32, as long as before',
    kind: 'retype',
    edits: [editMembers('kho_radix_leaf', () => ['u32 bitmap[1 << (KHO_BITMAP_SIZE_LOG2 - 5)]'])],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'kho_vmalloc_chunk: entries of u64 become structs of the same size',
    kind: 'retype',
    edits: [
      replaceMember(
        'kho_vmalloc_chunk',
        'phys',
        'struct {\n\t\tu32 low;\n\t\tu32 high;\n\t} phys[KHO_VMALLOC_SIZE]',
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: reserved in the middle shrinks, and what follows moves',
    kind: 'array length',
    given: [insertAfter('memfd_luo_ser', 'flags', 'u64 reserved[2]')],
    edits: [replaceMember('memfd_luo_ser', 'reserved', 'u64 reserved[1]')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: a member exchanged with reserved',
    kind: 'swap or reorder',
    given: [insertAfter('memfd_luo_ser', 'flags', 'u64 reserved')],
    edits: [swap('memfd_luo_ser', 'size', 'reserved')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: a bit-field cut out of flags, whose rest is reserved',
    kind: 'add in vacant space',
    given: [replaceMember('memfd_luo_ser', 'flags', 'u32 reserved')],
    edits: [replaceMember('memfd_luo_ser', 'reserved', 'u32 sealed:1', 'u32 reserved:31')],
    ...both(NOTED),
  },
  {
    ...COMMON,
    name: 'the flag MEMFD_LUO_FOLIO_DIRTY renamed',
    kind: 'rename',
    edits: [renameWord('MEMFD_LUO_FOLIO_DIRTY', 'MEMFD_LUO_DIRTY')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the macro LUO_ABI_COMPATIBLE renamed',
    kind: 'rename',
    edits: [renameWord('LUO_ABI_COMPATIBLE', 'LUO_COMPATIBLE')],
    ...both(SAME),
  },
];
