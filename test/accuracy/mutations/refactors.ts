import { beforeFunction, inFunction, replaceFunction } from '../edit-code.ts';
import type { Edit } from '../edit-declarations.ts';
import { editFile, editText, insertBefore, replaceMember, replaceText } from '../edit-declarations.ts';
import type { Mutation } from '../mutation.ts';
import { both, READS_SAME, SAME } from '../mutation.ts';
import type { CodeRow } from './code-rows.ts';
import { codeMutations } from './code-rows.ts';

// Changes to code that mean the same. What only reads otherwise is quiet; where a helper came or went, a note may stand.

const REFACTOR = { family: 'refactors', kind: 'comment or spelling' } as const;

const quiet = (rows: readonly CodeRow[]): Mutation[] => codeMutations(REFACTOR, both(SAME), rows);

/** Another name for a local of a function. */
const local = (name: string, from: string, to: string): Edit =>
  inFunction(name, new RegExp(`(?<!->|\\.|struct )\\b${from}\\b`, 'g'), to);

/** What holds for both trees. */
const ANYWHERE: readonly CodeRow[] = [
  [
    'every message worded otherwise',
    'memfd',
    [
      editText((text, path) =>
        path.endsWith('.c') ? text.replace(/(pr_(?:err|warn|info)(?:_ratelimited)?\()"/g, '$1"luo: ') : text,
      ),
    ],
  ],
  [
    'every warning an error',
    'memfd',
    [editText((text, path) => (path.endsWith('.c') ? text.replace(/\bpr_warn\(/g, 'pr_err(') : text))],
  ],
  [
    'every warning once',
    'memfd',
    [editText((text, path) => (path.endsWith('.c') ? text.replace(/\bpr_warn\(/g, 'pr_warn_once(') : text))],
  ],
  [
    'every test of a pointer by NULL',
    'memfd',
    [
      editText((text, path) =>
        path.endsWith('.c')
          ? text.replace(/if \(!(record|ser|found|map|chunk|header|head)\)/g, 'if ($1 == NULL)')
          : text,
      ),
    ],
  ],
  [
    'every error test marked unlikely',
    'memfd',
    [
      editText((text, path) =>
        path.endsWith('.c') ? text.replace(/if \(err\)/g, 'if (unlikely(err))') : text,
      ),
    ],
  ],
  [
    'every error test by comparison',
    'memfd',
    [editText((text, path) => (path.endsWith('.c') ? text.replace(/if \(err\)/g, 'if (err != 0)') : text))],
  ],
  [
    'every body of an if in braces',
    'memfd',
    [
      editText((text, path) =>
        path.endsWith('.c')
          ? text.replace(/(\n\t+if \(err\))\n\t+(return err;|goto \w+;)/g, '$1 {\n\t\t$2\n\t}')
          : text,
      ),
    ],
  ],
  [
    'every file of the live update with two includes more',
    'memfd',
    [
      editText((text, path) =>
        path.startsWith('kernel/liveupdate/') && path.endsWith('.c')
          ? `#include <linux/cleanup.h>\n#include <linux/sizes.h>\n${text}`
          : text,
      ),
    ],
  ],
  ['err is called ret in luo_state_setup()', 'memfd', [local('luo_state_setup', 'err', 'ret')]],
  ['err is called ret in luo_early_startup()', 'memfd', [local('luo_early_startup', 'err', 'ret')]],
  ['err is called status in memfd_luo_retrieve()', 'memfd', [local('memfd_luo_retrieve', 'err', 'status')]],
  ['err is called status in memfd_luo_preserve()', 'memfd', [local('memfd_luo_preserve', 'err', 'status')]],
  ['len is called bytes in luo_early_startup()', 'memfd', [local('luo_early_startup', 'len', 'bytes')]],
  [
    'session is called one in luo_session_deserialize_one()',
    'memfd',
    [local('luo_session_deserialize_one', 'session', 'one')],
  ],
  ['err is called ret in kho_preserve_pages()', 'memory', [local('kho_preserve_pages', 'err', 'ret')]],
  ['pfn is called at in kho_restore_pages()', 'memory', [local('kho_restore_pages', 'pfn', 'at')]],
  [
    'chunk is called block in kho_restore_vmalloc()',
    'memfd',
    [local('kho_restore_vmalloc', 'chunk', 'block')],
  ],
  [
    'the code of kho_retrieve_subtree() without its warning',
    'memory',
    [inFunction('kho_retrieve_subtree', /\{\n/, '{\n\tmight_sleep();\n')],
  ],
  [
    'locks are checked in luo_file_deserialize()',
    'memfd',
    [inFunction('luo_file_deserialize', /(\tint err;\n)/, '$1\n\tlockdep_assert_held(&luo_lock);\n')],
  ],
  [
    'kzalloc() in the place of kzalloc_obj() in luo_file_deserialize_one()',
    'memfd',
    [inFunction('luo_file_deserialize_one', /kzalloc_obj\(\*(\w+)\)/, 'kzalloc(sizeof(*$1), GFP_KERNEL)')],
  ],
  [
    'strcmp() == 0 in the place of !strcmp() in luo_file_deserialize_one()',
    'memfd',
    [inFunction('luo_file_deserialize_one', /!strcmp\(([^()]*(?:\([^()]*\))?[^()]*)\)/, 'strcmp($1) == 0')],
    both(READS_SAME),
  ],
  [
    'the names compared change sides in luo_file_deserialize_one()',
    'memfd',
    [inFunction('luo_file_deserialize_one', /strcmp\(([^,]+), (\w+->compatible)\)/, 'strcmp($2, $1)')],
    both(READS_SAME),
  ],
  [
    'the sizes compared change sides in luo_early_startup()',
    'memfd',
    [inFunction('luo_early_startup', /len < sizeof\((\*\w+)\)/, 'sizeof($1) > len')],
    both(READS_SAME),
  ],
  [
    'the size compared by the struct in luo_early_startup()',
    'memfd',
    [inFunction('luo_early_startup', /len < sizeof\(\*\w+\)/, 'len < sizeof(struct luo_ser)')],
    both(READS_SAME),
  ],
  [
    'the marker compared through a local in luo_early_startup()',
    'memfd',
    [
      inFunction('luo_early_startup', /(\tint err;\n)/, '\tconst char *wanted = LUO_ABI_COMPATIBLE;\n$1'),
      inFunction('luo_early_startup', /compatible, LUO_ABI_COMPATIBLE,/, 'compatible, wanted,'),
    ],
    both(READS_SAME),
  ],
  [
    'the marker compared by strcmp() in luo_early_startup()',
    'memfd',
    [
      inFunction(
        'luo_early_startup',
        /strncmp\((\w+)->compatible, LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN\)/,
        'strcmp($1->compatible, LUO_ABI_COMPATIBLE)',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'the marker compared by its length with sizeof in luo_early_startup()',
    'memfd',
    [
      inFunction(
        'luo_early_startup',
        /LUO_ABI_COMPATIBLE, LUO_ABI_COMPAT_LEN/,
        'LUO_ABI_COMPATIBLE, sizeof(LUO_ABI_COMPATIBLE)',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'the flags tested through a local in memfd_luo_retrieve_folios()',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve_folios',
        /(\t\tif \()(\w+->flags|flags) & MEMFD_LUO_FOLIO_UPTODATE\)/,
        '$1MEMFD_LUO_FOLIO_UPTODATE & $2)',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'nothing is left of a declaration in a loop of memfd_luo_retrieve_folios()',
    'memfd',
    [inFunction('memfd_luo_retrieve_folios', /\tlong i;\n/, '\tu64 i;\n')],
    both(READS_SAME),
  ],
  [
    'two assignments in another order in luo_file_freeze()',
    'memfd',
    [inFunction('luo_file_freeze', /(\t+\w+->data = [^;]+;\n)(\t+\w+->token = [^;]+;\n)/, '$2$1')],
    both(READS_SAME),
  ],
  [
    'two assignments in another order in kho_preserve_vmalloc()',
    'memfd',
    [inFunction('kho_preserve_vmalloc', /(\t\w+->flags = [^;]+;\n)(\t\w+->order = [^;]+;\n)/, '$2$1')],
    both(READS_SAME),
  ],
  [
    'a comma behind the last item of the operations of memfd',
    'memfd',
    [editFile('mm/memfd_luo.c', (text) => text.replace(/(\.compatible\s*= \w+),?\n/, '$1\n'))],
  ],
  [
    'the operations of memfd in another order',
    'memfd',
    [
      editFile('mm/memfd_luo.c', (text) =>
        text.replace(/(\t\.freeze = \w+,\n)((?:\t\.\w+ = \w+,\n)+)/, '$2$1'),
      ),
    ],
  ],
  [
    'kho_populate() counts what it was asked',
    'memory',
    [inFunction('kho_populate', /\{\n/, '{\n\tpr_debug("asked\\n");\n')],
  ],
];

/** The fixture's code alone has these lines. */
const OURS: readonly CodeRow[] = [
  [
    'a lock held by guard() in luo_session_serialize()',
    'memfd',
    [
      inFunction(
        'luo_session_serialize',
        /\tdown_write\(&sessions_lock\);\n/,
        '\tguard(rwsem_write)(&sessions_lock);\n',
      ),
      inFunction('luo_session_serialize', /\tup_write\(&sessions_lock\);\n/g, ''),
      inFunction('luo_session_serialize', /\t\t\tgoto undo;/, '\t\t\treturn err;'),
      inFunction('luo_session_serialize', /undo:\n\treturn err;\n/, ''),
    ],
  ],
  [
    'a lock held by scoped_guard() in luo_session_deserialize_one()',
    'memfd',
    [
      inFunction(
        'luo_session_deserialize_one',
        /\terr = luo_file_deserialize\(([^;]*);/,
        '\tscoped_guard(mutex, &session->mutex)\n\t\terr = luo_file_deserialize($1;',
      ),
    ],
  ],
  [
    'memory freed by __free() in memfd_luo_retrieve()',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve',
        /\tstruct memfd_luo_folio_ser \*folios;/,
        '\tstruct memfd_luo_folio_ser *folios __free(vfree) = NULL;',
      ),
      inFunction('memfd_luo_retrieve', /\t\tvfree\(folios\);\n/, ''),
    ],
  ],
  [
    'a loop by while in memfd_luo_preserve_folios()',
    'memfd',
    [
      inFunction(
        'memfd_luo_preserve_folios',
        /for \(at = 0; at < pages_of\(file\); at\+\+\) \{/,
        'at = 0;\n\twhile (at < pages_of(file)) {',
      ),
      inFunction('memfd_luo_preserve_folios', /(one->index = folio->index;\n)/, '$1\t\tat++;\n'),
    ],
  ],
  [
    'a counter declared in its loop in memfd_luo_preserve_folios()',
    'memfd',
    [
      inFunction('memfd_luo_preserve_folios', /\tu64 at;\n/, ''),
      inFunction('memfd_luo_preserve_folios', /for \(at = 0/, 'for (u64 at = 0'),
    ],
  ],
  [
    'an early return turned round in memfd_luo_retrieve_folios()',
    'memfd',
    [
      inFunction(
        'memfd_luo_retrieve_folios',
        /\t\tif \(!one->pfn\)\n\t\t\tcontinue;\n([\s\S]*?)(\t\}\n\treturn 0;)/,
        '\t\tif (one->pfn) {\n$1\t\t}\n$2',
      ),
    ],
  ],
  [
    'a helper for the seals in memfd_luo_retrieve()',
    'memfd',
    [
      beforeFunction(
        'memfd_luo_retrieve',
        'static bool seals_known(const struct memfd_luo_ser *record)\n{\n\treturn !(record->seals & ~MEMFD_LUO_ALL_SEALS);\n}\n',
      ),
      inFunction(
        'memfd_luo_retrieve',
        /if \(record->seals & ~MEMFD_LUO_ALL_SEALS\)/,
        'if (!seals_known(record))',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a helper that stores a file in luo_file_freeze()',
    'memfd',
    [
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
    both(READS_SAME),
  ],
  [
    'a helper that allocates in memfd_luo_preserve()',
    'memfd',
    [
      beforeFunction(
        'memfd_luo_preserve',
        'static struct memfd_luo_ser *new_record(void)\n{\n\tstruct memfd_luo_ser *made = kho_alloc_preserve(sizeof(*made));\n\n\treturn made;\n}\n',
      ),
      inFunction('memfd_luo_preserve', /kho_alloc_preserve\(sizeof\(\*record\)\)/, 'new_record()'),
    ],
    both(READS_SAME),
  ],
  [
    'the helper entry_at() put into its callers',
    'memfd',
    [
      inFunction(
        'kho_block_set_it_reserve_entry',
        /entry_at\(block, place->at\+\+, place->set->entry_size\)/,
        '(void *)(block + 1) + place->at++ * place->set->entry_size',
      ),
      inFunction(
        'kho_block_set_it_read_entry',
        /entry_at\(block, place->at\+\+, place->set->entry_size\)/,
        '(void *)(block + 1) + place->at++ * place->set->entry_size',
      ),
      replaceFunction('entry_at', ''),
    ],
    both(READS_SAME),
  ],
  [
    'the helper walk_level() by another name',
    'memory',
    [
      editFile('kernel/liveupdate/kexec_handover.c', (text) =>
        text.replaceAll('walk_level', 'radix_walk_below'),
      ),
    ],
    both(READS_SAME),
  ],
  [
    'the helper walk_level() by a name that every object has',
    'memory',
    [
      editFile('kernel/liveupdate/kexec_handover.c', (text) =>
        text.replaceAll('walk_level', 'hasOwnProperty'),
      ),
    ],
    both(READS_SAME),
  ],
  [
    'the helper kho_radix_get_table_index() by another name',
    'memory',
    [
      editFile('kernel/liveupdate/kexec_handover.c', (text) =>
        text.replaceAll('kho_radix_get_table_index', 'slot_at'),
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a shift in the place of a division in kho_radix_add_key()',
    'memory',
    [
      inFunction(
        'kho_radix_get_table_index',
        /% \(1 << KHO_TABLE_SIZE_LOG2\)/,
        '& ((1 << KHO_TABLE_SIZE_LOG2) - 1)',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a goto less in kho_add_subtree()',
    'memory',
    [
      inFunction(
        'kho_add_subtree',
        /\t\tgoto undo;\n(\tif [^\n]*\n)\t\tgoto undo;\n\treturn 0;\nundo:\n\tfdt_del_node\(tree, node\);\n\treturn -ENOMEM;\n/,
        '\t{\n\t\tfdt_del_node(tree, node);\n\t\treturn -ENOMEM;\n\t}\n$1\t{\n\t\tfdt_del_node(tree, node);\n\t\treturn -ENOMEM;\n\t}\n\treturn 0;\n',
      ),
    ],
  ],
  [
    'the tree held in a local in kho_retrieve_subtree()',
    'memory',
    [
      inFunction(
        'kho_retrieve_subtree',
        /\tint node, len;\n/,
        '\tconst void *tree = kho_tree();\n\tint node, len;\n',
      ),
      inFunction('kho_retrieve_subtree', /(?<!= )kho_tree\(\)/g, 'tree'),
    ],
    both(READS_SAME),
  ],
  [
    'a length checked by a macro in kho_get_mem_map_phys()',
    'memory',
    [
      beforeFunction('kho_get_mem_map_phys', '#define IS_U64(len) ((len) == sizeof(u64))\n'),
      inFunction('kho_get_mem_map_phys', /len != sizeof\(u64\)/, '!IS_U64(len)'),
    ],
    both(READS_SAME),
  ],
  [
    'the marker asked for by a helper in kho_populate()',
    'memory',
    [
      beforeFunction(
        'kho_populate',
        'static int check_form(const void *tree)\n{\n\treturn fdt_node_check_compatible(tree, 0, KHO_FDT_COMPATIBLE);\n}\n',
      ),
      inFunction(
        'kho_populate',
        /fdt_node_check_compatible\(tree, 0, KHO_FDT_COMPATIBLE\)/,
        'check_form(tree)',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a conditional expression in the place of an if in prepare_kho_fdt()',
    'memory',
    [
      inFunction(
        'prepare_kho_fdt',
        /return err \? err : reserved_mem_preserve\(\);/,
        'if (err)\n\t\treturn err;\n\treturn reserved_mem_preserve();',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a constant pointer in memfd_luo_finish()',
    'memfd',
    [
      inFunction(
        'memfd_luo_finish',
        /\tstruct memfd_luo_ser \*record;/,
        '\tconst struct memfd_luo_ser *record;',
      ),
    ],
  ],
  [
    'a local const in setup_kho()',
    'memory',
    [inFunction('setup_kho', /kho->fdt_size = PAGE_SIZE;/, 'kho->fdt_size = (__u64)PAGE_SIZE;')],
    both(READS_SAME),
  ],
  [
    'the registration in a function of its own',
    'memfd',
    [
      replaceText(
        'late_initcall(memfd_luo_init);',
        'static int memfd_luo_start(void)\n{\n\treturn memfd_luo_init();\n}\nlate_initcall(memfd_luo_start);',
      ),
    ],
    both(READS_SAME),
  ],
  [
    'a member more in a struct that is not handed over',
    'memfd',
    [replaceMember('kho_block_set', 'head_pa', 'bool incoming', 'u64 head_pa')],
    both(READS_SAME),
  ],
  [
    'a struct for the code alone beside the handed-over ones',
    'memfd',
    [insertBefore('kho_block_set', 'struct kho_block_note {\n\tstruct list_head list;\n\tu64 at;\n};\n')],
  ],
];

/** Code that means the same. */
export const REFACTOR_MUTATIONS: readonly Mutation[] = [
  ...quiet(ANYWHERE),
  ...quiet(OURS).map((mutation) => ({ ...mutation, only: 'fixture' as const })),
];
