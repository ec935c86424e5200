import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/rxe.h of a downstream tree (2026).

const HEADER = 'include/linux/kho/abi/rxe.h';

export const rxe = defineComponent({
  id: 'rxe',
  title: 'Soft RDMA (rxe)',
  summary:
    'The names of software RDMA links and of the network devices under them; names of devices, not of drivers.',
  markerStems: ['rxe'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026, in one tree only',
      recognizedBy: [{ files: [HEADER], struct: 'rxe_luo_ser' }],
      files: [HEADER],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'name',
        macro: 'RXE_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: { rxe_luo_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
