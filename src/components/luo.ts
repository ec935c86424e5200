import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/luo.h, kernel/liveupdate/luo_core.c (6.19 on).

const HEADER = 'include/linux/kho/abi/luo.h';
const CORE = 'kernel/liveupdate/luo_core.c';

const CODE = [
  { side: 'writer', functions: [['luo_state_setup', 'luo_fdt_setup']], required: true },
  { side: 'writer', functions: ['liveupdate_reboot', 'luo_late_startup'] },
  { side: 'reader', functions: ['luo_early_startup'], required: true },
  { side: 'reader', functions: ['liveupdate_early_init'] },
] as const;

export const luo = defineComponent({
  id: 'luo',
  title: 'Live Update Orchestrator',
  summary: 'The head of the live-update state: its number, and where sessions and FLBs are.',
  markerStems: ['luo'],
  entryPoints: ['early_liveupdate_param', 'liveupdate_ioctl_init', 'luo_ioctl', 'luo_open'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'struct',
      summary: '7.2 on: a packed struct with the string inside it, no device tree',
      recognizedBy: [{ files: [HEADER], struct: 'luo_ser' }],
      files: [HEADER, CORE],
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: {
        kind: 'struct-string',
        macro: 'LUO_ABI_COMPATIBLE',
        carrier: 'struct:luo_ser.compatible',
        lengthConstant: 'LUO_ABI_COMPAT_LEN',
      },
      structs: { luo_ser: { placement: 'blob' } },
      constants: {
        LUO_ABI_COMPAT_LEN: { role: 'length', shownBy: { member: 'luo_ser.compatible', unit: 'elements' } },
      },
      fdt: [{ macro: 'LUO_KHO_ENTRY_NAME', prefix: 'KHO:/', onMissing: 'component-absent', properties: [] }],
      checks: [
        {
          kind: 'minimum-size',
          struct: 'luo_ser',
          effect: 'boot-panic',
          message: 'LUO state is too small (%zu < %zu)',
        },
      ],
      reader: {
        function: 'luo_early_startup',
        initcall: 'liveupdate_early_init',
        onRefused: 'boot-panic',
        refusedMessage: "LUO state is incompatible with '%s'",
        always: true,
      },
      code: CODE,
    },
    {
      id: 'fdt',
      summary: '6.19 to 7.1: a device tree in the subtree LUO',
      recognizedBy: [{ files: [HEADER], macro: 'LUO_FDT_COMPATIBLE' }],
      files: [HEADER, CORE],
      needs: ['kho'],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      marker: { kind: 'fdt-string', macro: 'LUO_FDT_COMPATIBLE', carrier: 'fdt:LUO:/' },
      structs: {},
      constants: {},
      fdt: [
        { macro: 'LUO_FDT_KHO_ENTRY_NAME', prefix: 'KHO:/', onMissing: 'component-absent', properties: [] },
        {
          name: '/',
          properties: [
            { macro: 'LUO_FDT_LIVEUPDATE_NUM', type: 'u64', exactLength: 8, onMissing: 'boot-panic' },
          ],
        },
      ],
      checks: [],
      reader: {
        function: 'luo_early_startup',
        initcall: 'liveupdate_early_init',
        onRefused: 'boot-panic',
        refusedMessage: "FDT '%s' is incompatible with '%s'",
        always: true,
      },
      code: CODE,
    },
  ],
});
