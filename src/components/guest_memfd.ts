import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/kvm.h of the posted series (2026-06 on).

const HEADER = 'include/linux/kho/abi/kvm.h';

export const guestMemfd = defineComponent({
  id: 'guest_memfd',
  title: 'guest_memfd',
  summary: 'The memory file of a virtual machine: its pages, and the token of the machine it belongs to.',
  markerStems: ['guest_memfd_luo'],
  anchor: { files: [HEADER], macro: 'GUEST_MEMFD_LUO_FH_COMPATIBLE' },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026-06 on',
      recognizedBy: [{ files: [HEADER], macro: 'GUEST_MEMFD_LUO_FH_COMPATIBLE' }],
      files: [HEADER],
      needs: ['kho', 'kvm', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_LIVEUPDATE_GUEST_MEMFD'],
      marker: {
        kind: 'name',
        macro: 'GUEST_MEMFD_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: {
        guest_memfd_luo_folio_ser: { placement: 'element' },
        guest_memfd_luo_ser: { placement: 'blob' },
      },
      constants: {
        GUEST_MEMFD_LUO_FLAG_INIT_SHARED: { role: 'flag', optional: true },
        GUEST_MEMFD_LUO_FLAG_MMAP: { role: 'flag', optional: true },
        GUEST_MEMFD_LUO_FOLIO_UPTODATE: { role: 'flag', optional: true },
        GUEST_MEMFD_LUO_SUPPORTED_FLAGS: { role: 'flag', optional: true },
      },
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
