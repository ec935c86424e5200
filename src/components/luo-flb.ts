import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/luo.h, kernel/liveupdate/luo_flb.c (7.0 on).

const HEADER = 'include/linux/kho/abi/luo.h';
const FILES = [HEADER, 'kernel/liveupdate/luo_flb.c'] as const;
const OPTIONS = ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'] as const;

const STRUCTS = {
  luo_flb_header_ser: { placement: 'header' },
  luo_flb_ser: { placement: 'element' },
} as const;

const CONSTANTS = {
  LIVEUPDATE_FLB_COMPAT_LENGTH: { role: 'length', shownBy: { member: 'luo_flb_ser.name', unit: 'elements' } },
} as const;

const CODE = [
  { side: 'writer', functions: ['luo_flb_serialize', 'luo_flb_setup_outgoing'], required: true },
  { side: 'writer', functions: ['luo_flb_file_preserve'] },
  { side: 'both', functions: ['liveupdate_register_flb'] },
  { side: 'reader', functions: ['luo_flb_setup_incoming', 'luo_flb_retrieve_one'], required: true },
  { side: 'reader', functions: ['luo_flb_file_finish'] },
] as const;

export const luoFlb = defineComponent({
  id: 'luo-flb',
  title: 'LUO file-lifecycle-bound data',
  summary:
    'The list of subsystem data that lives as long as some preserved file does, each entry found by name.',
  markerStems: ['luo-flb'],
  anchor: { files: [HEADER], struct: 'luo_flb_ser' },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'array',
      summary: '7.2 on: an array that luo_ser points to, under the marker of LUO',
      recognizedBy: [{ files: [HEADER], struct: 'luo_ser' }],
      files: FILES,
      needs: ['luo'],
      options: OPTIONS,
      marker: { kind: 'guarded', guardedBy: 'luo', carrier: 'struct:luo_ser.flbs_pa' },
      structs: STRUCTS,
      constants: CONSTANTS,
      fdt: [],
      checks: [],
      reader: {
        function: 'luo_flb_setup_incoming',
        onRefused: 'boot-panic',
        onUnknownName: 'component-absent',
        always: true,
      },
      code: CODE,
    },
    {
      id: 'node',
      summary: '7.0 and 7.1: a node in the tree of LUO that the reader demands',
      recognizedBy: [{ files: [HEADER], macro: 'LUO_FDT_FLB_COMPATIBLE' }],
      files: FILES,
      needs: ['luo'],
      options: OPTIONS,
      marker: { kind: 'fdt-string', macro: 'LUO_FDT_FLB_COMPATIBLE', carrier: 'fdt:LUO:/luo-flb' },
      structs: STRUCTS,
      constants: CONSTANTS,
      fdt: [
        {
          macro: 'LUO_FDT_FLB_NODE_NAME',
          prefix: '/',
          onMissing: 'boot-panic',
          missingMessage: 'Unable to get FLB node [%s]',
          properties: [{ macro: 'LUO_FDT_FLB_HEADER', type: 'u64', exactLength: 8, onMissing: 'boot-panic' }],
        },
      ],
      checks: [],
      reader: {
        function: 'luo_flb_setup_incoming',
        onRefused: 'boot-panic',
        refusedMessage: "FLB node is incompatible with '%s'",
        onUnknownName: 'component-absent',
        always: true,
      },
      code: CODE,
    },
  ],
});
