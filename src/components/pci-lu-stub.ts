import { defineComponent } from './define.ts';

// Source: drivers/pci/pci-lu-stub.c, drivers/pci/pci-lu-pf-stub.c of the series of 2025-07 and 2025-09, never merged.

const CODE = 'drivers/pci/pci-lu-stub.c';

export const pciLuStub = defineComponent({
  id: 'pci-lu-stub',
  title: 'State of the PCI test drivers',
  summary:
    'The only state of a driver that these series carry, in the folio that driver_data of the device points to. No marker: the order of the folio and the device id are compared.',
  anchor: { files: ['include/linux/dev_liveupdate.h'] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'driver-data',
      summary: '2025-07 and 2025-09',
      recognizedBy: [{ files: [CODE], struct: 'pci_lu_stub_ser' }],
      files: [CODE],
      needs: ['kho', 'pci'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'none', carrier: 'struct:pci_dev_ser.driver_data' },
      structs: { pci_lu_stub_ser: { placement: 'blob' } },
      constants: {},
      fdt: [],
      checks: [],
      reader: { onRefused: 'component-absent' },
      code: [],
    },
  ],
});
