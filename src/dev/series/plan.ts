import type { FdtNode, Placement, Reader } from '../../model/component-state.ts';
import type { Marker, MarkerKind, MarkerValue } from '../../model/marker.ts';

// Which recorded entries make which kernel: a state that can run is one overlay, with the entries that belong to it.

/** A component that luo-abi does not describe, as its record has it. */
export interface Undescribed {
  needs: readonly string[];
  marker: Omit<Marker, 'accepts' | 'writes'>;
  reader: Reader;
  boot?: string;
  fdt?: readonly FdtNode[];
  /** Constants that the record has in words. */
  says?: Readonly<Record<string, string>>;
  placements?: Readonly<Record<string, Placement>>;
  /** Without the entry's structs: another form of it. */
  withoutStructs?: true;
}

/** One component of an overlay, from one recorded entry. */
export interface Part {
  /** Position of the entry in the record. */
  entry: number;
  component: string;
  /** The era of the component whose reader, needs and placements hold; without it the base's own state is changed. */
  era?: string;
  writes?: MarkerValue;
  /** For name and integer, and for feature bits behind a name. */
  name?: string;
  /** Where the marker is of another kind than the era's or the base's. */
  kind?: MarkerKind;
  guardedBy?: string;
  needs?: readonly string[];
  /** The record has the base's own layouts, of one page size alone. */
  isSame?: true;
  /** Recorded structs that the base's component did not have. */
  adds?: readonly string[];
  /** Declarations that follow from the entry and that it does not spell out; their structs are inferred. */
  inferred?: Readonly<Record<string, string>>;
  /** What is known of it where no component of luo-abi describes it; the state is captured as what is inferred is. */
  undescribed?: Undescribed;
  /** The recorded entry has this struct inside the first member of a struct of the base. */
  headed?: Readonly<Record<string, string>>;
}

export interface Plan {
  release: string;
  base: string;
  /** Why this base. */
  because: string;
  /** Recorded entries that this state rests on beside those of its parts. */
  cites?: readonly number[];
  /** The day of this state where it is not that of its first entry; null where it is not known to the day. */
  date?: string | null;
  parts: readonly Part[];
  /** How a device finds its driver, where this overlay decides it. */
  driver?: 'handler' | 'handler-alone' | 'name' | 'userspace';
}

const RFC = 'inferred: posted before LUO was merged; 6.19 is the first release with LUO';
const LUO_V8 = 'posted on LUO v8 and FLB v8';
const NEXT_7_0 = 'inferred: posted on a tree between 6.19 and 7.0, whose LUO is that of LUO v8 and FLB v8';
const MAIN_7_1 = 'posted on a tree of the 7.1 cycle, for which 7.1.13 stands';
const MAIN_7_2 = 'posted on a tree of the 7.2 cycle, for which 7.2.12 stands';
const MAIN_7_3 = 'inferred: posted and merged on a tree of the 7.3 cycle, whose KHO and LUO are those of 7.3';
export const NOT_SAID = 'inferred: the source names no base; chosen by its date';

const BLOCKS = (entry: number, writes: string): Part => ({
  entry,
  component: 'pci',
  era: 'flb-name-blocks',
  writes,
});
const FLB = (entry: number, writes: string): Part => ({ entry, component: 'pci', era: 'flb-name', writes });
const SUBSYSTEM = (entry: number): Part => ({ entry, component: 'pci', era: 'subsystem' });
const VFIO = (entry: number, writes: string): Part => ({
  entry,
  component: 'vfio-pci',
  era: 'pci-core',
  writes,
});
const VFIO_ALONE = (entry: number): Part => ({
  entry,
  component: 'vfio-pci',
  era: 'standalone',
  writes: 'vfio-v1',
});
const HANDLER = (entry: number, component: string, writes: string): Part => ({
  entry,
  component,
  era: 'file-handler',
  writes,
});

interface VfioState {
  entry: number;
  release: string;
  base: string;
  writes: string;
  date?: string;
}

