import type { ConstantFacts, Era, StructFacts } from './define.ts';
import { defineComponent } from './define.ts';

// Source: include/linux/kho/abi/luo.h, kernel/liveupdate/luo_session.c, kernel/liveupdate/luo_file.c (6.19 on),
// include/uapi/linux/liveupdate.h.

const HEADER = 'include/linux/kho/abi/luo.h';
const SESSION = 'kernel/liveupdate/luo_session.c';
const FILE = 'kernel/liveupdate/luo_file.c';
const FILES = [HEADER, 'include/uapi/linux/liveupdate.h', SESSION, FILE] as const;
const OPTIONS = ['CONFIG_KEXEC_HANDOVER', 'CONFIG_LIVEUPDATE'] as const;
const UNKNOWN_HANDLER = "No registered handler for compatible '%s'";

const STRUCTS = {
  luo_file_ser: { placement: 'element' },
  luo_file_set_ser: { placement: 'embedded' },
  luo_session_ser: { placement: 'element' },
} as const satisfies Record<string, StructFacts>;

const CONSTANTS = {
  LIVEUPDATE_HNDL_COMPAT_LENGTH: {
    role: 'length',
    shownBy: { member: 'luo_file_ser.compatible', unit: 'elements' },
  },
  LIVEUPDATE_SESSION_NAME_LENGTH: {
    role: 'length',
    shownBy: { member: 'luo_session_ser.name', unit: 'elements' },
  },
} as const satisfies Record<string, ConstantFacts>;

const CODE = [
  { side: 'writer', functions: ['luo_file_freeze', 'luo_session_serialize'], required: true },
  {
    side: 'writer',
    functions: ['luo_preserve_file', 'luo_session_create', 'luo_session_setup_outgoing'],
  },
  {
    side: 'both',
    functions: [
      'liveupdate_register_file_handler',
      'luo_file_set_init',
      'luo_session_alloc',
      'luo_session_insert',
    ],
  },
  { side: 'reader', functions: ['luo_file_deserialize', 'luo_session_deserialize'], required: true },
  {
    side: 'reader',
    functions: [
      'luo_file_deserialize_one',
      'luo_file_finish',
      'luo_open',
      'luo_retrieve_file',
      'luo_session_deserialize_one',
      'luo_session_retrieve',
      'luo_session_setup_incoming',
    ],
  },
] as const;

const FDT_ERA = {
  files: FILES,
  needs: ['luo'],
  options: OPTIONS,
  marker: { kind: 'fdt-string', macro: 'LUO_FDT_SESSION_COMPATIBLE', carrier: 'fdt:LUO:/luo-session' },
  structs: { ...STRUCTS, luo_session_header_ser: { placement: 'header' } },
  constants: CONSTANTS,
  fdt: [
    {
      macro: 'LUO_FDT_SESSION_NODE_NAME',
      prefix: '/',
      onMissing: 'boot-panic',
      missingMessage: 'Unable to get session node: [%s]',
      properties: [{ macro: 'LUO_FDT_SESSION_HEADER', type: 'u64', exactLength: 8, onMissing: 'boot-panic' }],
    },
  ],
  checks: [],
  code: CODE,
} as const satisfies Partial<Era>;

const FDT_READER = {
  function: 'luo_session_setup_incoming',
  opener: 'luo_open',
  onRefused: 'boot-panic',
  refusedMessage: 'Session node incompatible [%s]',
  always: true,
  unknownNameMessage: UNKNOWN_HANDLER,
} as const;

const FDT_ANCHOR = { files: [HEADER], macro: 'LUO_FDT_SESSION_COMPATIBLE' } as const;

export const luoSession = defineComponent({
  id: 'luo-session',
  title: 'LUO sessions and files',
  summary: 'Sessions, the files in them, and by which handler each file is read again.',
  markerStems: ['luo-session'],
  entryPoints: ['luo_session_ioctl', 'luo_session_release'],
  anchor: { files: [HEADER], struct: 'luo_session_ser' },
  boot: 'liveupdate=on',
  eras: [
    {
      id: 'blocks',
      summary: '7.2 on: sessions and files in KHO blocks, under the marker of LUO',
      recognizedBy: [{ files: [HEADER], struct: 'luo_ser' }],
      files: FILES,
      needs: ['kho-block', 'luo'],
      options: OPTIONS,
      marker: { kind: 'guarded', guardedBy: 'luo', carrier: 'struct:luo_ser.sessions_pa' },
      structs: STRUCTS,
      constants: CONSTANTS,
      fdt: [],
      checks: [],
      reader: {
        function: 'luo_session_deserialize',
        opener: 'luo_open',
        maybeEmpty: { function: 'luo_session_setup_incoming', path: 'luo_ser.sessions_pa' },
        onRefused: 'boot-panic',
        onUnknownName: 'all-sessions-lost',
        unknownNameMessage: UNKNOWN_HANDLER,
        always: true,
      },
      code: CODE,
    },
    {
      ...FDT_ERA,
      id: 'node-strict',
      summary: '7.1: a node in the tree of LUO; a file without a handler fails all sessions',
      recognizedBy: [
        FDT_ANCHOR,
        {
          files: [SESSION],
          tokens: { function: 'luo_session_deserialize', sequence: ['=', 'luo_file_deserialize', '('] },
        },
      ],
      reader: { ...FDT_READER, onUnknownName: 'all-sessions-lost' },
    },
    {
      ...FDT_ERA,
      id: 'node',
      summary: '6.19 and 7.0: a node in the tree of LUO; a file without a handler is lost alone',
      recognizedBy: [FDT_ANCHOR],
      reader: { ...FDT_READER, onUnknownName: 'file-lost' },
    },
  ],
});
