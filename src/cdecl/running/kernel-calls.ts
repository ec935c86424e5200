import type { Expression } from '../code/syntax.ts';
import { LISTS, LOOPS_OVER_LISTS } from './lists.ts';
import { NotRunnable } from './not-runnable.ts';
import type { Frame, KernelCall, KernelLoop, Place, Running } from './running.ts';
import { behind, pointerTo, type RunType, sizeOf, type Types, U64 } from './types.ts';

// What code of live update asks of the rest of the kernel, as far as it must be answered for that code to run.

const PAGE_SHIFT = 12n;
const PAGE_SIZE = 1n << PAGE_SHIFT;
/** From a physical address to the one that code uses. */
export const DIRECT_MAP = 0x1000_0000_0000n;
/** Where the descriptions of pages lie, and how long one is. */
const PAGES_AT = 0x2000_0000_0000n;
const DESCRIPTION = 1024n;

const NUMBERS = {
  NULL: 0n,
  false: 0n,
  true: 1n,
  PAGE_SHIFT,
  PAGE_SIZE,
  PAGE_MASK: -PAGE_SIZE,
  BITS_PER_BYTE: 8n,
  BITS_PER_LONG: 64n,
  MAX_PAGE_ORDER: 10n,
  NUMA_NO_NODE: -1n,
  ENOENT: 2n,
  E2BIG: 7n,
  ENOMEM: 12n,
  EFAULT: 14n,
  EEXIST: 17n,
  EINVAL: 22n,
  ENOSPC: 28n,
  ERANGE: 34n,
  EOPNOTSUPP: 95n,
  GFP_KERNEL: 1n,
  __GFP_ZERO: 2n,
  VM_ALLOC: 2n,
  VM_ALLOW_HUGE_VMAP: 0x400n,
  VM_UNINITIALIZED: 0x20n,
  VMALLOC_START: 0x4000_0000_0000n,
  VMALLOC_END: 0x5000_0000_0000n,
  PAGE_KERNEL: 1n,
  KASAN_VMALLOC_PROT_NORMAL: 4n,
  KASAN_VMALLOC_VM_ALLOC: 2n,
};
export const KERNEL_NUMBERS: ReadonlyMap<string, bigint> = new Map(Object.entries(NUMBERS));

/** What functions that others stand in for give, where it is no number. */
const RETURNED: ReadonlyMap<string, string> = new Map([
  ['find_vm_area', 'struct vm_struct'],
  ['__get_vm_area_node', 'struct vm_struct'],
  ['kho_restore_pages', 'struct page'],
]);

/** What a function of the rest of the kernel gives. */
export function returnTypeOf(name: string, types: Types): RunType {
  const known = RETURNED.get(name);
  return known === undefined ? U64 : pointerTo(types.named(known));
}

type Numbers = (...values: bigint[]) => bigint;

function bits(value: bigint): bigint {
  return BigInt(BigInt.asUintN(64, value).toString(2).length);
}

function trailing(value: bigint): bigint {
  if (value === 0n) throw new NotRunnable('the lowest bit of zero');
  let count = 0n;
  for (let rest = BigInt.asUintN(64, value); (rest & 1n) === 0n; rest >>= 1n) count += 1n;
  return count;
}

const smaller: Numbers = (a, b) => (a < b ? a : b);
const larger: Numbers = (a, b) => (a > b ? a : b);
const last = (value: bigint): bigint => (value === 0n ? 0n : bits(value));
const up = (value: bigint, to: bigint): bigint => ((value + to - 1n) / to) * to;
const physical = (at: bigint): bigint => at - DIRECT_MAP;
const virtual = (at: bigint): bigint => at + DIRECT_MAP;
/** The description of a page by the page's number. */
export const describing = (pfn: bigint): bigint => PAGES_AT + pfn * DESCRIPTION;
/** The number of a page by its description. */
export const described = (page: bigint): bigint => (page - PAGES_AT) / DESCRIPTION;

