import { inFunction } from '../edit-code.ts';
import { replaceMatch } from '../edit-declarations.ts';
import { both, PANIC, READS_SAME, SESSIONS_LOST, UNKNOWN, UNSUPPORTED } from '../mutation.ts';
import type { CodeRow } from './code-rows.ts';
import { OPEN } from './code-rows.ts';

// Writers of memory files, of LUO, its sessions, files and FLBs.

const MEMFD: readonly CodeRow[] = [
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

const LUO: readonly CodeRow[] = [
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
    { forward: READS_SAME, backward: UNKNOWN },
  ],
  [
    'luo: sessions are not serialized',
    'memfd',
    [inFunction('liveupdate_reboot', /luo_session_serialize\(\)/, '0')],
    { forward: READS_SAME, backward: UNKNOWN },
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

/** Writers above KHO, as rows. */
export const LIVE_UPDATE_WRITERS: readonly CodeRow[] = [...MEMFD, ...LUO];
