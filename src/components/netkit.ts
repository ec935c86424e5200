import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/netkit.h of a downstream tree (2026).

const HEADER = 'include/linux/kho/abi/netkit.h';

export const netkit = defineComponent({
  id: 'netkit',
  title: 'netkit',
  summary: 'The names and modes of netkit devices.',
  markerStems: ['netkit'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026, in one tree only',
      recognizedBy: [{ files: [HEADER], struct: 'netkit_luo_ser' }],
      files: [HEADER],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'name',
        macro: 'NETKIT_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: { netkit_luo_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