/** Functions of numbers alone. */
const NUMERIC: Readonly<Record<string, Numbers>> = {
  min: smaller,
  max: larger,
  umin: smaller,
  umax: larger,
  ilog2: (a) => bits(a) - 1n,
  __fls: (a) => bits(a) - 1n,
  fls: last,
  fls64: last,
  fls_long: last,
  __ffs: trailing,
  __ffs64: trailing,
  ffs: (a) => (a === 0n ? 0n : trailing(a) + 1n),
  count_trailing_zeros: trailing,
  get_order: (size) => last((size - 1n) >> PAGE_SHIFT),
  ALIGN: up,
  round_up: up,
  roundup: up,
  ALIGN_DOWN: (a, to) => (a / to) * to,
  round_down: (a, to) => (a / to) * to,
  DIV_ROUND_UP: (a, by) => (a + by - 1n) / by,
  PAGE_ALIGN: (a) => up(a, PAGE_SIZE),
  BIT: (a) => 1n << a,
  BIT_ULL: (a) => 1n << a,
  IS_ERR: (a) => (a < 0n && a >= -4095n ? 1n : 0n),
  IS_ERR_OR_NULL: (a) => (a === 0n || (a < 0n && a >= -4095n) ? 1n : 0n),
  PTR_ERR: (a) => a,
  PTR_ERR_OR_ZERO: (a) => (a < 0n && a >= -4095n ? a : 0n),
  slab_is_available: () => 1n,
  IS_ALIGNED: (a, to) => (a % to === 0n ? 1n : 0n),
  pfn_to_nid: () => 0n,
  early_pfn_to_nid: () => 0n,
  virt_to_phys: physical,
  __pa: physical,
  PHYS_PFN: (a) => a >> PAGE_SHIFT,
  PFN_DOWN: (a) => a >> PAGE_SHIFT,
  PFN_UP: (a) => up(a, PAGE_SIZE) >> PAGE_SHIFT,
  PFN_PHYS: (a) => a << PAGE_SHIFT,
  virt_to_pfn: (a) => physical(a) >> PAGE_SHIFT,
  page_to_pfn: described,
  folio_pfn: described,
  page_to_phys: (page) => described(page) << PAGE_SHIFT,
  free_page: () => 0n,
  __free_page: () => 0n,
  kfree: () => 0n,
  kvfree: () => 0n,
};

/** Functions that give an address, with what lies there. */
const ADDRESSING: Readonly<Record<string, readonly [to: string, Numbers]>> = {
  phys_to_virt: ['void', virtual],
  __va: ['void', virtual],
  pfn_to_page: ['struct page', describing],
  pfn_to_online_page: ['struct page', describing],
  pfn_folio: ['struct folio', describing],
  phys_to_page: ['struct page', (at) => describing(at >> PAGE_SHIFT)],
  virt_to_page: ['struct page', (at) => describing(physical(at) >> PAGE_SHIFT)],
  page_folio: ['struct folio', (page) => page],
  virt_to_folio: ['struct folio', (at) => describing(physical(at) >> PAGE_SHIFT)],
  page_address: ['void', (page) => virtual(described(page) << PAGE_SHIFT)],
  page_to_virt: ['void', (page) => virtual(described(page) << PAGE_SHIFT)],
  folio_address: ['void', (page) => virtual(described(page) << PAGE_SHIFT)],
  ERR_PTR: ['void', (value) => value],
  ERR_CAST: ['void', (value) => value],
};

function valuesOf(run: Running, args: readonly Expression[], frame: Frame): bigint[] {
  return args.map((arg) => run.evaluate(arg, frame).value);
}

/** A function of some values, which takes that many. */
function numeric(does: Numbers): (...of: Parameters<KernelCall>) => bigint {
  return (run, args, frame) => {
    if (args.length < does.length) throw new NotRunnable(`${args.length} values of ${does.length}`);
    return does(...valuesOf(run, args, frame));
  };
}

function addressing([to, does]: readonly [string, Numbers]): KernelCall {
  const value = numeric(does);
  return (run, args, frame) => ({ value: value(run, args, frame), type: pointerTo(run.types.named(to)) });
}

/** What stands there, as it is. */
const itself: KernelCall = (run, [value], frame) => run.evaluate(value as Expression, frame);

/** Memory for something of the type that a place has, or a number of them. */
const allocated: KernelCall = (run, [one, count], frame) => {
  const { type } = placeTypeOf(one as Expression, run, frame);
  const number = count && count.op !== 'name' ? Number(run.evaluate(count, frame).value) : 1;
  return { value: run.allocate(sizeOf(type) * number), type: pointerTo(type) };
};

function placeTypeOf(one: Expression, run: Running, frame: Frame): { type: RunType } {
  if (one.op === 'type' && one.type) return { type: run.types.of(one.type) };
  if (one.op === 'deref') {
    // Where it leads to is not there yet.
    const { type } = run.placeOf(one.args[0] as Expression, frame);
    return { type: behind(type) };
  }
  return run.placeOf(one, frame);
}

