import { dmaAlloc } from './dma-alloc.ts';
import { dmaBuf } from './dma-buf.ts';
import { eventfd } from './eventfd.ts';
import { guestMemfd } from './guest_memfd.ts';
import { hugetlb } from './hugetlb.ts';
import { hugetlbMemfd } from './hugetlb-memfd.ts';
import { iommu } from './iommu.ts';
import { iommufd } from './iommufd.ts';
import { kexecMetadata } from './kexec-metadata.ts';
import { kho } from './kho.ts';
import { khoBlock } from './kho-block.ts';
import { kvm } from './kvm.ts';
import { kvmVcpu } from './kvm-vcpu.ts';
import { liveupdateVersions } from './liveupdate-versions.ts';
import { luo } from './luo.ts';
import { luoFlb } from './luo-flb.ts';
import { luoSession } from './luo-session.ts';
import { memblock } from './memblock.ts';
import { memfd } from './memfd.ts';
import { netkit } from './netkit.ts';
import { pci } from './pci.ts';
import { pciConfigSpaceCache } from './pci-config-space-cache.ts';
import { pciDriverName } from './pci-driver-name.ts';
import { pciLuStub } from './pci-lu-stub.ts';
import { reserveMem } from './reserve-mem.ts';
import { rxe } from './rxe.ts';
import { vfioPci } from './vfio-pci.ts';

/** Every component, sorted by id. */
export const COMPONENTS = [
  dmaAlloc,
  dmaBuf,
  eventfd,
  guestMemfd,
  hugetlb,
  hugetlbMemfd,
  iommu,
  iommufd,
  kexecMetadata,
  kho,
  khoBlock,
  kvm,
  kvmVcpu,
  liveupdateVersions,
  luo,
  luoFlb,
  luoSession,
  memblock,
  memfd,
  netkit,
  pci,
  pciConfigSpaceCache,
  pciDriverName,
  pciLuStub,
  reserveMem,
  rxe,
  vfioPci,
] as const;

export type ComponentId = (typeof COMPONENTS)[number]['id'];
