import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findReusedMarkers } from '../../src/catalog/reused-markers.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { kernelDocuments } from '../components/series-kernels.ts';

const REUSED = findReusedMarkers([...kernelDocuments().values()].map(kernelOf), 'x86_64-4k');

for (const [component, marker, layouts] of [
  ['cpu', 'cpu_flb_v1', 4],
  ['iommu', 'iommu-liveupdate-v1', 3],
  ['iommu', 'iommu-v1', 2],
  ['iommufd', 'iommufd-v1', 3],
  ['kvm', 'kvm_vm_luo_v1', 4],
  ['luo-session', 'luo-session-v1', 2],
  ['mshv-prsv-pt', 'mshv_kho-v1', 2],
  ['pci', 'pci-v1', 5],
  ['pci', 'pci-v2', 3],
  ['pstore', 'pstore-kho', 2],
  ['tmpfs', 'tmpfs-mnt-v1', 2],
  ['vfio-pci', 'vfio-pci-v1', 4],
] as const) {
  test(`${marker} of ${component} names ${layouts} layouts`, () => {
    const found = REUSED.find((each) => each.component === component && each.marker === marker);
    assert.equal(found?.layouts.length, layouts, JSON.stringify(found?.layouts));
    const releases = found.layouts.flatMap((layout) => layout.releases);
    assert.equal(new Set(releases).size, releases.length);
  });
}

test('kho-v1 names two sizes of the bitmap, and pci 1 one layout', () => {
  const kho = REUSED.find(({ component, marker }) => component === 'kho' && marker === 'kho-v1');
  const sizes = kho?.layouts.map((layout) => layout.sizes.kho_mem_phys_bits) ?? [];
  assert.ok(sizes.includes(512) && sizes.includes(4096), JSON.stringify(sizes));
  assert.ok(!REUSED.some(({ component, marker }) => component === 'pci' && marker === 'pci 1'));
});

test('equal kernels reuse nothing, and the answer is sorted', () => {
  const [first] = kernelDocuments().values();
  assert.ok(first);
  const kernel = kernelOf(first);
  assert.deepEqual(findReusedMarkers([kernel, kernel], 'arm64-16k'), []);
  const keys = REUSED.map(({ component, marker }) => `${component}\0${marker}`);
  assert.deepEqual(keys, [...keys].sort());
});
