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

function pciOf(files: Readonly<Record<string, string>>) {
  const all: Record<string, string> = { 'mm/memblock.c': 'int nothing;\n', ...files };
  const definition = components().find(({ id }) => id === 'pci') ?? assert.fail();
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
