import type { ConstantFacts, Era, StructFacts } from './define.ts';
import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/iommu.h, drivers/iommu/liveupdate.c of the posted series (2025-12 on), and
// drivers/iommu/intel/liveupdate.c of the first one (2025-09). The Arm structs are downstream work on them.

const HEADER = 'include/linux/kho/abi/iommu.h';
const CODE = 'drivers/iommu/liveupdate.c';
const NOT_FOUND =
  'taken as nothing preserved: the translation tables are built anew while devices may still do DMA through the old ones';

const COMMON = {
  files: [HEADER, CODE],
  needs: ['kho', 'luo', 'luo-flb', 'luo-session'],
  options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_IOMMU_LIVEUPDATE'],
  constants: {},
  fdt: [],
  checks: [],
  reader: {
    function: 'iommu_liveupdate_flb_retrieve',
    onRefused: 'component-absent',
    unknownNameMessage: NOT_FOUND,
  },
  code: [
    { side: 'writer', functions: ['iommu_liveupdate_flb_preserve'] },
    { side: 'reader', functions: ['iommu_liveupdate_flb_retrieve'] },
  ],
} as const satisfies Partial<Era>;

const FLB_NAME = {
  kind: 'name',
  macro: 'IOMMU_LUO_FLB_COMPATIBLE',
  carrier: 'flb',
  dispatcher: 'luo-flb',
} as const;

const ARRAY_STRUCTS = {
  device_intel_ser: { placement: 'embedded', optional: true },
  iommu_array_hdr_ser: { placement: 'header' },
  iommu_dev_map_ser: { placement: 'embedded' },
  iommu_device_array_ser: { placement: 'header', optional: true },
  iommu_device_ser: { placement: 'element' },
  iommu_domain_array_ser: { placement: 'header', optional: true },
  iommu_domain_ser: { placement: 'element' },
  iommu_flb_ser: { placement: 'blob' },
  iommu_hdr_ser: { placement: 'embedded' },
  iommu_hw_array_ser: { placement: 'header', optional: true },
  iommu_hw_ser: { placement: 'element' },
  iommu_intel_ser: { placement: 'embedded' },
  iommu_master_smmuv3_ser: { placement: 'embedded', optional: true },
  iommu_smmuv3_hw_ser: { placement: 'embedded', optional: true },
} as const satisfies Record<string, StructFacts>;

const ARRAY_CONSTANTS = {
  IOMMU_SER_FLAG_DELETED: { role: 'flag', optional: true },
  IOMMU_SER_FLAG_INCOMING: { role: 'flag', optional: true },
  VTD_PRESERVED_BITMAP_LONGS: { role: 'length', optional: true },
} as const satisfies Record<string, ConstantFacts>;

export const iommu = defineComponent({
  id: 'iommu',
  title: 'IOMMU state',
  summary: 'IOMMU units, domains with their page tables, and which device is attached to which.',
  markerStems: ['iommu', 'iommu-liveupdate'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...COMMON,
      id: 'arrays-and-integer',
      summary: 'v5, 2026-09: FLB name and a u64 version in the head of the data; another one is a panic',
      recognizedBy: [{ files: [HEADER], macro: 'IOMMU_LUO_FLB_VERSION' }],
      marker: {
        ...FLB_NAME,
        kind: 'name-and-integer',
        nameMacro: 'IOMMU_LUO_FLB_COMPATIBLE',
        macro: 'IOMMU_LUO_FLB_VERSION',
      },
      structs: ARRAY_STRUCTS,
      constants: ARRAY_CONSTANTS,
      reader: { ...COMMON.reader, onRefused: 'boot-panic' },
    },
    {
      ...COMMON,
      id: 'arrays',
      summary: 'v2 to v4, 2026-04 to 2026-08: chains of arrays; one FLB name, two layouts',
      recognizedBy: [{ files: [HEADER], struct: 'iommu_flb_ser' }],
      marker: FLB_NAME,
      structs: ARRAY_STRUCTS,
      constants: ARRAY_CONSTANTS,
    },
    {
      ...COMMON,
      id: 'objects',
      summary: '2025-12 and 2026-02: chains of pages with objects; one FLB name, two layouts',
      recognizedBy: [{ files: [HEADER], struct: 'iommu_lu_flb_ser' }],
      marker: FLB_NAME,
      structs: {
        device_domain_iommu_ser: { placement: 'embedded' },
        device_intel_ser: { placement: 'embedded', optional: true },
        device_ser: { placement: 'element' },
        devices_ser: { placement: 'header' },
        iommu_domain_ser: { placement: 'element' },
        iommu_domains_ser: { placement: 'header' },
        iommu_intel_ser: { placement: 'embedded', optional: true },
        iommu_lu_flb_ser: { placement: 'blob' },
        iommu_obj_ser: { placement: 'embedded' },
        iommu_objs_ser: { placement: 'header' },
        iommu_ser: { placement: 'element' },
        iommus_ser: { placement: 'header' },
      },
      constants: { IOMMU_INTEL: { role: 'flag' }, IOMMU_INVALID: { role: 'flag' } },
    },
    {
      ...COMMON,
      id: 'subsystem',
      summary:
        '2025-09, never merged: LUO hands over one u64 by the name of the subsystem; nothing checks the data',
      recognizedBy: [{ files: ['drivers/iommu/intel/liveupdate.c'], struct: 'iommu_ser' }],
      files: ['drivers/iommu/intel/liveupdate.c'],
      needs: ['kho', 'luo'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'none', carrier: 'luo-subsystem' },
      structs: {
        device_ser: { placement: 'element' },
        iommu_ser: { placement: 'blob' },
        iommu_unit_ser: { placement: 'element' },
      },
      code: [],
    },
  ],
});
