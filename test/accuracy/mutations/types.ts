import {
  append,
  editFile,
  editMembers,
  insertBefore,
  replaceMatch,
  replaceMember,
  setAttributes,
} from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import { both, IGNORED, MISREAD, READS_SAME, SAME } from '../mutation.ts';

const COMMON = { profile: 'memfd', family: 'constructs of C' } as const;

const MEMFD = 'include/linux/kho/abi/memfd.h';
const METADATA = 'include/linux/kho/abi/kexec_metadata.h';

/** Text around a struct's definition. */
function around(path: string, struct: string, before: string, behind: string) {
  return editFile(path, (text) =>
    text.replace(
      new RegExp(`struct ${struct} \\{[^}]*\\}[^;]*;`),
      (definition) => `${before}${definition}${behind}`,
    ),
  );
}

const folio = (...members: string[]) => editMembers('memfd_luo_folio_ser', () => members);

/** The changed kernel's record is longer: its reader refuses the shorter one. */
const METADATA_MOVED: Answers = {
  forward: [...MISREAD, ...IGNORED],
  backward: [...MISREAD, ...IGNORED],
};

/** Types, packing, bit-fields, arrays without a length, byte meaning. */
export const TYPE_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'kho_radix_node: the table as an array without a length',
    kind: 'array length',
    profile: 'memory',
    edits: [replaceMember('kho_radix_node', 'table', 'DECLARE_FLEX_ARRAY(u64, table)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'kho_radix_node: the table as u64 table[]',
    kind: 'array length',
    profile: 'memory',
    edits: [replaceMember('kho_radix_node', 'table', 'u64 table[]')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'kho_radix_node: the table as u32 table[]',
    kind: 'retype',
    profile: 'memory',
    edits: [replaceMember('kho_radix_node', 'table', 'u32 table[]')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_flb_header_ser: an array without a length at the end, counted by count',
    kind: 'add at the end',
    profile: 'flb',
    edits: [append('luo_flb_header_ser', 'u64 entries[] __counted_by(count)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_flb_header_ser: an array of structs without a length at the end',
    kind: 'add at the end',
    profile: 'flb',
    edits: [
      replaceMatch(
        /(struct luo_flb_header_ser \{\s*u64 pgcnt;\s*u64 count;)/,
        'struct luo_flb_ser;\n$1\n\tstruct luo_flb_ser *none[];',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_flb_header_ser: an array without a length, aligned beyond the header',
    kind: 'add at the end',
    profile: 'flb',
    edits: [append('luo_flb_header_ser', 'u64 entries[] __aligned(64)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'kho_block_header_ser: an array without a length at the end',
    kind: 'add at the end',
    edits: [append('kho_block_header_ser', 'u8 data[]')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'seals as an enum with the fixed type u32',
    kind: 'comment or spelling',
    edits: [
      insertBefore('memfd_luo_ser', 'enum memfd_luo_seals : u32 {\n\tMEMFD_LUO_SEAL_NONE = 0,\n};\n'),
      replaceMember('memfd_luo_ser', 'seals', 'enum memfd_luo_seals seals'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'seals as a plain enum, which is unsigned int',
    kind: 'comment or spelling',
    edits: [
      insertBefore(
        'memfd_luo_ser',
        'enum memfd_luo_seals {\n\tMEMFD_LUO_SEAL_NONE,\n\tMEMFD_LUO_SEAL_ONE,\n};\n',
      ),
      replaceMember('memfd_luo_ser', 'seals', 'enum memfd_luo_seals seals'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'seals as an enum with a negative value, which is int',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'enum memfd_luo_seals {\n\tMEMFD_LUO_SEAL_NONE = -1,\n};\n'),
      replaceMember('memfd_luo_ser', 'seals', 'enum memfd_luo_seals seals'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'flags as an enum with the fixed type u16',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'enum memfd_luo_flags : u16 {\n\tMEMFD_LUO_FLAG_NONE,\n};\n'),
      replaceMember('memfd_luo_ser', 'flags', 'enum memfd_luo_flags flags'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'flags as an enum that is packed into a byte',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'enum memfd_luo_flags {\n\tMEMFD_LUO_FLAG_NONE,\n} __packed;\n'),
      replaceMember('memfd_luo_ser', 'flags', 'enum memfd_luo_flags flags'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'flags as an enum with an enumerator beyond 32 bits',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'enum memfd_luo_flags {\n\tMEMFD_LUO_FLAG_HIGH = 1ULL << 40,\n};\n'),
      replaceMember('memfd_luo_ser', 'flags', 'enum memfd_luo_flags flags'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'enum kho_radix_consts with the fixed type u32',
    kind: 'comment or spelling',
    profile: 'memory',
    edits: [replaceMatch(/enum kho_radix_consts \{/, 'enum kho_radix_consts : u32 {')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'nr_folios as typeof of another member of its type',
    kind: 'comment or spelling',
    edits: [
      replaceMember(
        'memfd_luo_ser',
        'nr_folios',
        'typeof(((struct memfd_luo_folio_ser *)0)->index) nr_folios',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'nr_folios by typeof_member()',
    kind: 'comment or spelling',
    edits: [
      replaceMember(
        'memfd_luo_ser',
        'nr_folios',
        'typeof_member(struct memfd_luo_folio_ser, index) nr_folios',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'nr_folios as typeof of an expression of four bytes',
    kind: 'retype',
    edits: [replaceMember('memfd_luo_ser', 'nr_folios', 'typeof((u32)1 + 1) nr_folios')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_flb_ser: the name as long as a member of another struct, by sizeof and typeof',
    kind: 'comment or spelling',
    profile: 'flb',
    edits: [
      replaceMember(
        'luo_flb_ser',
        'name',
        'char name[sizeof(__typeof__(((struct luo_file_ser *)0)->compatible))]',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_flb_ser: the name by sizeof_field()',
    kind: 'comment or spelling',
    profile: 'flb',
    edits: [replaceMember('luo_flb_ser', 'name', 'char name[sizeof_field(struct luo_file_ser, compatible)]')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_flb_ser: the name a byte longer by the size of a string',
    kind: 'array length',
    profile: 'flb',
    edits: [replaceMember('luo_flb_ser', 'name', 'char name[LIVEUPDATE_FLB_COMPAT_LENGTH + sizeof("")]')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos as aligned_u64 of a typedef',
    kind: 'comment or spelling',
    edits: [replaceMember('memfd_luo_ser', 'pos', 'aligned_u64 pos')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'nr_folios as __aligned_u64, where it is aligned already',
    kind: 'comment or spelling',
    edits: [replaceMember('memfd_luo_ser', 'nr_folios', '__aligned_u64 nr_folios')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'flags as aligned_u64 behind seals: aligned to eight bytes in the packed struct',
    kind: 'retype',
    edits: [replaceMember('memfd_luo_ser', 'flags', 'aligned_u64 flags')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_session_ser: aligned to 64 bytes, so that an element is longer',
    kind: 'repack',
    edits: [setAttributes('luo_session_ser', '__packed __aligned(64)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_file_ser: aligned to 8 bytes, where an element stays as long',
    kind: 'repack',
    edits: [setAttributes('luo_file_ser', '__packed __aligned(8)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __packed in front of the tag',
    kind: 'comment or spelling',
    edits: [
      setAttributes('memfd_luo_ser', ''),
      replaceMatch(/struct memfd_luo_ser \{/, 'struct __packed memfd_luo_ser {'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: designated_init beside packed',
    kind: 'comment or spelling',
    edits: [setAttributes('memfd_luo_ser', '__packed __designated_init')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __attribute__((packed, designated_init))',
    kind: 'comment or spelling',
    edits: [setAttributes('memfd_luo_ser', '__attribute__((packed, designated_init))')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __no_randomize_layout beside packed',
    kind: 'repack',
    edits: [setAttributes('memfd_luo_ser', '__packed __no_randomize_layout')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: #pragma pack(1) in the place of __packed',
    kind: 'comment or spelling',
    edits: [
      setAttributes('memfd_luo_ser', ''),
      around(MEMFD, 'memfd_luo_ser', '#pragma pack(1)\n', '\n#pragma pack()'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: #pragma pack(push, 1) and pop in the place of __packed',
    kind: 'comment or spelling',
    edits: [
      setAttributes('memfd_luo_ser', ''),
      around(MEMFD, 'memfd_luo_ser', '#pragma pack(push, 1)\n', '\n#pragma pack(pop)'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: #pragma pack(1) with a u16 in the place of seals',
    kind: 'retype',
    edits: [
      setAttributes('memfd_luo_ser', ''),
      replaceMember('memfd_luo_ser', 'seals', 'u16 seals'),
      around(MEMFD, 'memfd_luo_ser', '#pragma pack(1)\n', '\n#pragma pack()'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: #pragma pack(push, 4) with a u8 in front of seals',
    kind: 'repack',
    edits: [
      setAttributes('memfd_luo_ser', ''),
      replaceMember('memfd_luo_ser', 'seals', 'u8 seals'),
      around(MEMFD, 'memfd_luo_ser', '#pragma pack(push, 1)\n', '\n#pragma pack(pop)'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'kho_kexec_metadata: #pragma pack() in the place of __packed',
    kind: 'comment or spelling',
    profile: 'metadata',
    edits: [
      setAttributes('kho_kexec_metadata', ''),
      around(METADATA, 'kho_kexec_metadata', '#pragma pack(1)\n', '\n#pragma pack()'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'kho_kexec_metadata: #pragma pack(2), so that the count moves',
    kind: 'repack',
    profile: 'metadata',
    edits: [
      setAttributes('kho_kexec_metadata', ''),
      around(METADATA, 'kho_kexec_metadata', '#pragma pack(2)\n', '\n#pragma pack()'),
    ],
    ...METADATA_MOVED,
  },
  {
    ...COMMON,
    name: 'kho_kexec_metadata: #pragma pack(1), a u16 more in the middle',
    kind: 'add in the middle',
    profile: 'metadata',
    edits: [
      setAttributes('kho_kexec_metadata', ''),
      replaceMember('kho_kexec_metadata', 'kexec_count', 'u16 more', 'u32 kexec_count'),
      around(METADATA, 'kho_kexec_metadata', '#pragma pack(1)\n', '\n#pragma pack()'),
    ],
    ...METADATA_MOVED,
  },
  {
    ...COMMON,
    name: 'kho_kexec_metadata: not packed, with the version in three bytes that end at the same place',
    kind: 'repack',
    profile: 'metadata',
    edits: [setAttributes('kho_kexec_metadata', '__packed __aligned(1)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'bit-fields of another base type, not packed: u64 pfn:52, u32 flags:12',
    kind: 'bit-field',
    edits: [setAttributes('memfd_luo_folio_ser', ''), folio('u64 pfn:52', 'u32 flags:12', 'u64 index')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'bit-fields in another division: u64 pfn:40, u32 flags:12, u32 :12',
    kind: 'bit-field',
    edits: [folio('u64 pfn:40', 'u32 flags:12', 'u32 :12', 'u64 index')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'bit-fields: a width of zero behind all of them',
    kind: 'bit-field',
    edits: [folio('u64 pfn:52', 'u64 flags:12', 'u64 :0', 'u64 index')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'bit-fields: a width of zero between pfn and flags',
    kind: 'bit-field',
    edits: [folio('u64 pfn:52', 'u64 :0', 'u64 flags:12', 'u64 index')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'bit-fields: pfn and flags through unsigned long long and unsigned long',
    kind: 'comment or spelling',
    edits: [folio('unsigned long long pfn:52', 'unsigned long flags:12', 'u64 index')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'bit-fields: widths by a macro',
    kind: 'comment or spelling',
    edits: [
      insertBefore('memfd_luo_folio_ser', '#define TEST_PFN_BITS (64 - 12)\n'),
      folio('u64 pfn:TEST_PFN_BITS', 'u64 flags:(64 - TEST_PFN_BITS)', 'u64 index'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'bit-fields in an anonymous struct',
    kind: 'regroup',
    edits: [folio('struct {\n\t\tu64 pfn:52;\n\t\tu64 flags:12;\n\t}', 'u64 index')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: '__le64 and __le32 everywhere',
    kind: 'comment or spelling',
    edits: [
      editMembers('memfd_luo_ser', (members) =>
        members.map((member) => member.replace(/^u(32|64)/, '__le$1')),
      ),
    ],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'seals and flags as __be32',
    kind: 'retype',
    edits: [
      replaceMember('memfd_luo_ser', 'seals', '__be32 seals'),
      replaceMember('memfd_luo_ser', 'flags', '__be32 flags'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'seals as __be32 through a typedef',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'typedef __be32 memfd_luo_word;\n'),
      replaceMember('memfd_luo_ser', 'seals', 'memfd_luo_word seals'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'flags as bool, which takes three bytes less',
    kind: 'retype',
    edits: [replaceMember('memfd_luo_ser', 'flags', 'bool flags')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'size as pointer of its size',
    kind: 'retype',
    edits: [replaceMember('memfd_luo_ser', 'size', 'void *size')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos through a chain of typedefs',
    kind: 'comment or spelling',
    edits: [
      insertBefore('memfd_luo_ser', 'typedef u64 memfd_luo_word;\ntypedef memfd_luo_word memfd_luo_place;\n'),
      replaceMember('memfd_luo_ser', 'pos', 'memfd_luo_place pos'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos and size as an array of two',
    kind: 'regroup',
    edits: [editMembers('memfd_luo_ser', (members) => ['u64 place[2]', ...members.slice(2)])],
    ...both([...READS_SAME, ...MISREAD]),
  },
];
