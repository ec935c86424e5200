import type { Era } from './define.ts';
import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/memfd.h, mm/memfd_luo.c (6.19 on), include/uapi/linux/fcntl.h.

const HEADER = 'include/linux/kho/abi/memfd.h';

const COMMON = {
  files: [HEADER, 'mm/memfd_luo.c'],
  needs: ['luo-session'],
  marker: {
    kind: 'name',
    macro: 'MEMFD_LUO_FH_COMPATIBLE',
    carrier: 'file-handler',
    dispatcher: 'luo-session',
    object: { symbol: 'memfd_luo_handler', member: 'liveupdate_file_handler.compatible' },
  },
  structs: {
    memfd_luo_folio_ser: { placement: 'element' },
    memfd_luo_ser: { placement: 'blob' },
  },
  fdt: [],
  checks: [],
  reader: { function: 'memfd_luo_retrieve', onRefused: 'file-lost' },
  code: [
    { side: 'writer', functions: ['memfd_luo_preserve'], required: true },
    { side: 'writer', functions: ['memfd_luo_freeze', 'memfd_luo_preserve_folios'] },
    { side: 'both', functions: ['memfd_luo_init'] },
    { side: 'reader', functions: ['memfd_luo_retrieve'], required: true },
    { side: 'reader', functions: ['memfd_luo_finish', 'memfd_luo_retrieve_folios'] },
  ],
} as const satisfies Partial<Era>;

const STRUCTS_WITH_SEALS = {
  ...COMMON.structs,
  memfd_luo_ser: { placement: 'blob', has: ['seals'] },
} as const satisfies Era['structs'];

const FLAGS = {
  MEMFD_LUO_FOLIO_DIRTY: { role: 'flag' },
  MEMFD_LUO_FOLIO_UPTODATE: { role: 'flag' },
} as const;

export const memfd = defineComponent({
  id: 'memfd',
  title: 'memfd',
  summary: 'Memory files: size, position, seals and the pages with their flags.',
  markerStems: ['memfd'],
  entryPoints: ['memfd_luo_can_preserve', 'memfd_luo_init', 'memfd_luo_preserve', 'memfd_luo_retrieve'],
  anchor: { files: [HEADER] },
  boot: 'liveupdate=on',
  eras: [
    {
      ...COMMON,
      id: 'seals-option',
      summary: '7.2 on: with an option of its own',
      recognizedBy: [
        { files: [HEADER], macro: 'MEMFD_LUO_ALL_SEALS' },
        { files: ['include/linux/kho/abi/luo.h'], struct: 'luo_ser' },
      ],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE', 'CONFIG_LIVEUPDATE_MEMFD'],
      structs: STRUCTS_WITH_SEALS,
      constants: { ...FLAGS, MEMFD_LUO_ALL_SEALS: { role: 'flag' } },
    },
    {
      ...COMMON,
      id: 'seals',
      summary: '7.1: seals and flags in the record',
      recognizedBy: [{ files: [HEADER], macro: 'MEMFD_LUO_ALL_SEALS' }],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      structs: STRUCTS_WITH_SEALS,
      constants: { ...FLAGS, MEMFD_LUO_ALL_SEALS: { role: 'flag' } },
    },
    {
      ...COMMON,
      id: 'no-seals',
      summary: '6.19 and 7.0: seals are not carried',
      recognizedBy: [{ files: [HEADER], macro: 'MEMFD_LUO_FH_COMPATIBLE' }],
      options: ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'],
      constants: FLAGS,
    },
  ],
});
