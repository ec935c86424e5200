import type { Edit } from '../edit-declarations.ts';
import { addFile, editFile, replaceMatch } from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import { both, NOTED, READS_SAME, SAME, UNKNOWN } from '../mutation.ts';

// What the rest of the kernel does with live update: whether it obeys its errors, keeps scratch memory apart, when its parts
// run at boot, and whether its options and its callers in assembler are seen.

const AROUND = { family: 'availability', kind: 'drop', profile: 'memory' } as const;
const MEMFD = { profile: 'memfd' } as const;
const BY_DOUBT = { decidedBy: ['fact-doubted', 'facts-missing'] } as const;
const NOT_WRITTEN: Answers = { forward: READS_SAME, backward: UNKNOWN };
const NOT_TAKEN: Answers = { forward: UNKNOWN, backward: READS_SAME };

type Row = readonly [name: string, edits: readonly Edit[], answers: Answers, more?: Partial<Mutation>];

const in_ = (path: string, from: RegExp | string, to: string): Edit =>
  editFile(path, (text) => {
    const after = typeof from === 'string' ? text.replace(from, () => to) : text.replace(from, to);
    if (after === text) throw new Error(`nothing changed in ${path}`);
    return after;
  });

const REBOOT = 'kernel/kexec_core.c';
/** The fixture's and the kernel's own text end what they do at an error in other words. */
const OBEYED = /(error = liveupdate_reboot\(\);\n\t+)if \(error\)(\n\t+(?:return error|goto Unlock);)/;

const ERRORS: readonly Row[] = [
  ['the reboot goes on where liveupdate_reboot() fails', [in_(REBOOT, OBEYED, '$1')], NOT_WRITTEN, MEMFD],
  [
    'the reboot casts away what liveupdate_reboot() gives',
    [in_(REBOOT, 'error = liveupdate_reboot();', '(void)liveupdate_reboot();\n\terror = 0;')],
    NOT_WRITTEN,
    MEMFD,
  ],
  [
    'the reboot warns of an error of liveupdate_reboot() and goes on',
    [in_(REBOOT, OBEYED, '$1if (error)\n\t\tpr_warn("%d\\n", error);')],
    NOT_WRITTEN,
    MEMFD,
  ],
  [
    'the reboot forgets an error of liveupdate_reboot()',
    [in_(REBOOT, OBEYED, '$1if (error)\n\t\terror = 0;')],
    NOT_WRITTEN,
    MEMFD,
  ],
  [
    'the reboot tests an error of liveupdate_reboot() for being below zero',
    [in_(REBOOT, OBEYED, '$1if (error < 0)$2')],
    both(READS_SAME),
    { ...MEMFD, kind: 'comment or spelling' },
  ],
  [
    'the reboot has another local for the error of liveupdate_reboot()',
    [in_(REBOOT, OBEYED, 'int failed = liveupdate_reboot();\n\n\tif (unlikely(failed))\n\t\treturn failed;')],
    both(READS_SAME),
    { ...MEMFD, kind: 'rename' },
  ],
  [
    'a kernel is loaded although kho_fill_kimage() fails',
    [in_('kernel/kexec_file.c', 'ret = kho_fill_kimage(image);', 'kho_fill_kimage(image);\n\tret = 0;')],
    NOT_WRITTEN,
  ],
];

