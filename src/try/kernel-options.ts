/**
 * Options of a small kernel that a trial can use, over tinyconfig: what the guest program needs, KHO and LUO with their
 * trees in debugfs, and what lets a kernel tell of itself (BTF, its configuration). An option that a release does not have
 * has no effect there.
 */
export const TRIAL_OPTIONS: readonly string[] = [
  ...on('64BIT', 'PRINTK', 'PRINTK_TIME', 'BUG', 'EARLY_PRINTK', 'MULTIUSER', 'FUTEX', 'POSIX_TIMERS'),
  ...on('TTY', 'SERIAL_8250', 'SERIAL_8250_CONSOLE', 'SERIAL_AMBA_PL011', 'SERIAL_AMBA_PL011_CONSOLE'),
  ...on(
    'BLK_DEV_INITRD',
    'BINFMT_ELF',
    'PROC_FS',
    'PROC_SYSCTL',
    'SYSFS',
    'DEVTMPFS',
    'TMPFS',
    'SHMEM',
    'DEBUG_FS',
  ),
  ...on('DEVMEM', 'MEMFD_CREATE', 'EVENTFD', 'HUGETLBFS', 'CMA', 'RELOCATABLE', 'KALLSYMS', 'KALLSYMS_ALL'),
  ...on('KEXEC', 'KEXEC_CORE', 'KEXEC_FILE', 'KEXEC_HANDOVER', 'KEXEC_HANDOVER_DEBUGFS'),
  ...on('LIVEUPDATE', 'LIVEUPDATE_MEMFD', 'LIVEUPDATE_HUGETLB'),
  ...on('IKCONFIG', 'IKCONFIG_PROC', 'BPF_SYSCALL', 'DEBUG_KERNEL', 'DEBUG_INFO_DWARF4', 'DEBUG_INFO_BTF'),
  ...on('SPARSEMEM_MANUAL', 'SPARSEMEM_VMEMMAP', 'ARM64_4K_PAGES'),
  // An emulated processor unpacks other forms for a quarter of a second, and does byte for byte what a compiler makes of
  // memset() to save space.
  ...on('KERNEL_LZ4', 'CC_OPTIMIZE_FOR_PERFORMANCE', 'INIT_STACK_NONE'),
  // They keep KHO or a reader of memory from being built.
  ...off('SMP', 'DEFERRED_STRUCT_PAGE_INIT', 'STRICT_DEVMEM', 'RANDOMIZE_BASE', 'DEBUG_INFO_NONE', 'NUMA'),
  ...off('KERNEL_GZIP', 'CC_OPTIMIZE_FOR_SIZE', 'VT', 'LOCALVERSION_AUTO', 'KEXEC_HANDOVER_DEBUG'),
  'CONFIG_PANIC_TIMEOUT=-1',
  'CONFIG_LOG_BUF_SHIFT=18',
];

function on(...names: string[]): string[] {
  return names.map((name) => `CONFIG_${name}=y`);
}

function off(...names: string[]): string[] {
  return names.map((name) => `# CONFIG_${name} is not set`);
}
