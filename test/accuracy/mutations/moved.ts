import { inFunction, moveFunctions } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import {
  addFile,
  editFile,
  moveFile,
  moveStructs,
  renameWord,
  replaceMatch,
  swap,
  undefine,
} from '../edit-declarations.ts';
import type { Mutation, MutationProfile } from '../mutation.ts';
import { both, DROPPED, MISREAD, READS_SAME, SAME, UNKNOWN } from '../mutation.ts';

const MOVED = { profile: 'memfd', family: 'refactors', kind: 'comment or spelling' } as const;
const ABI = 'include/linux/kho/abi';
const LUO = 'kernel/liveupdate';

const header = (text: string, ...includes: string[]): string =>
  `#pragma once\n${['linux/types.h', ...includes].map((path) => `#include <${path}>\n`).join('')}\n${text}`;

/** An include in a file, in front of its first one. */
const including = (path: string, what: string): Edit =>
  editFile(path, (text) => text.replace(/^#include/m, `#include <${what}>\n#include`));

/** Structs that could get a header of their own, with the header that keeps the rest. */
const SETS: readonly {
  what: string;
  profile: MutationProfile;
  structs: readonly string[];
  from: string;
  to: string;
  needs?: readonly string[];
  exchange: readonly [string, string, string];
}[] = [
  {
    what: 'the structs of memfd',
    profile: 'memfd',
    structs: ['memfd_luo_folio_ser', 'memfd_luo_ser'],
    from: `${ABI}/memfd.h`,
    to: 'linux/kho/abi/memfd_ser.h',
    needs: ['linux/kho/abi/kexec_handover.h'],
    exchange: ['memfd_luo_ser', 'seals', 'nr_folios'],
  },
  {
    what: 'the struct of a block',
    profile: 'memfd',
    structs: ['kho_block_header_ser'],
    from: `${ABI}/block.h`,
    to: 'linux/kho/abi/block_header.h',
    exchange: ['kho_block_header_ser', 'next', 'count'],
  },
  {
    what: 'the head of the live update',
    profile: 'memfd',
    structs: ['luo_ser'],
    from: `${ABI}/luo.h`,
    to: 'linux/kho/abi/luo_head.h',
    needs: ['linux/align.h'],
    exchange: ['luo_ser', 'liveupdate_num', 'flbs_pa'],
  },
  {
    what: 'the structs of FLBs',
    profile: 'flb',
    structs: ['luo_flb_header_ser', 'luo_flb_ser'],
    from: `${ABI}/luo.h`,
    to: 'linux/kho/abi/luo_flb.h',
    exchange: ['luo_flb_ser', 'name', 'count'],
  },
  {
    what: 'the struct of scratch areas',
    profile: 'memory',
    structs: ['kho_scratch'],
    from: 'include/asm-generic/kexec_handover.h',
    to: 'linux/kho/abi/scratch.h',
    exchange: ['kho_scratch', 'addr', 'size'],
  },
  {
    what: 'the nodes and leaves of the radix tree',
    profile: 'memory',
    structs: ['kho_radix_node', 'kho_radix_leaf'],
    from: `${ABI}/kexec_handover.h`,
    to: 'linux/kho/abi/radix.h',
    exchange: ['kho_vmalloc', 'flags', 'order'],
  },
  {
    what: 'the metadata',
    profile: 'metadata',
    structs: ['kho_kexec_metadata'],
    from: `${ABI}/kexec_metadata.h`,
    to: 'linux/kho/abi/metadata_ser.h',
    needs: ['linux/utsname.h'],
    exchange: ['kho_kexec_metadata', 'previous_release', 'kexec_count'],
  },
];

/** The macros that a moved struct needs are defined where its new header is included. */
const split = ({ structs, from, to, needs = [] }: (typeof SETS)[number]): Edit[] => [
  moveStructs(structs, `include/${to}`, (moved) => header(moved, ...needs)),
  editFile(from, (text) => text.replace(/(#endif[^\n]*\n?)$/, `#include <${to}>\n\n$1`)),
];

const splitHeaders: Mutation[] = SETS.map((set) => ({
  ...MOVED,
  name: `${set.what} in a header of their own`,
  profile: set.profile,
  edits: split(set),
  ...both(READS_SAME),
}));

const splitAndExchanged: Mutation[] = SETS.map((set) => ({
  ...MOVED,
  family: 'layouts and names',
  name: `${set.what} in a header of their own, ${set.exchange.slice(1).join(' and ')} of ${set.exchange[0]} exchanged`,
  kind: 'swap or reorder',
  profile: set.profile,
  edits: [swap(...set.exchange), ...split(set)],
  ...both(MISREAD),
}));

const FORWARDED: readonly [string, string, MutationProfile][] = [
  [`${ABI}/memfd.h`, 'linux/liveupdate/memfd.h', 'memfd'],
  [`${ABI}/luo.h`, 'linux/liveupdate/luo.h', 'memfd'],
  [`${ABI}/block.h`, 'linux/kho/block_abi.h', 'memfd'],
  [`${ABI}/kexec_handover.h`, 'linux/liveupdate/kho.h', 'memory'],
  [`${ABI}/memblock.h`, 'linux/kho/memblock.h', 'memory'],
  [`${ABI}/kexec_metadata.h`, 'linux/kho/metadata.h', 'metadata'],
];

const forwarded: Mutation[] = FORWARDED.map(([from, to, profile]) => ({
  ...MOVED,
  name: `${from.slice(ABI.length + 1)} moved as a whole, with a header that leads there`,
  profile,
  edits: [moveFile(from, `include/${to}`, `#include <${to}>\n`)],
  ...both(READS_SAME),
}));

const CODE_FILES: readonly [string, string, MutationProfile][] = [
  [`${LUO}/luo_core.c`, `${LUO}/core.c`, 'memfd'],
  [`${LUO}/luo_session.c`, `${LUO}/session.c`, 'memfd'],
  [`${LUO}/luo_file.c`, `${LUO}/file.c`, 'memfd'],
  [`${LUO}/luo_flb.c`, `${LUO}/flb.c`, 'flb'],
  [`${LUO}/kho_block.c`, `${LUO}/block.c`, 'memfd'],
  [`${LUO}/kexec_handover.c`, `${LUO}/kho_core.c`, 'memory'],
  ['mm/memfd_luo.c', 'mm/liveupdate/memfd.c', 'memfd'],
];

const codeMoved: Mutation[] = CODE_FILES.map(([from, to, profile]) => ({
  ...MOVED,
  name: `the file ${from} renamed to ${to}`,
  profile,
  edits: [moveFile(from, to)],
  ...both(READS_SAME),
}));

const objectOf = (path: string): string => path.replace(/^.*\/(\w+)\.c$/, '$1.o');

const codeMovedWithRule: Mutation[] = CODE_FILES.filter(([from]) => from.startsWith(LUO)).map(
  ([from, to, profile]) => ({
    ...MOVED,
    name: `the file ${from} renamed to ${to}, and so in the Makefile`,
    profile,
    edits: [
      moveFile(from, to),
      editFile(`${LUO}/Makefile`, (text) =>
        text.replace(new RegExp(`(?<=\\s)${objectOf(from)}`), objectOf(to)),
      ),
    ],
    ...both(READS_SAME),
  }),
);

const FUNCTIONS: readonly [string, readonly string[], string, MutationProfile][] = [
  ['the check of the whole tree', ['kho_populate'], `${LUO}/kho_boot.c`, 'memory'],
  ['the walk over the tree', ['kho_radix_walk_tree'], `${LUO}/kho_radix.c`, 'memory'],
  ['the start of sessions', ['luo_session_setup_incoming'], `${LUO}/luo_early.c`, 'memfd'],
  ['one file read again', ['luo_file_deserialize_one'], `${LUO}/luo_read.c`, 'memfd'],
  ['FLBs written', ['luo_flb_serialize'], `${LUO}/luo_write.c`, 'flb'],
  ['blocks found again', ['kho_block_set_restore'], `${LUO}/kho_block_read.c`, 'memfd'],
  ['pages of memory files', ['memfd_luo_retrieve_folios'], 'mm/liveupdate/memfd_pages.c', 'memfd'],
];

const functionsMoved: Mutation[] = FUNCTIONS.map(([what, names, to, profile]) => ({
  ...MOVED,
  name: `${what}: the function moved to ${to}`,
  profile,
  edits: [moveFunctions(names, to, '#include <linux/types.h>\n')],
  ...both(READS_SAME),
}));

const FLAGS_IN_CODE = /#define KHO_VMALLOC_ALLOC[^\n]*\n#define KHO_VMALLOC_HUGE_VMAP[^\n]*\n/;
const VMALLOC = ['new_vmalloc_chunk', 'kho_preserve_vmalloc', 'kho_restore_vmalloc'] as const;

const setupData = 'arch/x86/include/uapi/asm/setup_data.h';
const setupKho = 'arch/x86/include/uapi/asm/setup_kho.h';
const moveSetup = [
  moveStructs(['kho_data'], setupKho, (moved) => header(moved)),
  including(setupData, 'asm/setup_kho.h'),
];

const others: Mutation[] = [
  {
    ...MOVED,
    name: 'the code of vmalloc areas with its flags moved to a file of its own',
    only: 'fixture',
    edits: [
      replaceMatch(FLAGS_IN_CODE, ''),
      moveFunctions(
        VMALLOC,
        `${LUO}/kho_vmalloc.c`,
        '#include <linux/kho/abi/kexec_handover.h>\n\n#define KHO_VMALLOC_ALLOC 0x1\n#define KHO_VMALLOC_HUGE_VMAP 0x2\n',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...MOVED,
    family: 'layouts and names',
    kind: 'flag',
    name: 'the code of vmalloc areas with its flags, exchanged, moved to a file of its own',
    only: 'fixture',
    edits: [
      replaceMatch(FLAGS_IN_CODE, ''),
      moveFunctions(
        VMALLOC,
        `${LUO}/kho_vmalloc.c`,
        '#include <linux/kho/abi/kexec_handover.h>\n\n#define KHO_VMALLOC_ALLOC 0x2\n#define KHO_VMALLOC_HUGE_VMAP 0x1\n',
      ),
    ],
    ...both(MISREAD),
  },
  {
    ...MOVED,
    profile: 'memory',
    name: 'kho_data in a header of its own that the old one includes',
    edits: moveSetup,
    ...both(SAME),
  },
  {
    ...MOVED,
    profile: 'memory',
    name: 'kho_data in a header of its own that the code includes',
    only: 'fixture',
    edits: [
      moveStructs(['kho_data'], setupKho, (moved) => header(moved)),
      including('arch/x86/kernel/setup.c', 'asm/setup_kho.h'),
      including('arch/x86/kernel/kexec-bzimage64.c', 'asm/setup_kho.h'),
    ],
    ...both(READS_SAME),
  },
  {
    ...MOVED,
    family: 'layouts and names',
    kind: 'swap or reorder',
    profile: 'memory',
    target: 'x86_64-4k',
    name: 'kho_data in a header of its own, members exchanged',
    edits: [swap('kho_data', 'fdt_addr', 'scratch_addr'), ...moveSetup],
    ...both(MISREAD),
  },
  {
    ...MOVED,
    family: 'layouts and names',
    kind: 'swap or reorder',
    profile: 'memory',
    target: 'x86_64-4k',
    only: 'fixture',
    name: 'kho_data in a header of its own that the code includes, members exchanged',
    edits: [
      swap('kho_data', 'fdt_addr', 'scratch_addr'),
      moveStructs(['kho_data'], setupKho, (moved) => header(moved)),
      including('arch/x86/kernel/setup.c', 'asm/setup_kho.h'),
      including('arch/x86/kernel/kexec-bzimage64.c', 'asm/setup_kho.h'),
    ],
    ...both([...MISREAD, ...DROPPED, ...UNKNOWN]),
  },
  {
    ...MOVED,
    profile: 'memory',
    name: 'the strings of memblock back in the code',
    only: 'fixture',
    edits: [
      undefine('MEMBLOCK_KHO_FDT'),
      undefine('MEMBLOCK_KHO_NODE_COMPATIBLE'),
      undefine('RESERVE_MEM_KHO_NODE_COMPATIBLE'),
      editFile('mm/memblock.c', (text) =>
        text.replace(
          /(#include[^\n]*\n)/,
          '$1\n#define MEMBLOCK_KHO_FDT "memblock"\n#define MEMBLOCK_KHO_NODE_COMPATIBLE "memblock-v1"\n#define RESERVE_MEM_KHO_NODE_COMPATIBLE "reserve-mem-v1"\n',
        ),
      ),
    ],
    ...both(SAME),
  },
  ...(
    [
      ['MEMFD_LUO_FH_COMPATIBLE', 'MEMFD_LUO_HANDLER_NAME', 'memfd'],
      ['KHO_FDT_COMPATIBLE', 'KHO_TREE_COMPATIBLE', 'memory'],
      ['LUO_ABI_COMPATIBLE', 'LUO_HEAD_COMPATIBLE', 'memory'],
      ['MEMBLOCK_KHO_NODE_COMPATIBLE', 'MEMBLOCK_NODE_COMPATIBLE', 'memory'],
      ['RESERVE_MEM_KHO_NODE_COMPATIBLE', 'RESERVE_MEM_NODE_COMPATIBLE', 'memory'],
    ] as const
  ).map(
    ([from, to, profile]): Mutation => ({
      ...MOVED,
      kind: 'rename',
      profile,
      name: `the macro ${from} is called ${to} everywhere`,
      edits: [renameWord(from, to)],
      ...both(READS_SAME),
    }),
  ),
  {
    ...MOVED,
    family: 'code',
    kind: 'code',
    name: 'the file mm/memfd_luo.c moved, and the size stored in pages',
    edits: [
      inFunction('memfd_luo_preserve', /->size = (\w+)/, '->size = $1 >> PAGE_SHIFT'),
      moveFile('mm/memfd_luo.c', 'mm/liveupdate/memfd.c'),
    ],
    ...both([...MISREAD, 'compatible-with-notes', ...UNKNOWN]),
  },
  {
    ...MOVED,
    family: 'code',
    kind: 'restring or renumber a marker',
    name: 'the file luo_core.c renamed, and its reader asks for luo-v9',
    edits: [
      inFunction('luo_early_startup', /LUO_ABI_COMPATIBLE/, '"luo-v9"'),
      moveFile(`${LUO}/luo_core.c`, `${LUO}/core.c`),
    ],
    forward: ['refused boot-panic'],
    backward: READS_SAME,
  },
  {
    ...MOVED,
    name: 'an empty header beside those of the hand-over',
    edits: [addFile(`${ABI}/notes.h`, header(''))],
    ...both(SAME),
  },
];

/** Declarations and code that moved or go by another name: what reads the same stays quiet. */
export const MOVED_MUTATIONS: readonly Mutation[] = [
  ...splitHeaders,
  ...splitAndExchanged,
  ...forwarded,
  ...codeMoved,
  ...codeMovedWithRule,
  ...functionsMoved,
  ...others,
];
