import { defineComponent } from './define.ts';

// Sources: kernel/kexec_handover.c (6.16 to 6.18), kernel/liveupdate/kexec_handover.c (6.19 on),
// include/linux/kexec_handover.h, include/linux/kho/abi/kexec_handover.h (7.0 on),
// include/asm-generic/kexec_handover.h (7.3 on), arch/x86/include/uapi/asm/setup_data.h.

const CODE_FILES = ['kernel/liveupdate/kexec_handover.c', 'kernel/kexec_handover.c'] as const;
const HEADER = 'include/linux/kho/abi/kexec_handover.h';
const PUBLIC_HEADER = 'include/linux/kexec_handover.h';
// Where 7.3 moved kho_scratch to.
const GENERIC_HEADER = 'include/asm-generic/kexec_handover.h';
const SETUP_DATA = 'arch/x86/include/uapi/asm/setup_data.h';
const REFUSED = "handover FDT is incompatible with '%s'";

const COMMON_STRUCTS = {
  kho_data: { placement: 'blob', targets: ['x86_64-4k'], optional: true },
  kho_scratch: { placement: 'element' },
  kho_vmalloc: { placement: 'embedded', optional: true },
  kho_vmalloc_chunk: { placement: 'page', optional: true },
  kho_vmalloc_hdr: { placement: 'embedded', optional: true },
} as const;

const DEVICE_TREE = { writer: 'kho_add_chosen', reader: 'early_init_dt_check_kho' } as const;
const ARM64 = ['arm64-4k', 'arm64-16k', 'arm64-64k'] as const;

const COMMON_CONSTANTS = {
  'linux,kho-fdt': { role: 'gate', optional: true, targets: ARM64, spelled: { ...DEVICE_TREE, at: 0 } },
  'linux,kho-scratch': { role: 'gate', optional: true, targets: ARM64, spelled: { ...DEVICE_TREE, at: 1 } },
  SETUP_KEXEC_KHO: { role: 'gate', optional: true, targets: ['x86_64-4k'] },
  KHO_VMALLOC_ALLOC: { role: 'flag', optional: true },
  KHO_VMALLOC_HUGE_VMAP: { role: 'flag', optional: true },
} as const;

const CHUNK_LIST_STRUCTS = {
  ...COMMON_STRUCTS,
  kho_mem_phys_bits: { placement: 'element' },
  khoser_mem_bitmap_ptr: { placement: 'element' },
  khoser_mem_chunk: { placement: 'page' },
  khoser_mem_chunk_hdr: { placement: 'embedded' },
} as const;

const PRESERVE_BITS = {
  role: 'shape',
  shownBy: { member: 'kho_mem_phys_bits.preserve', unit: 'bits' },
} as const;

/** The entry points of all eras: those that a kernel lacks are not there. */
const CODE = [
  { side: 'writer', functions: ['kho_add_subtree'], required: true },
  {
    side: 'writer',
    functions: [
      'kho_add_chosen',
      'kho_alloc_preserve',
      'kho_fill_kimage',
      'kho_finalize',
      'kho_init',
      'kho_mem_serialize',
      'kho_out_fdt_setup',
      'kho_preserve_folio',
      'kho_preserve_pages',
      'kho_preserve_phys',
      'kho_preserve_vmalloc',
      'kho_remove_subtree',
      'kho_unpreserve_folio',
      'kho_unpreserve_free',
      'kho_unpreserve_pages',
      'kho_unpreserve_vmalloc',
      'setup_kho',
    ],
  },
  {
    side: 'both',
    functions: [
      ['kho_radix_encode_key', 'kho_encode_radix_key'],
      ['kho_radix_add_key', 'kho_radix_add_page'],
      ['kho_radix_del_key', 'kho_radix_del_page'],
    ],
  },
  { side: 'reader', functions: ['kho_populate', 'kho_retrieve_subtree'], required: true },
  {
    side: 'reader',
    functions: [
      'add_kho',
      'deserialize_bitmap',
      'early_init_dt_check_kho',
      'is_kho_boot',
      'kho_get_mem_map_phys',
      'kho_mem_deserialize',
      'kho_mem_retrieve',
      'kho_memory_init',
      'kho_memory_init_early',
      'kho_preserved_memory_reserve',
      ['kho_radix_decode_key', 'kho_decode_radix_key'],
      'kho_radix_walk_tree',
      'kho_restore_folio',
      'kho_restore_free',
      'kho_restore_pages',
      'kho_restore_vmalloc',
    ],
  },
] as const;

const MAP_READERS = ['kho_get_mem_map_phys', 'kho_mem_deserialize', 'kho_populate'] as const;
const SUBTREE_READERS = ['kho_retrieve_subtree'] as const;

const READER = { function: 'kho_populate', onRefused: 'state-dropped', refusedMessage: REFUSED } as const;

