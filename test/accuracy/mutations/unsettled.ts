import {
  append,
  insertAfter,
  insertBefore,
  replaceMember,
  replaceText,
  setAttributes,
} from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, NOTED, READS_SAME, SAME, UNKNOWN } from '../mutation.ts';

const COMMON = { profile: 'memfd', family: 'constructs of C' } as const;

const RANDOM = setAttributes('memfd_luo_ser', '__packed __randomize_layout');
/** A change that says nothing. */
const BLANK = replaceText('#include <linux/types.h>', '#include <linux/types.h>\n\n');

/** Numbers in an ABI header that nothing here describes. */
const STATES = insertBefore(
  'memfd_luo_ser',
  'enum memfd_luo_state {\n\tMEMFD_STATE_IDLE = 1,\n\tMEMFD_STATE_BUSY,\n};\n#define MEMFD_HELD_FLAG BIT(4)\n',
);

/** Layouts that the build decides, and members that hold nothing. */
export const UNSETTLED_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'enumerators and a flag beside memfd_luo_ser that nothing describes',
    kind: 'constant',
    edits: [STATES],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'the numbers of two enumerators that nothing describes exchanged',
    kind: 'constant',
    given: [STATES],
    edits: [
      replaceText(
        '\tMEMFD_STATE_IDLE = 1,\n\tMEMFD_STATE_BUSY,\n',
        '\tMEMFD_STATE_BUSY = 1,\n\tMEMFD_STATE_IDLE,\n',
      ),
    ],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'a flag that nothing describes is another bit',
    kind: 'constant',
    given: [STATES],
    edits: [replaceText('MEMFD_HELD_FLAG BIT(4)', 'MEMFD_HELD_FLAG BIT(5)')],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'a flag that nothing describes written as a number',
    kind: 'comment or spelling',
    given: [STATES],
    edits: [replaceText('MEMFD_HELD_FLAG BIT(4)', 'MEMFD_HELD_FLAG (1U << 4)')],
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __randomize_layout beside packed is no layout that is known',
    kind: 'repack',
    edits: [RANDOM],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __randomize_layout on both sides',
    kind: 'comment or spelling',
    given: [RANDOM],
    edits: [BLANK],
    ...both(NOTED),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __randomize_layout in two builds with CONFIG_RANDSTRUCT_NONE',
    kind: 'repack',
    edits: [RANDOM],
    configs: { plain: { RANDSTRUCT_NONE: 'y' }, changed: { RANDSTRUCT_NONE: 'y' } },
    ...both(SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: __randomize_layout in two builds with CONFIG_RANDSTRUCT',
    kind: 'repack',
    given: [RANDOM],
    edits: [BLANK],
    configs: { plain: { RANDSTRUCT: 'y' }, changed: { RANDSTRUCT: 'y' } },
    decidedBy: ['facts-missing'],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'luo_file_set_ser: a spinlock_t in front, of which options decide what it is',
    kind: 'add in the middle',
    edits: [replaceMember('luo_file_set_ser', 'files', 'spinlock_t lock', 'u64 files')],
    decidedBy: ['facts-missing'],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'luo_file_ser: a struct mutex at the end, of which options decide what it is',
    kind: 'add at the end',
    edits: [append('luo_file_ser', 'struct mutex lock')],
    decidedBy: ['facts-missing'],
    ...both(UNKNOWN),
  },
  {
    ...COMMON,
    name: 'luo_file_ser: a pointer to a struct mutex in the place of token',
    kind: 'retype',
    edits: [replaceMember('luo_file_ser', 'token', 'struct mutex *token')],
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: an array of no elements marks a place in the middle',
    kind: 'add in the middle',
    edits: [insertAfter('memfd_luo_ser', 'flags', 'u8 __head_end[0]')],
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'memfd_luo_ser: an empty struct marks a place in the middle',
    kind: 'add in the middle',
    edits: [insertAfter('memfd_luo_ser', 'flags', 'struct {} __head_end')],
    ...both(READS_SAME),
  },
];
