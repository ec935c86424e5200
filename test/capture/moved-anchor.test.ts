import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { captureComponent } from '../../src/capture/component.ts';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { components } from '../../src/components/index.ts';

// A component whose header alone shows that it is there is not absent because that header goes by another name.

before(initParser);

const OWN = 'include/linux/kho/abi/pci.h';
const OTHER = 'include/linux/kho/abi/pci_dev.h';
const TEXT = `#define PCI_LUO_FLB_COMPATIBLE "pci"
#define PCI_LUO_FLB_VERSION 2
struct pci_dev_ser { unsigned int domain; unsigned short bdf; unsigned short refcount; } __attribute__((packed));
struct pci_ser { unsigned int version; unsigned int nr; unsigned long long devices; } __attribute__((packed));
`;

const pciOf = (files: Readonly<Record<string, string>>) => stateOf('pci', files);

function stateOf(id: string, files: Readonly<Record<string, string>>) {
  const all: Record<string, string> = { 'mm/memblock.c': 'int nothing;\n', ...files };
  const definition = components().find((each) => each.id === id) ?? assert.fail();
  const list = (folder: string) => Object.keys(all).filter((path) => path.startsWith(folder));
  return captureComponent(definition, new DeclarationReader({ read: (path) => all[path], list })).state;
}

test('it is found by what its forms are recognized by, and only by that', () => {
  const [own, moved] = [pciOf({ [OWN]: TEXT }), pciOf({ [OTHER]: TEXT })];
  assert.equal(own.era, 'flb-name-and-integer');
  const facts = ({ available, era, marker, structs, constants }: typeof own) => [
    available,
    era,
    marker,
    structs,
    constants,
  ];
  assert.deepEqual(facts(moved), facts(own));
  const without = TEXT.replaceAll('PCI_LUO_FLB', 'OTHER_FLB');
  assert.equal(pciOf({ [OTHER]: without }).era, undefined);
});

const DRIVER = 'drivers/pci/liveupdate.c';
const registers = (include: string) =>
  `${include}static struct liveupdate_flb flb = { .compatible = PCI_LUO_FLB_COMPATIBLE };\nint pci_liveupdate_register_flb(void *handler) { return liveupdate_register_flb(handler, &flb); }\n`;

for (const [where, files] of [
  [
    'one of the kernel’s',
    { 'include/linux/pci_luo.h': TEXT, [DRIVER]: registers('#include <linux/pci_luo.h>\n') },
  ],
  ['one beside the driver', { 'drivers/pci/luo.h': TEXT, [DRIVER]: registers('#include "luo.h"\n') }],
  ['none, but the driver', { [DRIVER]: registers(TEXT) }],
] as const) {
  test(`it is found where its header is ${where}`, () => {
    const [own, moved] = [pciOf({ [OWN]: TEXT, [DRIVER]: registers('') }), pciOf(files)];
    assert.equal(own.era, 'flb-name-and-integer');
    assert.deepEqual(
      [moved.available, moved.era, moved.marker, moved.structs],
      [own.available, own.era, own.marker, own.structs],
    );
  });
}

test('a form that is known by its marker is that form where the marker’s macro has another name', () => {
  const vfio = (macro: string) =>
    stateOf('vfio-pci', {
      'include/linux/kho/abi/vfio_pci.h': `#define ${macro} "vfio-pci-v1"\nstruct vfio_pci_core_device_ser { unsigned int domain; unsigned short bdf; } __attribute__((packed));\n`,
      'drivers/vfio/pci/vfio_pci_liveupdate.c': `#include <linux/kho/abi/vfio_pci.h>\nstatic struct liveupdate_file_handler handler = { .compatible = ${macro} };\n`,
    });
  const [own, renamed] = [vfio('VFIO_PCI_LUO_FH_COMPATIBLE'), vfio('VFIO_PCI_FH_COMPATIBLE')];
  assert.equal(own.era, 'pci-core');
  assert.deepEqual([renamed.era, renamed.marker?.writes], [own.era, own.marker?.writes]);
});
