import { ToolError } from '../errors.ts';
import { findBuildId } from './build-id.ts';
import { type ElfFile, type ElfSection, NOBITS } from './elf.ts';
import { findIkconfig } from './ikconfig.ts';
import { ImageMemory } from './image-memory.ts';
import { findBtf } from './kernel-image-btf.ts';
import { KernelStrings } from './kernel-strings.ts';
import { type ImageFeatureRow, readFeaturesSection, readVersionsSection } from './liveupdate-sections.ts';
import { readElfSymbols, type SymbolTable } from './symbols.ts';

/** What the bytes of a kernel or a module say, however they were packed. */
export interface ImageFacts {
  /** As uname names it: `x86_64`, `aarch64`; undefined for machines without one such name. */
  machine?: string;
  /** uname -r: from the boot header, the banner, or a module's vermagic. */
  unameRelease?: string;
  /** `Linux version …` as far as its NUL, without the line end. */
  banner?: string;
  /** The configuration that is built in (CONFIG_IKCONFIG). */
  config?: ReadonlyMap<string, string>;
  /** Raw BTF of the kernel, as it stands; never that of a module. */
  btf?: Uint8Array;
  /** For a module (.ko): its name, and its raw split BTF if it has any. */
  module?: { name: string; btf?: Uint8Array };
  /** The proposed sections; undefined where the image has neither. */
  liveupdate?: { versions: readonly string[]; features: readonly ImageFeatureRow[] };
  /** See BuildFacts. */
  buildId?: string;
  /** The strings of its initialized data. */
  strings: KernelStrings;
  /** The same data by address; undefined for what is not linked and for images without sections. */
  memory?: ImageMemory;
  symbols?: SymbolTable;
  /** What could not be looked for in an image of this form, in sentences without a full stop. */
  notes: readonly string[];
}

/** Machines (include/uapi/linux/elf-em.h) as uname names them, by bits and byte order where that makes two. */
const MACHINES: Readonly<{ [key: string]: string }> = {
  '2/64/big': 'sparc64',
  '21/64/big': 'ppc64',
  '21/64/little': 'ppc64le',
  '22/64/big': 's390x',
  '62/64/little': 'x86_64',
  '183/64/big': 'aarch64_be',
  '183/64/little': 'aarch64',
  '243/32/little': 'riscv32',
  '243/64/little': 'riscv64',
  '258/64/little': 'loongarch64',
};
const RELOCATABLE = 1;
/** Initialized data: read-only or not, kept or only for the boot. What a linker script makes of it begins with one of these. */
const DATA = /^\.(?:init\.)?(?:ro)?data(?:\.|\d|$)/;
const NOTE = 7;
/** Without sections nothing else can be done, and it is said. */
const RAW_NOTE =
  'the image has no sections: type information and configuration were searched for by their headers, strings in all of its bytes, and what it accepts could not be looked for';

/** Reads a vmlinux or a module. Throws ELF_CORRUPT, IMAGE_CORRUPT, and IMAGE_UNKNOWN for any other ELF file. */
export async function readElfFacts(elf: ElfFile): Promise<ImageFacts> {
  const machine = MACHINES[`${elf.machine}/${elf.bits}/${elf.bigEndian ? 'big' : 'little'}`];
  const modinfo = elf.type === RELOCATABLE ? elf.find('.modinfo') : undefined;
  const data = elf.sections.filter(({ name }) => DATA.test(name));
  const parts = await readAll(elf, data);
  const btf = await readSection(elf, '.BTF');
  const liveupdate = await readLiveupdate(elf);
  const buildId = await readBuildId(elf);
  const common = {
    ...(machine === undefined ? {} : { machine }),
    ...(liveupdate === undefined ? {} : { liveupdate }),
    ...(buildId === undefined ? {} : { buildId }),
    notes: [],
  };
  if (modinfo !== undefined) {
    const strings = new KernelStrings(parts);
    const module = { ...readModinfo(await elf.read(modinfo)), ...(btf === undefined ? {} : { btf }) };
    const { release, ...named } = module;
    return {
      ...common,
      ...(release === undefined ? {} : { unameRelease: release }),
      module: named,
      strings,
    };
  }
  const facts = await readKernelFacts(parts);
  if (facts.banner === undefined && btf === undefined) {
    throw new ToolError('IMAGE_UNKNOWN', 'an ELF file, but neither a kernel nor a module');
  }
  const symbols = elf.type === RELOCATABLE ? undefined : await readElfSymbols(elf);
  return {
    ...common,
    ...facts,
    ...(btf === undefined ? {} : { btf }),
    ...(elf.type === RELOCATABLE ? {} : { memory: memoryOf(elf, data, parts) }),
    ...(symbols === undefined ? {} : { symbols }),
  };
}

