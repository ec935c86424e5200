import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/dmabuf.h of a downstream tree (2026).

const HEADER = 'include/linux/kho/abi/dmabuf.h';

export const dmaBuf = defineComponent({
  id: 'dma-buf',
  title: 'dma-buf of a PCI device',
  summary: 'The PCI device that a dma-buf file belongs to.',
  markerStems: ['dmabuf'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026, in one tree only',
      recognizedBy: [{ files: [HEADER], struct: 'dmabuf_ser' }],
      files: [HEADER],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'name',
        macro: 'DMABUF_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: { dmabuf_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