export const kho = defineComponent({
  id: 'kho',
  title: 'Kexec HandOver',
  summary:
    'Preserved memory: which pages survive, where the tree of subtrees is, scratch areas, vmalloc areas.',
  markerStems: ['kho'],
  entryPoints: ['kho_init', 'kho_parse_enable'],
  anchor: { files: [PUBLIC_HEADER] },
  boot: 'kho=on',
  eras: [
    {
      id: 'radix-tree',
      summary: '7.1 on: radix tree of bitmaps; subtrees carry their size',
      recognizedBy: [{ files: [HEADER], macro: 'KHO_SUB_TREE_PROP_NAME' }],
      files: [HEADER, PUBLIC_HEADER, GENERIC_HEADER, ...CODE_FILES, SETUP_DATA],
      needs: [],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: { kind: 'fdt-string', macro: 'KHO_FDT_COMPATIBLE', carrier: 'fdt:KHO:/' },
      structs: {
        ...COMMON_STRUCTS,
        kho_radix_leaf: { placement: 'page' },
        kho_radix_node: { placement: 'page' },
      },
      constants: {
        ...COMMON_CONSTANTS,
        KHO_BITMAP_SIZE_LOG2: { role: 'shape' },
        KHO_ORDER_0_LOG2: { role: 'helper', optional: true },
        KHO_RADIX_KEY_WIDTH: { role: 'helper', optional: true },
        KHO_TABLE_SIZE_LOG2: { role: 'shape' },
        KHO_TREE_MAX_DEPTH: { role: 'shape' },
      },
      fdt: [
        {
          name: '/',
          properties: [
            {
              macro: 'KHO_FDT_MEMORY_MAP_PROP_NAME',
              type: 'u64',
              exactLength: 8,
              onMissing: 'state-dropped',
              readBy: MAP_READERS,
            },
          ],
        },
        {
          name: '/<subtree>',
          properties: [
            {
              macro: 'KHO_SUB_TREE_PROP_NAME',
              type: 'u64',
              exactLength: 8,
              onMissing: 'boot-panic',
              readBy: SUBTREE_READERS,
            },
            {
              macro: 'KHO_SUB_TREE_SIZE_PROP_NAME',
              type: 'u64',
              exactLength: 8,
              onMissing: 'boot-panic',
              readBy: SUBTREE_READERS,
            },
          ],
        },
      ],
      checks: [],
      reader: READER,
      code: CODE,
    },
    {
      id: 'chunk-list-header',
      summary: '7.0: list of chunks of bitmaps; names in the ABI header',
      recognizedBy: [{ files: [HEADER], macro: 'KHO_FDT_SUB_TREE_PROP_NAME' }],
      files: [HEADER, PUBLIC_HEADER, GENERIC_HEADER, ...CODE_FILES, SETUP_DATA],
      needs: [],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: { kind: 'fdt-string', macro: 'KHO_FDT_COMPATIBLE', carrier: 'fdt:KHO:/' },
      structs: CHUNK_LIST_STRUCTS,
      constants: { ...COMMON_CONSTANTS, PRESERVE_BITS },
      fdt: [
        {
          name: '/',
          properties: [
            {
              macro: 'KHO_FDT_MEMORY_MAP_PROP_NAME',
              type: 'u64',
              exactLength: 8,
              onMissing: 'state-dropped',
              readBy: MAP_READERS,
            },
          ],
        },
        {
          name: '/<subtree>',
          properties: [
            {
              macro: 'KHO_FDT_SUB_TREE_PROP_NAME',
              type: 'u64',
              exactLength: 8,
              onMissing: 'boot-panic',
              readBy: SUBTREE_READERS,
            },
          ],
        },
      ],
      checks: [],
      reader: READER,
      code: CODE,
    },
    {
      id: 'chunk-list',
      summary: '6.16 to 6.19: list of chunks of bitmaps; everything in kexec_handover.c',
      recognizedBy: [{ files: CODE_FILES, macro: 'PROP_SUB_FDT' }],
      files: [...CODE_FILES, PUBLIC_HEADER, SETUP_DATA],
      needs: [],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: { kind: 'fdt-string', macro: 'KHO_FDT_COMPATIBLE', carrier: 'fdt:KHO:/' },
      structs: CHUNK_LIST_STRUCTS,
      constants: { ...COMMON_CONSTANTS, PRESERVE_BITS },
      fdt: [
        {
          name: '/',
          properties: [
            {
              macro: 'PROP_PRESERVED_MEMORY_MAP',
              type: 'u64',
              exactLength: 8,
              onMissing: 'state-dropped',
              readBy: MAP_READERS,
            },
          ],
        },
        {
          name: '/<subtree>',
          properties: [
            {
              macro: 'PROP_SUB_FDT',
              type: 'u64',
              exactLength: 8,
              onMissing: 'component-absent',
              readBy: SUBTREE_READERS,
            },
          ],
        },
      ],
      checks: [],
      reader: READER,
      code: CODE,
    },
  ],
});
