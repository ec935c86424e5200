import type { Era } from './define.ts';
import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/iommufd.h, drivers/iommu/iommufd/liveupdate.c of the posted series (2025-09 on).

const HEADER = 'include/linux/kho/abi/iommufd.h';

const COMMON = {
  recognizedBy: [{ files: [HEADER], macro: 'IOMMUFD_LUO_COMPATIBLE' }],
  files: [HEADER, 'drivers/iommu/iommufd/liveupdate.c'],
  needs: ['iommu', 'kho', 'luo-session'],
  options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_IOMMU_LIVEUPDATE', 'CONFIG_IOMMUFD'],
  marker: {
    kind: 'name',
    macro: 'IOMMUFD_LUO_COMPATIBLE',
    carrier: 'file-handler',
    dispatcher: 'luo-session',
  },
  constants: {},
  fdt: [],
  checks: [],
  reader: { function: 'iommufd_liveupdate_retrieve', onRefused: 'file-lost' },
  code: [
    { side: 'writer', functions: ['iommufd_liveupdate_preserve'] },
    { side: 'reader', functions: ['iommufd_liveupdate_retrieve'] },
  ],
} as const satisfies Partial<Era>;

export const iommufd = defineComponent({
  id: 'iommufd',
  title: 'iommufd files',
  summary:
    'The hardware page tables of an iommufd and the tokens by which they are found. The string was never raised while the structs changed.',
  markerStems: ['iommufd'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...COMMON,
      id: 'hwpt-array',
      summary: '2026-06 on: struct iommufd_ser',
      recognizedBy: [...COMMON.recognizedBy, { files: [HEADER], struct: 'iommufd_ser' }],
      structs: { iommufd_hwpt_ser: { placement: 'element' }, iommufd_ser: { placement: 'header' } },
    },
    {
      ...COMMON,
      id: 'hwpt-list',
      summary: '2025-09 and 2026-02: struct iommufd_lu',
      structs: {
        iommufd_hwpt_lu: { placement: 'element', optional: true },
        iommufd_lu: { placement: 'header' },
      },
    },
  ],
});
