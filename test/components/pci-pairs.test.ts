import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { ComponentVerdict, PairVerdict } from '../../src/model/finding.ts';
import type { Layout } from '../../src/model/layout.ts';
import { TARGETS } from '../../src/model/target.ts';
import { shipped } from '../support/shipped.ts';
import { judgeSeries, kernelDocument } from './series-kernels.ts';

function componentOf(pair: PairVerdict, id: string): ComponentVerdict {
  const component = pair.components.find((candidate) => candidate.id === id);
  assert.ok(component, `${pair.outgoing} -> ${pair.incoming}: ${id} was not judged`);
  return component;
}

for (const target of TARGETS) {
  test(`v3 -> v4 patch 1 is misread on ${target}: pci-v1 on both sides, counts of 8 and of 4 bytes`, () => {
    const pair = judgeSeries({
      outgoing: '7.1.13+pci-liveupdate-v3',
      incoming: '7.1.13+pci-liveupdate-v4-patch1',
      target,
    });
    assert.equal(pair.verdict, 'misread');
    assert.equal(pair.effect, 'corruption');
    assert.deepEqual(pair.decidedBy, {
      component: 'pci',
      rule: 'marker-not-bumped',
      subject: 'PCI_LUO_FLB_COMPATIBLE',
    });
    const { markers, findings } = componentOf(pair, 'pci');
    assert.deepEqual(markers, { outgoing: 'pci-v1', incoming: 'pci-v1' });
    const subjects = findings.filter(({ impact }) => impact === 'misread').map(({ subject }) => subject);
    assert.ok(subjects.includes('pci_ser.max_nr_devices'), subjects.join());
    assert.ok(subjects.includes('pci_ser.nr_devices'), subjects.join());
  });
}

test('v5 -> v6 is refused: pci-v2 -> pci-v3, layouts equal, and the device loses its protection in silence', () => {
  const pair = judgeSeries({
    outgoing: '7.1.13+pci-liveupdate-v5',
    incoming: '7.1.13+pci-liveupdate-v6',
  });
  assert.equal(pair.verdict, 'refused');
  assert.equal(pair.effect, 'component-absent');
  const pci = componentOf(pair, 'pci');
  assert.deepEqual(pci.markers, { outgoing: 'pci-v2', incoming: 'pci-v3' });
  const refusal = pci.findings.find(({ rule }) => rule === 'marker-changed');
  assert.match(refusal?.sees ?? '', /nothing preserved.*DMA may still run/);
  assert.match(pair.summary, /count as not preserved: reset and bound again while their DMA may still run/);
});

test('v9 core -> v9 is refused with a panic: the name is found, the integer behind it is another', () => {
  const pair = judgeSeries({
    outgoing: '7.3.4+pci-liveupdate-v9-core',
    incoming: '7.3.4+pci-liveupdate-v9',
  });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'boot-panic']);
  const refusal = componentOf(pair, 'pci').findings.find(({ rule }) => rule === 'marker-changed');
  assert.equal(refusal?.outgoing.writes, 'pci 1');
  assert.equal(refusal?.incoming.accepts, 'pci 2');
  assert.match(refusal?.sees ?? '', /^Incoming PCI FLB version/);
});

test('v9 -> the merged form of v8 that gives up with -EINVAL: refused without a panic', () => {
  const pair = judgeSeries({ outgoing: '7.3.4+pci-liveupdate-v9', incoming: '7.3.4+pci-liveupdate-v8' });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'component-absent']);
});

test('v8 -> v9 core is compatible, and userspace binds the device', () => {
  const pair = judgeSeries({
    outgoing: '7.3.4+pci-liveupdate-v8',
    incoming: '7.3.4+pci-liveupdate-v9-core',
  });
  assert.equal(componentOf(pair, 'pci').verdict, 'compatible');
  assert.equal(pair.verdict, 'compatible');
  assert.match(pair.summary, /finds its driver only if userspace binds it/);
});

test('v7 -> v8 is refused: a name without an integer is not the name that is looked up', () => {
  const pair = judgeSeries({ outgoing: '7.2.12+pci-liveupdate-v7', incoming: '7.3.4+pci-liveupdate-v8' });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'component-absent']);
});

test('2025-07 patch 07 -> 2025-09 patch 06 is misread: no marker, 80 bytes both, the name at 5 and at 8', () => {
  const pair = judgeSeries({
    outgoing: '6.19.11+pci-luo-rfc-patch07',
    incoming: '6.19.11+pci-luo-v2-patch06',
  });
  assert.equal(pair.verdict, 'misread');
  const { markers, findings } = componentOf(pair, 'pci');
  assert.deepEqual(markers, { outgoing: null, incoming: null });
  const name = findings.find(({ subject }) => subject === 'pci_dev_ser.driver_name');
  assert.equal(name?.rule, 'member-offset-changed');
  assert.deepEqual([name?.outgoing.bitOffset, name?.incoming.bitOffset], [5 * 8, 8 * 8]);
  assert.match(name?.message ?? '', /5.*8/);
  assert.ok(!findings.some(({ rule }) => rule === 'struct-size-changed'));
  assert.match(pair.summary, /the name of its driver is read from the wrong bytes/);
});

test('a kernel with a serialized name finds the driver by it', () => {
  const release = '6.19.11+pci-luo-v2-patch06';
  const pair = judgeSeries({ outgoing: release, incoming: release });
  assert.equal(pair.verdict, 'compatible');
  assert.equal(componentOf(pair, 'pci-driver-name').role, 'required');
  assert.match(pair.summary, /finds its driver by its serialized name/);
});

