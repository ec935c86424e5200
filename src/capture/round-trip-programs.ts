import { described, describing, emptyList, type Run, type StandIns, U64 } from '../cdecl/index.ts';

// What is handed over and taken back to see whether a kernel reads what it writes. Writing and reading run apart: what the
// first returns is all that the second knows beside the memory itself.

export interface RoundTrip {
  /** The component whose code it runs. */
  readonly component: string;
  readonly name: string;
  /** What is done, in words: `100 entries are written to blocks`. */
  readonly does: string;
  /** The functions of the kernel that `write` calls, and those that `read` calls; the first of each is the one to look at. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /**
   * What came back is seen through functions that are stood in for: code that has none of those of a group goes a way that is
   * not known here, and what is not seen of it is not lost.
   */
  readonly seenThrough: readonly (readonly string[])[];
  /** Hands something over; each number of it is known to `read`. */
  write(run: Run): bigint[];
  /** Whether what was handed over is all there. */
  read(run: Run, handed: readonly bigint[]): boolean;
}

/** Nothing stands in some members, where they are declared. What a struct begins with beside is not known: code that reads it is not followed. */
function empty(run: Run, at: bigint, tag: string, members: readonly string[]): void {
  for (const name of members) if (run.types.shape(tag).member(name)) run.set(at, tag, name, 0n);
}

const PER_BLOCK = 5n;
const ENTRY_SIZE = 32n;

function blockSet(run: Run): bigint {
  const set = run.make('kho_block_set');
  emptyList(run, BigInt(run.member(set, 'kho_block_set', 'blocks').at));
  run.set(set, 'kho_block_set', 'entry_size', ENTRY_SIZE);
  run.set(set, 'kho_block_set', 'count_per_block', PER_BLOCK);
  empty(run, set, 'kho_block_set', ['nblocks', 'head_pa', 'incoming']);
  return set;
}

function iterator(run: Run, set: bigint): bigint {
  const it = run.make('kho_block_set_it');
  run.call('kho_block_set_it_init', it, set);
  return it;
}

function blocks(count: number): RoundTrip {
  return {
    component: 'kho-block',
    name: `blocks ${count}`,
    does: `entries are written to blocks, ${count} of them`,
    writers: [
      'kho_block_set_it_reserve_entry',
      'kho_block_set_grow',
      'kho_block_set_head_pa',
      'kho_block_set_it_init',
    ],
    readers: ['kho_block_set_it_read_entry', 'kho_block_set_it_init', 'kho_block_set_restore'],
    seenThrough: [],
    write(run) {
      const set = blockSet(run);
      if (run.call('kho_block_set_grow', set, BigInt(count)) !== 0n) return [];
      const it = iterator(run, set);
      for (let index = 1; index <= count; index += 1) {
        const entry = run.call('kho_block_set_it_reserve_entry', it);
        if (entry === 0n) return [];
        run.store({ at: Number(entry), type: U64 }, BigInt(index));
      }
      return [run.call('kho_block_set_head_pa', set)];
    },
    read(run, [head]) {
      const set = blockSet(run);
      if (head === undefined || run.call('kho_block_set_restore', set, head) !== 0n) return false;
      const it = iterator(run, set);
      for (let index = 1; index <= count; index += 1) {
        const entry = run.call('kho_block_set_it_read_entry', it);
        if (entry === 0n || run.load({ at: Number(entry), type: U64 }).value !== BigInt(index)) return false;
      }
      return run.call('kho_block_set_it_read_entry', it) === 0n;
    },
  };
}

/** Pages that are no neighbours. */
function scattered(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => 0x10_0000n + BigInt((index * 7919) % 65_521) * 8n);
}

