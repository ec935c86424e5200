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
  /** Not looked at, even where it could end the boot. */
  ignored: string[];
}

/** The profiles that ship with the program. */
export const PROFILES: readonly Profile[] = [
  {
    name: 'memory',
    summary: 'KHO alone: reserve_mem and what subsystems keep themselves',
    required: ['kho', 'memblock', 'reserve-mem'],
    optional: ['kexec-metadata'],
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
  {
    name: 'vm',
    summary: 'virtual machines: memfd, PCI, VFIO, IOMMU, KVM, guest_memfd',
    required: ['guest_memfd', 'iommu', 'iommufd', 'kvm', 'memfd', 'pci', 'vfio-pci'],
    optional: [],
    whereWritten: ['pci-driver-name'],
    ignored: [],
  },
];

export const DEFAULT_PROFILE = 'pci';
