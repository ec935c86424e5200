import { inFunction, replaceFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import type { Answers, Mutation } from '../mutation.ts';
import { both, MISREAD, READS_SAME, UNKNOWN } from '../mutation.ts';

// Memory whose address is handed over must be kept for the next kernel.

const KEPT = { family: 'code', kind: 'code', profile: 'memory' } as const;
const MEMFD = { profile: 'memfd' } as const;
/** The changed kernel hands over what it does not keep; the other's data it reads. */
const NOT_KEPT: Answers = { forward: READS_SAME, backward: MISREAD };

type Row = readonly [name: string, edits: readonly Edit[], answers: Answers, more?: Partial<Mutation>];

const ROWS: readonly Row[] = [
  [
    'reserve_mem: the function that keeps the regions does nothing',
    [replaceFunction('reserved_mem_preserve', 'static int reserved_mem_preserve(void)\n{\n\treturn 0;\n}\n')],
    NOT_KEPT,
  ],
  [
    'reserve_mem: the tree is handed over without what keeps the regions',
    [inFunction('prepare_kho_fdt', /(= |: )reserved_mem_preserve\(\)/, '$10')],
    { forward: READS_SAME, backward: [...MISREAD, ...UNKNOWN] },
  ],
  [
    'reserve_mem: the regions are kept by their addresses',
    [
      inFunction(
        'reserved_mem_preserve',
        /kho_preserve_pages\([^;]+\);/,
        'kho_preserve_phys(region->first, region->length);',
      ),
    ],
    both(READS_SAME),
    { only: 'fixture' },
  ],
  [
    'reserve_mem: the regions are kept in the loop that lists them',
    [
      replaceFunction('reserved_mem_preserve', ''),
      inFunction('prepare_kho_fdt', 'return err ? err : reserved_mem_preserve();', 'return err;'),
      inFunction(
        'prepare_kho_fdt',
        /(\t+)(err \|= fdt_begin_node\(tree, region->name\);\n)/,
        '$1err |= kho_preserve_pages(phys_to_page(region->first), region->length >> PAGE_SHIFT);\n$1$2',
      ),
    ],
    both(READS_SAME),
    { only: 'fixture' },
  ],
  [
    'memfd: the folios are listed and not kept',
    [inFunction('memfd_luo_preserve_folios', /kho_preserve_folio\(\w+\)/, '0')],
    NOT_KEPT,
    MEMFD,
  ],
  [
    'memfd: the folios are kept by a function of another file',
    [inFunction('memfd_luo_preserve_folios', /kho_preserve_folio\((\w+)\)/, 'memfd_keep_folio($1)')],
    both(READS_SAME),
    MEMFD,
  ],
  [
    'reserve_mem: what keeps the regions has another name',
    [inFunction('reserved_mem_preserve', 'kho_preserve_pages(', 'kho_pages_preserve(')],
    both(READS_SAME),
  ],
];

/** What a kernel no longer keeps. */
export const KEPT_MUTATIONS: readonly Mutation[] = ROWS.map(
  ([name, edits, answers, more = {}]): Mutation => ({ ...KEPT, name, edits, ...answers, ...more }),
);
