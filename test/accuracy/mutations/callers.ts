import { beforeFunction, replaceFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { addFile, append, moveFile, redefine, renameWord, replaceText, swap } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { ABSENT, both, MISREAD, NOTED, READS_SAME, SAME, SESSIONS_LOST, UNKNOWN } from '../mutation.ts';
import { driver } from './own-driver.ts';

// Whoever hands something over beside the components: drivers, handlers that nobody has described, second handlers; and what
// decides where the hand-over can be built at all.

const CALLER = { family: 'other callers', kind: 'outside the profile', profile: 'memory' } as const;
const CARRIED = { ...CALLER, profile: 'carried' } as const;
const DRIVER = 'drivers/own/keep.c';

const caller = (path = DRIVER): Edit =>
  addFile(
    path,
    '#include <linux/kexec_handover.h>\n\nstatic int keep(struct page *page)\n{\n\treturn kho_preserve_pages(page, 4);\n}\n',
  );

const HEADER = addFile(
  'include/linux/kho/abi/own.h',
  '#include <linux/types.h>\n\n#define OWN_LUO_FH_COMPATIBLE "own-v1"\n\nstruct own_luo_ser {\n\tu32 first;\n\tu32 second;\n} __packed;\n',
);
const HANDLER = driver('<linux/kho/abi/own.h>', { struct: 'own_luo_ser', macro: 'OWN_LUO_FH_COMPATIBLE' });
const OWN = [HEADER, HANDLER];
/** A change that says nothing. */
const BLANK = replaceText('#include <linux/kho/abi/own.h>', '#include <linux/kho/abi/own.h>\n\n');

/** A second handler of memory files, before the known one or behind it. */
function second(name: string, isFirst: boolean): Edit[] {
  const [one, other] = isFirst ? ['second', 'memfd_luo_handler'] : ['memfd_luo_handler', 'second'];
  return [
    beforeFunction(
      'memfd_luo_init',
      `static struct liveupdate_file_handler second = {\n\t.ops = &memfd_luo_file_ops,\n\t.compatible = "${name}",\n};\n`,
    ),
    replaceFunction(
      'memfd_luo_init',
      `static int memfd_luo_init(void)\n{\n\tint err = liveupdate_register_file_handler(&${one});\n\n\tif (err)\n\t\treturn err;\n\treturn liveupdate_register_file_handler(&${other});\n}\n`,
    ),
  ];
}
const SECOND = { family: 'availability', kind: 'restring or renumber a marker', profile: 'memfd' } as const;

const calling = (call: string): Edit =>
  addFile(DRIVER, `#include <linux/kexec_handover.h>\n\nint own_keep(void *data)\n{\n\treturn ${call};\n}\n`);

/** Other ways to hand over, of which no component speaks. */
const ELSEWHERE: readonly (readonly [name: string, edit: Edit])[] = [
  ["a driver hands over under a component's own name", calling('kho_add_subtree("LUO", data, 8)')],
  ['a driver keeps numbers in a radix tree', calling('kho_radix_add_key(data, 4)')],
  ['a driver keeps blocks of entries', calling('kho_block_set_grow(data, 4)')],
  [
    'a macro of KHO hands over under whatever name it is given',
    replaceText(
      '#define KHO_SUB_TREE_PROP_NAME',
      '#define kho_keep_tree(name, data) kho_add_subtree(name, data, 8)\n#define KHO_SUB_TREE_PROP_NAME',
    ),
  ],
  [
    'a function of KHO hands over under whatever name it is given',
    beforeFunction(
      'kho_out_fdt_setup',
      'int kho_keep_tree(const char *name, void *data)\n{\n\treturn kho_add_subtree(name, data, 8);\n}\n',
    ),
  ],
];

/** Code that hands over beside the components. */
export const CALLER_MUTATIONS: readonly Mutation[] = [
  {
    ...CALLER,
    name: 'a driver keeps pages, on one side',
    edits: [caller()],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...CALLER,
    name: 'a driver keeps pages, on both sides',
    given: [caller()],
    edits: [replaceText('#include <linux/kho/abi/luo.h>', '#include <linux/kho/abi/luo.h>\n\n')],
    ...both(NOTED),
  },
  {
    ...CALLER,
    name: 'a driver keeps pages, on both sides, in another file',
    given: [caller()],
    edits: [moveFile(DRIVER, 'drivers/own/store.c')],
    ...both(NOTED),
  },
  ...ELSEWHERE.map(
    ([name, edit]): Mutation => ({
      ...CALLER,
      name,
      edits: [edit],
      decidedBy: ['fact-doubted'],
      ...both(UNKNOWN),
    }),
  ),
  {
    ...CALLER,
    name: 'a driver of arm64 keeps pages, for x86',
    target: 'x86_64-4k',
    edits: [caller('arch/arm64/kernel/keep.c')],
    ...both(SAME),
  },
  {
    ...CALLER,
    name: 'a driver of arm64 keeps pages, for arm64',
    target: 'arm64-4k',
    edits: [caller('arch/arm64/kernel/keep.c')],
    decidedBy: ['fact-doubted'],
    ...both(UNKNOWN),
  },
  {
    ...CALLER,
    name: 'a program of the tests keeps pages',
    edits: [caller('tools/testing/selftests/kho/keep.c')],
    ...both(SAME),
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described, on one side',
    edits: OWN,
    decidedBy: ['fact-doubted', 'facts-missing'],
    ...both(UNKNOWN),
  },
  {
    ...CALLER,
    name: 'a handler that nobody has described, on one side, where memory files matter',
    profile: 'memfd',
    edits: OWN,
    forward: READS_SAME,
    backward: NOTED,
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described, on both sides',
    given: OWN,
    edits: [BLANK],
    ...both(NOTED),
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described: its record grows',
    kind: 'add at the end',
    given: OWN,
    edits: [append('own_luo_ser', 'u64 third')],
    ...both(MISREAD),
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described: two members change places',
    kind: 'swap or reorder',
    given: OWN,
    edits: [swap('own_luo_ser', 'first', 'second')],
    ...both(MISREAD),
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described: its record by another name',
    given: OWN,
    edits: [renameWord('own_luo_ser', 'own_file_ser')],
    ...both(NOTED),
  },
  {
    ...CARRIED,
    name: 'a handler that nobody has described: the record grows and the marker is raised',
    kind: 'restring or renumber a marker',
    given: OWN,
    edits: [append('own_luo_ser', 'u64 third'), redefine('OWN_LUO_FH_COMPATIBLE', '"own-v2"')],
    ...both(SESSIONS_LOST),
  },
  {
    ...SECOND,
    name: 'memfd: a second handler by another name, registered before the known one',
    edits: second('memfd-v3', true),
    forward: READS_SAME,
    backward: SESSIONS_LOST,
  },
  {
    ...SECOND,
    name: 'memfd: a second handler by another name, registered behind the known one',
    edits: second('memfd-v3', false),
    ...both(READS_SAME),
  },
  {
    ...SECOND,
    name: 'memfd: the marker raised, and a second handler by the old name behind it',
    edits: [redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'), ...second('memfd-v2', false)],
    forward: READS_SAME,
    backward: SESSIONS_LOST,
  },
  {
    ...SECOND,
    name: 'memfd: the marker raised, and a second handler by the old name before it',
    edits: [redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'), ...second('memfd-v2', true)],
    ...both(READS_SAME),
  },
  {
    family: 'availability',
    kind: 'kernel option',
    profile: 'memory',
    name: 'KEXEC_HANDOVER depends on X86_64, for arm64',
    target: 'arm64-4k',
    edits: [
      replaceText(
        'config KEXEC_HANDOVER\n',
        'config KEXEC_HANDOVER\n\tdepends on X86_64 && (MMU || COMPILE_TEST)\n',
      ),
    ],
    forward: [...UNKNOWN, ...ABSENT],
    backward: UNKNOWN,
  },
  {
    family: 'availability',
    kind: 'kernel option',
    profile: 'memory',
    name: 'KEXEC_HANDOVER depends on X86_64 or ARM64',
    edits: [
      replaceText(
        'config KEXEC_HANDOVER\n',
        'config KEXEC_HANDOVER\n\tdepends on (X86_64 || ARM64) && !HIGHMEM\n',
      ),
    ],
    ...both(SAME),
  },
  {
    family: 'refactors',
    kind: 'regroup',
    profile: 'carried',
    name: 'memblock.h and memfd.h moved below include/uapi/linux, with headers that lead there',
    edits: ['memblock', 'memfd'].map((name) =>
      moveFile(
        `include/linux/kho/abi/${name}.h`,
        `include/uapi/linux/kho/${name}.h`,
        `#include <uapi/linux/kho/${name}.h>\n`,
      ),
    ),
    ...both(READS_SAME),
  },
];
