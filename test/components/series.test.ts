import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { computeLayouts, declareLayout } from '../../src/dev/series/declarations.ts';
import { VerdictTable } from '../../src/matrix/verdict-table.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import type { Layout, Member } from '../../src/model/layout.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import type { PerTarget } from '../../src/model/target.ts';
import { forTarget, TARGETS } from '../../src/model/target.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { rankOf } from '../../src/verdict/walk.ts';
import { profileNamed } from '../support/shipped.ts';
import { judgeSeries, kernelDocument, shippedOverlays } from './series-kernels.ts';

// What was recorded of the posted and merged series: sizes and offsets in bytes, as their sources give them.

interface Recorded {
  entry: number;
  release: string;
  source: string;
  version: string;
  structs: Record<string, { sizeof: number; offsets: Record<string, number> }>;
}

const RECORDED = JSON.parse(
  readFileSync(join(packageRoot(), 'test/components/recorded-layouts.json'), 'utf8'),
) as Recorded[];

/** How many states of PCI, VFIO, IOMMU, KVM, their surroundings and what hands over beside them were recorded. */
const ENTRIES = 84;

before(initParser);

function overlayNamed(release: string): OverlayDocument {
  const overlay = shippedOverlays().find((candidate) => candidate.release === release);
  assert.ok(overlay, `versions/series has no ${release}`);
  return overlay;
}

function layoutsOf(overlay: OverlayDocument): Map<string, PerTarget<Layout>> {
  const states = Object.values(overlay.components ?? {});
  return new Map(
    states.flatMap(({ structs }) =>
      Object.entries(structs).map(([name, { layout }]): [string, PerTarget<Layout>] => [name, layout]),
    ),
  );
}

test('every recorded entry stands in an overlay, which cites its source', () => {
  const entries = new Set(RECORDED.map(({ entry }) => entry));
  assert.deepEqual(
    [...entries].sort((a, b) => a - b),
    Array.from({ length: ENTRIES }, (_, index) => index),
  );
  for (const { release, source } of RECORDED) {
    assert.ok(overlayNamed(release).provenance.name.includes(source), `${release}: ${source}`);
  }
});

test('every recorded size and offset is that of the overlay, on every target', () => {
  let compared = 0;
  for (const { release, structs } of RECORDED) {
    const layouts = layoutsOf(overlayNamed(release));
    for (const [name, { sizeof, offsets }] of Object.entries(structs)) {
      for (const target of TARGETS) {
        const layout = forTarget(layouts.get(name) ?? {}, target);
        assert.equal(layout?.size, sizeof, `${release}: ${name} on ${target}`);
        for (const [member, offset] of Object.entries(offsets)) {
          const found: Member | undefined = layout?.members.find((candidate) => candidate.name === member);
          assert.equal(found?.bitOffset, offset * 8, `${release}: ${name}.${member} on ${target}`);
        }
      }
      compared += 1;
    }
  }
  assert.ok(compared >= 150, `${compared} structs`);
});

/** Declarations of every struct of a kernel that the overlay's structs may refer to, and of the overlay's own. */
function textOf(overlay: OverlayDocument, { components }: CaptureDocument): string {
  const own = new Set(Object.keys(overlay.components ?? {}));
  const states = Object.entries(components).filter(([id]) => own.has(id) || id === 'kho');
  const declared = new Map(states.flatMap(([, state]) => declarationsOf(state)));
  return [ENUMS, ...declared.values()].join('\n');
}

function declarationsOf({ structs }: ComponentState): [string, string][] {
  return Object.entries(structs).flatMap(([name, { layout }]): [string, string][] =>
    layout.all ? [[name, declareLayout(name, layout.all)]] : [],
  );
}

const ENUMS = `typedef u64 phys_addr_t;
enum iommu_lu_type { IOMMU_INVALID };
enum pci_bus_ser_bridge_type { PCI_BUS_SER_NULL_BRIDGE };
`;

test('the layouts of every overlay come out of their own members again', () => {
  for (const overlay of shippedOverlays()) {
    const layouts = layoutsOf(overlay);
    const text = textOf(overlay, kernelDocument(overlay.release));
    const names = [...layouts].filter(([, layout]) => layout.all).map(([name]) => name);
    for (const [name, computed] of computeLayouts(text, names)) {
      assert.deepEqual(computed, layouts.get(name), `${overlay.release}: ${name}`);
    }
  }
});

test('a state whose mapping or packing was not certain is marked as inferred', () => {
  const structOf = (release: string, component: string, name: string) =>
    overlayNamed(release).components?.[component]?.structs[name];
  assert.equal(structOf('7.1.13+pci-liveupdate-v3-tree', 'pci', 'pci_ser')?.inferred, true);
  assert.equal(structOf('7.1.13+iommu-v2', 'iommu', 'iommu_flb_ser')?.inferred, true);
  assert.equal(structOf('7.2.12+caretaker', 'kvm-vcpu', 'kvm_caretaker_arch_ser')?.inferred, true);
  assert.equal(structOf('7.2.12+luo-composite', 'luo', 'luo_ser')?.inferred, true);
  assert.equal(structOf('7.3.4+pci-liveupdate-v9', 'pci', 'pci_ser')?.inferred, undefined);
});

test('what could not be declared is named as unchecked', () => {
  const { components } = overlayNamed('7.2.12+caretaker');
  assert.deepEqual(components?.['kvm-vcpu']?.unchecked, ['kvm_arm64_sysregs_ser', 'kvm_vcpu_arch_ser']);
});

/** Pairs of recorded states that no comparison of markers keeps apart, and what each is. */
const GROUND: readonly [outgoing: string, incoming: string, profile: string, verdict: string][] = [
  ...['a', 'b', 'c', 'd'].flatMap((from) =>
    ['a', 'b', 'c', 'd']
      .filter((to) => to !== from)
      .map((to): [string, string, string, string] => [
        `7.3.4+cpu-preserve-${from}`,
        `7.3.4+cpu-preserve-${to}`,
        'carried',
        'misread',
      ]),
  ),
  ['7.3.4+mshv', '7.3.4+mshv-partitions', 'memory', 'misread'],
  ['7.3.4+mshv-partitions', '7.3.4+mshv', 'memory', 'misread'],
  ['7.3.4+mshv', '7.3.4', 'memory', 'unknown'],
  ['7.3.4', '7.3.4+mshv', 'memory', 'unknown'],
  ['7.3.4', '7.3.4+kho-split', 'carried', 'compatible'],
  ['7.3.4+kho-split', '7.3.4', 'carried', 'compatible'],
  ['6.19.11+luo-session-v1', '6.19.11+luo-session-v1-name', 'memfd', 'misread'],
  ['7.3.4+pstore-kho', '7.3.4+pstore-kho-fdt', 'memory', 'refused'],
];

test('states of trees under one marker are what they are: both doors', () => {
  const told: string[] = [];
  for (const [outgoing, incoming, profile, verdict] of GROUND) {
    const pair = judgeSeries({ outgoing, incoming, profile });
    const kernels = [outgoing, incoming].map((release) => kernelOf(kernelDocument(release)));
    const table = new VerdictTable(kernels, [profileNamed(profile)], { target: 'x86_64-4k' });
    const rank = table.row(0, 0)[1];
    if (pair.verdict !== verdict || rank !== rankOf(pair))
      told.push(`${outgoing} ${incoming} ${pair.verdict} ${rank}`);
  }
  assert.deepEqual(told, []);
});
