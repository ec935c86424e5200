import { inFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, MISREAD, PANIC, READS_SAME } from '../mutation.ts';
import { type CodeRow, codeMutations } from './code-rows.ts';

// A kernel that writes a value in another way and reads it so: it agrees with itself, and with no other. Beside each stands
// what looks alike and means the same.

const written = (member: string, by: string): Edit =>
  inFunction('memfd_luo_preserve', new RegExp(`(\\w+)->${member} = ([^;]+);`), `$1->${member} = ${by};`);
const folio = (member: string, by: string): Edit =>
  inFunction('memfd_luo_preserve_folios', new RegExp(`->${member} = ([^;]+);`), `->${member} = ${by};`);
const size = (by: string): Edit =>
  inFunction('memfd_luo_retrieve', /i_size_write\(([^;]+), (\w+->size)\);/, `i_size_write($1, ${by});`);
const address = (by: string): Edit => inFunction('memfd_luo_retrieve_folios', /PFN_PHYS\((\w+->pfn)\)/g, by);
const index = (by: string): Edit => inFunction('memfd_luo_retrieve_folios', /(\w+->index)/, by);
const flbs = (by: string): Edit => inFunction('luo_flb_setup_outgoing', /virt_to_phys\((\w+)\)/, by);
const flbsTaken = (by: string): Edit => inFunction('luo_flb_setup_incoming', /phys_to_virt\((\w+)\)/, by);

const OTHERWISE: readonly CodeRow[] = [
  [
    'memfd: the size is written in pages and read so',
    'memfd',
    [written('size', '$2 >> PAGE_SHIFT'), size('$2 << PAGE_SHIFT')],
  ],
  [
    'memfd: the size is written in pages by division and read so',
    'memfd',
    [written('size', 'DIV_ROUND_UP($2, PAGE_SIZE)'), size('$2 * PAGE_SIZE')],
  ],
  [
    'memfd: the position is written in sectors and read so',
    'memfd',
    [
      written('pos', '$2 >> 9'),
      inFunction('memfd_luo_retrieve', /(\w+->pos)/, '($1 << 9)'),
      inFunction('memfd_luo_freeze', /->pos = ([^;]+);/, '->pos = $1 >> 9;'),
    ],
  ],
  [
    'memfd: the address is written in the place of its page and read so',
    'memfd',
    [folio('pfn', 'PFN_PHYS($1)'), address('$1')],
  ],
  [
    'memfd: the index is written in bytes and read so',
    'memfd',
    [folio('index', '$1 << PAGE_SHIFT'), index('($1 >> PAGE_SHIFT)')],
  ],
  [
    'memfd: the index is written from one on and read so',
    'memfd',
    [folio('index', '$1 + 1'), index('($1 - 1)')],
  ],
  [
    'memfd: a flag that says clean in the place of dirty, written and read so',
    'memfd',
    [
      folio('flags', 'MEMFD_LUO_FOLIO_UPTODATE'),
      inFunction(
        'memfd_luo_retrieve_folios',
        /((?:\w+->)?flags) & MEMFD_LUO_FOLIO_DIRTY/,
        '!($1 & MEMFD_LUO_FOLIO_DIRTY)',
      ),
    ],
  ],
  [
    'kho: vmalloc: pages in the place of addresses, written and read so',
    'memfd',
    [
      inFunction('kho_preserve_vmalloc', /->phys\[(\w+)\+\+\] = ([^;]+);/, '->phys[$1++] = PHYS_PFN($2);'),
      inFunction(
        'kho_restore_vmalloc',
        /(= |kho_restore_pages\()(\w+->phys\[\w+\])(?=[;,])/,
        '$1PFN_PHYS($2)',
      ),
    ],
  ],
  [
    'FLBs: the place of the header is written as a page and read so',
    'flb',
    [flbs('PHYS_PFN(virt_to_phys($1))'), flbsTaken('phys_to_virt(PFN_PHYS($1))')],
  ],
  [
    'files: token and data are written into each other and read so',
    'memfd',
    [
      inFunction(
        'luo_file_freeze',
        /->data = ([^;]+);([\s\S]*?)->token = ([^;]+);/,
        '->token = $1;$2->data = $3;',
      ),
      inFunction(
        'luo_file_deserialize_one',
        /= (\w+)->data;([\s\S]*)= (\w+)->token;/,
        '= $1->token;$2= $3->data;',
      ),
    ],
  ],
];

const ENTRIES = inFunction('entry_at', 'at * size', 'at * ALIGN(size, 64)');

/** Where the kernel's own code is written otherwise than the fixture's. */
const FIXTURE_ROWS: readonly CodeRow[] = [
  ['blocks: entries are aligned to 64 bytes, written and read so', 'memfd', [ENTRIES]],
];

const KERNEL_ROWS: readonly CodeRow[] = [
  [
    'blocks: the first is handed on as a page and taken so',
    'memfd',
    [
      inFunction('kho_block_set_head_pa', /return ([^;]+);/, 'return PHYS_PFN($1);'),
      inFunction('kho_block_set_restore', 'bs->head_pa = head_pa;', 'bs->head_pa = PFN_PHYS(head_pa);'),
    ],
  ],
  [
    'blocks: entries lie 64 bytes apart at least, written and read so',
    'memfd',
    [inFunction('kho_block_entry', /index \* ([^)]+)\)/, 'index * ALIGN($1, 64))')],
  ],
  [
    'FLBs: they begin a page further on, written and read so',
    'flb',
    [
      inFunction('luo_flb_setup_outgoing', /\(void \*\)\((\w+) \+ 1\)/, '(void *)$1 + PAGE_SIZE'),
      inFunction('luo_flb_setup_incoming', /\(void \*\)\((\w+) \+ 1\)/, '(void *)$1 + PAGE_SIZE'),
    ],
  ],
  [
    'kho: a table of the tree is looked into from the other end by all',
    'memory',
    [inFunction('kho_radix_get_table_index', /\(level - 1\)/, '(KHO_TREE_MAX_DEPTH - 1 - level)')],
    // What walks the tree has its own way to it.
    { forward: READS_SAME, backward: MISREAD },
  ],
  [
    'kho: the upper half of a leaf is written to the lower',
    'memory',
    [inFunction('kho_radix_get_bitmap_index', 'KHO_BITMAP_SIZE_LOG2', '(KHO_BITMAP_SIZE_LOG2 - 1)')],
    { forward: READS_SAME, backward: MISREAD },
  ],
];

