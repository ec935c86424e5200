/** The state that matters to a user (SEMANTICS, section 7). What it needs below is added from the documents. */
export interface Profile {
  name: string;
  summary: string;
  /** Its loss fails the pair. */
  required: string[];
  /** Its loss is a note. */
  optional: string[];
  /**
   * Required where the outgoing kernel writes it, of no account where it does not: one of several ways to the same end,
   * none of which a kernel must have.
   */
  whereWritten?: string[];
  /** Required where a kernel is known to have it, whichever side it is; of no account where none is. */
  whereKnown?: string[];
  /**
   * Components that luo-abi does not describe, inferred ones and those of a user's own, are required where the outgoing kernel
   * has them: all, or those that no session and no file looks up.
   */
  inferred?: 'all' | 'subtrees';
  /** Not looked at, even where it could end the boot. */
  ignored: string[];
  /**
   * Kinds of state, each a profile: required as far as the outgoing kernel can preserve them, and told of one by one. A kernel
   * that can preserve none of them cannot preserve the state of the whole.
   */
  kinds?: Profile[];
  /**
   * Boot parameters that the outgoing kernel is known to run with, as components name them: what it writes for them is written,
   * whatever the profile needs.
   */
  runsWith?: readonly string[];
}

const KIND_OF_FILE = {
  'dma-buf': 'DMA buffers',
  eventfd: 'eventfds',
  guest_memfd: 'memory of guests',
  hugetlb: 'huge pages',
  'hugetlb-memfd': 'memfds of huge pages',
  iommu: 'IOMMU domains',
  iommufd: 'iommufds',
  kvm: 'virtual machines of KVM',
  'kvm-vcpu': 'vCPUs',
  netkit: 'netkit devices',
  rxe: 'RDMA over Ethernet',
  'vfio-pci': 'VFIO devices',
} as const;

const KINDS: readonly Profile[] = [
  {
    name: 'memory',
    summary: 'KHO alone: reserve_mem and what subsystems keep themselves',
    required: ['kho', 'memblock', 'reserve-mem'],
    optional: ['kexec-metadata'],
    whereKnown: ['callers'],
    inferred: 'subtrees',
    ignored: [],
  },
  {
    name: 'memfd',
    summary: 'sessions with memfd files',
    required: ['memfd'],
    optional: ['kexec-metadata'],
    ignored: [],
  },
  {
    name: 'pci',
    summary: 'PCI devices and how each finds its driver again',
    required: ['pci'],
    optional: [],
    whereWritten: ['pci-driver-name'],
    ignored: [],
  },
];

const CARRIED: Profile = {
  name: 'carried',
  summary: 'all that the outgoing kernel can preserve, a line for each kind',
  required: [],
  optional: [],
  inferred: 'all',
  ignored: [],
  kinds: [
    ...KINDS,
    ...Object.entries(KIND_OF_FILE).map(([name, summary]) => ({
      name,
      summary,
      required: [name],
      optional: [],
      ignored: [],
    })),
  ],
};

/** The profiles that ship with the program. */
export const PROFILES: readonly Profile[] = [
  CARRIED,
  ...KINDS,
  {
    name: 'vm',
    summary: 'virtual machines: memfd, PCI, VFIO, IOMMU, KVM, guest_memfd',
    required: ['guest_memfd', 'iommu', 'iommufd', 'kvm', 'memfd', 'pci', 'vfio-pci'],
    optional: [],
    whereWritten: ['pci-driver-name'],
    ignored: [],
  },
];

/** The profile of whoever names none. */
export const DEFAULT_PROFILE = 'carried';

/** Every component that a profile names and does not ignore. */
export function componentsOf(profile: Profile): string[] {
  const { required, optional, whereWritten = [], whereKnown = [], kinds = [] } = profile;
  const below = kinds.flatMap(componentsOf);
  return [...new Set([...required, ...optional, ...whereWritten, ...whereKnown, ...below])];
}
