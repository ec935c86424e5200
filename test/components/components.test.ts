import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { captureComponent } from '../../src/capture/component.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { builtInComponents } from '../../src/components/index.ts';
import type { ComponentDefinition } from '../../src/model/component-definition.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { shippedOverlays } from './series-kernels.ts';

before(initParser);

const DEFINITIONS: readonly ComponentDefinition[] = builtInComponents();
const IDS = DEFINITIONS.map(({ id }) => id);

for (const { id, eras } of DEFINITIONS) {
  test(`${id}: its eras name components that exist and structs that they have`, () => {
    assert.equal(new Set(eras.map((era) => era.id)).size, eras.length);
    for (const { needs, marker, checks, structs, reader } of eras) {
      const { guardedBy, dispatcher } = marker;
      for (const other of [...needs, guardedBy, dispatcher]) {
        assert.ok(other === undefined || IDS.includes(other), other);
      }
      assert.ok(!needs.includes(id));
      assert.ok((marker.kind === 'guarded') === (guardedBy !== undefined));
      for (const { struct } of checks) assert.ok(struct in structs, struct);
      assert.ok(reader.onRefused !== undefined);
    }
  });
}

/** Captures one component of a tree that is written down here. */
function captured(id: string, files: Readonly<Record<string, string>>): ComponentState {
  const definition = DEFINITIONS.find((candidate) => candidate.id === id);
  assert.ok(definition);
  const reader = new DeclarationReader({ read: (path) => files[path] });
  const { state, findings } = captureComponent(definition, reader);
  assert.deepEqual(findings, []);
  return state;
}

const PCI_HEADER = 'include/linux/kho/abi/pci.h';
const PCI_CODE = 'drivers/pci/liveupdate.c';
const DEVICE = 'struct pci_dev_ser { u32 domain; u16 bdf; u16 refcount; } __packed;\n';

function pciHeader(head: string, macros: Readonly<Record<string, number | string>>): string {
  const lines = Object.entries(macros).map(([name, value]) => `#define ${name} ${JSON.stringify(value)}`);
  return `${lines.join('\n')}\n${DEVICE}struct pci_ser { ${head} } __packed;\n`;
}

const INTEGER_HEADER = pciHeader('u32 version; u32 nr_devices; u64 devices;', {
  PCI_LUO_FLB_COMPATIBLE: 'pci',
  PCI_LUO_FLB_VERSION: 2,
});
const BLOCK_HEADER = pciHeader('u32 nr_devices; u64 devices;', { PCI_LUO_FLB_COMPATIBLE: 'pci-v2' });
const ARRAY_HEADER = pciHeader('u32 max_nr_devices; u32 nr_devices; struct pci_dev_ser devices[];', {
  PCI_LUO_FLB_COMPATIBLE: 'pci-v3',
});
const PANIC =
  'static int pci_flb_retrieve(void *args)\n{\n\tif (args != PCI_LUO_FLB_VERSION)\n\t\tpanic("no");\n\treturn 0;\n}\n';
const GIVES_UP =
  'static int pci_flb_retrieve(void *args)\n{\n\tif (args != PCI_LUO_FLB_VERSION) {\n\t\tpr_err("no");\n\t\treturn -22;\n\t}\n\treturn 0;\n}\n';
const BLOCKS = 'static int pci_flb_preserve(void *args)\n{\n\tkho_block_set_init(args, 8);\n\treturn 0;\n}\n';

/** Release of an overlay whose PCI state a capture of these files must give. */
const TREES: readonly [string, Readonly<Record<string, string>>][] = [
  ['7.3.4+pci-liveupdate-v9', { [PCI_HEADER]: INTEGER_HEADER, [PCI_CODE]: PANIC }],
  ['7.2.12+pci-liveupdate-v7', { [PCI_HEADER]: BLOCK_HEADER, [PCI_CODE]: BLOCKS }],
  ['7.1.13+pci-liveupdate-v6', { [PCI_HEADER]: ARRAY_HEADER, [PCI_CODE]: 'static int nothing;\n' }],
];

for (const [release, files] of TREES) {
  test(`a tree with the headers of ${release} is captured as its overlay says`, () => {
    const { code: _code, places: _places, widths: _widths, ...state } = captured('pci', files);
    const overlay = shippedOverlays().find((candidate) => candidate.release === release);
    const { code, places, ...expected } = overlay?.components?.pci ?? ({} as ComponentState);
    assert.deepEqual([code, places], [[], {}]);
    assert.deepEqual(state, expected);
  });
}

test('the code decides whether another integer is a panic; headers alone count as a panic', () => {
  const state = (files: Record<string, string>) =>
    captured('pci', { [PCI_HEADER]: INTEGER_HEADER, ...files });
  assert.equal(state({ [PCI_CODE]: GIVES_UP }).reader?.onRefused, 'component-absent');
  assert.equal(state({ [PCI_CODE]: PANIC }).reader?.onRefused, 'boot-panic');
  assert.equal(state({}).reader?.onRefused, 'boot-panic');
});

test('a tree without the headers has none of it, and a source of headers alone says so too', () => {
  const files = { 'include/linux/kexec_handover.h': 'struct kho_data;\n' };
  for (const id of [
    'pci',
    'pci-driver-name',
    'vfio-pci',
    'iommu',
    'iommufd',
    'kvm',
    'guest_memfd',
    'hugetlb',
  ]) {
    assert.equal(captured(id, files).available, 'no', id);
  }
});

test('the handler of VFIO is what names the driver', () => {
  const files = {
    'include/linux/kho/abi/vfio_pci.h':
      '#define VFIO_PCI_LUO_FH_COMPATIBLE "vfio-pci-v1"\nstruct vfio_pci_core_device_ser { u32 domain; u16 bdf; } __packed;\n',
  };
  const { marker } = captured('vfio-pci', files);
  assert.deepEqual([marker?.writes, marker?.dispatcher], ['vfio-pci-v1', 'luo-session']);
  const name = captured('pci-driver-name', files);
  assert.deepEqual([name.marker?.guardedBy, name.marker?.carrier], ['vfio-pci', 'file-handler']);
});
