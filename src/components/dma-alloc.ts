import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/dma_alloc.h of a tree (2026).

const HEADER = 'include/linux/kho/abi/dma_alloc.h';

export const dmaAlloc = defineComponent({
  id: 'dma-alloc',
  title: 'DMA allocations',
  summary:
    'One coherent DMA allocation of a driver. Whoever points to it answers for its format: no marker was found.',
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'pointed-to',
      summary: '2026, in one tree only',
      recognizedBy: [{ files: [HEADER], struct: 'dma_alloc_ser' }],
      files: [HEADER],
      needs: ['iommu', 'kho'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'none', carrier: 'pointer' },
      structs: { dma_alloc_ser: { placement: 'header' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'corruption' },
      code: [],
    },
  ],
});