/** Reads a kernel without sections, such as an arm64 Image. Throws IMAGE_CORRUPT. */
export async function readRawFacts(
  bytes: Uint8Array,
  { machine, bigEndian }: { machine?: string; bigEndian: boolean },
): Promise<ImageFacts> {
  const btf = findBtf(bytes, bigEndian);
  // Names of types are no strings of the kernel.
  const parts = btf ? [bytes.subarray(0, btf.offset), bytes.subarray(btf.offset + btf.size)] : [bytes];
  const facts = await readKernelFacts(parts);
  const buildId = findBuildId(bytes, bigEndian);
  return {
    ...(machine === undefined ? {} : { machine }),
    ...facts,
    ...(btf === undefined ? {} : { btf: bytes.slice(btf.offset, btf.offset + btf.size) }),
    ...(buildId === undefined ? {} : { buildId }),
    notes: [RAW_NOTE],
  };
}

/** What data alone says. */
async function readKernelFacts(parts: readonly Uint8Array[]) {
  let config: ReadonlyMap<string, string> | undefined;
  for (const part of parts) config ??= await findIkconfig(part);
  const strings = new KernelStrings(parts);
  // There are two; the one without a build number is for kernels that are built again and again.
  const banners = strings.startingWith('Linux version ').filter((text) => /^Linux version \d/.test(text));
  const banner = (banners.find((text) => /#\d/.test(text)) ?? banners[0])?.trimEnd();
  const release = banner && /^Linux version (\S+)/.exec(banner)?.[1];
  return {
    ...(config === undefined ? {} : { config }),
    ...(banner === undefined ? {} : { banner }),
    ...(release === undefined ? {} : { unameRelease: release }),
    strings,
  };
}

function memoryOf(elf: ElfFile, data: readonly ElfSection[], parts: readonly Uint8Array[]): ImageMemory {
  const sections = data.map(({ name, address }, index) => ({
    name,
    address,
    bytes: parts[index] ?? new Uint8Array(),
  }));
  return new ImageMemory(sections, elf.find('.text')?.address);
}

async function readBuildId(elf: ElfFile): Promise<string | undefined> {
  for (const section of elf.sections.filter(({ type }) => type === NOTE)) {
    const found = findBuildId(await elf.read(section), elf.bigEndian);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readAll(elf: ElfFile, sections: readonly ElfSection[]): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const section of sections) {
    total += section.size;
    // Sections that overlap could ask for any amount.
    if (total > elf.size) throw new ToolError('ELF_CORRUPT', `ELF: ${total} bytes of data in ${elf.size}`);
    parts.push(await elf.read(section));
  }
  return parts;
}

async function readSection(elf: ElfFile, name: string): Promise<Uint8Array | undefined> {
  const section = elf.find(name);
  return section && (await elf.read(section));
}

/** The bytes of all sections of a name that the file holds; of some, as in debug data alone, it holds none. */
async function readSections(elf: ElfFile, name: string): Promise<Uint8Array[]> {
  const named = elf.sections.filter((section) => section.name === name && section.type !== NOBITS);
  return Promise.all(named.map((section) => elf.read(section)));
}

async function readLiveupdate(elf: ElfFile): Promise<ImageFacts['liveupdate']> {
  const versions = await readSections(elf, '.liveupdate_versions');
  const features = await readSections(elf, '.liveupdate_features');
  if (versions.length === 0 && features.length === 0) return undefined;
  return {
    versions: [...new Set(versions.flatMap((bytes) => readVersionsSection(bytes, elf.bigEndian)))],
    features: features.flatMap((bytes) => readFeaturesSection(bytes, elf.bigEndian)),
  };
}

/** Name and release of a module: `name=` and the first word of `vermagic=` (kernel/module). */
function readModinfo(bytes: Uint8Array): { name: string; release?: string } {
  const text = `\0${Buffer.from(bytes).toString('latin1')}`;
  const name = /\0name=([\w-]+)\0/.exec(text)?.[1];
  if (name === undefined) throw new ToolError('IMAGE_CORRUPT', 'module: no name in .modinfo');
  const release = /\0vermagic=([!-~]+)/.exec(text)?.[1];
  return { name, ...(release === undefined ? {} : { release }) };
}
