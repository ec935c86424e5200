// What the bzImage row runs: opens the image that the argument names, checks all types of its BTF, lays out some structs.
import { layoutFromBtf } from '../../src/capture/btf-layout.ts';
import { openBtf } from '../../src/formats/btf/index.ts';
import { openKernelImage } from '../../src/formats/kernel-image.ts';
import { openFile } from '../../src/sources/file-source.ts';
import { openDecoder } from '../../src/sources/xz-program.ts';

const NAMES = ['page', 'list_head', 'file', 'inode', 'pci_dev', 'device', 'kho_vmalloc', 'luo_ser'];

const [path = ''] = process.argv.slice(2);
const file = await openFile(path, path);
const decoder = openDecoder({}, file.size);
const image = await openKernelImage(file, { decoder });
if (!image.btf) throw new Error(`${path}: no BTF`);
const btf = openBtf(image.btf);
btf.validate();
const found = NAMES.filter((name) => layoutFromBtf(btf, name));
console.log(`${image.unameRelease}: ${btf.count - 1} types; structs ${found.join(', ')}`);
await decoder.close();
await file.close();
