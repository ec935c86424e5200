import { beforeFunction, inFunction } from '../edit-code.ts';
import { append, redefine, replaceMatch } from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import {
  ABSENT,
  both,
  DROPPED,
  IGNORED,
  MISREAD,
  NOTED,
  PANIC,
  READS_SAME,
  SESSIONS_LOST,
  UNKNOWN,
} from '../mutation.ts';
import type { CodeRow } from './code-rows.ts';
import { codeMutations, OPEN } from './code-rows.ts';

// Readers that do something else under an equal layout. Where nothing but the code shows it, a note that names the function
// is right.

const CODE = { family: 'code', kind: 'code' } as const;
/** The changed kernel reads what the unchanged one writes in another way; what it writes itself is as before. */
const READS: Answers = { forward: OPEN, backward: READS_SAME };

/** What the unchanged kernel writes does not come back. */
const LOST: Answers = { forward: MISREAD, backward: READS_SAME };

const read = (rows: readonly CodeRow[]): Mutation[] => codeMutations(CODE, READS, rows);

const MEMFD: readonly CodeRow[] = [
  [
    'memfd: the size is read in pages',
    'memfd',
    [inFunction('memfd_luo_retrieve', /(\w+->size)/, '$1 << PAGE_SHIFT')],
  ],
  [
    'memfd: the position is read from the size',
    'memfd',
    [inFunction('memfd_luo_retrieve', /(\w+)->pos/, '$1->size')],
  ],
  [
    'memfd: no seal is refused',
    'memfd',
    [inFunction('memfd_luo_retrieve', /(\w+)->seals & ~MEMFD_LUO_ALL_SEALS/, '$1->seals & 0')],
    { forward: READS_SAME, backward: READS_SAME },
  ],
  [
    'memfd: the page is read as an address',
    'memfd',
    [inFunction('memfd_luo_retrieve_folios', /PFN_PHYS\((\w+->pfn)\)/, '$1')],
  ],
  [
    'memfd: the index is read in bytes',
    'memfd',
    [inFunction('memfd_luo_retrieve_folios', /(\w+->index)/, '$1 >> PAGE_SHIFT')],
  ],
  [
    'memfd: the flags are read the other way round',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve_folios',
        /MEMFD_LUO_FOLIO_UPTODATE([\s\S]*)MEMFD_LUO_FOLIO_DIRTY/,
        'MEMFD_LUO_FOLIO_DIRTY$1MEMFD_LUO_FOLIO_UPTODATE',
      ),
    ],
  ],
  [
    'memfd: a folio that is clean is taken for dirty',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve_folios',
        /((?:\w+->)?flags) & MEMFD_LUO_FOLIO_DIRTY/,
        '!($1 & MEMFD_LUO_FOLIO_DIRTY)',
      ),
    ],
  ],
  [
    'memfd: the last folio is left out',
    'memfd',
    [inFunction('memfd_luo_retrieve_folios', /i < nr_folios/, 'i + 1 < nr_folios')],
  ],
  [
    'memfd: folios are read for each page of the size',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve',
        /(memfd_luo_retrieve_folios\([^;]*?)(\w+)->nr_folios/,
        '$1PHYS_PFN($2->size)',
      ),
    ],
  ],
  [
    'memfd: what is not retrieved is freed by pages of the size',
    'memfd',
    [inFunction('memfd_luo_finish', /(\w+)->nr_folios/g, 'PHYS_PFN($1->size)')],
  ],
];

