// Where the rest of the kernel calls live update, function by function.

export interface Hook {
  component: 'kho' | 'luo';
  /** The function that is called. */
  calls: string;
  /** Which kernel relies on it; both where it is left out. */
  side?: 'reads' | 'writes';
  /** Where it is called, in one kernel or another. */
  files: readonly string[];
  /** A header that declares it, where it is no live-update code itself. */
  declaredIn?: string;
  /** What the targets begin with that are built from these files; all where it is left out. */
  architecture?: 'arm64' | 'x86_64';
  /** A call from elsewhere is another one. */
  isHereAlone?: true;
  /** What is called behind it, where one function calls both. */
  before?: readonly string[];
  /** An error that it gives must end what called it. */
  isObeyed?: true;
}

const MEMBLOCK = 'include/linux/memblock.h';

const ON_THE_WAY_OUT: readonly Hook[] = [
  {
    component: 'luo',
    calls: 'liveupdate_reboot',
    side: 'writes',
    files: ['kernel/kexec_core.c', 'kernel/reboot.c'],
    isObeyed: true,
  },
  {
    component: 'kho',
    calls: 'kho_fill_kimage',
    side: 'writes',
    files: ['kernel/kexec_file.c'],
    isObeyed: true,
  },
  {
    component: 'kho',
    calls: 'kho_locate_mem_hole',
    side: 'writes',
    files: ['kernel/kexec_file.c'],
    isObeyed: true,
  },
];

const ON_THE_WAY_UP: readonly Hook[] = [
  {
    component: 'kho',
    calls: 'kho_memory_init',
    side: 'reads',
    files: ['mm/mm_init.c'],
    // All memory that nobody keeps is given away there.
    before: ['memblock_free_all'],
  },
  {
    component: 'kho',
    calls: 'kho_memory_init_early',
    side: 'reads',
    files: ['mm/mm_init.c'],
    // Both ask for the areas that it maps.
    before: ['hugetlb_bootmem_alloc', 'memmap_init'],
  },
  {
    component: 'kho',
    calls: 'kho_populate',
    side: 'reads',
    files: ['arch/x86/kernel/setup.c'],
    architecture: 'x86_64',
  },
  {
    component: 'kho',
    calls: 'process_kho_entries',
    side: 'reads',
    files: ['arch/x86/boot/compressed/kaslr.c'],
    architecture: 'x86_64',
  },
  {
    component: 'kho',
    calls: 'kho_populate',
    side: 'reads',
    files: ['drivers/of/fdt.c'],
    architecture: 'arm64',
  },
  {
    component: 'kho',
    calls: 'is_kho_boot',
    side: 'reads',
    files: ['drivers/firmware/efi/efi-init.c'],
    architecture: 'arm64',
    isHereAlone: true,
  },
];

/** What keeps early memory, and later what cannot move, apart from what was handed over or will be. */
const SCRATCH: readonly Hook[] = [
  // Its blocks are those that the next hand-over lays its kernel into.
  { component: 'kho', calls: 'kho_scratch_migratetype', files: ['mm/mm_init.c'] },
  {
    component: 'kho',
    calls: 'memblock_is_kho_scratch',
    side: 'reads',
    files: ['mm/memblock.c'],
    declaredIn: MEMBLOCK,
    isHereAlone: true,
  },
  {
    component: 'kho',
    calls: 'memblock_clear_kho_scratch_only',
    side: 'reads',
    files: ['mm/memblock.c', 'mm/mm_init.c'],
    declaredIn: MEMBLOCK,
  },
  {
    component: 'kho',
    calls: 'memblock_mark_kho_scratch',
    side: 'reads',
    files: ['arch/x86/kernel/e820.c'],
    declaredIn: MEMBLOCK,
    architecture: 'x86_64',
    isHereAlone: true,
  },
  {
    component: 'kho',
    calls: 'memblock_clear_kho_scratch',
    side: 'reads',
    files: ['arch/x86/realmode/init.c'],
    declaredIn: MEMBLOCK,
    architecture: 'x86_64',
    isHereAlone: true,
  },
];

export const HOOKS: readonly Hook[] = [...ON_THE_WAY_OUT, ...ON_THE_WAY_UP, ...SCRATCH];

/** What no entry point of a component's definition reaches and its data depends on all the same, by the component. */
export const ENTERED: Readonly<Partial<Record<string, readonly string[]>>> = {
  kho: [
    // The next kernel is laid where nothing is kept.
    'kho_locate_mem_hole',
    'kho_parse_enable',
    'kho_is_enabled',
    // Until what was kept is known, early memory is taken from nowhere else.
    'memblock_set_kho_scratch_only',
    'memblock_clear_kho_scratch_only',
    'memblock_mark_kho_scratch',
    'memblock_clear_kho_scratch',
    'choose_memblock_flags',
    'should_skip_region',
    // What lies in the pages of what was kept stays.
    'memblock_reserved_mark_noinit',
    'memmap_init_reserved_pages',
  ],
  luo: [
    'early_liveupdate_param',
    'liveupdate_enabled',
    // How user space has things preserved, retrieved and finished.
    'liveupdate_ioctl_init',
    'luo_release',
    'luo_ioctl',
    'luo_ioctl_create_session',
    'luo_ioctl_retrieve_session',
    'luo_session_ioctl',
    'luo_session_preserve_fd',
    'luo_session_retrieve_fd',
    'luo_session_finish',
    'luo_session_release',
  ],
  // What is kept, and what becomes of it where it is asked for.
  memfd: ['memfd_luo_can_preserve', 'memfd_luo_get_id'],
  'reserve-mem': ['reserve_mem', 'reserve_mem_find_by_name', 'reserve_mem_release_by_name'],
};