function vmalloc(count: number): RoundTrip {
  const pfns = scattered(count);
  return {
    component: 'kho',
    name: `vmalloc ${count}`,
    does: `an area of vmalloc is handed over, ${count} pages of it`,
    writers: ['kho_preserve_vmalloc'],
    readers: ['kho_restore_vmalloc'],
    seenThrough: [['kho_restore_pages'], ['vmap_pages_range', 'vmap']],
    write(run) {
      const area = run.make('vm_struct');
      const rows = run.allocate(8 * count);
      for (const [index, pfn] of pfns.entries())
        run.store({ at: Number(rows) + 8 * index, type: U64 }, describing(pfn));
      run.set(area, 'vm_struct', 'flags', 2n);
      run.set(area, 'vm_struct', 'nr_pages', BigInt(count));
      run.set(area, 'vm_struct', 'pages', rows);
      run.standIn({
        find_vm_area: () => area,
        get_vm_area_page_order: () => 0n,
        kho_preserve_pages: () => 0n,
      });
      const record = run.allocate(run.types.shape('kho_vmalloc').size);
      return run.call('kho_preserve_vmalloc', 0x4000_0000_0000n, record) === 0n ? [record] : [];
    },
    read(run, [record]) {
      const mapped: bigint[] = [];
      const map = (rows = 0n): void => {
        for (let index = 0; index < count; index += 1)
          mapped.push(described(run.load({ at: Number(rows) + 8 * index, type: U64 }).value));
      };
      const area = run.make('vm_struct');
      run.set(area, 'vm_struct', 'addr', 0x4000_1000_0000n);
      run.standIn({
        kho_restore_pages: (at = 0n) => describing(at >> 12n),
        __get_vm_area_node: () => area,
        get_vm_area_size: () => BigInt(count) * 4096n,
        vmap_pages_range: (_from, _to, _protection, rows) => {
          map(rows);
          return 0n;
        },
        vmap: (rows) => {
          map(rows);
          return 0x4000_1000_0000n;
        },
        kasan_unpoison_vmalloc: (at = 0n) => at,
        clear_vm_uninitialized_flag: () => 0n,
      });
      if (record === undefined || run.call('kho_restore_vmalloc', record) === 0n) return false;
      return mapped.length === count && pfns.every((pfn, index) => mapped[index] === pfn);
    },
  };
}

/** Keys in the radix tree; earlier kernels put pages there, by number and order. */
function keeping(keys: bigint[][]): StandIns {
  return {
    kho_radix_add_key: (_tree, key = 0n) => {
      keys.push([0n, key]);
      return 0n;
    },
    kho_radix_add_page: (_tree, pfn = 0n, order = 0n) => {
      keys.push([pfn << 12n, order]);
      return 0n;
    },
  };
}

/** The functions that `keeping` stands in for. */
const KEEPING = Object.keys(keeping([]));

/** What the incoming kernel does at boot with each that `keeping` noted. */
function reserve(run: Run, handed: readonly bigint[]): void {
  for (let at = 0; at < handed.length; at += 2) {
    const [page = 0n, key = 0n] = handed.slice(at, at + 2);
    if (page === 0n) run.call('kho_preserved_memory_reserve', key, 0n);
    else run.call('kho_preserved_memory_reserve', page, key);
  }
}

/** The users of pages by the number of the page, as they are set from now on. */
function countingUsers(run: Run): ReadonlyMap<bigint, bigint> {
  const users = new Map<bigint, bigint>();
  run.standIn({
    set_page_count: (page = 0n, count = 0n) => {
      users.set(described(page), count);
      return 0n;
    },
  });
  return users;
}

function pages(first: bigint, count: bigint): RoundTrip {
  return {
    component: 'kho',
    name: `pages ${first} ${count}`,
    does: `${count} pages are kept, from page ${first} on`,
    writers: ['kho_preserve_pages'],
    readers: ['kho_restore_pages', 'kho_preserved_memory_reserve'],
    seenThrough: [KEEPING, ['set_page_count']],
    write(run) {
      const keys: bigint[][] = [];
      run.standIn(keeping(keys));
      return run.call('kho_preserve_pages', describing(first), count) === 0n ? keys.flat() : [];
    },
    read(run, handed) {
      const users = countingUsers(run);
      if (handed.length === 0) return false;
      reserve(run, handed);
      if (run.call('kho_restore_pages', first << 12n, count) !== describing(first)) return false;
      for (let pfn = first; pfn < first + count; pfn += 1n) if (users.get(pfn) !== 1n) return false;
      return true;
    },
  };
}