const LUO: readonly CodeRow[] = [
  [
    'luo: sessions are looked for where FLBs lie',
    'memfd',
    [inFunction('luo_early_startup', /->sessions_pa/, '->flbs_pa')],
  ],
  [
    'luo: sessions and FLBs are looked for in each other',
    'memfd',
    [inFunction('luo_early_startup', /->sessions_pa([\s\S]*)->flbs_pa/, '->flbs_pa$1->sessions_pa')],
  ],
  [
    'luo: sessions are looked for by their page',
    'memfd',
    [inFunction('luo_early_startup', /(\w+->sessions_pa)/, 'PFN_PHYS($1)')],
  ],
  [
    'luo: another literal is looked for',
    'memfd',
    [inFunction('luo_early_startup', /LUO_ABI_COMPATIBLE/, '"luo-v6"')],
    { forward: PANIC, backward: READS_SAME },
  ],
  [
    'luo: the literal of the macro is looked for',
    'memfd',
    [inFunction('luo_early_startup', /LUO_ABI_COMPATIBLE/, '"luo-v5"')],
    both(READS_SAME),
  ],
  [
    'luo: another subtree is looked for',
    'memfd',
    [inFunction('luo_early_startup', /LUO_KHO_ENTRY_NAME/, '"LUO2"')],
    { forward: [...ABSENT, ...UNKNOWN, ...NOTED], backward: READS_SAME },
  ],
  [
    'luo: any marker is taken',
    'memfd',
    [inFunction('luo_early_startup', /if \(strncmp\(/, 'if (0 && strncmp(')],
    both([...READS_SAME, ...UNKNOWN]),
  ],
  [
    'luo: any marker is taken, and the marker raised with a change of the layout',
    'memfd',
    [
      inFunction('luo_early_startup', /if \(strncmp\(/, 'if (0 && strncmp('),
      redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
      replaceMatch(/u64 sessions_pa;\n(\s*)u64 flbs_pa;/, 'u64 flbs_pa;\n$1u64 sessions_pa;'),
    ],
    { forward: [...MISREAD, ...UNKNOWN], backward: PANIC },
  ],
  [
    'luo: a shorter head is taken, and the head grows',
    'memfd',
    [
      inFunction('luo_early_startup', /if \(len < sizeof\(\*\w+\)\)/, 'if (!len)'),
      append('luo_ser', 'u64 extra'),
    ],
    { forward: [...MISREAD, ...UNKNOWN], backward: READS_SAME },
  ],
  [
    'luo: only its own length is taken, and the head grows',
    'memfd',
    [inFunction('luo_early_startup', /len < sizeof/, 'len != sizeof'), append('luo_ser', 'u64 extra')],
    { forward: [...PANIC, ...UNKNOWN], backward: [...READS_SAME, ...UNKNOWN] },
  ],
  [
    'luo: two markers are taken, and the marker raised',
    'memfd',
    [
      inFunction(
        'luo_early_startup',
        /strncmp\((\w+)->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN\)/,
        'strncmp($1->compatible, "luo-v5", LUO_ABI_COMPAT_LEN) && strncmp($1->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN)',
      ),
      redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
    ],
    { forward: [...READS_SAME, ...UNKNOWN], backward: PANIC },
  ],
  [
    'luo: a failure no longer panics, and the marker raised',
    'memfd',
    [
      replaceMatch(/#define luo_restore_fail\(([^)]*)\) panic\(/, '#define luo_restore_fail($1) pr_err('),
      redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
    ],
    { forward: [...ABSENT, ...DROPPED, ...SESSIONS_LOST], backward: PANIC },
  ],
  [
    'luo: a failure panics by BUG(), and the marker raised',
    'memfd',
    [
      inFunction('liveupdate_early_init', /luo_restore_fail\([^;]*;/, 'BUG();'),
      redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
    ],
    both(PANIC),
  ],
  [
    'luo: a failure panics with a message without values, and the marker raised',
    'memfd',
    [
      inFunction('liveupdate_early_init', /luo_restore_fail\([^;]*;/, 'luo_restore_fail("lost");'),
      redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
    ],
    both(PANIC),
  ],
  [
    'sessions: a failure to read them panics, and the handler raised',
    'memfd',
    [
      inFunction('luo_open', /return -EIO;/, 'panic("sessions");'),
      redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'),
    ],
    { forward: PANIC, backward: SESSIONS_LOST },
  ],
  [
    'files: one without a handler is left out, and the handler raised',
    'memfd',
    [
      inFunction('luo_file_deserialize_one', /return -ENOENT;/, 'return 0;'),
      redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'),
    ],
    { forward: ['refused file-lost'], backward: SESSIONS_LOST },
  ],
  [
    'sessions: none is an error',
    'memfd',
    [inFunction('luo_session_setup_incoming', /(if \(!sessions_pa\)\n\s*)return 0;/, '$1return -EINVAL;')],
    { forward: PANIC, backward: READS_SAME },
  ],
  [
    'sessions: the first block is read by its page',
    'memfd',
    [inFunction('luo_session_setup_incoming', /, sessions_pa\)/, ', PFN_PHYS(sessions_pa))')],
  ],
  [
    'sessions: the name is read from its second letter',
    'memfd',
    [inFunction('luo_session_deserialize_one', /(\w+->name)\)/, '$1 + 1)')],
  ],
  [
    'files: token and data are read from each other',
    'memfd',
    [
      inFunction(
        'luo_file_deserialize_one',
        /= (\w+)->data;([\s\S]*)= (\w+)->token;/,
        '= $1->token;$2= $3->data;',
      ),
    ],
  ],
  [
    'files: the token is read from the data',
    'memfd',
    [inFunction('luo_file_deserialize_one', /= (\w+)->token;/, '= $1->data;')],
  ],
  [
    'files: the handler is found by the beginning of its name',
    'memfd',
    [inFunction('luo_file_deserialize_one', /!strcmp\(([^,]+), ([^;{]+?)\)\)/, '!strncmp($1, $2, 4))')],
  ],
  [
    'files: their number is not compared',
    'memfd',
    [inFunction('luo_file_deserialize', /(\w+->\w+) (==|!=) (\w+->count)/, '$1 $2 $1')],
  ],
  [
    'FLBs: data and count are read from each other',
    'flb',
    [inFunction('luo_flb_retrieve_one', /\.data;([\s\S]*)\.count;/, '.count;$1.data;')],
  ],
  [
    'FLBs: none is an error, where they are always written',
    'flb',
    [inFunction('luo_flb_setup_incoming', /(if \(!flbs_pa\)\n\s*)return;/, '$1panic("none");')],
    { forward: READS_SAME, backward: READS_SAME },
  ],
  [
    'FLBs: they are looked for a page further on',
    'flb',
    [inFunction('luo_flb_setup_incoming', /\((\w+) \+ 1\)/, '($1) + PAGE_SIZE')],
  ],
  [
    'FLBs: the header is looked for by its page',
    'flb',
    [inFunction('luo_flb_setup_incoming', /phys_to_virt\(flbs_pa\)/, 'phys_to_virt(PFN_PHYS(flbs_pa))')],
  ],
];

/** More steps than are told apart. */
const LONG_WAY = Array.from({ length: 3000 }, (_, at) => `\tkho_step(${at});`).join('\n');

const KHO: readonly CodeRow[] = [
  [
    'kho: another literal is asked for',
    'memory',
    [inFunction('kho_populate', /KHO_FDT_COMPATIBLE/, '"kho-v5"')],
    { forward: DROPPED, backward: READS_SAME },
  ],
  [
    'kho: a reader that is too long to be followed',
    'memory',
    [inFunction('kho_populate', /\{/, `{\n${LONG_WAY}`)],
    { forward: UNKNOWN, backward: NOTED },
  ],
  [
    'kho: the literal of the macro is asked for',
    'memory',
    [inFunction('kho_populate', /KHO_FDT_COMPATIBLE/, '"kho-v4"')],
    both(READS_SAME),
  ],
  [
    'kho: the marker is not asked for',
    'memory',
    [inFunction('kho_populate', /= fdt_node_check_compatible\([^;]*;/, '= 0;')],
    both([...READS_SAME, ...UNKNOWN]),
  ],
  [
    'kho: the map is read as a number of 32 bits',
    'memory',
    [inFunction('kho_get_mem_map_phys', /sizeof\(u64\)/, 'sizeof(u32)')],
    { forward: DROPPED, backward: READS_SAME },
  ],
  [
    'kho: the map is read by its page',
    'memory',
    [inFunction('kho_get_mem_map_phys', /return ([^0;][^;]*);/, 'return ($1) << PAGE_SHIFT;')],
  ],
  [
    'kho: a node of the tree is found by its page',
    'memory',
    [inFunction('walk_level', /phys_to_virt\(([^;,]+)\)/, 'phys_to_virt(PFN_PHYS($1))')],
  ],
  [
    'kho: a level of the tree is left out in reading',
    'memory',
    [inFunction('kho_radix_walk_tree', /KHO_TREE_MAX_DEPTH - 1/, 'KHO_TREE_MAX_DEPTH - 2')],
  ],
  [
    'kho: the order is read from another bit',
    'memory',
    [inFunction('kho_decode_radix_key', /64 - \(PAGE_SHIFT/, '63 - (PAGE_SHIFT')],
  ],
  [
    'kho: pages are restored one by one',
    'memory',
    [inFunction('kho_restore_pages', /min\(count_trailing_zeros\(\w+\),\s*ilog2\([^;]*\)\)/, '0')],
    LOST,
  ],
  [
    'kho: vmalloc: pages are read as their numbers',
    'memfd',
    [
      inFunction(
        'kho_restore_vmalloc',
        /(= |kho_restore_pages\()(\w+->phys\[\w+\])(?=[;,])/,
        '$1PFN_PHYS($2)',
      ),
    ],
    LOST,
  ],
  [
    'kho: vmalloc: the order is taken from the flags',
    'memfd',
    [inFunction('kho_restore_vmalloc', /(\w+)->order/, '$1->flags')],
  ],
  [
    'kho: vmalloc: only the first chunk is read',
    'memfd',
    [inFunction('kho_restore_vmalloc', /= KHOSER_LOAD_PTR\(\w+->hdr\.next\)/, '= NULL')],
    LOST,
  ],
  [
    'kho: vmalloc: the number of pages is not compared',
    'memfd',
    [inFunction('kho_restore_vmalloc', /if \((\w+) != [^)]*\)/, 'if (!$1)')],
    { forward: READS_SAME, backward: READS_SAME },
  ],
  [
    'kho: subtrees: the size is read in pages',
    'memfd',
    [inFunction('kho_retrieve_subtree', /\*size = ([^;]+);/, '*size = ($1) << PAGE_SHIFT;')],
  ],
  [
    'kho: subtrees: the size is read as a number of 32 bits',
    'memfd',
    [
      inFunction(
        'kho_retrieve_subtree',
        /(KHO_SUB_TREE_SIZE_PROP_NAME[\s\S]*?)sizeof\([^)]*\)/,
        '$1sizeof(u32)',
      ),
    ],
    { forward: PANIC, backward: READS_SAME },
  ],
  [
    'kho: subtrees: the place is read as a number of 32 bits',
    'memfd',
    [inFunction('kho_retrieve_subtree', /(KHO_SUB_TREE_PROP_NAME[\s\S]*?)sizeof\([^)]*\)/, '$1sizeof(u32)')],
    { forward: PANIC, backward: READS_SAME },
  ],
  [
    'kho: subtrees: the size is looked for under another name',
    'memfd',
    [inFunction('kho_retrieve_subtree', /KHO_SUB_TREE_SIZE_PROP_NAME/, '"blob-length"')],
    { forward: [...PANIC, ...UNKNOWN], backward: READS_SAME },
  ],
  [
    'blocks: the entries are read from behind',
    'memfd',
    [inFunction('kho_block_set_it_read_entry', /at\+\+/, 'at--')],
  ],
  [
    'blocks: the next block is found by its page',
    'memfd',
    [inFunction('kho_block_set_restore', /phys_to_virt\((\w+)\)/, 'phys_to_virt(PFN_PHYS($1))')],
  ],
  [
    'blocks: an empty block is taken',
    'memfd',
    [inFunction('kho_block_set_restore', /!\w+->count \|\| /, '')],
    { forward: READS_SAME, backward: READS_SAME },
  ],
  [
    'blocks: a full block is refused',
    'memfd',
    [inFunction('kho_block_set_restore', /->count > /, '->count >= ')],
  ],
];

const OTHERS: readonly CodeRow[] = [
  [
    'metadata: the version must be at most its own, and the version raised',
    'metadata',
    [
      inFunction('kho_in_kexec_metadata', /->version != KHO/, '->version > KHO'),
      redefine('KHO_KEXEC_METADATA_VERSION', '2'),
    ],
    { forward: [...READS_SAME, ...UNKNOWN], backward: IGNORED },
  ],
  [
    'metadata: the count is read twice as high',
    'metadata',
    [inFunction('kho_in_kexec_metadata', /(\w+->kexec_count)/, '$1 * 2')],
  ],
  [
    'metadata: another subtree is looked for',
    'metadata',
    [inFunction('kho_in_kexec_metadata', /KHO_METADATA_NODE_NAME/, '"metadata"')],
    { forward: [...IGNORED, ...UNKNOWN, ...NOTED], backward: READS_SAME },
  ],
  [
    'reserve-mem: the start is read as a number of 32 bits',
    'memory',
    [inFunction('reserve_mem_kho_revive', /(len_start != )sizeof\(\*?\w+\)/, '$1sizeof(u32)')],
    { forward: ABSENT, backward: READS_SAME },
  ],
  [
    'reserve-mem: start and size are read from each other',
    'memory',
    [inFunction('reserve_mem_kho_revive', /"start"([\s\S]*?)"size"/, '"size"$1"start"')],
  ],
  [
    'reserve-mem: the size is not compared',
    'memory',
    [inFunction('reserve_mem_kho_revive', /if \(\*size != \w+\)/, 'if (0)')],
    { forward: READS_SAME, backward: READS_SAME },
  ],
  [
    'reserve-mem: a region of another literal is taken',
    'memory',
    [inFunction('reserve_mem_kho_revive', /RESERVE_MEM_KHO_NODE_COMPATIBLE/, '"reserve-mem-v2"')],
    { forward: ABSENT, backward: READS_SAME },
  ],
  [
    'memblock: the tree of another literal is taken',
    'memory',
    [inFunction('reserve_mem_kho_retrieve_fdt', /MEMBLOCK_KHO_NODE_COMPATIBLE/, '"memblock-v2"')],
    { forward: ABSENT, backward: READS_SAME },
  ],
];

/** Only the fixture has this shape of code. */
const FIXTURE_ONLY = new Set([
  'kho: a node of the tree is found by its page',
  'memfd: the size is read in pages',
  'reserve-mem: the start is read as a number of 32 bits',
  'reserve-mem: the size is not compared',
  'FLBs: data and count are read from each other',
  'blocks: the entries are read from behind',
]);

const HELPERS: readonly Mutation[] = [
  {
    ...CODE,
    name: 'files: a helper that both have stores token and data in each other',
    only: 'fixture',
    profile: 'memfd',
    given: [
      inFunction(
        'luo_file_freeze',
        /\t\trecord->data = [^;]+;\n\t\trecord->token = [^;]+;\n/,
        '\t\tstore_file(record, file);\n',
      ),
      beforeFunction(
        'luo_file_freeze',
        'static void store_file(struct luo_file_ser *record, struct kept_file *file)\n{\n\trecord->data = file->payload;\n\trecord->token = file->key;\n}\n',
      ),
    ],
    edits: [
      inFunction(
        'store_file',
        /->data = ([^;]+);\n\trecord->token = ([^;]+);/,
        '->data = $2;\n\trecord->token = $1;',
      ),
    ],
    forward: READS_SAME,
    backward: OPEN,
  },
  {
    ...CODE,
    name: 'memfd: a helper that both have stores the size in pages',
    only: 'fixture',
    profile: 'memfd',
    given: [
      inFunction('memfd_luo_preserve', /record->size = bytes;/, 'store_size(record, bytes);'),
      beforeFunction(
        'memfd_luo_preserve',
        'static void store_size(struct memfd_luo_ser *record, u64 bytes)\n{\n\trecord->size = bytes;\n}\n',
      ),
    ],
    edits: [inFunction('store_size', /= bytes/, '= bytes >> PAGE_SHIFT')],
    forward: READS_SAME,
    backward: OPEN,
  },
  {
    ...CODE,
    name: 'memfd: a helper in a header that both have gives another page',
    only: 'fixture',
    profile: 'memfd',
    given: [
      inFunction('memfd_luo_preserve_folios', /folio_pfn\(folio\)/, 'page_kept(folio)'),
      replaceMatch(
        /(#define KHO_BLOCK_SET_INIT)/,
        'static inline u64 page_kept(struct folio *folio)\n{\n\treturn folio_pfn(folio);\n}\n\n$1',
      ),
    ],
    edits: [inFunction('page_kept', /return folio_pfn\(folio\)/, 'return folio_pfn(folio) + 1')],
    forward: READS_SAME,
    backward: OPEN,
  },
];

/** Readers that do something else under an equal layout. */
export const READER_MUTATIONS: readonly Mutation[] = [
  ...read([...MEMFD, ...LUO, ...KHO, ...OTHERS]).map((mutation) =>
    FIXTURE_ONLY.has(mutation.name) ? { ...mutation, only: 'fixture' as const } : mutation,
  ),
  ...HELPERS,
];
