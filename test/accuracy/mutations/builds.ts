import { inFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { editFile, insertAfter, replaceMatch } from '../edit-declarations.ts';
import type { Mutation, Options } from '../mutation.ts';
import {
  ABSENT,
  both,
  DROPPED,
  MISREAD,
  NOTED,
  READS_SAME,
  SAME,
  SESSIONS_LOST,
  UNKNOWN,
  UNSUPPORTED,
} from '../mutation.ts';

const BUILD = { profile: 'memfd', family: 'availability', kind: 'kernel option' } as const;
const SAME_BUILD = { plain: {}, changed: {} } as const;

const KCONFIG = 'kernel/liveupdate/Kconfig';
const MAKEFILE = 'kernel/liveupdate/Makefile';
const MM = 'mm/Makefile';

/** An option gets another name, in its Kconfig and in each Makefile. */
const renameOption =
  (from: string, to: string): Edit =>
  (tree) => {
    for (const path of [KCONFIG, MAKEFILE, MM]) {
      const text = tree.get(path);
      if (text === undefined) throw new Error(`no ${path}`);
      tree.set(
        path,
        text
          .replace(new RegExp(`\\bCONFIG_${from}\\b`, 'g'), `CONFIG_${to}`)
          .replace(new RegExp(`(config|depends on|default|select) ${from}\\b`, 'g'), `$1 ${to}`),
      );
    }
  };

/** A line behind the first line of an option. */
const inOption = (name: string, line: string): Edit =>
  editFile(KCONFIG, (text) => text.replace(new RegExp(`(config ${name}\\n[^\\n]*\\n)`), `$1\t${line}\n`));

const anOption = (name: string): Edit =>
  editFile(KCONFIG, (text) => text.replace(/^config/m, `config ${name}\n\tbool "Test"\n\nconfig`));

const withoutRule = (path: string, object: string): Edit =>
  editFile(path, (text) => text.replace(new RegExp(`(?<=\\s)${object}(?=\\s)`), ''));

/** An object built by an option of its own, no longer a part of luo.o whatever is chosen. */
const ownOption = (object: string, option: string): Edit[] => [
  anOption(option),
  withoutRule(MAKEFILE, object),
  editFile(MAKEFILE, (text) => `${text}\nluo-$(CONFIG_${option}) += ${object}\n`),
];

const UNIT_BY_OPTION = inFunction(
  'memfd_luo_preserve',
  /->size = (\w+);/,
  '->size = IS_ENABLED(CONFIG_MADE_PAGES) ? $1 >> PAGE_SHIFT : $1;',
);

const off = (option: string): { plain: Options; changed: Options } => ({
  plain: {},
  changed: { [option]: 'n' },
});

/** What is built: options on and off, renamed, split, and what the Makefiles make of them. */
export const BUILD_MUTATIONS: readonly Mutation[] = [
  { ...BUILD, name: 'two builds with the same options', edits: [], configs: SAME_BUILD, ...both(SAME) },
  {
    ...BUILD,
    name: 'LIVEUPDATE off in one build',
    edits: [],
    configs: { plain: {}, changed: { LIVEUPDATE: 'n', LIVEUPDATE_MEMFD: 'n' } },
    forward: ABSENT,
    backward: UNSUPPORTED,
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'LIVEUPDATE off in one build, where only memory matters',
    edits: [],
    configs: { plain: {}, changed: { LIVEUPDATE: 'n', LIVEUPDATE_MEMFD: 'n' } },
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    profile: 'flb',
    name: 'LIVEUPDATE off in one build, where FLBs matter',
    edits: [],
    configs: { plain: {}, changed: { LIVEUPDATE: 'n', LIVEUPDATE_MEMFD: 'n' } },
    forward: ABSENT,
    backward: UNSUPPORTED,
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'LIVEUPDATE_MEMFD off in one build, where only memory matters',
    edits: [],
    configs: off('LIVEUPDATE_MEMFD'),
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'KEXEC_HANDOVER off in one build',
    edits: [],
    configs: {
      plain: {},
      changed: { KEXEC_HANDOVER: 'n', LIVEUPDATE: 'n', LIVEUPDATE_MEMFD: 'n' },
    },
    forward: ABSENT,
    backward: UNSUPPORTED,
  },
  {
    ...BUILD,
    profile: 'metadata',
    name: 'KEXEC_HANDOVER off in one build, where the metadata matters',
    edits: [],
    configs: {
      plain: {},
      changed: { KEXEC_HANDOVER: 'n', LIVEUPDATE: 'n', LIVEUPDATE_MEMFD: 'n' },
    },
    forward: [...ABSENT, 'refused ignored'],
    backward: UNSUPPORTED,
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD a module in one build',
    edits: [],
    configs: { plain: {}, changed: { LIVEUPDATE_MEMFD: 'm' } },
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'KEXEC_HANDOVER_ENABLE_DEFAULT on in one build',
    edits: [],
    configs: { plain: {}, changed: { KEXEC_HANDOVER_ENABLE_DEFAULT: 'y' } },
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    name: 'an option that nothing of the hand-over asks for on in one build',
    edits: [],
    configs: { plain: {}, changed: { NUMA: 'y', KEXEC_HANDOVER_DEBUG: 'y' } },
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD renamed, and on',
    edits: [renameOption('LIVEUPDATE_MEMFD', 'MEMFD_LIVEUPDATE')],
    configs: { plain: {}, changed: { LIVEUPDATE_MEMFD: 'n', MEMFD_LIVEUPDATE: 'y' } },
    ...both([...READS_SAME, ...UNKNOWN]),
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD renamed, and off',
    edits: [renameOption('LIVEUPDATE_MEMFD', 'MEMFD_LIVEUPDATE')],
    configs: { plain: {}, changed: { LIVEUPDATE_MEMFD: 'n' } },
    forward: [...SESSIONS_LOST, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD renamed, and off, with a value left behind for the old name',
    edits: [renameOption('LIVEUPDATE_MEMFD', 'MEMFD_LIVEUPDATE')],
    configs: { plain: {}, changed: { LIVEUPDATE_MEMFD: 'y' } },
    forward: [...SESSIONS_LOST, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD renamed, without configurations',
    edits: [renameOption('LIVEUPDATE_MEMFD', 'MEMFD_LIVEUPDATE')],
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'KEXEC_HANDOVER renamed, and on',
    edits: [renameOption('KEXEC_HANDOVER', 'KHO')],
    configs: { plain: {}, changed: { KEXEC_HANDOVER: 'n', KHO: 'y' } },
    ...both([...READS_SAME, ...UNKNOWN]),
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'KEXEC_HANDOVER renamed, and off',
    edits: [renameOption('KEXEC_HANDOVER', 'KHO')],
    configs: { plain: {}, changed: { KEXEC_HANDOVER: 'y' } },
    forward: [...ABSENT, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE renamed, and on',
    edits: [renameOption('LIVEUPDATE', 'LIVE_UPDATE')],
    configs: { plain: {}, changed: { LIVEUPDATE: 'n', LIVE_UPDATE: 'y' } },
    ...both([...READS_SAME, ...UNKNOWN]),
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD depends on one option more, which is not met',
    edits: [inOption('LIVEUPDATE_MEMFD', 'depends on !PREEMPT_RT')],
    configs: { plain: {}, changed: { PREEMPT_RT: 'y', LIVEUPDATE_MEMFD: 'n' } },
    forward: SESSIONS_LOST,
    backward: UNSUPPORTED,
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE_MEMFD depends on one option more, which is met',
    edits: [inOption('LIVEUPDATE_MEMFD', 'depends on !PREEMPT_RT')],
    configs: SAME_BUILD,
    ...both(SAME),
  },
  {
    ...BUILD,
    name: 'LIVEUPDATE selects what it depended on',
    edits: [inOption('LIVEUPDATE', 'select MEMFD_CREATE')],
    configs: SAME_BUILD,
    ...both(SAME),
  },
  ...(
    [
      ['luo_flb.o', 'LIVEUPDATE_FLB', 'flb'],
      ['luo_session.o', 'LIVEUPDATE_SESSIONS', 'memfd'],
    ] as const
  ).flatMap(([object, option, profile]): Mutation[] => [
    {
      ...BUILD,
      profile,
      name: `${object} under an option of its own, on`,
      edits: ownOption(object, option),
      configs: { plain: {}, changed: { [option]: 'y' } },
      ...both(READS_SAME),
    },
    {
      ...BUILD,
      profile,
      name: `${object} under an option of its own, off`,
      edits: ownOption(object, option),
      configs: SAME_BUILD,
      forward: [...ABSENT, ...UNKNOWN],
      backward: [...UNSUPPORTED, ...UNKNOWN],
    },
  ]),
  {
    ...BUILD,
    name: 'the rule that builds memfd_luo.o taken out',
    edits: [withoutRule(MM, 'memfd_luo.o')],
    configs: SAME_BUILD,
    forward: [...SESSIONS_LOST, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'the rule that builds memfd_luo.o taken out, without configurations',
    edits: [withoutRule(MM, 'memfd_luo.o')],
    forward: [...SESSIONS_LOST, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'luo_session.o no longer a part of luo.o',
    edits: [withoutRule(MAKEFILE, 'luo_session.o')],
    configs: SAME_BUILD,
    forward: [...ABSENT, ...UNKNOWN],
    backward: [...UNSUPPORTED, ...UNKNOWN],
  },
  {
    ...BUILD,
    name: 'memfd_luo.o built by LIVEUPDATE itself',
    edits: [editFile(MM, (text) => text.replace('$(CONFIG_LIVEUPDATE_MEMFD)', '$(CONFIG_LIVEUPDATE)'))],
    configs: SAME_BUILD,
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    name: 'the rules of the Makefile in another form: one object a line',
    only: 'fixture',
    edits: [
      editFile(MAKEFILE, (text) =>
        text.replace(
          /luo-y :=[^#]*?\n\n/,
          'luo-objs := kho_block.o\nluo-objs += luo_core.o\nluo-objs += luo_file.o\nluo-objs += luo_flb.o luo_session.o\n\n',
        ),
      ),
    ],
    configs: SAME_BUILD,
    ...both(SAME),
  },
  {
    ...BUILD,
    name: 'the writer stores another unit under an option: on in one build',
    given: [UNIT_BY_OPTION],
    edits: [],
    configs: { plain: {}, changed: { MADE_PAGES: 'y' } },
    ...both([...MISREAD, ...NOTED, ...UNKNOWN]),
  },
  {
    ...BUILD,
    name: 'the writer stores another unit under an option: on in both builds',
    given: [UNIT_BY_OPTION],
    edits: [],
    configs: { plain: { MADE_PAGES: 'y' }, changed: { MADE_PAGES: 'y' } },
    ...both(READS_SAME),
  },
  {
    ...BUILD,
    name: 'a member under an option of the live update: on in one build',
    given: [
      insertAfter('memfd_luo_ser', 'flags', '\n#ifdef CONFIG_KEXEC_HANDOVER_DEBUG\n\tu64 extra;\n#endif\n'),
    ],
    edits: [],
    configs: { plain: {}, changed: { KEXEC_HANDOVER_DEBUG: 'y' } },
    ...both(MISREAD),
  },
  {
    ...BUILD,
    name: 'the length of a name by an option: another in one build',
    given: [replaceMatch(/(#define\s+LIVEUPDATE_HNDL_COMPAT_LENGTH\s+)48/, '$1CONFIG_MADE_LENGTH')],
    edits: [],
    configs: { plain: { MADE_LENGTH: '48' }, changed: { MADE_LENGTH: '64' } },
    ...both(MISREAD),
  },
  {
    ...BUILD,
    profile: 'memory',
    name: 'the marker of KHO by an option: another in one build',
    given: [
      replaceMatch(
        /#define\s+KHO_FDT_COMPATIBLE\s+"kho-v4"/,
        '#ifdef CONFIG_MADE_NEXT\n#define KHO_FDT_COMPATIBLE "kho-v5"\n#else\n#define KHO_FDT_COMPATIBLE "kho-v4"\n#endif',
      ),
    ],
    edits: [],
    configs: { plain: {}, changed: { MADE_NEXT: 'y' } },
    ...both(DROPPED),
  },
  ...(['SHMEM', 'MEMFD_CREATE'] as const).map(
    (option): Mutation => ({
      ...BUILD,
      name: `${option} off in one build, and with it what depends on it`,
      edits: [],
      configs: { plain: {}, changed: { [option]: 'n', LIVEUPDATE_MEMFD: 'n' } },
      forward: SESSIONS_LOST,
      backward: UNSUPPORTED,
    }),
  ),
];