const ALIKE: readonly CodeRow[] = [
  [
    'kho: subtrees: the size is written in pages and read so',
    'memfd',
    [
      inFunction('kho_add_subtree', /\{\n/, '{\n\tsize = size >> PAGE_SHIFT;\n'),
      inFunction('kho_retrieve_subtree', /\*size = ([^;]+);/, '*size = ($1) << PAGE_SHIFT;'),
    ],
    // What is told to be longer than it is passes every demand.
    { forward: [...MISREAD, ...READS_SAME], backward: PANIC },
  ],
  [
    'memfd: the size goes through other words for the same, written and read',
    'memfd',
    [written('size', '(u64)$2 * 1'), size('(loff_t)($2 + 0)')],
  ],
  [
    'memfd: the page of a folio by its address, the address by its page',
    'memfd',
    [folio('pfn', 'PHYS_PFN(PFN_PHYS($1))'), address('((phys_addr_t)$1 << PAGE_SHIFT)')],
  ],
  [
    'memfd: the page of a folio by division, the address by multiplication',
    'memfd',
    [folio('pfn', 'PFN_PHYS($1) / PAGE_SIZE'), address('$1 * PAGE_SIZE')],
  ],
  [
    'FLBs: the address of the header rounded to the page that it lies in',
    'flb',
    [flbs('ALIGN_DOWN(virt_to_phys($1), PAGE_SIZE)'), flbsTaken('phys_to_virt($1 & PAGE_MASK)')],
  ],
];

/** What the kernel keeps for itself may mean something else, as long as what is handed over does not. */
const KEPT_ROWS: readonly CodeRow[] = [
  [
    'blocks: the place of an entry is counted from one on, as the iterator counts',
    'memfd',
    [
      inFunction('kho_block_entry', /index \* /, '(index - 1) * '),
      inFunction('kho_block_set_it_init', /->i = 0;/, '->i = 1;'),
    ],
  ],
  [
    'blocks: the place of the first is kept as a page, and handed on as an address',
    'memfd',
    [
      inFunction('kho_block_set_head_pa', /return ([^;]+);/, 'return PFN_PHYS($1);'),
      inFunction('kho_block_set_restore', 'bs->head_pa = head_pa;', 'bs->head_pa = PHYS_PFN(head_pa);'),
      inFunction('kho_block_add', /bs->head_pa = ([^;]+);/, 'bs->head_pa = PHYS_PFN($1);'),
    ],
  ],
];

const CODE = { family: 'code', kind: 'code' } as const;
const ENCODING = { ...CODE, decidedBy: ['value-encoding-changed'] } as const;

/** The address by pages of 4 KiB, whatever the size of a page: the same where a page is that. */
const BY_4K: Mutation = {
  ...CODE,
  profile: 'memfd',
  name: 'memfd: the page of a folio is one of 4 KiB, written and read so',
  edits: [folio('pfn', 'PFN_PHYS($1) >> 12'), address('((phys_addr_t)$1 << 12)')],
  ...both(READS_SAME),
  decidedBy: ['value-encoding-changed'],
  perTarget: { 'arm64-16k': both(MISREAD), 'arm64-64k': both(MISREAD) },
};

export const ENCODING_MUTATIONS: readonly Mutation[] = [
  ...codeMutations(ENCODING, both(MISREAD), OTHERWISE),
  ...codeMutations(ENCODING, both(MISREAD), FIXTURE_ROWS).map((row) => ({
    ...row,
    only: 'fixture' as const,
  })),
  ...codeMutations(ENCODING, both(MISREAD), KERNEL_ROWS).map((row) => ({ ...row, only: 'kernel' as const })),
  ...codeMutations(CODE, both(READS_SAME), ALIKE),
  ...codeMutations(CODE, both(READS_SAME), KEPT_ROWS).map((row) => ({ ...row, only: 'kernel' as const })),
  BY_4K,
];
