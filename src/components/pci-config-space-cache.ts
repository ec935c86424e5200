import { defineComponent } from './define.ts';

// Source: drivers/pci/pcsc.c, include/linux/pcsc.h of the series of 2025-10, never merged.

const CODE = 'drivers/pci/pcsc.c';
const HEADER = 'include/linux/pcsc.h';

export const pciConfigSpaceCache = defineComponent({
  id: 'pci-config-space-cache',
  title: 'PCI configuration space cache',
  summary:
    'What was read of the configuration space of each device. A cache in a subtree of KHO, without LUO: its loss costs time alone.',
  markerStems: ['pcsc'],
  anchor: { files: [HEADER] },
  boot: 'kho=on',
  eras: [
    {
      id: 'subtree',
      summary:
        '2025-10, never merged; another version property is accepted, and what may be cached is computed again',
      recognizedBy: [{ files: [CODE], struct: 'pcsc_data' }],
      files: [CODE],
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER'],
      marker: { kind: 'fdt-string', carrier: 'fdt:pcsc:/' },
      structs: { pcsc_data: { placement: 'blob' } },
      constants: {
        PCSC_CFG_SPC_SIZE: { role: 'length' },
        PCSC_PERSISTENT_VERSION: { role: 'helper' },
      },
      fdt: [
        { name: '/', properties: [{ name: 'pv', type: 'u32', optional: true }] },
        {
          name: '/dev_<domain>_<bus>_<slot>_<function>',
          properties: [{ name: 'da', type: 'u64', exactLength: 8, onMissing: 'ignored' }],
        },
        { name: 'KHO:/pcsc', onMissing: 'ignored', properties: [] },
      ],
      checks: [],
      reader: { onRefused: 'ignored' },
      code: [],
    },
  ],
});
