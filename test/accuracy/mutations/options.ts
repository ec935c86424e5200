import type { Edit } from '../edit-declarations.ts';
import { insertAfter, replaceMember } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, READS_SAME, UNKNOWN } from '../mutation.ts';

const COMMON = { profile: 'memfd', family: 'constructs of C', kind: 'kernel option' } as const;
const BUILT = { ...COMMON, family: 'availability' } as const;

/** A member between flags and nr_folios under a condition. */
const memberUnder = (condition: string): Edit[] => [
  insertAfter('memfd_luo_ser', 'flags', `\n${condition}\n\tu64 extra;\n#endif\n`),
];

/** Members and lengths that depend on options: settled by the target, by a configuration, or not at all. */
export const OPTION_MUTATIONS: readonly Mutation[] = [
  {
    ...COMMON,
    name: 'a member under CONFIG_64BIT',
    edits: memberUnder('#ifdef CONFIG_64BIT'),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a member under IS_ENABLED(CONFIG_64BIT)',
    edits: memberUnder('#if IS_ENABLED(CONFIG_64BIT)'),
    ...both(MISREAD),
  },
  { ...COMMON, name: 'a member under CONFIG_MMU', edits: memberUnder('#ifdef CONFIG_MMU'), ...both(MISREAD) },
  {
    ...COMMON,
    name: 'a member under CONFIG_X86_32',
    edits: memberUnder('#ifdef CONFIG_X86_32'),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_CPU_BIG_ENDIAN',
    edits: memberUnder('#ifdef CONFIG_CPU_BIG_ENDIAN'),
    ...both(READS_SAME),
  },
  {
    ...COMMON,
    name: 'a member unless CONFIG_X86_32',
    edits: memberUnder('#ifndef CONFIG_X86_32'),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_X86_64',
    edits: memberUnder('#ifdef CONFIG_X86_64'),
    ...both(READS_SAME),
    perTarget: { 'x86_64-4k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_X86 or CONFIG_ARM64',
    edits: memberUnder('#if defined(CONFIG_X86) || IS_BUILTIN(CONFIG_ARM64)'),
    ...both(MISREAD),
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_ARM64',
    edits: memberUnder('#ifdef CONFIG_ARM64'),
    ...both(MISREAD),
    perTarget: { 'x86_64-4k': both(READS_SAME) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_ARM64_4K_PAGES',
    edits: memberUnder('#ifdef CONFIG_ARM64_4K_PAGES'),
    ...both(READS_SAME),
    perTarget: { 'arm64-4k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_ARM64_16K_PAGES',
    edits: memberUnder('#ifdef CONFIG_ARM64_16K_PAGES'),
    ...both(READS_SAME),
    perTarget: { 'arm64-16k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_ARM64_64K_PAGES',
    edits: memberUnder('#if IS_ENABLED(CONFIG_ARM64_64K_PAGES)'),
    ...both(READS_SAME),
    perTarget: { 'arm64-64k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_PAGE_SIZE_4KB',
    edits: memberUnder('#ifdef CONFIG_PAGE_SIZE_4KB'),
    ...both(MISREAD),
    perTarget: { 'arm64-16k': both(READS_SAME), 'arm64-64k': both(READS_SAME) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_PAGE_SIZE_LESS_THAN_64KB',
    edits: memberUnder('#ifdef CONFIG_PAGE_SIZE_LESS_THAN_64KB'),
    ...both(MISREAD),
    perTarget: { 'arm64-64k': both(READS_SAME) },
  },
  {
    ...COMMON,
    name: 'a member where pages are larger than 4 KiB',
    edits: memberUnder('#if PAGE_SHIFT > 12'),
    ...both(READS_SAME),
    perTarget: { 'arm64-16k': both(MISREAD), 'arm64-64k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member where CONFIG_PAGE_SHIFT is 16',
    edits: memberUnder('#if CONFIG_PAGE_SHIFT == 16'),
    ...both(READS_SAME),
    perTarget: { 'arm64-64k': both(MISREAD) },
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_NUMA, of which nothing is known',
    edits: memberUnder('#ifdef CONFIG_NUMA'),
    ...both(['compatible-with-notes', ...UNKNOWN, ...MISREAD]),
  },
  {
    ...COMMON,
    name: 'a member under CONFIG_NUMA on both sides',
    given: memberUnder('#ifdef CONFIG_NUMA'),
    edits: [],
    ...both(['compatible-with-notes']),
  },
  {
    ...COMMON,
    name: 'an array as long as CONFIG_NR_CPUS says',
    edits: [replaceMember('memfd_luo_ser', 'nr_folios', 'u64 nr_folios[CONFIG_NR_CPUS]')],
    ...both([...MISREAD, ...UNKNOWN]),
  },
  {
    ...BUILT,
    name: 'a member under CONFIG_NUMA, on in both builds',
    given: memberUnder('#ifdef CONFIG_NUMA'),
    edits: [],
    configs: { plain: { NUMA: 'y' }, changed: { NUMA: 'y' } },
    ...both(READS_SAME),
  },
  {
    ...BUILT,
    name: 'a member under CONFIG_NUMA, on in one build',
    given: memberUnder('#ifdef CONFIG_NUMA'),
    edits: [],
    configs: { plain: {}, changed: { NUMA: 'y' } },
    ...both(MISREAD),
  },
  {
    ...BUILT,
    name: 'an array as long as CONFIG_NR_CPUS says, which differs between the builds',
    given: [replaceMember('memfd_luo_ser', 'nr_folios', 'u64 nr_folios[CONFIG_NR_CPUS]')],
    edits: [],
    configs: { plain: { NR_CPUS: '64' }, changed: { NR_CPUS: '8192' } },
    ...both(MISREAD),
  },
  {
    ...BUILT,
    name: 'an array as long as CONFIG_NR_CPUS says, the same in both builds',
    given: [replaceMember('memfd_luo_ser', 'nr_folios', 'u64 nr_folios[CONFIG_NR_CPUS]')],
    edits: [],
    configs: { plain: { NR_CPUS: '64' }, changed: { NR_CPUS: '64' } },
    ...both(READS_SAME),
  },
];
