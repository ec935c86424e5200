import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/hugetlb.h of a tree (2025-12 on).

const HEADER = 'include/linux/kho/abi/hugetlb.h';

export const hugetlbMemfd = defineComponent({
  id: 'hugetlb-memfd',
  title: 'hugetlb memory files',
  summary:
    'Memory files of huge pages: size, position and the pages. A handler of its own beside the FLB of hugetlb.',
  markerStems: ['huge-memfd'],
  anchor: { files: [HEADER], struct: 'hugemfd_ser' },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2025-12 on',
      recognizedBy: [{ files: [HEADER], struct: 'hugemfd_ser' }],
      files: [HEADER],
      needs: ['hugetlb', 'kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_LIVEUPDATE_HUGETLB'],
      marker: {
        kind: 'name',
        macro: 'HUGE_MEMFD_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: { hugemfd_folio_ser: { placement: 'element' }, hugemfd_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
