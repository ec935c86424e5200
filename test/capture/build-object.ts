import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInComponents } from '../../src/components/index.ts';
import { stubTexts } from '../cdecl/kernel-stubs.ts';

/** Headers and code of our own with the layouts of 7.3.4. */
export const TREE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));

/** A kernel names tens of thousands of functions; only then does the absence of one mean anything. */
const OTHER_FUNCTIONS = 1100;

const STRUCTS = [
  'kho_scratch',
  'kho_vmalloc',
  'kho_vmalloc_chunk',
  'kho_vmalloc_hdr',
  'kho_radix_leaf',
  'kho_radix_node',
  'kho_block_header_ser',
  'kho_kexec_metadata',
  'luo_ser',
  'luo_file_ser',
  'luo_file_set_ser',
  'luo_session_ser',
  'luo_flb_header_ser',
  'luo_flb_ser',
  'memfd_luo_folio_ser',
  'memfd_luo_ser',
];

/** Whether the programs are there that make BTF of what gcc writes. */
export function canBuildObjects(): boolean {
  try {
    execFileSync('pahole', ['--version'], { stdio: 'ignore' });
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** How an object differs from one that is built of our declarations as they are. */
export interface Edits {
  /** Changes the text of the one C file. */
  source?(text: string): string;
  /** Changes each ABI header, by its path below `include`; the tree itself stays as it is. */
  header?(text: string, path: string): string;
}

/**
 * Compiles our declarations into an object with BTF, as a kernel's build does: the structs, the strings of markers, nodes
 * and properties, a file handler whose name lies in initialized data, and functions that no compiler inlines.
 */
export function buildObject(folder: string, { source: edit, header: editHeader }: Edits = {}): string {
  const includes = join(folder, 'include');
  for (const [path, text] of stubTexts()) write(join(includes, path), text);
  const source = join(folder, 'vmlinux.c');
  writeFileSync(source, edit?.(sourceText()) ?? sourceText());
  const object = join(folder, 'vmlinux.o');
  const own = join(folder, 'tree');
  for (const name of ABI_HEADERS) {
    const path = `linux/kho/abi/${name}`;
    const text = readFileSync(join(TREE, 'include', path), 'utf8');
    write(join(own, path), editHeader?.(text, path) ?? text);
  }
  const paths = [own, join(includes, 'kernel'), includes, join(TREE, 'include')];
  execFileSync('gcc', ['-g', '-c', '-O0', '-w', ...paths.map((path) => `-I${path}`), '-o', object, source]);
  execFileSync('pahole', ['-J', object]);
  return object;
}

/** The object linked as a kernel is, with symbols and a build ID; beside it the same without symbols, and a list of them. */
export function linkObject(object: string): { image: string; stripped: string; symbols: string } {
  const [image, stripped] = [`${object}.linked`, `${object}.stripped`];
  const symbols = join(dirname(object), 'System.map-7.3.4+test-amd64');
  const flags = ['-nostdlib', '-static', '-no-pie', '-Wl,--build-id,--entry=0,--defsym=_text=0x401000'];
  execFileSync('gcc', [...flags, '-o', image, object]);
  execFileSync('strip', ['-o', stripped, image]);
  writeFileSync(symbols, execFileSync('nm', [image]));
  return { image, stripped, symbols };
}

const ABI_HEADERS = ['block.h', 'kexec_handover.h', 'kexec_metadata.h', 'luo.h', 'memblock.h', 'memfd.h'];
const COMPONENT_IDS = [
  'kho',
  'kho-block',
  'kexec-metadata',
  'luo',
  'luo-session',
  'luo-flb',
  'memfd',
  'memblock',
  'reserve-mem',
];

function sourceText(): string {
  const uses = STRUCTS.map((name) => `struct ${name} *use_${name};`);
  const functions = builtInComponents()
    .filter(({ id }) => COMPONENT_IDS.includes(id))
    .flatMap(({ entryPoints = [] }) => entryPoints);
  const bodies = [...new Set(functions)].map((name) => `int ${name}(int value) { return value; }`);
  const others = Array.from(
    { length: OTHER_FUNCTIONS },
    (_, index) => `int other_${index}(int v) { return v; }`,
  );
  return [
    '#include <linux/types.h>',
    '#include <linux/kho/abi/kexec_handover.h>',
    '#include <linux/kho/abi/kexec_metadata.h>',
    '#include <linux/kho/abi/luo.h>',
    '#include <linux/kho/abi/memfd.h>',
    '#include <linux/kho/abi/memblock.h>',
    '#include <linux/kexec_handover.h>',
    ...uses,
    'enum kho_radix_consts use_enum;',
    'const char *markers[] = { KHO_FDT_COMPATIBLE, LUO_ABI_COMPATIBLE,',
    '  MEMBLOCK_KHO_NODE_COMPATIBLE, RESERVE_MEM_KHO_NODE_COMPATIBLE };',
    'const char *names[] = { KHO_FDT_MEMORY_MAP_PROP_NAME, KHO_SUB_TREE_PROP_NAME, KHO_SUB_TREE_SIZE_PROP_NAME,',
    '  LUO_KHO_ENTRY_NAME, KHO_METADATA_NODE_NAME, MEMBLOCK_KHO_FDT, "start", "size" };',
    'struct liveupdate_file_handler { const void *ops; const char compatible[LIVEUPDATE_HNDL_COMPAT_LENGTH]; };',
    'struct liveupdate_file_handler memfd_luo_handler = { markers, MEMFD_LUO_FH_COMPATIBLE };',
    'const char banner[] = "Linux version 7.3.4+test-amd64 (own build)";',
    ...bodies,
    ...others,
    '',
  ].join('\n');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
