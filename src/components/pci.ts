import type { ConstantFacts, Era } from './define.ts';
import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/pci.h and drivers/pci/liveupdate.c of the posted and merged series (2025-11 on);
// drivers/pci/liveupdate.c, drivers/pci/pci.h, include/linux/dev_liveupdate.h of the two series of 2025 before them.
// No upstream release up to 7.3 has any of it.

const HEADER = 'include/linux/kho/abi/pci.h';
const CODE = 'drivers/pci/liveupdate.c';
const FIRST_HEADER = 'include/linux/dev_liveupdate.h';

// What follows is the same whichever way the state is missed, so every era says it.
const NOT_FOUND =
  'taken as nothing preserved: the device is reset and bound again while its DMA may still run';

const COMMON = {
  files: [HEADER, CODE],
  needs: ['kho', 'luo', 'luo-flb', 'luo-session'],
  options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_PCI_LIVEUPDATE'],
  structs: { pci_dev_ser: { placement: 'element' }, pci_ser: { placement: 'header' } },
  constants: {},
  fdt: [],
  checks: [],
  code: [
    {
      side: 'writer',
      functions: ['pci_flb_preserve', 'pci_liveupdate_preserve', 'pci_liveupdate_preserve_device'],
    },
    { side: 'reader', functions: ['pci_flb_retrieve', 'pci_liveupdate_setup_device'] },
  ],
} as const satisfies Partial<Era>;

/** From v7 on the devices lie in KHO blocks, whose format the marker of PCI does not name. */
const BLOCKS = {
  ...COMMON,
  needs: ['kho', 'kho-block', 'luo', 'luo-flb', 'luo-session'],
  structs: { pci_dev_ser: { placement: 'element' }, pci_ser: { placement: 'blob' } },
} as const satisfies Partial<Era>;

const FLB_NAME = {
  kind: 'name',
  macro: 'PCI_LUO_FLB_COMPATIBLE',
  carrier: 'flb',
  dispatcher: 'luo-flb',
} as const;

const NAME_AND_INTEGER = {
  ...BLOCKS,
  marker: {
    kind: 'name-and-integer',
    nameMacro: 'PCI_LUO_FLB_COMPATIBLE',
    macro: 'PCI_LUO_FLB_VERSION',
    carrier: 'flb',
    dispatcher: 'luo-flb',
  },
} as const satisfies Partial<Era>;

const VERSION_REFUSED = 'Incoming PCI FLB version (v%d) is incompatible with this kernel (v%d)';

const SUBSYSTEM_CONSTANTS = {
  DEVICE_COUNT_RESOURCE: { role: 'length', optional: true },
  LU_BUSMASTER: { role: 'flag', optional: true },
  LU_BUSMASTER_BRIDGE: { role: 'flag', optional: true },
  PCI_BRIDGE_RESOURCE_NUM: { role: 'length', optional: true },
  PCI_BUS_SER_NULL_BRIDGE: { role: 'flag', optional: true },
  PCI_BUS_SER_PCI_BRIDGE: { role: 'flag', optional: true },
  PCI_BUS_SER_PCI_HOST_BRIDGE: { role: 'flag', optional: true },
  PCI_RESOURCE_SER_NAME_SIZE: { role: 'length', optional: true },
  PCI_SUBSYSTEM_NAME: { role: 'helper', optional: true },
} as const satisfies Record<string, ConstantFacts>;

export const pci = defineComponent({
  id: 'pci',
  title: 'PCI device state',
  summary:
    'Which PCI devices were preserved, by domain and bus/device/function. A reader that finds nothing under its own name cannot tell that from "nothing preserved": the device is reset and bound again while its DMA may still run.',
  markerStems: ['pci'],
  anchor: { files: [HEADER, FIRST_HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...NAME_AND_INTEGER,
      id: 'flb-name-and-integer-soft',
      summary:
        'one merged form of v8, 2026-09: FLB name and an integer in the head of the data; another integer makes the reader give up with -EINVAL',
      recognizedBy: [
        { files: [HEADER], macro: 'PCI_LUO_FLB_VERSION' },
        {
          files: [CODE],
          tokens: {
            function: 'pci_flb_retrieve',
            sequence: ['PCI_LUO_FLB_VERSION', ')', '{', 'pr_err', '('],
          },
        },
      ],
      reader: {
        function: 'pci_flb_retrieve',
        onRefused: 'component-absent',
        refusedMessage: VERSION_REFUSED,
        unknownNameMessage: NOT_FOUND,
      },
    },
    {
      ...NAME_AND_INTEGER,
      id: 'flb-name-and-integer',
      summary:
        'v8 and v9, merged for next in 2026-09: FLB name and an integer in the head of the data; another integer is a panic',
      recognizedBy: [{ files: [HEADER], macro: 'PCI_LUO_FLB_VERSION' }],
      reader: {
        function: 'pci_flb_retrieve',
        onRefused: 'boot-panic',
        refusedMessage: VERSION_REFUSED,
        unknownNameMessage: NOT_FOUND,
      },
    },
    {
      ...BLOCKS,
      id: 'flb-name-blocks',
      summary: 'v7, 2026-07: FLB name alone, devices in KHO blocks; data that cannot be read is a panic',
      recognizedBy: [
        { files: [HEADER], macro: 'PCI_LUO_FLB_COMPATIBLE' },
        { files: [CODE], tokens: { function: 'pci_flb_preserve', sequence: ['kho_block_set_init', '('] } },
      ],
      marker: FLB_NAME,
      reader: {
        function: 'pci_liveupdate_flb_get_incoming',
        onRefused: 'component-absent',
        unknownNameMessage: NOT_FOUND,
      },
    },
    {
      ...COMMON,
      id: 'flb-name',
      summary: 'v1 to v6, 2025-11 to 2026-05: FLB name alone, devices in an array behind the head',
      recognizedBy: [{ files: [HEADER], macro: 'PCI_LUO_FLB_COMPATIBLE' }],
      marker: FLB_NAME,
      reader: {
        function: 'pci_liveupdate_flb_get_incoming',
        onRefused: 'component-absent',
        refusedMessage: 'No incoming FLB matched %s',
        unknownNameMessage: `No incoming FLB matched %s (${NOT_FOUND})`,
      },
    },
    {
      ...COMMON,
      id: 'subsystem',
      summary:
        '2025-07 and 2025-09, never merged: LUO hands over one u64 by the name of the subsystem; nothing checks the data, and what cannot be followed is a panic',
      recognizedBy: [{ files: [CODE, 'drivers/pci/pci.h'], struct: 'pci_dev_ser' }],
      files: [CODE, 'drivers/pci/pci.h', FIRST_HEADER],
      needs: ['kho', 'luo'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'none', carrier: 'luo-subsystem' },
      structs: {
        ...COMMON.structs,
        pci_bus_ser: { placement: 'element', optional: true },
        pci_resource_ser: { placement: 'embedded', optional: true },
      },
      constants: SUBSYSTEM_CONSTANTS,
      fdt: [
        {
          name: 'LUO:/subsystems',
          onMissing: 'component-absent',
          missingMessage: NOT_FOUND,
          properties: [{ macro: 'PCI_SUBSYSTEM_NAME', type: 'u64', exactLength: 8 }],
        },
      ],
      reader: { onRefused: 'boot-panic', unknownNameMessage: NOT_FOUND },
      code: [],
    },
  ],
});
