// What the BTF row runs: checks all types of the vmlinux that the argument names, and lays out some structs of it.
// A second argument, `inflate`, makes every type instead of checking it.
import { layoutFromBtf } from '../../src/capture/btf-layout.ts';
import { openBtf } from '../../src/formats/btf/index.ts';
import { openElf } from '../../src/formats/elf.ts';
import { openFile } from '../../src/sources/file-source.ts';

/** Layouts of some depth that kernels of any configuration have, then those of live update. */
const NAMES = [
  'page',
  'list_head',
  'file',
  'inode',
  'address_space',
  'pci_dev',
  'device',
  'kho_vmalloc',
  'luo_ser',
];

const [path = '', mode] = process.argv.slice(2);
const file = await openFile(path, path);
const elf = await openElf(file);
const section = elf.find('.BTF');
if (!section) throw new Error(`${path}: no .BTF`);
const btf = openBtf(await file.peek(section.offset, section.size));
if (mode === 'inflate') for (const _ of btf.types());
else btf.validate();
const found = NAMES.filter((name) => layoutFromBtf(btf, name));
console.log(`${btf.count - 1} types; structs ${found.join(', ')}`);
await file.close();
