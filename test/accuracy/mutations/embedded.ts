import {
  addFile,
  append,
  editMembers,
  insertBefore,
  replaceMatch,
  replaceMember,
  replaceStruct,
} from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, READS_SAME } from '../mutation.ts';

const COMMON = { profile: 'memfd', family: 'constructs of C' } as const;

/** The members of memfd_luo_ser with something else in the place of the first two, pos and size. */
const instead = (...declarations: string[]) =>
  editMembers('memfd_luo_ser', (members) => [...declarations, ...members.slice(2)]);

/** The same from the third member on: seals and flags. */
const insteadOfWords = (...declarations: string[]) =>
  editMembers('memfd_luo_ser', (members) => [...members.slice(0, 2), ...declarations, ...members.slice(4)]);

const RANGE = 'struct memfd_luo_range {\n\tu64 pos;\n\tu64 size;\n};\n';
const EXCHANGED = 'struct memfd_luo_range {\n\tu64 size;\n\tu64 pos;\n};\n';
const RANGE_HEADER = (text: string) =>
  `#ifndef TEST_MEMFD_RANGE_H\n#define TEST_MEMFD_RANGE_H\n\n#include <linux/types.h>\n\n${text}\n#endif\n`;
const INCLUDE_RANGE = replaceMatch(
  /(#include <linux\/kho\/abi\/kexec_handover\.h>\n)(?=[\s\S]*struct memfd_luo_ser)/,
  '$1#include <linux/memfd_range.h>\n',
);

/** Members that were gathered into structs: anonymous with a tag, grouped, embedded by name, by typedef, elsewhere. */
export const EMBEDDED_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'pos and size in an anonymous struct member that has a tag',
    kind: 'regroup',
    edits: [insertBefore('memfd_luo_ser', RANGE), instead('struct memfd_luo_range')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos and size in an anonymous struct member that declares its tag',
    kind: 'regroup',
    edits: [instead('struct memfd_luo_range {\n\t\tu64 pos;\n\t\tu64 size;\n\t}')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos and size in an anonymous struct member that has a tag, exchanged',
    kind: 'regroup',
    edits: [insertBefore('memfd_luo_ser', EXCHANGED), instead('struct memfd_luo_range')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'an anonymous header with a tag in front',
    kind: 'add in the middle',
    edits: [
      insertBefore('memfd_luo_ser', 'struct memfd_luo_head {\n\tu64 magic;\n};\n'),
      editMembers('memfd_luo_ser', (members) => ['struct memfd_luo_head', ...members]),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos and size in a union of an anonymous struct with a tag and a raw view',
    kind: 'regroup',
    edits: [
      insertBefore('memfd_luo_ser', RANGE),
      instead(
        'union {\n\t\tstruct memfd_luo_range;\n\t\tstruct {\n\t\t\tu64 low;\n\t\t\tu64 high;\n\t\t} raw;\n\t}',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos and size in a union of two anonymous structs with tags',
    kind: 'regroup',
    edits: [
      insertBefore(
        'memfd_luo_ser',
        `${RANGE}\nstruct memfd_luo_words {\n\tu64 word_one;\n\tu64 word_two;\n};\n`,
      ),
      instead('union {\n\t\tstruct memfd_luo_range;\n\t\tstruct memfd_luo_words;\n\t}'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'struct_group() around pos and size',
    kind: 'regroup',
    edits: [instead('struct_group(range, u64 pos; u64 size;)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'struct_group_tagged() around pos and size',
    kind: 'regroup',
    edits: [instead('struct_group_tagged(memfd_luo_range, range, u64 pos; u64 size;)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'struct_group_attr() with __packed around seals, flags and nr_folios',
    kind: 'regroup',
    edits: [
      editMembers('memfd_luo_ser', (members) => [
        ...members.slice(0, 2),
        'struct_group_attr(words, __packed, u32 seals; u32 flags; u64 nr_folios;)',
        ...members.slice(5),
      ]),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: '__struct_group() with __packed around pos and size',
    kind: 'regroup',
    edits: [instead('__struct_group(memfd_luo_range, range, __packed, u64 pos; u64 size;)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'struct_group() that exchanges pos and size',
    kind: 'regroup',
    edits: [instead('struct_group(range, u64 size; u64 pos;)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'struct_group() without __packed, which pads nr_folios',
    kind: 'regroup',
    edits: [
      editMembers('memfd_luo_ser', (members) => [
        ...members.slice(0, 3),
        'struct_group(tail, u32 flags; u64 nr_folios;)',
        ...members.slice(5),
      ]),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'struct_group() by the name reserved around flags and seals, exchanged',
    kind: 'regroup',
    edits: [insteadOfWords('struct_group(reserved, u32 flags; u32 seals;)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'struct_group() by the name reserved around seals and flags',
    kind: 'regroup',
    edits: [insteadOfWords('struct_group(reserved, u32 seals; u32 flags;)')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a reserved member comes into use, another swallows live bytes',
    kind: 'regroup',
    given: [replaceMember('memfd_luo_ser', 'flags', 'u32 reserved')],
    edits: [insteadOfWords('struct_group(words, u32 reserved; u32 seals;)')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos and size in a named member of a struct with a tag',
    kind: 'regroup',
    edits: [insertBefore('memfd_luo_ser', RANGE), instead('struct memfd_luo_range range')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos and size in a named member of a struct with a tag, exchanged in it',
    kind: 'regroup',
    edits: [insertBefore('memfd_luo_ser', EXCHANGED), instead('struct memfd_luo_range range')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'an embedded struct that nothing else speaks of: members exchanged in it',
    kind: 'swap or reorder',
    given: [insertBefore('memfd_luo_ser', RANGE), instead('struct memfd_luo_range range')],
    edits: [replaceStruct('memfd_luo_range', EXCHANGED.trim())],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'an embedded struct that nothing else speaks of: a member wider',
    kind: 'retype',
    given: [
      insertBefore('memfd_luo_ser', 'struct memfd_luo_words {\n\tu32 seals;\n\tu32 flags;\n};\n'),
      insteadOfWords('struct memfd_luo_words words'),
    ],
    edits: [replaceMember('memfd_luo_words', 'flags', 'u64 flags')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'an embedded struct that nothing else speaks of: renamed',
    kind: 'rename',
    given: [insertBefore('memfd_luo_ser', RANGE), instead('struct memfd_luo_range range')],
    edits: [
      replaceStruct('memfd_luo_range', RANGE.trim().replace('memfd_luo_range', 'memfd_luo_extent')),
      replaceMember('memfd_luo_ser', 'range', 'struct memfd_luo_extent range'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'an embedded struct in another header: members exchanged in it',
    kind: 'swap or reorder',
    given: [
      addFile('include/linux/memfd_range.h', RANGE_HEADER(RANGE)),
      INCLUDE_RANGE,
      instead('struct memfd_luo_range range'),
    ],
    edits: [addFile('include/linux/memfd_range.h', RANGE_HEADER(EXCHANGED))],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos and size moved into a struct of another header',
    kind: 'regroup',
    edits: [
      addFile('include/linux/memfd_range.h', RANGE_HEADER(RANGE)),
      INCLUDE_RANGE,
      instead('struct memfd_luo_range range'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'an embedded struct inside an embedded struct of another header: exchanged in the inner one',
    kind: 'swap or reorder',
    given: [
      addFile(
        'include/linux/memfd_range.h',
        RANGE_HEADER(`${RANGE}\nstruct memfd_luo_outer {\n\tstruct memfd_luo_range inner;\n};\n`),
      ),
      INCLUDE_RANGE,
      instead('struct memfd_luo_outer outer'),
    ],
    edits: [
      addFile(
        'include/linux/memfd_range.h',
        RANGE_HEADER(`${EXCHANGED}\nstruct memfd_luo_outer {\n\tstruct memfd_luo_range inner;\n};\n`),
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a typedef of an unnamed struct embedded',
    kind: 'regroup',
    edits: [
      insertBefore('memfd_luo_ser', 'typedef struct {\n\tu64 pos;\n\tu64 size;\n} memfd_luo_range_t;\n'),
      instead('memfd_luo_range_t range'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a typedef of an unnamed struct embedded: members exchanged in it',
    kind: 'swap or reorder',
    given: [
      insertBefore('memfd_luo_ser', 'typedef struct {\n\tu64 pos;\n\tu64 size;\n} memfd_luo_range_t;\n'),
      instead('memfd_luo_range_t range'),
    ],
    edits: [
      replaceMatch(
        /\tu64 pos;\n\tu64 size;\n\} memfd_luo_range_t;/,
        '\tu64 size;\n\tu64 pos;\n} memfd_luo_range_t;',
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos becomes a struct with one member of its size',
    kind: 'regroup',
    edits: [
      insertBefore('memfd_luo_ser', 'struct memfd_luo_pos {\n\tu64 value;\n};\n'),
      replaceMember('memfd_luo_ser', 'pos', 'struct memfd_luo_pos pos'),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'pos becomes a struct with one signed member of its size',
    kind: 'retype',
    edits: [
      insertBefore('memfd_luo_ser', 'struct memfd_luo_pos {\n\ts64 value;\n};\n'),
      replaceMember('memfd_luo_ser', 'pos', 'struct memfd_luo_pos pos'),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'pos becomes an unnamed struct with two halves',
    kind: 'retype',
    edits: [replaceMember('memfd_luo_ser', 'pos', 'struct {\n\t\tu32 low;\n\t\tu32 high;\n\t} pos')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'seals and flags in an unpacked struct inside the packed one: flags and nr_folios move apart',
    kind: 'repack',
    edits: [
      editMembers('memfd_luo_ser', (members) => [
        ...members.slice(0, 3),
        'struct {\n\t\tu32 flags;\n\t\tu64 nr_folios;\n\t}',
        ...members.slice(5),
      ]),
    ],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'seals and flags in an unpacked struct inside the packed one, where nothing moves',
    kind: 'repack',
    edits: [insteadOfWords('struct {\n\t\tu32 seals;\n\t\tu32 flags;\n\t}')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a union around one member',
    kind: 'regroup',
    edits: [replaceMember('memfd_luo_ser', 'pos', 'union {\n\t\tu64 pos;\n\t}')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a union puts pos and size into one place',
    kind: 'regroup',
    edits: [instead('union {\n\t\tu64 pos;\n\t\tu64 size;\n\t}')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_session_ser: files and count without the struct around them',
    kind: 'regroup',
    edits: [replaceMember('luo_session_ser', 'file_set_ser', 'u64 files', 'u64 count')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_session_ser: files and count without the struct around them, exchanged',
    kind: 'regroup',
    edits: [replaceMember('luo_session_ser', 'file_set_ser', 'u64 count', 'u64 files')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'luo_file_ser: data and token in a struct of their own',
    kind: 'regroup',
    edits: [
      insertBefore('luo_file_ser', 'struct luo_file_words {\n\tu64 data;\n\tu64 token;\n};\n'),
      editMembers('luo_file_ser', (members) => [...members.slice(0, 1), 'struct luo_file_words words']),
    ],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'luo_file_ser: an element grows inside an embedded struct',
    kind: 'add at the end',
    given: [
      insertBefore('luo_file_ser', 'struct luo_file_words {\n\tu64 data;\n\tu64 token;\n};\n'),
      editMembers('luo_file_ser', (members) => [...members.slice(0, 1), 'struct luo_file_words words']),
    ],
    edits: [append('luo_file_words', 'u64 extra')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a struct that nothing reaches beside the record',
    kind: 'comment or spelling',
    edits: [
      insertBefore(
        'memfd_luo_ser',
        'struct memfd_luo_view {\n\tu64 nr;\n\tstruct memfd_luo_folio_ser folios[] __counted_by(nr);\n};\n',
      ),
    ],
    ...both(READS_SAME),
  },
];
