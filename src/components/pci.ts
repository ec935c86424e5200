import type { Era } from './define.ts';
import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/pci.h of the posted and merged series (2025-11 on); no upstream release up to 7.3 has it.

const HEADER = 'include/linux/kho/abi/pci.h';

const COMMON = {
  files: [HEADER, 'drivers/pci/liveupdate.c'],
  needs: ['luo-flb'],
  options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_PCI_LIVEUPDATE'],
  structs: {
    pci_dev_ser: { placement: 'element' },
    pci_ser: { placement: 'header' },
  },
  constants: {},
  fdt: [],
  checks: [],
  code: [],
} as const satisfies Partial<Era>;

export const pci = defineComponent({
  id: 'pci',
  title: 'PCI device state',
  summary: 'Which PCI devices were preserved, by domain and bus/device/function.',
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...COMMON,
      id: 'flb-name-and-integer',
      summary: 'v8 on, merged for next in 2026-09: FLB name and an integer in the head of the data',
      recognizedBy: [{ files: [HEADER], macro: 'PCI_LUO_FLB_VERSION' }],
      needs: ['kho-block', 'luo-flb'],
      marker: {
        kind: 'name-and-integer',
        nameMacro: 'PCI_LUO_FLB_COMPATIBLE',
        macro: 'PCI_LUO_FLB_VERSION',
        carrier: 'flb',
        dispatcher: 'luo-flb',
      },
      reader: { onRefused: 'boot-panic' },
    },
    {
      ...COMMON,
      id: 'flb-name',
      summary: 'v1 to v7, 2025-11 to 2026-07: FLB name alone',
      recognizedBy: [{ files: [HEADER], macro: 'PCI_LUO_FLB_COMPATIBLE' }],
      marker: { kind: 'name', macro: 'PCI_LUO_FLB_COMPATIBLE', carrier: 'flb', dispatcher: 'luo-flb' },
      reader: { onRefused: 'component-absent' },
    },
  ],
});
