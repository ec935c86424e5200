import type { ImageMemory } from '../formats/image-memory.ts';
import type { KernelStrings } from '../formats/kernel-strings.ts';
import type { SymbolTable } from '../formats/symbols.ts';

/** Where a build's configuration was read from. */
export type ConfigOrigin = 'file' | 'ikconfig' | 'package';

/** One row of the proposed ELF section `.liveupdate_features`. Bit sets are decimal strings of unsigned 64-bit numbers. */
export interface FeatureRow {
  name: string;
  supported: string;
  required: string;
  active: string;
}

/** What a build says of itself: read from its image, its package or the running system, never from source. */
export interface BuildFacts {
  /** As uname names it: `x86_64`, `aarch64`; undefined where nothing says it. */
  machine?: string;
  /** uname -r of the build: `7.3.4+deb13-amd64`. */
  unameRelease?: string;
  /** CONFIG_* to value as readConfig gives it; `path` is the file or member that held it. */
  config?: { values: ReadonlyMap<string, string>; from: ConfigOrigin; path: string };
  /** Raw BTF of the kernel itself (a `.BTF` section, or /sys/kernel/btf/vmlinux). */
  btf?: { bytes: Uint8Array; path: string };
  /** Raw split BTF of modules, by module name. */
  moduleBtf: { name: string; bytes: Uint8Array; path: string }[];
  /** The strings of the image's initialized data, read-only or not; undefined where no image is at hand. */
  strings?: KernelStrings;
  /** The same data by address; undefined where the image has no addresses. */
  memory?: ImageMemory;
  /** Where the build's symbols lie: of a vmlinux, or from System.map or /proc/kallsyms. */
  symbols?: SymbolTable;
  /** The linker's build ID in hexadecimal, by which two files are known to be of one build (`.notes`, /sys/kernel/notes). */
  buildId?: string;
  /** The proposed sections by which a kernel says what it accepts; undefined where the image has neither. */
  liveupdate?: { versions: readonly string[]; features: readonly FeatureRow[] };
  /** The `compatible` list at the root of the tree that a running kernel is about to hand over. */
  handedOver?: { compatible: readonly string[]; path: string };
  /** Whether KHO works in a running kernel, where something besides its command line shows that, and what does. */
  khoWorks?: { isWorking: boolean; shownBy: string };
  /** The command line that a running kernel was booted with. */
  commandLine?: string;
  /** What could not be looked for, in sentences without a full stop. */
  notes?: readonly string[];
  /** The image itself, where it was asked for (ReadOptions.keepImage); never a vmlinux with debug data. */
  image?: { bytes: Uint8Array; sha256: string };
  /** What was read: members of packages by their path, files by their base name, with the SHA-256 of their bytes. */
  files: { path: string; sha256: string }[];
}
