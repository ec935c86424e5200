import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/eventfd.h of a downstream tree (2026).

const HEADER = 'include/linux/kho/abi/eventfd.h';

export const eventfd = defineComponent({
  id: 'eventfd',
  title: 'eventfd',
  summary: 'The count and flags of an eventfd.',
  markerStems: ['eventfd'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026, in one tree only',
      recognizedBy: [{ files: [HEADER], struct: 'eventfd_luo_ser' }],
      files: [HEADER],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'name',
        macro: 'EVENTFD_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: { eventfd_luo_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