const SCRATCH: readonly Row[] = [
  [
    'blocks of pages are set up without kho_scratch_migratetype()',
    [
      in_(
        'mm/mm_init.c',
        /(= ?|=\n\t+)kho_scratch_migratetype\(pfn, (\w+)\)([\s\S]*)kho_scratch_migratetype\(pfn, (\w+)\)/,
        '$1$2$3$4',
      ),
    ],
    both(UNKNOWN),
    { only: 'fixture' },
  ],
  [
    'one of the places that set up blocks has no kho_scratch_migratetype()',
    [in_('mm/mm_init.c', 'kho_scratch_migratetype(pfn, MIGRATE_MOVABLE)', 'MIGRATE_MOVABLE')],
    both(NOTED),
  ],
  [
    'what kho_scratch_migratetype() gives is not used',
    [in_('mm/mm_init.c', /set_block_kind\(([^,]+), kind\)/, 'set_block_kind($1, usual)')],
    both(NOTED),
    { only: 'fixture' },
  ],
  [
    'kho_scratch_migratetype() is asked for another kind of block',
    [in_('mm/mm_init.c', '(pfn, MIGRATE_MOVABLE)', '(pfn, MIGRATE_UNMOVABLE)')],
    both(NOTED),
  ],
  [
    'the locals around kho_scratch_migratetype() go by other names',
    [in_('mm/mm_init.c', /\bkind\b/g, 'type')],
    both(SAME),
    { only: 'fixture', kind: 'rename' },
  ],
  [
    'early memory is taken from outside of scratch memory',
    [in_('mm/memblock.c', / ?\(?\(flags & MEMBLOCK_KHO_SCRATCH\) && !memblock_is_kho_scratch\(\w+\)/, ' (0')],
    NOT_TAKEN,
  ],
  [
    'early memory is asked for whatever kho_scratch_only says',
    [in_('mm/memblock.c', /if \(kho_scratch_only\)\n\t+return MEMBLOCK_KHO_SCRATCH;\n/, '')],
    both(NOTED),
  ],
  [
    'scratch memory alone is still used when memory is set up',
    [in_('mm/memblock.c', '\tmemblock_clear_kho_scratch_only();\n', '')],
    NOT_TAKEN,
  ],
  [
    'the first megabyte is no scratch memory',
    [in_('arch/x86/kernel/e820.c', /\tmemblock_mark_kho_scratch\(0, SZ_1M\);\n/, '')],
    NOT_TAKEN,
    { target: 'x86_64-4k' },
  ],
  [
    'the first megabyte is no scratch memory, for arm64',
    [in_('arch/x86/kernel/e820.c', /\tmemblock_mark_kho_scratch\(0, SZ_1M\);\n/, '')],
    both(SAME),
    { target: 'arm64-4k' },
  ],
  [
    'the first megabyte stays scratch memory',
    [in_('arch/x86/realmode/init.c', /\tmemblock_clear_kho_scratch\(0, SZ_1M\);\n/, '')],
    NOT_TAKEN,
    { target: 'x86_64-4k' },
  ],
];

const initcall = (name: string, level: string): Edit =>
  replaceMatch(new RegExp(`^\\w+_initcall\\(${name}\\);`, 'm'), `${level}_initcall(${name});`);
const BOOT = { ...MEMFD, kind: 'code' } as const;

const LEVELS: readonly Row[] = [
  ...['early', 'pure', 'core', 'postcore', 'arch', 'subsys'].map(
    (level): Row => [
      `the handler of memory files is registered as ${level}_initcall`,
      [initcall('memfd_luo_init', level)],
      both(UNKNOWN),
      BOOT,
    ],
  ),
  [
    'the handler of memory files is registered by module_init',
    [replaceMatch(/^late_initcall\(memfd_luo_init\);/m, 'module_init(memfd_luo_init);')],
    both(NOTED),
    BOOT,
  ],
  [
    'the handler of memory files is registered as device_initcall',
    [initcall('memfd_luo_init', 'device')],
    both(NOTED),
    BOOT,
  ],
  [
    'reserve_mem is handed over before KHO is set up',
    [initcall('reserve_mem_init', 'core')],
    both(UNKNOWN),
    { kind: 'code' },
  ],
  [
    'KHO is set up after others hand over',
    [initcall('kho_init', 'late_sync')],
    both([...UNKNOWN, ...NOTED]),
    { kind: 'code', only: 'fixture' },
  ],
  [
    'what was handed over is looked for later at boot',
    [initcall('liveupdate_early_init', 'subsys')],
    both(NOTED),
    BOOT,
  ],
];

const SOURCES = 'init/Kconfig';
const OPTIONS = { kind: 'kernel option' } as const;

const BUILDS: readonly Row[] = [
  [
    'no Kconfig sources that of live update',
    [in_(SOURCES, 'source "kernel/liveupdate/Kconfig"\n', '')],
    both(UNKNOWN),
    OPTIONS,
  ],
  [
    'no Kconfig sources that of live update, for memory files',
    [in_(SOURCES, 'source "kernel/liveupdate/Kconfig"\n', '')],
    both(UNKNOWN),
    { ...OPTIONS, ...MEMFD },
  ],
  [
    'the Kconfig of live update is sourced in if n',
    [in_(SOURCES, /(source "kernel\/liveupdate\/Kconfig"\n)/, 'if n\n$1endif\n')],
    both(UNKNOWN),
    OPTIONS,
  ],
  [
    'the first Kconfig does not lead to what sources that of live update',
    [in_('Kconfig', 'source "init/Kconfig"\n', '')],
    both(UNKNOWN),
    OPTIONS,
  ],
  [
    'the Kconfig of live update is sourced by the first one',
    [
      in_(SOURCES, 'source "kernel/liveupdate/Kconfig"\n', ''),
      in_(
        'Kconfig',
        'source "init/Kconfig"\n',
        'source "init/Kconfig"\nsource "kernel/liveupdate/Kconfig"\n',
      ),
    ],
    both(SAME),
    { ...OPTIONS, kind: 'regroup' },
  ],
  [
    'the Kconfig of live update is sourced in a block of its own',
    [in_(SOURCES, /(source "kernel\/liveupdate\/Kconfig"\n)/, 'if EXPERT\n$1endif\n')],
    both(READS_SAME),
    { ...OPTIONS, kind: 'regroup' },
  ],
];

const ASSEMBLER = { family: 'other callers', kind: 'outside the profile' } as const;
const SEEN = [...NOTED, ...UNKNOWN];
const CALLED = { ...ASSEMBLER, decidedBy: ['fact-doubted'] } as const;

const IN_ASSEMBLER: readonly Row[] = [
  [
    'assembler for x86 hands over a subtree',
    [
      addFile(
        'arch/x86/kernel/keep_64.S',
        '#include <linux/linkage.h>\n\nSYM_FUNC_START(keep)\n\tcall\tkho_add_subtree\n\tRET\nSYM_FUNC_END(keep)\n',
      ),
    ],
    both(SEEN),
    { ...CALLED, target: 'x86_64-4k' },
  ],
  [
    'assembler for arm64 keeps pages',
    [
      addFile(
        'arch/arm64/kernel/keep.S',
        '#include <linux/linkage.h>\n\nSYM_FUNC_START(keep)\n\tbl\tkho_preserve_pages\n\tret\nSYM_FUNC_END(keep)\n',
      ),
    ],
    both(SEEN),
    { ...CALLED, target: 'arm64-64k' },
  ],
  [
    'assembler within C keeps pages',
    [
      addFile(
        'drivers/own/keep.c',
        'static void keep(void)\n{\n\tasm volatile("call kho_preserve_pages" ::: "memory");\n}\n',
      ),
    ],
    both(SEEN),
    CALLED,
  ],
  [
    'assembler says in a comment that it does not hand over',
    [
      addFile(
        'arch/x86/kernel/keep_64.S',
        '/* no kho_add_subtree() here */\nSYM_FUNC_START(keep)\n\tRET\nSYM_FUNC_END(keep)\n',
      ),
    ],
    both(SAME),
    ASSEMBLER,
  ],
];

/** Edits around live update's own code. */
export const AROUND_MUTATIONS: readonly Mutation[] = [
  ...ERRORS,
  ...SCRATCH,
  ...LEVELS,
  ...BUILDS,
  ...IN_ASSEMBLER,
].map(
  ([name, edits, answers, more = {}]): Mutation => ({
    ...AROUND,
    ...BY_DOUBT,
    name,
    edits,
    ...answers,
    ...more,
  }),
);
