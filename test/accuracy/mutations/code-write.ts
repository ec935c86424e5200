import { beforeFunction, inFunction, replaceFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { editFile, redefine, replaceMatch } from '../edit-declarations.ts';
import type { Answers, Mutation, MutationProfile } from '../mutation.ts';
import {
  ABSENT,
  both,
  DROPPED,
  MISREAD,
  NOTED,
  PANIC,
  READS_SAME,
  SESSIONS_LOST,
  UNKNOWN,
  UNSUPPORTED,
} from '../mutation.ts';

// Code under equal layouts. Where nothing but the code shows what changed, a note that names the function is right.

const CODE = { family: 'code', kind: 'code' } as const;
const OPEN = [...MISREAD, ...NOTED, ...UNKNOWN] as const;

/** The changed kernel writes what the unchanged one does not expect; what it reads itself is as before. */
const WRITES: Answers = { forward: READS_SAME, backward: OPEN };

type Row = readonly [name: string, profile: MutationProfile, edits: readonly Edit[], answers?: Answers];

const written = (rows: readonly Row[]): Mutation[] =>
  rows.map(([name, profile, edits, answers = WRITES]) => ({ ...CODE, name, profile, edits, ...answers }));

const MEMFD: readonly Row[] = [
  [
    'memfd: the size is written in pages',
    'memfd',
    [inFunction('memfd_luo_preserve', /->size = (\w+)/, '->size = $1 >> PAGE_SHIFT')],
  ],
  [
    'memfd: the size is written in sectors',
    'memfd',
    [inFunction('memfd_luo_preserve', /->size = (\w+)/, '->size = $1 / 512')],
  ],
  [
    'memfd: the position is written without its low bits',
    'memfd',
    [inFunction('memfd_luo_freeze', /->pos = ([^;]+);/, '->pos = $1 & PAGE_MASK;')],
  ],
  [
    'memfd: the position is no longer written when frozen',
    'memfd',
    [inFunction('memfd_luo_freeze', /\t\w+->pos = [^;]+;\n/, '')],
  ],
  [
    'memfd: the seals are written inverted',
    'memfd',
    [inFunction('memfd_luo_preserve', /->seals = (\w+)/, '->seals = ~$1')],
  ],
  [
    'memfd: the seals are written into flags',
    'memfd',
    [inFunction('memfd_luo_preserve', /->seals = (\w+)/, '->flags = $1')],
  ],
  [
    'memfd: size and position are written into each other',
    'memfd',
    [
      inFunction(
        'memfd_luo_preserve',
        /->pos = ([^;]+);([\s\S]*)->size = (\w+);/,
        '->size = $1;$2->pos = $3;',
      ),
    ],
  ],
  [
    'memfd: any seal is written',
    'memfd',
    [inFunction('memfd_luo_preserve', /if \(\w+ & ~MEMFD_LUO_ALL_SEALS\)/, 'if (0)')],
  ],
  [
    'memfd: the address is written in the place of its page',
    'memfd',
    [
      inFunction(
        'memfd_luo_preserve_folios',
        /->pfn = folio_pfn\((\w+)\)/,
        '->pfn = PFN_PHYS(folio_pfn($1))',
      ),
    ],
  ],
  [
    'memfd: the index is written in bytes',
    'memfd',
    [inFunction('memfd_luo_preserve_folios', /->index = ([^;]+);/, '->index = $1 << PAGE_SHIFT;')],
  ],
  [
    'memfd: the flag dirty is written no more',
    'memfd',
    [
      inFunction(
        'memfd_luo_preserve_folios',
        /MEMFD_LUO_FOLIO_DIRTY \| MEMFD_LUO_FOLIO_UPTODATE/,
        'MEMFD_LUO_FOLIO_UPTODATE',
      ),
    ],
  ],
  [
    'memfd: the flags are written as numbers of bits',
    'memfd',
    [inFunction('memfd_luo_preserve_folios', /->flags = ([^;]+);/, '->flags = ilog2($1);')],
  ],
  [
    'memfd: the folios are numbered from one',
    'memfd',
    [inFunction('memfd_luo_preserve_folios', /->index = ([^;]+);/, '->index = $1 + 1;')],
  ],
  [
    'memfd: the number of folios is written one less',
    'memfd',
    [inFunction('memfd_luo_preserve', /->nr_folios = (\w+)/, '->nr_folios = $1 - 1')],
  ],
  [
    'memfd: the number of folios is not written',
    'memfd',
    [inFunction('memfd_luo_preserve', /\t\w+->nr_folios = \w+;\n/, '')],
  ],
  [
    'memfd: the address of the record is left as it lies in memory',
    'memfd',
    [inFunction('memfd_luo_preserve', /virt_to_phys\((\w+)\)/, '(u64)$1')],
  ],
  [
    'memfd: the record is left by its page',
    'memfd',
    [inFunction('memfd_luo_preserve', /virt_to_phys\((\w+)\)/, 'virt_to_phys($1) >> PAGE_SHIFT')],
  ],
  [
    'memfd: the handler is registered by another literal',
    'memfd',
    [replaceMatch(/\.compatible(\s*)= MEMFD_LUO_FH_COMPATIBLE/, '.compatible$1= "memfd-v3"')],
    both(SESSIONS_LOST),
  ],
  [
    'memfd: the handler is registered by the literal of the macro',
    'memfd',
    [replaceMatch(/\.compatible(\s*)= MEMFD_LUO_FH_COMPATIBLE/, '.compatible$1= "memfd-v2"')],
    both(READS_SAME),
  ],
  [
    'memfd: nothing registers the handler',
    'memfd',
    [replaceMatch(/^late_initcall\(memfd_luo_init\);/m, '')],
    { forward: SESSIONS_LOST, backward: UNSUPPORTED },
  ],
];

const LUO: readonly Row[] = [
  [
    'luo: the number is written as it was',
    'memfd',
    [inFunction('luo_state_setup', /->liveupdate_num = ([^;]+) \+ 1;/, '->liveupdate_num = $1;')],
  ],
  [
    'luo: the number is written into the place of the sessions',
    'memfd',
    [inFunction('luo_state_setup', /->liveupdate_num = /, '->sessions_pa = ')],
  ],
  [
    'luo: FLBs are set up in the place of the sessions',
    'memfd',
    [
      inFunction(
        'luo_state_setup',
        /luo_flb_setup_outgoing\(&(\w+)->flbs_pa\)/,
        'luo_flb_setup_outgoing(&$1->sessions_pa)',
      ),
    ],
  ],
  [
    'luo: half of the size is told to KHO',
    'memfd',
    [
      inFunction(
        'luo_state_setup',
        /kho_add_subtree\((\w+), (\w+), sizeof\(\*\w+\)\)/,
        'kho_add_subtree($1, $2, sizeof(*$2) / 2)',
      ),
    ],
    { forward: READS_SAME, backward: [...PANIC, ...OPEN] },
  ],
  [
    'luo: FLBs are not serialized',
    'flb',
    [inFunction('liveupdate_reboot', /\tluo_flb_serialize\(\);\n/, '')],
    { forward: READS_SAME, backward: [...ABSENT, ...OPEN, ...UNSUPPORTED] },
  ],
  [
    'luo: sessions are not serialized',
    'memfd',
    [inFunction('liveupdate_reboot', /luo_session_serialize\(\)/, '0')],
    { forward: READS_SAME, backward: [...ABSENT, ...OPEN] },
  ],
  [
    'luo: another literal is written as its marker',
    'memfd',
    [inFunction('luo_state_setup', /LUO_ABI_COMPATIBLE/, '"luo-v4"')],
    { forward: READS_SAME, backward: PANIC },
  ],
  [
    'luo: the literal of the macro is written as its marker',
    'memfd',
    [inFunction('luo_state_setup', /LUO_ABI_COMPATIBLE/, '"luo-v5"')],
    both(READS_SAME),
  ],
  [
    'sessions: the name is written one byte shorter',
    'memfd',
    [
      inFunction(
        'luo_session_serialize',
        /strscpy\((\w+)->name, ([^;]+)sizeof\((\w+)->name\)\)/,
        'strscpy($1->name, $2sizeof($3->name) - 1)',
      ),
    ],
  ],
  [
    'sessions: the place of the first block is written as a page',
    'memfd',
    [inFunction('luo_session_serialize', /= (kho_block_set_head_pa\([^;]+\));/, '= PHYS_PFN($1);')],
  ],
  [
    'sessions: the place of the first block is not written',
    'memfd',
    [inFunction('luo_session_serialize', /\t+\*[\w>-]+ = kho_block_set_head_pa\([^;]+;\n/, '\t;\n')],
  ],
  [
    'files: token and data are written into each other',
    'memfd',
    [
      inFunction(
        'luo_file_freeze',
        /->data = ([^;]+);([\s\S]*?)->token = ([^;]+);/,
        '->token = $1;$2->data = $3;',
      ),
    ],
  ],
  [
    'files: the token is not written',
    'memfd',
    [inFunction('luo_file_freeze', /\t+\w+->token = [^;]+;\n/, '')],
  ],
  [
    'files: the number of files is written one more',
    'memfd',
    [inFunction('luo_file_freeze', /->count = ([^;]+);/, '->count = $1 + 1;')],
  ],
  [
    'files: the number and the place of files are written into each other',
    'memfd',
    [
      inFunction(
        'luo_file_freeze',
        /->count = ([^;]+);([\s\S]*?)->files = ([^;]+);/,
        '->files = $1;$2->count = $3;',
      ),
    ],
  ],
  [
    'FLBs: the name is written without its first letter',
    'flb',
    [inFunction('luo_flb_serialize', /name, (\w[^,]*),/, 'name, $1 + 1,')],
  ],
  [
    'FLBs: data and count are written into each other',
    'flb',
    [
      inFunction(
        'luo_flb_serialize',
        /(\w[^;\n]*)data = ([^;]+);([\s\S]*?)count = ([^;]+);/,
        '$1count = $2;$3data = $4;',
      ),
    ],
  ],
  [
    'FLBs: the number of them is written in bytes',
    'flb',
    [inFunction('luo_flb_serialize', /(->count = )(\w+);(?![\s\S]*->count)/, '$1$2 * 64;')],
  ],
  [
    'FLBs: they begin a page further on',
    'flb',
    [inFunction('luo_flb_setup_outgoing', /\((\w+) \+ 1\)/, '($1) + PAGE_SIZE')],
  ],
  [
    'FLBs: the place of the header is written as a page',
    'flb',
    [
      inFunction(
        'luo_flb_setup_outgoing',
        /\*flbs_pa = virt_to_phys\((\w+)\)/,
        '*flbs_pa = virt_to_phys($1) >> PAGE_SHIFT',
      ),
    ],
  ],
  [
    'FLBs: the number of pages is written as bytes',
    'flb',
    [inFunction('luo_flb_setup_outgoing', /->pgcnt = (\w+)/, '->pgcnt = $1 << PAGE_SHIFT')],
  ],
];

const KHO: readonly Row[] = [
  [
    'kho: the order is written behind the number of the page',
    'memory',
    [
      inFunction(
        'kho_encode_radix_key',
        /return [^;]+;/,
        'return (1UL << 63) | (phys_of(order) >> PAGE_SHIFT);',
      ),
    ],
  ],
  [
    'kho: a bit of the key is set one place higher',
    'memory',
    [inFunction('kho_encode_radix_key', /64 - (\w+)/, '65 - $1')],
  ],
  [
    'kho: an entry of the tree is the page of the next node',
    'memory',
    [inFunction('kho_radix_add_key', /= virt_to_phys\(([^;]+)\);/, '= virt_to_phys($1) >> PAGE_SHIFT;')],
  ],
  [
    'kho: an entry of the tree has a bit that says it is there',
    'memory',
    [inFunction('kho_radix_add_key', /= virt_to_phys\(([^;]+)\);/, '= virt_to_phys($1) | 1;')],
  ],
  [
    'kho: a level of the tree is left out',
    'memory',
    [inFunction('kho_radix_add_key', /KHO_TREE_MAX_DEPTH - 1/, 'KHO_TREE_MAX_DEPTH - 2')],
  ],
  [
    'kho: pages are preserved one by one',
    'memory',
    [
      inFunction(
        '__kho_preserve_pages_order',
        /\tunsigned int order = [^;]+;|return min[^;]+;/,
        '\tunsigned int order = 0;\n\n\treturn order;',
      ),
    ],
  ],
  [
    'kho: vmalloc: pages are written in the place of addresses',
    'memfd',
    [inFunction('kho_preserve_vmalloc', /->phys\[(\w+)\+\+\] = ([^;]+);/, '->phys[$1++] = PHYS_PFN($2);')],
  ],
  [
    'kho: vmalloc: chunks are linked the other way',
    'memfd',
    [
      inFunction(
        'new_vmalloc_chunk',
        /KHOSER_STORE_PTR\((\w+)->hdr\.next, (\w+)\)/,
        'KHOSER_STORE_PTR($2->hdr.next, $1)',
      ),
    ],
  ],
  [
    'kho: vmalloc: chunks are not linked',
    'memfd',
    [inFunction('new_vmalloc_chunk', /KHOSER_STORE_PTR\(\w+->hdr\.next, \w+\)/, '(void)0')],
  ],
  [
    'kho: vmalloc: the number of pages counts areas of an order',
    'memfd',
    [inFunction('kho_preserve_vmalloc', /->total_pages = ([^;]+);/, '->total_pages = ($1) >> 1;')],
  ],
  [
    'kho: vmalloc: flags and order are written into each other',
    'memfd',
    [
      inFunction(
        'kho_preserve_vmalloc',
        /->flags = ([^;]+);([\s\S]*?)->order = ([^;]+);/,
        '->order = $1;$2->flags = $3;',
      ),
    ],
  ],
  [
    'kho: vmalloc: the order is not written',
    'memfd',
    [inFunction('kho_preserve_vmalloc', /\t\w+->order = [^;]+;\n/, '')],
  ],
  [
    'kho: subtrees: the size is written in pages',
    'memfd',
    [inFunction('kho_add_subtree', /\{\n/, '{\n\tsize = size >> PAGE_SHIFT;\n')],
    { forward: READS_SAME, backward: [...PANIC, ...OPEN] },
  ],
  [
    'kho: subtrees: the size is written as a number of 32 bits',
    'memfd',
    [
      inFunction(
        'kho_add_subtree',
        /(KHO_SUB_TREE_SIZE_PROP_NAME,\s*&\w+,\s*)sizeof\(\w+\)/,
        '$1sizeof(u32)',
      ),
    ],
    { forward: READS_SAME, backward: PANIC },
  ],
  [
    'kho: subtrees: the place is written as a number of 32 bits',
    'memfd',
    [inFunction('kho_add_subtree', /(KHO_SUB_TREE_PROP_NAME,\s*&\w+,\s*)sizeof\(\w+\)/, '$1sizeof(u32)')],
    { forward: READS_SAME, backward: PANIC },
  ],
  [
    'kho: subtrees: the size is not written',
    'memfd',
    [inFunction('kho_add_subtree', /KHO_SUB_TREE_SIZE_PROP_NAME/, '"made-of"')],
    { forward: READS_SAME, backward: [...PANIC, ...OPEN] },
  ],
  [
    'blocks: the number of entries is written before the last is counted',
    'memfd',
    [inFunction('kho_block_set_it_reserve_entry', /(->count = [\w>-]+);/, '$1 - 1;')],
  ],
  [
    'blocks: the link to the next block is a page',
    'memfd',
    [
      inFunction(
        'kho_block_add',
        /->next = virt_to_phys\((\w+)\);/,
        '->next = virt_to_phys($1) >> PAGE_SHIFT;',
      ),
    ],
  ],
  [
    'blocks: the link to the next block is not written',
    'memfd',
    [inFunction('kho_block_add', /->next = virt_to_phys\((\w+)\);/, '->count = 0;')],
  ],
  [
    'blocks: the place of the first is a page',
    'memfd',
    [inFunction('kho_block_set_head_pa', /return ([^;]+);/, 'return $1 >> PAGE_SHIFT;')],
  ],
  [
    'metadata: the count goes down',
    'metadata',
    [inFunction('kho_out_kexec_metadata', /->kexec_count = ([^;]+) \+ 1;/, '->kexec_count = $1 - 1;')],
  ],
];

const OTHERS: readonly Row[] = [
  [
    'reserve-mem: the start is written as a page of 32 bits',
    'memory',
    [inFunction('prepare_kho_fdt', /("start", &\w+, )sizeof\(\w+\)/, '$1sizeof(u32)')],
    { forward: READS_SAME, backward: ABSENT },
  ],
  [
    'reserve-mem: the size is written as its end',
    'memory',
    [inFunction('prepare_kho_fdt', /size = (\w+->length|\w+->size)/, 'size = start + $1')],
    { forward: READS_SAME, backward: OPEN },
  ],
  [
    'reserve-mem: the pages are not preserved',
    'memory',
    [inFunction('reserved_mem_preserve', /= kho_preserve_pages\([^;]+\);/, '= 0;')],
  ],
  [
    'reserve-mem: a region is marked by another literal',
    'memory',
    [inFunction('prepare_kho_fdt', /RESERVE_MEM_KHO_NODE_COMPATIBLE/, '"reserve-mem-v2"')],
    { forward: READS_SAME, backward: ABSENT },
  ],
  [
    'memblock: its tree is marked by another literal',
    'memory',
    [inFunction('prepare_kho_fdt', /MEMBLOCK_KHO_NODE_COMPATIBLE/, '"memblock-v2"')],
    { forward: READS_SAME, backward: ABSENT },
  ],
];

const ARM = { 'x86_64-4k': both(READS_SAME) } as const;
const X86 = {
  'arm64-4k': both(READS_SAME),
  'arm64-16k': both(READS_SAME),
  'arm64-64k': both(READS_SAME),
} as const;

const renameEverywhere =
  (from: string, to: string): Edit =>
  (tree) => {
    for (const path of ['drivers/of/fdt.c', 'drivers/of/kexec.c']) {
      const text = tree.get(path);
      if (text === undefined) throw new Error(`no ${path}`);
      tree.set(path, text.replaceAll(from, to));
    }
  };

const ARCHITECTURE: readonly Mutation[] = [
  ...(['linux,kho-fdt', 'linux,kho-scratch'] as const).map(
    (name): Mutation => ({
      ...CODE,
      kind: 'node or property name',
      name: `the property ${name} under which arm64 passes the hand-over on is renamed`,
      profile: 'memory',
      edits: [renameEverywhere(name, `${name}-v2`)],
      ...both(DROPPED),
      perTarget: ARM,
    }),
  ),
  {
    ...CODE,
    kind: 'node or property name',
    name: 'arm64 passes the hand-over on under another name, and looks for the old one',
    profile: 'memory',
    edits: [editFile('drivers/of/kexec.c', (text) => text.replaceAll('linux,kho-fdt', 'linux,kho-tree'))],
    forward: [...READS_SAME, ...UNKNOWN],
    backward: [...DROPPED, ...UNKNOWN],
    perTarget: ARM,
  },
  {
    ...CODE,
    kind: 'constant',
    name: 'x86 passes the hand-over on under another number',
    profile: 'memory',
    edits: [redefine('SETUP_KEXEC_KHO', '12')],
    ...both(DROPPED),
    perTarget: X86,
  },
  {
    ...CODE,
    kind: 'constant',
    name: 'x86 passes the hand-over on under the same number, spelled otherwise',
    profile: 'memory',
    edits: [redefine('SETUP_KEXEC_KHO', '0x0a')],
    ...both(READS_SAME),
  },
  {
    ...CODE,
    name: 'x86: the place of the scratch areas is written in pages',
    profile: 'memory',
    edits: [inFunction('setup_kho', /->scratch_addr = ([^;]+);/, '->scratch_addr = $1 >> PAGE_SHIFT;')],
    ...WRITES,
    perTarget: X86,
  },
  {
    ...CODE,
    name: 'arm64: the place of the tree is written in pages',
    profile: 'memory',
    edits: [inFunction('kho_add_chosen', /(image->kho\.fdt)(,|;)/, 'PHYS_PFN($1)$2')],
    ...WRITES,
    perTarget: ARM,
  },
];

const MARKERS: readonly Mutation[] = [
  {
    ...CODE,
    kind: 'restring or renumber a marker',
    only: 'fixture',
    name: 'kho: another literal is written as its marker',
    profile: 'memory',
    edits: [inFunction('write_root', /KHO_FDT_COMPATIBLE/, '"kho-v5"')],
    forward: READS_SAME,
    backward: DROPPED,
  },
  {
    ...CODE,
    only: 'fixture',
    name: 'kho: the map of memory is written as a number of 32 bits',
    profile: 'memory',
    edits: [inFunction('write_root', /sizeof\(map\)/, 'sizeof(u32)')],
    forward: READS_SAME,
    backward: DROPPED,
  },
  {
    ...CODE,
    only: 'fixture',
    name: 'kho: a property more is written',
    profile: 'memory',
    edits: [
      inFunction(
        'write_root',
        /\treturn failed;/,
        '\tfailed |= fdt_property_u32(tree, "made-by", 1);\n\treturn failed;',
      ),
    ],
    ...both(READS_SAME),
  },
  {
    ...CODE,
    name: 'KHOSER_STORE_PTR() and KHOSER_LOAD_PTR() keep pages in the place of addresses',
    only: 'fixture',
    profile: 'memfd',
    edits: [
      replaceMatch(/\.phys = virt_to_phys\(value\)\)/, '.phys = PHYS_PFN(virt_to_phys(value)))'),
      replaceMatch(/phys_to_virt\(\(place\)\.phys\)/, 'phys_to_virt(PFN_PHYS((place).phys))'),
    ],
    ...both(OPEN),
  },
  {
    ...CODE,
    name: 'blocks: the entries that fit are counted without the header',
    profile: 'memfd',
    edits: [
      replaceMatch(
        /\(KHO_BLOCK_SIZE -\s*(?:\\\s*)?sizeof\(struct kho_block_header_ser\)\)/,
        '(KHO_BLOCK_SIZE)',
      ),
    ],
    ...both(OPEN),
  },
  {
    ...CODE,
    name: 'blocks: each entry is aligned to 64 bytes by a helper',
    profile: 'memfd',
    edits: [
      inFunction('kho_block_set_it_reserve_entry', /->count = /, '->count = 0 + '),
      beforeFunction(
        'kho_block_set_it_reserve_entry',
        'static u64 stride_of(u64 size)\n{\n\treturn ALIGN(size, 64);\n}\n',
      ),
      inFunction(
        'kho_block_set_init',
        /KHO_BLOCK_SET_INIT\(([^;]*?)(\w+)\)/,
        'KHO_BLOCK_SET_INIT($1stride_of($2))',
      ),
    ],
    ...both(OPEN),
  },
  {
    ...CODE,
    name: 'sessions: written from the last to the first',
    only: 'fixture',
    profile: 'memfd',
    edits: [
      inFunction('luo_session_serialize', /for_each_session\(session\)/, 'for_each_session_reverse(session)'),
    ],
    ...WRITES,
  },
  {
    ...CODE,
    name: 'luo: the head is written without its marker',
    profile: 'memfd',
    edits: [inFunction('luo_state_setup', /\tstrscpy\([^;]+;\n/, '')],
    forward: READS_SAME,
    backward: [...PANIC, ...OPEN],
  },
  {
    ...CODE,
    name: 'memfd: freezing writes nothing any more',
    only: 'fixture',
    profile: 'memfd',
    edits: [
      replaceFunction(
        'memfd_luo_freeze',
        'static int memfd_luo_freeze(struct liveupdate_file_op_args *args)\n{\n\treturn 0;\n}\n',
      ),
    ],
    ...WRITES,
  },
];

/** Writers that do something else under an equal layout. */
export const WRITER_MUTATIONS: readonly Mutation[] = [
  ...written(MEMFD),
  ...written(LUO),
  ...written(KHO),
  ...written(OTHERS),
  ...ARCHITECTURE,
  ...MARKERS,
];
