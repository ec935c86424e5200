import type { Era } from './define.ts';
import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/vfio_pci.h, drivers/vfio/pci/vfio_pci_liveupdate.c of the posted series (2025-10 on).

const HEADER = 'include/linux/kho/abi/vfio_pci.h';
const CODE = 'drivers/vfio/pci/vfio_pci_liveupdate.c';

const COMMON = {
  files: [HEADER, CODE],
  constants: {},
  fdt: [],
  checks: [],
  reader: { function: 'vfio_pci_liveupdate_retrieve', onRefused: 'file-lost' },
  code: [
    { side: 'writer', functions: ['vfio_pci_liveupdate_freeze', 'vfio_pci_liveupdate_preserve'] },
    { side: 'reader', functions: ['vfio_pci_liveupdate_retrieve'] },
  ],
} as const satisfies Partial<Era>;

const HANDLER = { kind: 'name', carrier: 'file-handler', dispatcher: 'luo-session' } as const;

export const vfioPci = defineComponent({
  id: 'vfio-pci',
  title: 'VFIO PCI device files',
  summary:
    'Which PCI device an open VFIO device file stands for. The device must already be bound to vfio-pci when its file is retrieved.',
  markerStems: ['vfio-pci', 'vfio'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...COMMON,
      id: 'pci-core',
      summary:
        '2025-11 on: beside the state of the PCI core; v1 and v2 were built with CONFIG_LIVEUPDATE, without an option of their own',
      recognizedBy: [{ files: [HEADER], macro: 'VFIO_PCI_LUO_FH_COMPATIBLE' }],
      needs: ['kho', 'luo-session', 'pci'],
      options: [
        'CONFIG_KEXEC_HANDOVER',
        'CONFIG_LIVEUPDATE',
        'CONFIG_PCI_LIVEUPDATE',
        'CONFIG_VFIO_PCI_LIVEUPDATE',
      ],
      marker: { ...HANDLER, macro: 'VFIO_PCI_LUO_FH_COMPATIBLE' },
      structs: {
        vfio_iommufd_ser: { placement: 'embedded', optional: true },
        vfio_pci_core_device_ser: { placement: 'blob' },
      },
    },
    {
      ...COMMON,
      id: 'standalone',
      summary: '2025-10, never merged: without state of the PCI core; the string is spelled out in the code',
      recognizedBy: [{ files: [CODE], struct: 'vfio_pci_core_device_ser' }],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_VFIO_PCI'],
      marker: HANDLER,
      structs: {
        pci_cap_saved_data_ser: { placement: 'element', optional: true },
        pci_saved_state_ser: { placement: 'header', optional: true },
        vfio_pci_core_device_ser: { placement: 'blob' },
      },
      constants: { PCI_CFG_SPACE_EXP_SIZE: { role: 'length', optional: true } },
    },
  ],
});
