import { defineComponent } from './define.ts';

// Sources: include/linux/kho/abi/kvm.h, kvm_x86.h, kvm_arm64.h of the tree of the caretaker proposal (2026).

const HEADER = 'include/linux/kho/abi/kvm.h';

export const kvmVcpu = defineComponent({
  id: 'kvm-vcpu',
  title: 'KVM virtual CPUs',
  summary:
    'The file of a virtual CPU, which points to its architecture state and to the control block of the caretaker that may keep it running. A marker of its own, hence a component of its own.',
  markerStems: ['kvm_vcpu_luo'],
  anchor: { files: [HEADER], macro: 'KVM_VCPU_LUO_FH_COMPATIBLE' },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'caretaker',
      summary: '2026, proposed: two layouts under one string',
      recognizedBy: [{ files: [HEADER], macro: 'KVM_VCPU_LUO_FH_COMPATIBLE' }],
      files: [HEADER, 'include/linux/kho/abi/kvm_x86.h', 'include/linux/kho/abi/kvm_arm64.h'],
      needs: ['kho', 'kvm', 'luo-session'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_KVM', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'name',
        macro: 'KVM_VCPU_LUO_FH_COMPATIBLE',
        carrier: 'file-handler',
        dispatcher: 'luo-session',
      },
      structs: {
        kvm_arm64_sysregs_ser: { placement: 'header', optional: true },
        kvm_caretaker_arch_ser: { placement: 'blob', optional: true },
        kvm_caretaker_cb: { placement: 'blob', optional: true },
        kvm_caretaker_cb_ser: { placement: 'blob', optional: true },
        kvm_vcpu_arch_luo_state: { placement: 'header', optional: true },
        kvm_vcpu_arch_ser: { placement: 'header', optional: true },
        kvm_vcpu_luo_ser: { placement: 'blob', optional: true },
        kvm_vcpu_ser: { placement: 'blob', optional: true },
        kvm_vm_arch_luo_state: { placement: 'header', optional: true },
        telemetry_ser: { placement: 'blob', optional: true },
      },
      constants: {
        MAX_SYSREGS: { role: 'length', optional: true },
        PAUSED: { role: 'flag', optional: true },
        RUNNING: { role: 'flag', optional: true },
        STOPPED: { role: 'flag', optional: true },
        STOPPING: { role: 'flag', optional: true },
      },
      fdt: [],
      checks: [],
      reader: { onRefused: 'file-lost' },
      code: [],
    },
  ],
});
