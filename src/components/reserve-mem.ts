import { defineComponent } from './define.ts';

// Source: mm/memblock.c; the name in include/linux/kho/abi/memblock.h from 7.0 on.

const FILES = ['include/linux/kho/abi/memblock.h', 'mm/memblock.c'] as const;

export const reserveMem = defineComponent({
  id: 'reserve-mem',
  title: 'reserve_mem',
  summary: 'One named region of the reserve_mem boot parameter: where it starts and how large it is.',
  markerStems: ['reserve-mem'],
  entryPoints: ['reserve_mem_init'],
  anchor: { files: FILES, macro: 'RESERVE_MEM_KHO_NODE_COMPATIBLE' },
  boot: 'kho=on reserve_mem=…',
  eras: [
    {
      id: 'fdt',
      summary: '6.16 on',
      recognizedBy: [{ files: FILES, macro: 'RESERVE_MEM_KHO_NODE_COMPATIBLE' }],
      files: FILES,
      needs: ['memblock'],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: {
        kind: 'fdt-string',
        macro: 'RESERVE_MEM_KHO_NODE_COMPATIBLE',
        carrier: 'fdt:memblock:/<region>',
      },
      structs: {},
      constants: {},
      fdt: [
        {
          name: '/<region>',
          onMissing: 'component-absent',
          missingMessage: "FDT '%s' has no child '%s'",
          properties: [
            { name: 'size', type: 'u64', exactLength: 8, onMissing: 'component-absent' },
            { name: 'start', type: 'u64', exactLength: 8, onMissing: 'component-absent' },
          ],
        },
      ],
      checks: [],
      reader: {
        function: 'reserve_mem_kho_revive',
        onRefused: 'component-absent',
        refusedMessage: "Node '%s' is incompatible with '%s'",
      },
      code: [
        {
          side: 'writer',
          functions: ['prepare_kho_fdt', 'reserve_mem_kho_finalize', 'reserved_mem_preserve'],
        },
        { side: 'reader', functions: ['reserve_mem_kho_revive'], required: true },
      ],
    },
  ],
});
