import { beforeFunction, inFunction, replaceFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { editFile, redefine, replaceMatch } from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import { ABSENT, both, DROPPED, MISREAD, PANIC, READS_SAME, UNKNOWN } from '../mutation.ts';
import type { CodeRow } from './code-rows.ts';
import { codeMutations, OPEN } from './code-rows.ts';
import { LIVE_UPDATE_WRITERS } from './code-write-luo.ts';

const CODE = { family: 'code', kind: 'code' } as const;

/** The changed kernel writes what the unchanged one does not expect; what it reads itself is as before. */
const WRITES: Answers = { forward: READS_SAME, backward: OPEN };

/** What is written does not come back from who reads. */
const LOST: Answers = { forward: READS_SAME, backward: MISREAD };

const written = (rows: readonly CodeRow[]): Mutation[] => codeMutations(CODE, WRITES, rows);

const KHO: readonly CodeRow[] = [
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
    LOST,
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
    LOST,
  ],
  [
    'kho: vmalloc: chunks are not linked',
    'memfd',
    [inFunction('new_vmalloc_chunk', /KHOSER_STORE_PTR\(\w+->hdr\.next, \w+\)/, '(void)0')],
    LOST,
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
    { forward: READS_SAME, backward: PANIC },
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
    LOST,
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

const OTHERS: readonly CodeRow[] = [
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

/** Only the fixture has this shape of code. */
const FIXTURE_ONLY = new Set([
  'reserve-mem: the start is written as a page of 32 bits',
  'reserve-mem: the size is written as its end',
]);

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
    kind: 'node or property name',
    name: 'arm64 looks for the hand-over under a name that does not show',
    profile: 'memory',
    edits: [editFile('drivers/of/fdt.c', (text) => text.replaceAll('"linux,kho-fdt"', 'kho_name'))],
    ...both(UNKNOWN),
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
  ...written(LIVE_UPDATE_WRITERS),
  ...written(KHO),
  ...written(OTHERS).map((mutation) =>
    FIXTURE_ONLY.has(mutation.name) ? { ...mutation, only: 'fixture' as const } : mutation,
  ),
  ...ARCHITECTURE,
  ...MARKERS,
];
