import { NOT_SAID, type Part, type Plan, type Undescribed } from './plan.ts';

// States of trees that are no posted series yet, or that handed over outside the ABI headers. Their entries count on from those
// of the posted series.

const FIRST = 65;
const NEXT = 'inferred: dated 2026 alone; 7.3 is the newest release with KHO and LUO';
const NAMES = 'names in its tree';

const FLB = { carrier: 'flb', dispatcher: 'luo-flb' } as const;
const FILE = { carrier: 'file-handler', dispatcher: 'luo-session' } as const;

function own(entry: number, component: string, undescribed: Undescribed, writes?: Part['writes']): Part {
  return { entry: FIRST + entry, component, undescribed, ...(writes !== undefined && { writes }) };
}

const CPU: Undescribed = {
  needs: ['luo-flb', 'luo-session'],
  marker: { kind: 'name', macro: 'CPU_PRESERVED_LUO_FLB_COMPATIBLE', ...FLB },
  reader: { onRefused: 'component-absent' },
  boot: 'liveupdate=on',
  placements: { cpu_preserved_global_ser: 'header' },
};

const TMPFS: Undescribed = {
  needs: ['luo-session'],
  marker: { kind: 'name', macro: 'TMPFS_LUO_MNT_FH_COMPATIBLE', ...FILE },
  reader: { onRefused: 'file-lost' },
  boot: 'liveupdate=on',
  placements: { tmpfs_luo_file_ser: 'blob', tmpfs_luo_mnt_ser: 'blob' },
};

function mshv(key: string, properties: readonly (readonly [string, string])[]): Undescribed {
  return {
    needs: ['kho'],
    marker: { kind: 'fdt-string', macro: 'MSHV_KHO_COMPAT_STR', carrier: 'fdt:mshv_prsv_pt:/' },
    reader: { onRefused: 'boot-panic' },
    boot: 'kho=on',
    fdt: [
      {
        path: 'KHO:/mshv_prsv_pt',
        onMissing: 'component-absent',
        missingMessage: 'a fresh start: pages that the hypervisor owns are used again',
        properties: properties.map(([name, type]) => ({
          name,
          type,
          ...(name === 'root_table' && { onMissing: 'boot-panic' as const }),
        })),
      },
    ],
    says: {
      'key of the radix tree': key,
      [NAMES]: properties.map(([name]) => name).join(' '),
    },
  };
}

const SUBTREE_OF_PSTORE = { path: 'KHO:/pstore-kho', onMissing: 'component-absent' } as const;

