import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/hugetlb.h of a tree (2025-12 on).

const HEADER = 'include/linux/kho/abi/hugetlb.h';

export const hugetlb = defineComponent({
  id: 'hugetlb',
  title: 'hugetlb',
  summary: 'How many huge pages of which order were in use.',
  markerStems: ['hugetlb'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'flb-name',
      summary: '2025-12 on',
      recognizedBy: [{ files: [HEADER], macro: 'HUGETLB_FLB_COMPATIBLE' }],
      files: [HEADER],
      needs: ['kho', 'luo', 'luo-flb', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_LIVEUPDATE_HUGETLB'],
      marker: { kind: 'name', macro: 'HUGETLB_FLB_COMPATIBLE', carrier: 'flb', dispatcher: 'luo-flb' },
      structs: { hugetlb_hstate_ser: { placement: 'embedded' }, hugetlb_ser: { placement: 'blob' } },
      constants: { HUGETLB_SER_MAX_HSTATES: { role: 'length' } },
      fdt: [],
      checks: [],
      reader: { onRefused: 'component-absent' },
      code: [],
    },
  ],
});
