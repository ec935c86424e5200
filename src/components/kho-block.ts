import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/block.h, kernel/liveupdate/kho_block.c (7.2 on).

const HEADER = 'include/linux/kho/abi/block.h';

export const khoBlock = defineComponent({
  id: 'kho-block',
  title: 'KHO blocks',
  summary: 'The chain of blocks in which sessions, files and later PCI devices lie.',
  anchor: { files: [HEADER] },
  eras: [
    {
      id: 'linked-blocks',
      summary:
        '7.2 on: blocks of a page, each with a header; the header file puts them under the marker of KHO',
      recognizedBy: [{ files: [HEADER], macro: 'KHO_BLOCK_SIZE' }],
      files: [HEADER, 'kernel/liveupdate/kho_block.c'],
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'guarded', guardedBy: 'kho', carrier: 'struct:kho_block_header_ser' },
      structs: { kho_block_header_ser: { placement: 'header' } },
      constants: { KHO_BLOCK_SIZE: { role: 'shape' } },
      fdt: [],
      checks: [],
      reader: { onRefused: 'corruption' },
      code: [
        {
          side: 'writer',
          functions: [
            'KHO_BLOCK_SET_INIT',
            'kho_block_set_clear',
            'kho_block_set_grow',
            'kho_block_set_head_pa',
            'kho_block_set_init',
            'kho_block_set_it_prev',
            'kho_block_set_it_reserve_entry',
            'kho_block_set_shrink',
          ],
        },
        { side: 'both', functions: ['kho_block_add', 'kho_block_set_it_init'] },
        {
          side: 'reader',
          functions: [
            'kho_block_set_destroy',
            'kho_block_set_is_empty',
            'kho_block_set_it_read_entry',
            'kho_block_set_restore',
          ],
        },
      ],
    },
  ],
});