const ORDER = 3n;

/** A page of a higher order, with its head and its tails. */
const folio: RoundTrip = {
  component: 'kho',
  name: 'folio',
  does: 'a folio of eight pages is kept',
  writers: ['kho_preserve_folio'],
  readers: ['kho_restore_folio', 'kho_preserved_memory_reserve'],
  seenThrough: [KEEPING, ['set_page_count'], ['prep_compound_page']],
  write(run) {
    const keys: bigint[][] = [];
    run.standIn({ ...keeping(keys), folio_order: () => ORDER });
    return run.call('kho_preserve_folio', describing(0x1_0008n)) === 0n ? keys.flat() : [];
  },
  read(run, handed) {
    let order = 0n;
    const users = countingUsers(run);
    run.standIn({
      prep_compound_page: (_page, of = 0n) => {
        order = of;
        return 0n;
      },
    });
    if (handed.length === 0) return false;
    reserve(run, handed);
    const isIt = run.call('kho_restore_folio', 0x1000_8000n) === describing(0x1_0008n);
    return isIt && order === ORDER && users.get(0x1_0008n) === 1n;
  },
};

/** Pages by number and order. */
const PAGES: readonly (readonly [pfn: bigint, order: bigint])[] = [
  [0x12_3456n, 0n],
  [0x12_3457n, 0n],
  // The last of its leaf, and one in tables of its own.
  [0x12_7fffn, 0n],
  [0x1f_edcb_a987n, 0n],
];

const radix: RoundTrip = {
  component: 'kho',
  name: 'radix tree',
  does: 'pages are put into the radix tree',
  writers: ['kho_radix_add_key', 'kho_radix_add_page', 'kho_encode_radix_key'],
  readers: ['kho_radix_walk_tree', 'kho_decode_radix_key'],
  seenThrough: [],
  write(run) {
    const tree = run.make('kho_radix_tree');
    const root = run.allocate(4096);
    run.set(tree, 'kho_radix_tree', 'root', root);
    for (const [pfn, order] of PAGES) {
      const error = run.knows('kho_radix_add_key')
        ? run.call('kho_radix_add_key', tree, run.call('kho_encode_radix_key', pfn << 12n, order))
        : run.call('kho_radix_add_page', tree, pfn, order);
      if (error !== 0n) return [];
    }
    return [root];
  },
  read(run, [root]) {
    if (root === undefined) return false;
    const tree = run.make('kho_radix_tree');
    run.set(tree, 'kho_radix_tree', 'root', root);
    const found: string[] = [];
    run.standIn({
      'found a key': (key = 0n) => {
        const order = run.allocate(8);
        const phys = run.call('kho_decode_radix_key', key, order);
        found.push(`${phys >> 12n} ${run.load({ at: Number(order), type: ORDER_TYPE }).value}`);
        return 0n;
      },
      'found a page': (phys = 0n, order = 0n) => {
        found.push(`${phys >> 12n} ${order}`);
        return 0n;
      },
    });
    return (
      walk(run, tree) === 0n &&
      found.sort().join() ===
        PAGES.map((one) => one.join(' '))
          .sort()
          .join()
    );
  },
};

const ORDER_TYPE = { name: 'u32', stars: 0 };

function walk(run: Run, tree: bigint): bigint {
  if (!run.knows('kho_radix_add_key'))
    return run.call('kho_radix_walk_tree', tree, run.addressOf('found a page'));
  const calls = run.make('kho_radix_walk_cb');
  empty(run, calls, 'kho_radix_walk_cb', ['node']);
  run.set(calls, 'kho_radix_walk_cb', 'leaf', run.addressOf('found a key'));
  return run.call('kho_radix_walk_tree', tree, calls, 0n);
}

/** All that is tried. */
export const ROUND_TRIPS: readonly RoundTrip[] = [
  blocks(1),
  blocks(5),
  blocks(12),
  vmalloc(515),
  pages(0x1_0000n, 64n),
  pages(0x1_0003n, 21n),
  folio,
  radix,
];
