import { defineComponent } from './define.ts';

// Sources: drivers/pci/liveupdate.c of the series of 2025-07 and 2025-09; include/linux/kho/abi/vfio_pci.h later.
// Between the two, and in every series of the PCI core since 2025-11, nothing says which driver a device had.

const CODE = 'drivers/pci/liveupdate.c';
const VFIO_HEADER = 'include/linux/kho/abi/vfio_pci.h';

export const pciDriverName = defineComponent({
  id: 'pci-driver-name',
  title: 'How a PCI device finds its driver',
  summary:
    'By a serialized name (2025-07 to 2025-09), or by the file handler that stored the device file; without both only if userspace binds it.',
  anchor: { files: [VFIO_HEADER, 'include/linux/dev_liveupdate.h'] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary:
        '2025-10 on: the handler under which the device file was stored names the driver; userspace binds the device before it retrieves the file',
      recognizedBy: [{ files: [VFIO_HEADER], macro: 'VFIO_PCI_LUO_FH_COMPATIBLE' }],
      files: [VFIO_HEADER],
      needs: ['pci', 'vfio-pci'],
      options: [],
      marker: { kind: 'guarded', guardedBy: 'vfio-pci', carrier: 'file-handler' },
      structs: {},
      constants: {},
      fdt: [],
      checks: [],
      reader: { function: 'vfio_pci_liveupdate_retrieve', onRefused: 'component-absent' },
      code: [],
    },
    {
      id: 'serialized-name',
      summary:
        '2025-07 patch 07 to 2025-09: char driver_name[63] in the record of the device, set as driver_override before the device is added; a failure is a panic',
      recognizedBy: [{ files: [CODE], struct: 'pci_dev_ser' }],
      files: [CODE, 'drivers/pci/pci.h'],
      needs: ['pci'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'guarded', guardedBy: 'pci', carrier: 'struct:pci_dev_ser.driver_name' },
      structs: {},
      constants: {
        'driver_name array size': { role: 'length', optional: true },
        'longest accepted strlen': { role: 'length', optional: true },
      },
      fdt: [],
      checks: [],
      reader: { onRefused: 'boot-panic' },
      code: [],
    },
  ],
});