test('a kernel with VFIO finds the driver by the handler of the file, and needs that handler', () => {
  const release = '6.19.11+vfio-pci-v1';
  const pair = judgeSeries({ outgoing: release, incoming: release });
  assert.equal(pair.verdict, 'compatible');
  assert.match(pair.summary, /by the file handler vfio-pci-v1/);
  assert.equal(componentOf(pair, 'vfio-pci').role, 'dependency');
});

test('a string of VFIO that was raised costs every session from 7.1 on', () => {
  const pair = judgeSeries({
    outgoing: '7.1.13+vfio-pci-v3-patch11',
    incoming: '7.1.13+vfio-pci-v3',
  });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'all-sessions-lost']);
  assert.equal(componentOf(pair, 'pci').verdict, 'compatible');
});

test('vfio-pci-v1 of two patches of one series is misread although the PCI core agrees', () => {
  const pair = judgeSeries({
    outgoing: '6.19.11+vfio-pci-v1-patch05',
    incoming: '6.19.11+vfio-pci-v1',
  });
  assert.equal(pair.verdict, 'misread');
  assert.equal(pair.decidedBy?.component, 'vfio-pci');
});

test('a handler that the incoming kernel lacks fails the pair, one that the outgoing kernel lacks does not', () => {
  const withHandler = '7.1.13+vfio-pci-v3';
  const without = '7.1.13+pci-liveupdate-v3';
  const lost = judgeSeries({ outgoing: withHandler, incoming: without });
  assert.ok(!['compatible', 'compatible-with-notes'].includes(lost.verdict), lost.summary);
  const gained = judgeSeries({ outgoing: without, incoming: withHandler });
  assert.equal(componentOf(gained, 'pci').verdict, 'compatible');
  assert.ok(['compatible', 'compatible-with-notes'].includes(gained.verdict), gained.summary);
});

test('an IOMMU of v2 -> v4 is misread under one string; v4 -> v5 is refused', () => {
  const pair = judgeSeries({
    outgoing: '7.2.12+iommu-v4',
    incoming: withIommuOf('7.2.12+iommu-v4', '7.1.13+iommu-v2'),
    profile: 'vm',
  });
  assert.equal(componentOf(pair, 'iommu').verdict, 'misread');
  const raised = judgeSeries({ outgoing: '7.2.12+iommu-v4', incoming: '7.3.4+iommu-v5', profile: 'vm' });
  const refused = componentOf(raised, 'iommu');
  assert.deepEqual([refused.verdict, refused.effect], ['refused', 'component-absent']);
});

function withIommuOf(release: string, other: string): CaptureDocument {
  const document = structuredClone(kernelDocument(release));
  const { iommu } = kernelDocument(other).components;
  assert.ok(iommu);
  document.components.iommu = iommu;
  return document;
}

for (const release of ['7.2.12+pci-liveupdate-v7', '7.3.4+pci-liveupdate-v8', '7.3.4+pci-liveupdate-v9']) {
  test(`${release} on another block format is caught, though its marker does not name the format`, () => {
    const pair = judgeSeries({ outgoing: release, incoming: withOtherBlocks(release) });
    assert.equal(pair.verdict, 'misread');
    assert.equal(pair.decidedBy?.component, 'kho-block');
    assert.equal(componentOf(pair, 'pci').verdict, 'unreached');
    const { markers } = componentOf(pair, 'pci');
    assert.equal(markers.outgoing, markers.incoming);
  });
}

/** The same kernel with `count` before `next` in the head of a block. */
function withOtherBlocks(release: string): CaptureDocument {
  const document = structuredClone(kernelDocument(release));
  const layout = document.components['kho-block']?.structs.kho_block_header_ser?.layout.all as Layout;
  const [first, second] = layout.members;
  assert.ok(first && second);
  [first.bitOffset, second.bitOffset] = [second.bitOffset, first.bitOffset];
  layout.members.reverse();
  return document;
}

test('v6 does not lie in blocks, so their format is nothing to it', () => {
  const { needs } = kernelDocument('7.1.13+pci-liveupdate-v6').components.pci ?? {};
  assert.ok(!needs?.includes('kho-block'));
  assert.ok(kernelDocument('7.2.12+pci-liveupdate-v7').components.pci?.needs.includes('kho-block'));
});

test('every pair of upstream releases is unsupported for PCI, with KHO judged beside it', () => {
  const releases = shipped()
    .documents.filter(({ vendor }) => vendor === null)
    .map(({ release }) => release);
  for (const outgoing of releases) {
    for (const incoming of releases) {
      const pair = judgeSeries({ outgoing, incoming });
      assert.equal(pair.verdict, 'unsupported', `${outgoing} -> ${incoming}: ${pair.summary}`);
      componentOf(pair, 'kho');
    }
  }
});

test('what other drivers preserve can take memfds with it: a note with its condition', () => {
  const vfio = judgeSeries({ outgoing: '7.2.12+vfio-pci-v5', incoming: '7.2.12', profile: 'memfd' });
  assert.equal(vfio.verdict, 'compatible-with-notes');
  const lost = 'loses all sessions if a session of 7.2.12+vfio-pci-v5 holds a vfio-pci file';
  assert.deepEqual(vfio.conditions, [lost]);
  const outgoing = '7.3.4+pci-liveupdate-v8';
  for (const profile of ['memfd', 'memory']) {
    const pci = judgeSeries({ outgoing, incoming: '7.3.4+pci-liveupdate-v9', profile });
    assert.equal(pci.verdict, 'compatible-with-notes', profile);
    assert.deepEqual(pci.conditions, [`panics if ${outgoing} preserves pci state`], profile);
  }
});
