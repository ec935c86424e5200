/*
 * What is wanted of a package of a kernel, whichever distribution it is from. R is uname -r:
 *   image     boot/vmlinuz-R   [usr/]lib/modules/R/vmlinuz
 *   vmlinux   usr/lib/debug/boot/vmlinux-R   usr/lib/debug/[usr/]lib/modules/R/vmlinux
 *   config    boot/config-R   [usr/]lib/modules/R/config   .config in the tree
 *   module    [usr/]lib/modules/R/ ... /vfio-pci.ko.xz
 *   tree      usr/src/linux-headers-R/   usr/src/kernels/R/
 */
import { UNAME_LIMIT } from './package-members-release.ts';

/** What a member is of a build. `vmlinux` is one with debug data, `autoconf` the options that are on. */
export type MemberKind = 'autoconf' | 'config' | 'image' | 'module' | 'release' | 'vmlinux';

/** A member that is wanted. */
export interface PackageMember {
  kind: MemberKind;
  /** Without './' in front. */
  path: string;
  /** uname -r as the path has it. */
  unameRelease: string;
}

const TREE = 'usr/src/(?:kernels/|(?!kernels/)(?:linux-headers-|linux-)?)([^/]+)';
const MODULES = '(?:usr/)?lib/modules/([^/]+)';

/** The unnamed group is uname -r. */
const PATTERNS: readonly { kind: MemberKind; pattern: RegExp }[] = [
  { kind: 'autoconf', pattern: new RegExp(`^${TREE}/include/config/auto\\.conf$`) },
  { kind: 'config', pattern: /^boot\/config-([^/]+)$/ },
  { kind: 'config', pattern: new RegExp(`^${MODULES}/config$`) },
  { kind: 'config', pattern: new RegExp(`^${TREE}/\\.config$`) },
  { kind: 'image', pattern: /^boot\/(?:vmlinuz|vmlinux|Image)-([^/]+?)(?:\.(?:gz|xz|zst))?$/ },
  { kind: 'image', pattern: new RegExp(`^${MODULES}/(?:vmlinuz|Image)$`) },
  { kind: 'module', pattern: new RegExp(`^${MODULES}/.+\\.ko(?:\\.(?:gz|xz|zst))?$`) },
  { kind: 'release', pattern: new RegExp(`^${TREE}/include/config/kernel\\.release$`) },
  { kind: 'vmlinux', pattern: /^usr\/lib\/debug\/boot\/vmlinux-([^/]+)$/ },
  { kind: 'vmlinux', pattern: new RegExp(`^usr/lib/debug/${MODULES}/vmlinux$`) },
];

/** PATH_MAX of Linux; longer ones are made to cost time. */
const PATH_LIMIT = 4096;
/** Passes all that a pattern matches; a tree has twenty thousand paths that need no closer look. */
const CANDIDATE = /^(?:\.?\/)*(?:boot|(?:usr\/)?lib)\/|\/(?:\.config|auto\.conf|kernel\.release)$/;

/**
 * Modules, by name with underscores, whose structs can be handed over: those of the components that may be
 * modules.
 */
const MODULE_NAMES: readonly RegExp[] = [
  /liveupdate|luo|memfd/,
  /vfio_pci/,
  /^iommufd/,
  /^kvm(?:_|$)/,
  /^(?:netkit|pci_lu_stub|rdma_rxe)$/,
];
const MODULE_FOLDERS: readonly RegExp[] = [/\/kernel\/virt\//];

/** What was looked for, for the message when nothing of it is there. */
export const LOOKED_FOR =
  'no kernel image (boot/vmlinuz-*, lib/modules/*/vmlinuz, vmlinux with debug data), no configuration, ' +
  'no module that hands over state, and no include/linux, not a kernel tree';

/** Where packages put a kernel tree. The path is as it stands in the package. */
const TREE_FOLDER = /^(?:\.?\/)?usr\/src\/(?:kernels\/[^/]+|(?!kernels\/)[^/]+)\//;

/**
 * What a path of a package is of a kernel's build; undefined for the rest. './' or '/' in front is as good as
 * none.
 */
export function recognizeMember(written: string): PackageMember | undefined {
  if (written.length > PATH_LIMIT || !CANDIDATE.test(written)) return undefined;
  const path = written.replace(/^(?:\.?\/)+/, '');
  for (const { kind, pattern } of PATTERNS) {
    const unameRelease = pattern.exec(path)?.[1];
    if (unameRelease === undefined || unameRelease.length > UNAME_LIMIT) continue;
    return kind === 'module' && !isModuleWanted(path) ? undefined : { kind, path, unameRelease };
  }
  return undefined;
}

/** The beginning of a path that leads to the top of a kernel tree, as it is written. */
export function findPackageTop(path: string): string | undefined {
  return TREE_FOLDER.exec(path)?.[0];
}

function isModuleWanted(path: string): boolean {
  const name = (/([^/]+?)\.ko[^/]*$/.exec(path)?.[1] ?? '').replaceAll('-', '_');
  return MODULE_NAMES.some((known) => known.test(name)) || MODULE_FOLDERS.some((known) => known.test(path));
}