const bytes: KernelCall = (run, [size], frame) => ({
  value: run.allocate(Number(run.evaluate(size as Expression, frame).value)),
  type: { name: 'void', stars: 1 },
});

function bitAt(
  run: Running,
  [index, row]: readonly Expression[],
  frame: Frame,
): { place: Place; mask: bigint } {
  const at = run.evaluate(index as Expression, frame).value;
  const { value } = run.evaluate(row as Expression, frame);
  return { place: { at: Number(value) + Number(at >> 6n) * 8, type: U64 }, mask: 1n << (at & 63n) };
}

function settingBits(how: (value: bigint, mask: bigint) => bigint): KernelCall {
  return (run, args, frame) => {
    const { place, mask } = bitAt(run, args, frame);
    run.store(place, how(run.load(place).value, mask));
    return 0n;
  };
}

const setBit = settingBits((value, mask) => value | mask);
const clearBit = settingBits((value, mask) => value & ~mask);

/** Memory for a number of things of a size. */
const row = numeric((count, size) => count * size);
const rows: KernelCall = (run, args, frame) => run.allocate(Number(row(run, args.slice(0, 2), frame)));

const CALLS: Readonly<Record<string, KernelCall>> = {
  ...Object.fromEntries(Object.entries(NUMERIC).map(([name, does]) => [name, numeric(does)])),
  ...Object.fromEntries(Object.entries(ADDRESSING).map(([name, does]) => [name, addressing(does)])),
  ...LISTS,
  ...Object.fromEntries(
    ['WARN_ON', 'WARN_ON_ONCE', 'likely', 'unlikely', 'READ_ONCE', 'get_unaligned'].map((name) => [
      name,
      itself,
    ]),
  ),
  IS_ENABLED: () => 0n,
  __builtin_return_address: () => 0n,
  min_t: (run, [, ...args], frame) => numeric(smaller)(run, args, frame),
  max_t: (run, [, ...args], frame) => numeric(larger)(run, args, frame),
  ARRAY_SIZE: (run, [row], frame) => {
    const { count } = run.placeOf(row as Expression, frame).type;
    if (!count) throw new NotRunnable('a row of a length that is not told');
    return BigInt(count);
  },
  kzalloc_obj: allocated,
  kmalloc_obj: allocated,
  kvmalloc_objs: allocated,
  kvzalloc_objs: allocated,
  kzalloc_objs: allocated,
  kzalloc: bytes,
  kmalloc: bytes,
  kvmalloc: bytes,
  kho_alloc_preserve: bytes,
  kvmalloc_array: rows,
  kcalloc: rows,
  get_zeroed_page: (run) => run.allocate(1),
  memset: (run, args, frame) => {
    const [at, value, size] = valuesOf(run, args, frame) as [bigint, bigint, bigint];
    run.memory.fill(Number(at), Number(size), Number(value & 0xffn));
    return at;
  },
  memcpy: (run, args, frame) => {
    const [to, from, size] = valuesOf(run, args, frame) as [bigint, bigint, bigint];
    run.memory.copy(Number(to), Number(from), Number(size));
    return to;
  },
  set_bit: setBit,
  __set_bit: setBit,
  clear_bit: clearBit,
  __clear_bit: clearBit,
  test_bit: (run, args, frame) => {
    const { place, mask } = bitAt(run, args, frame);
    return (run.load(place).value & mask) === 0n ? 0n : 1n;
  },
};

/** Calls of the kernel around by their names. */
export const KERNEL_CALLS: ReadonlyMap<string, KernelCall> = new Map(Object.entries(CALLS));

const OWN_LOOPS: Readonly<Record<string, KernelLoop>> = {
  ...LOOPS_OVER_LISTS,
  scoped_guard: () => [undefined],
  *for_each_set_bit(run, [counter, row, size], frame) {
    const place = run.placeOf(counter as Expression, frame);
    const { value: at } = run.evaluate(row as Expression, frame);
    const { value: most } = run.evaluate(size as Expression, frame);
    for (let word = 0n; word * 64n < most; word += 1n) {
      run.step();
      const found = run.memory.load(Number(at + word * 8n), 8, false);
      if (found === 0n) continue;
      for (let bit = 0n; bit < 64n && word * 64n + bit < most; bit += 1n)
        if ((found >> bit) & 1n) {
          run.store(place, word * 64n + bit);
          yield;
        }
    }
  },
};

/** Macros that run what follows them some times: what they yield for is one time. */
export const LOOPS: ReadonlyMap<string, KernelLoop> = new Map(Object.entries(OWN_LOOPS));
