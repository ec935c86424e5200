import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/kvm.h, virt/kvm/kvm_luo.c of the posted series (2026-06 on) and of trees that build on it.

const HEADER = 'include/linux/kho/abi/kvm.h';

export const kvm = defineComponent({
  id: 'kvm',
  title: 'KVM virtual machines',
  summary:
    'The file of a virtual machine: its type, and in some trees memory attributes, folios or architecture state, all under one string.',
  markerStems: ['kvm_vm_luo'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'file-handler',
      summary: '2026-06 on: four layouts under one string',
      recognizedBy: [{ files: [HEADER], macro: 'KVM_LUO_FH_COMPATIBLE' }],
      files: [HEADER, 'virt/kvm/kvm_luo.c'],
      needs: ['kho', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_LIVEUPDATE_GUEST_MEMFD'],
      marker: {
        kind: 'name',
        macro: 'KVM_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: {
        kvm_kho_folios_ser: { placement: 'header', optional: true },
        kvm_luo_mem_attr: { placement: 'element', optional: true },
        kvm_luo_ser: { placement: 'blob' },
      },
      constants: {},
      fdt: [],
      checks: [],
      reader: { function: 'kvm_luo_retrieve', onRefused: 'file-lost' },
      code: [
        { side: 'writer', functions: ['kvm_luo_preserve'] },
        { side: 'reader', functions: ['kvm_luo_retrieve'] },
      ],
    },
  ],
});