/** Every state, each after the one that it stands on. */
export const PLANS: readonly Plan[] = [
  {
    release: '6.19.11+luo-v8-flb-v8',
    base: '6.19.11',
    because: 'LUO v8 is what 6.19 merged; FLB v8 came with 7.0',
    parts: [
      { entry: 60, component: 'luo', writes: 'luo-v1' },
      { entry: 60, component: 'luo-flb', era: 'node', writes: 'luo-flb-v1' },
      { entry: 60, component: 'luo-session' },
    ],
  },
  {
    release: '6.19.11+liveupdate-versions',
    base: '6.19.11',
    because: NOT_SAID,
    parts: [{ entry: 64, component: 'liveupdate-versions', era: 'strings', writes: 1 }],
  },
  {
    release: '7.2.12+luo-struct',
    base: '7.2.12',
    because: '7.2 is the first release with this form',
    parts: [{ entry: 61, component: 'luo', writes: 'luo-v5' }],
  },
  {
    release: '7.2.12+luo-composite',
    base: '7.2.12',
    because: 'inferred: posted in the 7.2 cycle; 7.2 is the first release with blocks and a struct of LUO',
    parts: [
      { entry: 62, component: 'kho', kind: 'composite', writes: 'kho-v4;radix;vmalloc' },
      { entry: 62, component: 'kho-block', kind: 'guarded', guardedBy: 'luo' },
      {
        entry: 62,
        component: 'luo',
        kind: 'composite',
        writes: 'luo-v5;block-v1',
        inferred: {
          luo_ser:
            'struct luo_ser { char compatible[16]; u64 liveupdate_num; u64 sessions_pa; u64 flbs_pa; } __packed;',
        },
      },
    ],
  },
  {
    release: '7.3.4+luo-feature-bits',
    base: '7.3.4',
    because: NOT_SAID,
    parts: [
      {
        entry: 63,
        component: 'luo',
        kind: 'feature-bits',
        writes: { supported: '7', required: '7', active: '7' },
        adds: ['luo_feature_hdr'],
        inferred: {
          luo_ser:
            'struct luo_ser { struct luo_feature_hdr hdr; u64 liveupdate_num; u64 sessions_pa; u64 flbs_pa; } __packed;',
        },
      },
      { entry: 63, component: 'luo-session' },
      {
        entry: 63,
        component: 'memfd',
        kind: 'feature-bits',
        name: 'memfd',
        writes: { supported: '3', required: '3', active: '3' },
        adds: ['luo_feature_hdr'],
        headed: { memfd_luo_ser: 'luo_feature_hdr' },
      },
      { entry: 63, component: 'liveupdate-versions', era: 'features', writes: 1 },
    ],
  },
  // PCI core, the two series of 2025 that carried the name of the driver
  ...[
    { entry: 0, patch: '04' },
    { entry: 1, patch: '07' },
    { entry: 2, patch: '09' },
    { entry: 3, patch: '12' },
    { entry: 4, patch: '19' },
    { entry: 5, patch: '21' },
    { entry: 6, patch: '22' },
  ].map(
    ({ entry, patch }): Plan => ({
      release: `6.19.11+pci-luo-rfc-patch${patch}`,
      base: '6.19.11',
      because:
        entry < 5 ? RFC : `${RFC}; DEVICE_COUNT_RESOURCE is that of CONFIG_PCI_IOV, without it it is 11`,
      parts: [SUBSYSTEM(entry)],
      driver: entry === 0 ? 'userspace' : 'name',
    }),
  ),
  {
    release: '6.19.11+pci-luo-rfc-stub',
    base: '6.19.11+pci-luo-rfc-patch22',
    because: 'the same series',
    parts: [{ entry: 7, component: 'pci-lu-stub', era: 'driver-data' }],
  },
  {
    release: '6.19.11+pci-luo-v2-patch03',
    base: '6.19.11',
    because: RFC,
    parts: [SUBSYSTEM(8)],
    driver: 'userspace',
  },
  {
    release: '6.19.11+pci-luo-v2-patch06',
    base: '6.19.11',
    because: RFC,
    parts: [SUBSYSTEM(9)],
    driver: 'name',
  },
  {
    release: '6.19.11+pci-luo-v2-stub',
    base: '6.19.11+pci-luo-v2-patch06',
    because: 'the same series',
    parts: [{ entry: 10, component: 'pci-lu-stub', era: 'driver-data' }],
  },
  {
    release: '6.18.15+pci-config-space-cache',
    base: '6.18.15',
    because: 'inferred: posted in the 6.18 cycle on KHO alone',
    parts: [{ entry: 25, component: 'pci-config-space-cache', era: 'subtree', writes: 'pcsc-v1' }],
  },
  // PCI core, FLB
  {
    release: '6.19.11+pci-liveupdate-v1',
    base: '6.19.11+luo-v8-flb-v8',
    because: LUO_V8,
    parts: [FLB(11, 'pci-v1')],
    driver: 'userspace',
  },
  {
    release: '6.19.11+pci-liveupdate-v2',
    base: '6.19.11+luo-v8-flb-v8',
    because: NEXT_7_0,
    parts: [FLB(12, 'pci-v1')],
    driver: 'userspace',
  },
  {
    release: '7.1.13+pci-liveupdate-v3',
    base: '7.1.13',
    because: NOT_SAID,
    parts: [FLB(13, 'pci-v1')],
    driver: 'userspace',
  },
  {
    release: '7.1.13+pci-liveupdate-v3-tree',
    base: '7.1.13',
    because: NOT_SAID,
    parts: [FLB(14, 'pci-v2')],
    driver: 'userspace',
  },
  ...[
    { entry: 15, version: 'v4-patch1', writes: 'pci-v1' },
    { entry: 16, version: 'v4', writes: 'pci-v2' },
    { entry: 17, version: 'v5-patch1', writes: 'pci-v1' },
    { entry: 18, version: 'v5', writes: 'pci-v2' },
    { entry: 19, version: 'v6', writes: 'pci-v3' },
  ].map(
    ({ entry, version, writes }): Plan => ({
      release: `7.1.13+pci-liveupdate-${version}`,
      base: '7.1.13',
      because: MAIN_7_1,
      parts: [FLB(entry, writes)],
      driver: 'userspace',
    }),
  ),
  {
    release: '7.2.12+pci-liveupdate-v7-patch1',
    base: '7.2.12',
    because: MAIN_7_2,
    parts: [BLOCKS(20, 'pci-v1')],
    driver: 'userspace',
  },
  {
    release: '7.2.12+pci-liveupdate-v7',
    base: '7.2.12',
    because: MAIN_7_2,
    parts: [BLOCKS(21, 'pci-v2')],
    driver: 'userspace',
  },
  ...[
    { entry: 22, version: 'v8', writes: 1, era: 'flb-name-and-integer-soft' },
    { entry: 23, version: 'v9-core', writes: 1, era: 'flb-name-and-integer' },
    { entry: 24, version: 'v9', writes: 2, era: 'flb-name-and-integer' },
  ].map(
    ({ entry, version, writes, era }): Plan => ({
      release: `7.3.4+pci-liveupdate-${version}`,
      base: '7.3.4',
      because: MAIN_7_3,
      parts: [{ entry, component: 'pci', era, name: 'pci', writes }],
      driver: 'userspace',
    }),
  ),
  // VFIO
  ...[
    { entry: 26, suffix: '-patch07' },
    { entry: 27, suffix: '-patch13' },
    { entry: 28, suffix: '-patch14' },
    { entry: 29, suffix: '' },
  ].map(
    ({ entry, suffix }): Plan => ({
      release: `6.19.11+vfio-rfc${suffix}`,
      base: '6.19.11',
      because: RFC,
      parts: [VFIO_ALONE(entry)],
      driver: 'handler-alone',
    }),
  ),
  ...[
    {
      entry: 30,
      release: '6.19.11+vfio-pci-v1-patch05',
      base: '6.19.11+pci-liveupdate-v1',
      writes: 'vfio-pci-v1',
    },
    { entry: 31, release: '6.19.11+vfio-pci-v1', base: '6.19.11+pci-liveupdate-v1', writes: 'vfio-pci-v1' },
    {
      entry: 31,
      release: '6.19.11+vfio-pci-v2',
      base: '6.19.11+pci-liveupdate-v2',
      writes: 'vfio-pci-v1',
      date: '2026-01-29',
    },
    {
      entry: 32,
      release: '7.1.13+vfio-pci-v3-patch11',
      base: '7.1.13+pci-liveupdate-v3',
      writes: 'vfio-pci-v1',
    },
    { entry: 33, release: '7.1.13+vfio-pci-v3', base: '7.1.13+pci-liveupdate-v3', writes: 'vfio-pci-v2' },
    { entry: 34, release: '7.1.13+vfio-pci-v4', base: '7.1.13+pci-liveupdate-v4', writes: 'vfio-pci-v1' },
    {
      entry: 34,
      release: '7.2.12+vfio-pci-v5',
      base: '7.2.12+pci-liveupdate-v7',
      writes: 'vfio-pci-v1',
      date: '2026-07-14',
    },
  ].map(
    ({ entry, release, base, writes, date }: VfioState): Plan => ({
      release,
      ...(date !== undefined && { date }),
      base,
      because: 'the state of the PCI core that it was posted with or on',
      parts: [VFIO(entry, writes)],
      driver: 'handler',
    }),
  ),
  {
    release: '7.1.13+vfio-iommufd-tree',
    base: '7.1.13+vfio-pci-v3',
    because: 'inferred: a tree that adds to VFIO v3',
    parts: [VFIO(36, 'vfio-pci-v2')],
  },
  // experiments of one tree
  ...[
    { entry: 37, component: 'dma-buf', writes: 'dmabuf-v1' },
    { entry: 38, component: 'rxe', writes: 'rxe-v1' },
    { entry: 39, component: 'netkit', writes: 'netkit-v1' },
    { entry: 40, component: 'eventfd', writes: 'eventfd-v1' },
  ].map(
    ({ entry, component, writes }): Plan => ({
      release: `7.2.12+${component}-tree`,
      base: '7.2.12',
      because: 'inferred: a tree of the 7.2 cycle',
      parts: [HANDLER(entry, component, writes)],
    }),
  ),
  // IOMMU
  {
    release: '6.19.11+iommu-rfc',
    base: '6.19.11',
    because: RFC,
    parts: [
      { entry: 41, component: 'iommu', era: 'subsystem' },
      { entry: 42, component: 'iommufd', era: 'hwpt-list', writes: 'iommufd-v1' },
    ],
  },
  {
    release: '6.19.11+iommu-rfc-v2',
    base: '6.19.11+vfio-pci-v1',
    because: 'inferred: posted six days after VFIO v1',
    parts: [{ entry: 43, component: 'iommu', era: 'objects', writes: 'iommu-v1' }],
  },
  {
    release: '6.19.11+iommu-v1',
    base: '6.19.11+vfio-pci-v2',
    because: 'inferred: posted five days after VFIO v2',
    parts: [
      {
        entry: 35,
        component: 'vfio-pci',
        era: 'pci-core',
        writes: 'vfio-pci-v1',
        needs: ['iommufd', 'kho', 'luo-session', 'pci'],
      },
      { entry: 44, component: 'iommu', era: 'objects', writes: 'iommu-v1' },
      { entry: 45, component: 'iommufd', era: 'hwpt-list', writes: 'iommufd-v1' },
    ],
  },
  {
    release: '7.1.13+iommu-v2',
    base: '7.1.13+vfio-iommufd-tree',
    because: 'inferred: read in the same tree',
    parts: [{ entry: 46, component: 'iommu', era: 'arrays', writes: 'iommu-liveupdate-v1' }],
  },
  {
    release: '7.2.12+iommu-v4',
    base: '7.2.12+vfio-pci-v5',
    because: 'inferred: posted in the same weeks',
    date: null,
    parts: [
      { entry: 47, component: 'iommu', era: 'arrays', writes: 'iommu-liveupdate-v1' },
      { entry: 51, component: 'iommufd', era: 'hwpt-array', writes: 'iommufd-v1' },
    ],
  },
  {
    release: '7.2.12+iommu-v4-smmuv3',
    base: '7.2.12+iommu-v4',
    because: 'downstream work on it',
    parts: [{ entry: 48, component: 'iommu', era: 'arrays', writes: 'iommu-liveupdate-v1' }],
  },
  {
    release: '7.2.12+dma-alloc-tree',
    base: '7.2.12+iommu-v4',
    because: 'inferred: a tree of the author of the IOMMU series',
    parts: [{ entry: 52, component: 'dma-alloc', era: 'pointed-to' }],
  },
  {
    release: '7.3.4+iommu-v5',
    base: '7.3.4+pci-liveupdate-v9',
    because: 'inferred: posted three days after PCI v9',
    parts: [
      { entry: 49, component: 'iommu', era: 'arrays-and-integer', name: 'iommu-liveupdate', writes: 1 },
      { entry: 51, component: 'iommufd', era: 'hwpt-array', writes: 'iommufd-v1' },
    ],
  },
  {
    release: '7.3.4+iommu-v5-smmuv3',
    base: '7.3.4+iommu-v5',
    because: 'downstream work on it',
    parts: [
      { entry: 50, component: 'iommu', era: 'arrays-and-integer', name: 'iommu-liveupdate', writes: 1 },
    ],
  },
  // KVM
  {
    release: '7.2.12+guest-memfd-v4',
    base: '7.2.12',
    date: '2026-07-28',
    because: 'v4 was posted in the 7.2 cycle; v2 and v3 have the same layouts',
    parts: [HANDLER(53, 'kvm', 'kvm_vm_luo_v1'), HANDLER(54, 'guest_memfd', 'guest_memfd_luo_v1')],
  },
  {
    release: '7.2.12+kvm-mem-attr-tree',
    base: '7.2.12+guest-memfd-v4',
    because: 'inferred: a tree that adds to it',
    parts: [HANDLER(55, 'kvm', 'kvm_vm_luo_v1')],
  },
  ...[
    { entry: 56, release: '7.2.12+caretaker-early' },
    { entry: 57, release: '7.2.12+caretaker' },
  ].map(
    ({ entry, release }): Plan => ({
      release,
      base: '7.2.12',
      because: NOT_SAID,
      parts: [
        HANDLER(entry, 'kvm', 'kvm_vm_luo_v1'),
        { entry, component: 'kvm-vcpu', era: 'caretaker', writes: 'kvm_vcpu_luo_v1' },
      ],
    }),
  ),
  {
    release: '6.19.11+hugetlb-tree',
    base: '6.19.11+luo-v8-flb-v8',
    because: 'inferred: a tree from 2025-12 on',
    parts: [
      { entry: 58, component: 'hugetlb', era: 'flb-name', writes: 'hugetlb-v1' },
      HANDLER(59, 'hugetlb-memfd', 'huge-memfd-v1'),
    ],
  },
];