/** Every state, each after the one that it stands on. */
export const GROUND_PLANS: readonly Plan[] = [
  ...['a', 'b', 'c', 'd'].map(
    (layout, entry): Plan => ({
      release: `7.3.4+cpu-preserve-${layout}`,
      base: '7.3.4',
      because: NEXT,
      parts: [own(entry, 'cpu', CPU, 'cpu_flb_v1')],
    }),
  ),
  {
    release: '7.3.4+oncore',
    base: '7.3.4',
    because: NEXT,
    parts: [
      own(4, 'oncore', {
        needs: ['cpu', 'luo-flb'],
        marker: { kind: 'none', carrier: 'reached from cpu' },
        reader: { onRefused: 'component-absent' },
        boot: 'liveupdate=on',
      }),
    ],
  },
  {
    release: '7.3.4+caretaker',
    base: '7.3.4',
    because: NEXT,
    parts: [
      own(
        5,
        'caretaker',
        {
          needs: ['cpu', 'kvm-vcpu', 'luo-session'],
          marker: {
            kind: 'integer',
            macro: 'CARETAKER_SESSION_SER_MAGIC',
            carrier: 'struct:caretaker_session_ser.magic',
          },
          reader: { onRefused: 'component-absent' },
          boot: 'liveupdate=on',
        },
        0x43545353,
      ),
    ],
  },
  ...(['x86-state', 'folio-list'] as const).map(
    (form, index): Plan => ({
      release: `7.3.4+kvm-${form}`,
      base: '7.3.4',
      because: NEXT,
      parts: [
        { entry: FIRST + 6 + index, component: 'kvm', era: 'file-handler', writes: 'kvm_vm_luo_v1' },
        { entry: FIRST + 6 + index, component: 'kvm-vcpu', era: 'caretaker', writes: 'kvm_vcpu_luo_v1' },
      ],
    }),
  ),
  {
    release: '7.3.4+tmpfs-mount',
    base: '7.3.4',
    because: NEXT,
    parts: [own(8, 'tmpfs', TMPFS, 'tmpfs-mnt-v1')],
  },
  {
    release: '7.3.4+tmpfs-files',
    base: '7.3.4',
    because: NEXT,
    parts: [own(9, 'tmpfs', TMPFS, 'tmpfs-mnt-v1')],
  },
  {
    release: '7.3.4+kho-xarray',
    base: '7.3.4',
    because: 'inferred: its tree says kho-v4, as 7.3 does',
    parts: [
      own(10, 'xarray', {
        needs: ['kho'],
        marker: { kind: 'none', carrier: 'embedded' },
        reader: { onRefused: 'component-absent' },
        boot: 'kho=on',
        placements: { kho_xarray: 'embedded' },
        says: { 'depth of the tree': '6 with pages of 4 KiB, 5 with those of 16 KiB and of 64 KiB' },
      }),
    ],
  },
  {
    release: '7.3.4+pstore-kho',
    base: '7.3.4',
    because: NEXT,
    parts: [
      own(
        11,
        'pstore',
        {
          needs: ['kho'],
          marker: { kind: 'integer', macro: 'KHO_PSTORE_VERSION', carrier: 'struct:pstore_ser.version' },
          reader: { onRefused: 'component-absent' },
          boot: 'kho=on',
          fdt: [{ ...SUBTREE_OF_PSTORE, properties: [] }],
          placements: { pstore_kho_record: 'embedded', pstore_ser: 'header' },
        },
        1,
      ),
    ],
  },
  {
    release: '7.3.4+pstore-kho-fdt',
    base: '7.3.4',
    because: 'inferred: an earlier form than that of the header',
    parts: [
      own(
        11,
        'pstore',
        {
          needs: ['kho'],
          marker: { kind: 'fdt-string', carrier: 'fdt:pstore-kho:/' },
          reader: { onRefused: 'component-absent' },
          boot: 'kho=on',
          fdt: [{ ...SUBTREE_OF_PSTORE, properties: [{ name: 'pstore_kho_record', type: 'bytes' }] }],
          says: { [NAMES]: 'pstore_kho_record' },
          withoutStructs: true,
        },
        'pstore-kho-v1',
      ),
    ],
  },
  {
    release: '7.3.4+mshv',
    base: '7.3.4',
    because: NEXT,
    parts: [own(12, 'mshv-prsv-pt', mshv('page frame number', [['root_table', 'u64']]), 'mshv_kho-v1')],
  },
  {
    release: '7.3.4+mshv-partitions',
    base: '7.3.4',
    because: NEXT,
    parts: [
      own(
        13,
        'mshv-prsv-pt',
        mshv('page with its order', [
          ['nr_partition_ids', 'u32'],
          ['partition_ids', 'u64'],
          ['root_table', 'u64'],
        ]),
        'mshv_kho-v1',
      ),
    ],
  },
  {
    release: '6.18.15+multikernel',
    base: '6.18.15',
    because: 'inferred: its KHO is that of kho-v1, and its day is of the 6.18 cycle',
    parts: [
      own(14, 'multikernel', {
        needs: ['kho'],
        marker: { kind: 'none', carrier: 'fdt:KHO:/' },
        reader: { onRefused: 'component-absent' },
        boot: 'kho=on',
        fdt: [
          {
            path: 'KHO:/host-ipi-buffer',
            properties: [
              { name: 'pages', type: 'u32' },
              { name: 'phys-addr', type: 'u64' },
            ],
          },
          { path: 'KHO:/ipi-buffer', onMissing: 'component-absent', notWritten: true, properties: [] },
          { path: 'KHO:/multikernel', properties: [{ name: 'dtb-data', type: 'bytes' }] },
        ],
      }),
    ],
  },
  {
    release: '6.16+kstate',
    base: '6.16',
    because: 'inferred: posted in 2025; 6.16 is the first release with KHO',
    parts: [
      own(15, 'kstate', {
        needs: ['kho'],
        marker: { kind: 'integer-range', carrier: 'each description of the stream' },
        reader: { onRefused: 'component-absent' },
        boot: 'kho=on',
      }),
    ],
  },
  {
    release: '7.3.4+kho-split',
    base: '7.3.4',
    because: 'inferred: the same layouts in other files',
    parts: [{ entry: FIRST + 16, component: 'kho', isSame: true }],
  },
  {
    release: '6.19.11+liveupdate-versions-luo',
    base: '6.19.11',
    because: NOT_SAID,
    parts: [{ entry: FIRST + 17, component: 'liveupdate-versions', era: 'strings', writes: 1 }],
  },
  {
    release: '6.19.11+luo-session-v1',
    base: '6.19.11',
    because: 'inferred: before LUO was merged; 6.19 is the first release with it',
    parts: [{ entry: FIRST + 18, component: 'luo-session', writes: 'luo-session-v1' }],
  },
  {
    release: '6.19.11+luo-session-v1-name',
    base: '6.19.11',
    because: 'inferred: torvalds/linux 0153094d03df, inside the merge of 6.19',
    parts: [
      {
        entry: FIRST + 18,
        component: 'luo-session',
        writes: 'luo-session-v1',
        inferred: { luo_session_ser: 'struct luo_session_ser { char name[64]; } __packed;' },
      },
    ],
  },
];
