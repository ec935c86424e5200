import { inFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { replaceMatch, replaceText } from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import { both, READS_SAME, SAME, SESSIONS_LOST, UNKNOWN, UNSUPPORTED } from '../mutation.ts';

// Where the rest of the kernel calls live update, and where it is built at all: a function that nobody calls any more writes
// or takes nothing.

const HOOK = { family: 'availability', kind: 'drop', profile: 'memory' } as const;
const X86 = { ...HOOK, target: 'x86_64-4k' } as const;
const ARM = { ...HOOK, target: 'arm64-4k' } as const;
/** The outgoing kernel no longer writes. */
const NOT_WRITTEN: Answers = { forward: READS_SAME, backward: UNKNOWN };
/** The incoming kernel no longer takes. */
const NOT_TAKEN: Answers = { forward: UNKNOWN, backward: READS_SAME };
const BY_DOUBT = { decidedBy: ['fact-doubted', 'facts-missing'] } as const;
const REBOOT = 'error = liveupdate_reboot();';
/** Alike in the kernel's own text. */
const FILL = 'ret = kho_fill_kimage(image);';

type Row = readonly [name: string, edit: Edit, answers: Answers, more?: Partial<Mutation>];

const ROWS: readonly Row[] = [
  [
    'the reboot no longer calls liveupdate_reboot()',
    replaceText(REBOOT, 'error = 0;'),
    NOT_WRITTEN,
    { profile: 'memfd' },
  ],
  [
    'the reboot calls liveupdate_reboot() behind a return',
    replaceText(REBOOT, 'return 0;\n\terror = liveupdate_reboot();'),
    NOT_WRITTEN,
    { profile: 'memfd' },
  ],
  [
    'the reboot calls liveupdate_reboot() under a condition that never holds',
    replaceText(REBOOT, 'if (0)\n\t\terror = liveupdate_reboot();'),
    NOT_WRITTEN,
    { profile: 'memfd' },
  ],
  [
    'the reboot calls liveupdate_reboot() with an option',
    replaceText(REBOOT, 'if (IS_ENABLED(CONFIG_OWN))\n\t\terror = liveupdate_reboot();'),
    NOT_WRITTEN,
    { profile: 'memfd', kind: 'kernel option' },
  ],
  [
    'the reboot calls liveupdate_reboot() between #ifdef and #endif',
    replaceText(REBOOT, 'error = 0;\n#ifdef CONFIG_OWN\n\terror = liveupdate_reboot();\n#endif'),
    NOT_WRITTEN,
    { profile: 'memfd', kind: 'kernel option' },
  ],
  [
    'the reboot calls liveupdate_reboot() in a condition',
    replaceText(REBOOT, 'if ((error = liveupdate_reboot()) < 0)\n\t\terror = -EIO;'),
    both(READS_SAME),
    { profile: 'memfd', kind: 'regroup' },
  ],
  [
    'the reboot leaves early, and else calls liveupdate_reboot()',
    replaceText(REBOOT, 'if (!image_loaded())\n\t\treturn -EINVAL;\n\terror = liveupdate_reboot();'),
    both(READS_SAME),
    { profile: 'memfd', kind: 'regroup' },
  ],
  ['a kernel is loaded without kho_fill_kimage()', replaceText(FILL, 'ret = 0;'), NOT_WRITTEN],
  ['memory is set up without kho_memory_init()', replaceMatch(/\tkho_memory_init\(\);\n/, ''), NOT_TAKEN],
  [
    'kho_memory_init() comes behind memblock_free_all()',
    replaceText('\tkho_memory_init();', '\tmemblock_free_all();\n\tkho_memory_init();'),
    both(UNKNOWN),
    { kind: 'code' },
  ],
  [
    'kho_memory_init() comes before all that memblock_free_all() gives away',
    replaceText('\tkho_memory_init();', '\tkho_memory_init();\n\tinit_more();\n\tmemblock_free_all();'),
    both(SAME),
    { kind: 'regroup' },
  ],
];

const ARCHITECTURES: readonly Row[] = [
  [
    'setup_kho() is called by nobody',
    replaceMatch(/^\t+setup_kho\(image, .*(?:\n\t+.*)?;\n/m, ''),
    NOT_WRITTEN,
    X86,
  ],
  [
    'the setup data of KHO are passed over',
    replaceMatch(/\tcase SETUP_KEXEC_KHO:\n.*add_kho\(.*\n.*break;\n/, ''),
    NOT_TAKEN,
    X86,
  ],
  ['add_kho() populates nothing', inFunction('add_kho', /\tkho_populate\([^;]*;\n/, ''), NOT_TAKEN, X86],
  [
    'kho_add_chosen() is called by nobody',
    replaceText('ret = kho_add_chosen(image, fdt, chosen_node);', 'ret = 0;'),
    NOT_WRITTEN,
    ARM,
  ],
  [
    'early_init_dt_check_kho() is called by nobody',
    replaceMatch(/\n\tearly_init_dt_check_kho\(\);/, ''),
    NOT_TAKEN,
    ARM,
  ],
  [
    'early_init_dt_check_kho() populates nothing',
    inFunction('early_init_dt_check_kho', /\tkho_populate\([^;]*;\n/, ''),
    NOT_TAKEN,
    ARM,
  ],
];

const KCONFIG = { ...HOOK, kind: 'kernel option' } as const;
const SUPPORTS = /config ARCH_SUPPORTS_KEXEC_HANDOVER\n\tdef_bool y\n/;

const BUILDS: readonly Row[] = [
  [
    'arm64 no longer supports KHO, for arm64',
    replaceMatch(SUPPORTS, ''),
    both(UNKNOWN),
    { ...KCONFIG, target: 'arm64-64k' },
  ],
  [
    'arm64 no longer supports KHO, for x86',
    replaceMatch(SUPPORTS, ''),
    both(SAME),
    { ...KCONFIG, target: 'x86_64-4k' },
  ],
  [
    'arm64 supports KHO with pages of 4 KiB alone',
    replaceMatch(
      SUPPORTS,
      'config ARCH_SUPPORTS_KEXEC_HANDOVER\n\tdef_bool y\n\tdepends on ARM64_4K_PAGES\n',
    ),
    both(UNKNOWN),
    { ...KCONFIG, perTarget: { 'x86_64-4k': both(SAME), 'arm64-4k': both(SAME) } },
  ],
  [
    'arm64 selects that it supports KHO',
    replaceMatch(
      SUPPORTS,
      'config ARCH_SUPPORTS_KEXEC_HANDOVER\n\tbool\n\nconfig ARM64\n\tselect ARCH_SUPPORTS_KEXEC_HANDOVER\n',
    ),
    both(SAME),
    KCONFIG,
  ],
  [
    'KEXEC_HANDOVER depends on BROKEN',
    replaceText('config KEXEC_HANDOVER\n', 'config KEXEC_HANDOVER\n\tdepends on BROKEN\n'),
    both(UNKNOWN),
    KCONFIG,
  ],
  [
    'LIVEUPDATE between if BROKEN and endif',
    replaceMatch(
      /^config LIVEUPDATE\n((?:.*\n)*?)(?=\nconfig|$)/m,
      'if BROKEN\nconfig LIVEUPDATE\n$1endif\n',
    ),
    both(UNKNOWN),
    { ...KCONFIG, profile: 'memfd' },
  ],
  [
    'no Makefile enters the folder of live update',
    replaceMatch(/^obj-y \+= liveupdate\/\n/m, ''),
    both(UNKNOWN),
    KCONFIG,
  ],
  [
    'the handler of memory files is registered behind a return',
    inFunction('memfd_luo_init', '{\n', '{\n\treturn 0;\n'),
    { forward: SESSIONS_LOST, backward: UNSUPPORTED },
    { profile: 'memfd', decidedBy: ['component-absent', 'handler-unknown'] },
  ],
  [
    'the handler of memory files is registered by nobody',
    inFunction('memfd_luo_init', /liveupdate_register_file_handler\(&memfd_luo_handler\)/, '0'),
    both(UNKNOWN),
    { profile: 'memfd' },
  ],
];

/** Calls of live update from the rest of the kernel, and whether it is built. */
export const HOOK_MUTATIONS: readonly Mutation[] = [...ROWS, ...ARCHITECTURES, ...BUILDS].map(
  ([name, edit, answers, more = {}]): Mutation => ({
    ...HOOK,
    ...BY_DOUBT,
    name,
    edits: [edit],
    ...answers,
    ...more,
  }),
);
