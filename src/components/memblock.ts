import { defineComponent } from './define.ts';

// Source: mm/memblock.c; the names in include/linux/kho/abi/memblock.h from 7.0 on.

const FILES = ['include/linux/kho/abi/memblock.h', 'mm/memblock.c'] as const;

export const memblock = defineComponent({
  id: 'memblock',
  title: 'memblock',
  summary: 'The subtree in which memblock lists the regions of the reserve_mem boot parameter.',
  markerStems: ['memblock'],
  entryPoints: ['reserve_mem_init'],
  anchor: { files: FILES, macro: 'MEMBLOCK_KHO_NODE_COMPATIBLE' },
  boot: 'kho=on',
  eras: [
    {
      id: 'fdt',
      summary: '6.16 on',
      recognizedBy: [{ files: FILES, macro: 'MEMBLOCK_KHO_NODE_COMPATIBLE' }],
      files: FILES,
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: { kind: 'fdt-string', macro: 'MEMBLOCK_KHO_NODE_COMPATIBLE', carrier: 'fdt:memblock:/' },
      structs: {},
      constants: {},
      fdt: [{ macro: 'MEMBLOCK_KHO_FDT', prefix: 'KHO:/', onMissing: 'component-absent', properties: [] }],
      checks: [],
      reader: {
        function: 'reserve_mem_kho_retrieve_fdt',
        onRefused: 'component-absent',
        refusedMessage: "FDT '%s' is incompatible with '%s'",
      },
      code: [
        { side: 'writer', functions: ['prepare_kho_fdt'], required: true },
        { side: 'writer', functions: ['reserve_mem_init'] },
        { side: 'reader', functions: ['reserve_mem_kho_retrieve_fdt'], required: true },
      ],
    },
  ],
});
