import { computed, constant, keyOf, leaf, ofPage, type Sum } from './symbol.ts';
import type { CodeType, Expression } from './syntax.ts';

/** What is known where an expression stands. */
export interface Scope {
  local(name: string): Sum;
  /** A number with pages of 4, 16 and 64 KiB, with blanks between; undefined for one that handed-over data do not define. */
  numbersOf(name: string): string | undefined;
  /** The bytes of a struct that is handed over; undefined for any other. */
  sizeOf(struct: string): number | undefined;
  /** What all code around keeps in a member, as one text: where that differs, the member means something else. */
  storesOf(member: string): string;
}

type Operation = (...values: bigint[]) => bigint;
type Args = readonly [bigint, bigint];

const OPERATIONS = {
  '+': (...[a, b]) => a + b,
  '-': (...[a, b]) => a - b,
  '*': (...[a, b]) => a * b,
  '/': (...[a, b]) => (b === 0n ? 0n : a / b),
  '%': (...[a, b]) => (b === 0n ? 0n : a % b),
  '&': (...[a, b]) => a & b,
  '|': (...[a, b]) => a | b,
  '^': (...[a, b]) => a ^ b,
  '<<': (...[a, b]) => a << (b & 63n),
  '>>': (...[a, b]) => a >> (b & 63n),
  up: (...[a, b]) => (b === 0n ? 0n : ((a + b - 1n) / b) * b),
  down: (...[a, b]) => (b === 0n ? 0n : (a / b) * b),
  over: (...[a, b]) => (b === 0n ? 0n : (a + b - 1n) / b),
} satisfies Readonly<Record<string, (...values: Args) => bigint>>;

function apply(operation: keyof typeof OPERATIONS, left: Sum, right: Sum): Sum {
  return computed([left, right], OPERATIONS[operation] as Operation);
}

const SHIFT = ofPage((shift) => shift);
const SIZE = ofPage((shift) => 1n << shift);

/** What functions and macros of the whole kernel compute; a page is known by its address. */
const FUNCTIONS: ReadonlyMap<string, (...args: [Sum, Sum]) => Sum> = new Map(
  Object.entries<(...args: [Sum, Sum]) => Sum>({
    PHYS_PFN: (at) => apply('>>', at, SHIFT),
    PFN_DOWN: (at) => apply('>>', at, SHIFT),
    PFN_UP: (at) => apply('over', at, SIZE),
    PFN_PHYS: (page) => apply('<<', page, SHIFT),
    PAGE_ALIGN: (at) => apply('up', at, SIZE),
    ALIGN: (at, to) => apply('up', at, to),
    round_up: (at, to) => apply('up', at, to),
    ALIGN_DOWN: (at, to) => apply('down', at, to),
    round_down: (at, to) => apply('down', at, to),
    DIV_ROUND_UP: (at, by) => apply('over', at, by),
    page_to_pfn: (page) => apply('>>', called('page_to_phys', [page]), SHIFT),
    folio_pfn: (folio) => apply('>>', called('page_to_phys', [folio]), SHIFT),
    virt_to_pfn: (at) => apply('>>', called('virt_to_phys', [at]), SHIFT),
    __pa: (at) => called('virt_to_phys', [at]),
    __va: (at) => called('phys_to_virt', [at]),
    pfn_to_page: (page) => called('phys_to_page', [apply('<<', page, SHIFT)]),
    pfn_folio: (page) => called('phys_to_page', [apply('<<', page, SHIFT)]),
    virt_to_page: (at) => called('phys_to_page', [called('virt_to_phys', [at])]),
  }),
);

const NAMES: ReadonlyMap<string, Sum> = new Map(
  Object.entries<Sum>({
    PAGE_SHIFT: SHIFT,
    PAGE_SIZE: SIZE,
    PAGE_MASK: ofPage((shift) => ~((1n << shift) - 1n)),
    NULL: constant(0n),
    false: constant(0n),
    true: constant(1n),
    BITS_PER_BYTE: constant(8n),
    BITS_PER_LONG: constant(64n),
  }),
);

const UNITS: Readonly<Record<string, bigint>> = { '': 0n, K: 10n, M: 20n, G: 30n };

/** A call that is not computed: it is its name and what is handed to it. */
export function called(name: string, args: readonly Sum[]): Sum {
  return leaf(`${name}(${args.map(keyOf).join()})`);
}

/** A sink under the name and in the unit that all that take a page are known by. */
export function normalSink(name: string, at: number, value: Sum): { name: string; value: Sum } {
  if (at === 0 && /^(?:pfn_to_page|pfn_folio|PFN_PHYS)$/.test(name))
    return { name: 'phys_to_page', value: apply('<<', value, SHIFT) };
  if (at > 0 || !/^(?:__va|phys_to_virt|phys_to_page|kho_restore_\w+)$/.test(name)) return { name, value };
  return { name: name === '__va' ? 'phys_to_virt' : name, value: { ...value, isPaged: true } };
}

/** What an expression comes to. */
export function evaluate(value: Expression, scope: Scope): Sum {
  const { op, text = '', args, type } = value;
  const inner = (at: number): Sum => evaluate(args[at] as Expression, scope);
  if (op === 'local') return scope.local(text);
  if (op === 'number') return /^\d+$/.test(text) ? constant(BigInt(text)) : leaf(`number ${text}`);
  if (op === 'name') return named(text, scope);
  if (op === 'wire') return leaf(`wire ${text}`);
  if (op === 'cast' && type) return cast(inner(0), type);
  if (op === 'sizeof-type' && type) return sizeOf(type, scope);
  if (op === 'neg') return computed([inner(0)], ((a: bigint) => -a) as Operation);
  if (op === '~') return computed([inner(0)], ((a: bigint) => ~a) as Operation);
  if (op === '=') return inner(1);
  if (op in OPERATIONS && args.length === 2)
    return arithmetic(op as keyof typeof OPERATIONS, inner(0), inner(1), scope);
  if (op === 'call') return callOf(value, scope);
  if (op === '?:')
    return choice(inner(1), inner(2), () => leaf(`?:(${args.map((_, at) => keyOf(inner(at))).join()})`));
  if (op === 'index' || op === 'deref') {
    const data = dataBehind(inner(0));
    if (data !== undefined) return leaf(data);
  }
  // A part of a union, or of a struct that is handed over as a whole.
  if (op === 'member' && args[0]?.op !== 'deref') {
    const [only = ''] = inner(0).leaves;
    if (only.startsWith('wire ')) return leaf(only);
  }
  const kept = op === 'member' ? scope.storesOf(text) : '';
  const unknown = leaf(`${op} ${text}(${args.map((_, at) => keyOf(inner(at))).join()}) ${kept}`);
  return value.points ? { ...unknown, steps: value.points } : unknown;
}

/** Nothing where there is none: the other is meant. */
function choice(yes: Sum, no: Sum, either: () => Sum): Sum {
  const isNone = ({ leaves, exact }: Sum): boolean => leaves.size === 0 && exact[0] === 0n;
  if (isNone(no)) return yes;
  return isNone(yes) ? no : either();
}

/** What lies behind a pointer into handed-over data, or in a row of it. */
function dataBehind({ leaves }: Sum): string | undefined {
  const [only, ...others] = leaves;
  if (only === undefined || others.length > 0) return undefined;
  if (only.startsWith('property ')) return `wire ${only}`;
  return only.startsWith('wire ') && !only.endsWith('[]') ? `${only}[]` : undefined;
}

/** A step of a pointer is as long as what it points to. */
function arithmetic(op: keyof typeof OPERATIONS, left: Sum, right: Sum, scope: Scope): Sum {
  const { pointer } = left.pointer ? left : right;
  if (!pointer) return stepped(op, left, right, scope);
  if (left.pointer && right.pointer) return leaf(`${op}(${keyOf(left)},${keyOf(right)})`);
  const size = sizeOf({ ...pointer, stars: pointer.stars - 1 }, scope);
  const [at, steps] = left.pointer ? [left, right] : [right, left];
  return { ...apply(op, at, apply('*', steps, size)), pointer };
}

/** A sum with a pointer that a member holds: by its numbers as they stand, and by how long its steps are. */
function stepped(op: keyof typeof OPERATIONS, left: Sum, right: Sum, scope: Scope): Sum {
  const plain = apply(op, left, right);
  const [at, by] = left.steps ? [left, right] : [right, left];
  if (!at.steps || by.steps || !(op === '+' || (op === '-' && at === left))) return plain;
  const { steps } = at;
  const size = sizeOf({ ...steps, stars: steps.stars - 1 }, scope);
  if (size.leaves.size > 0) return plain;
  const sum = apply(op, at, apply('*', by, size));
  return { ...plain, steps, scaled: sum.scaled ?? sum };
}

function sizeOf({ name, stars }: CodeType, { sizeOf: known }: Scope): Sum {
  if (stars > 0) return constant(8n);
  if (/^(?:void|char)$/.test(name)) return constant(1n);
  const bits = /^i(8|16|32|64)$/.exec(name)?.[1];
  if (bits !== undefined) return constant(BigInt(bits) / 8n);
  const size = known(name.replace(/^struct /, ''));
  return size === undefined ? leaf(`sizeof ${name}`) : constant(BigInt(size));
}

function named(text: string, scope: Scope): Sum {
  const known = NAMES.get(text);
  if (known) return known;
  const defined = scope.numbersOf(text);
  if (defined !== undefined) return constant(...defined.split(' ').map(BigInt));
  const size = /^SZ_(\d+)([KMG]?)$/.exec(text);
  if (size) return constant(BigInt(size[1] as string) << (UNITS[size[2] ?? ''] as bigint));
  return leaf(`name ${text}`);
}

function cast({ pointer: _pointer, steps: _steps, ...value }: Sum, type: CodeType): Sum {
  if (type.stars > 0) return pointing(value, type);
  const bits = /^i(8|16|32)$/.exec(type.name)?.[1];
  return bits === undefined
    ? value
    : computed([value], ((a: bigint) => BigInt.asUintN(Number(bits), a)) as Operation);
}

/** A value as one of a type. */
export function pointing(value: Sum, type: CodeType | undefined): Sum {
  const { pointer: _pointer, steps: _steps, ...plain } = value;
  return type && type.stars > 0 ? { ...plain, pointer: type } : plain;
}

function callOf({ args: [callee, ...args] }: Expression, scope: Scope): Sum {
  const name = callee?.op === 'name' ? (callee.text ?? '') : '?';
  const property = /^fdt_getprop|^of_get_flat_dt_prop/.test(name)
    ? args.find(({ op }) => op === 'string')
    : undefined;
  if (property) return leaf(`property ${property.text}`);
  const given = args.map((arg) => evaluate(arg, scope));
  if (/^(?:get_unaligned(?:_le\d+)?|le\d+_to_cpup)$/.test(name) && given[0])
    return leaf(dataBehind(given[0]) ?? `${name}(${keyOf(given[0])})`);
  const known = FUNCTIONS.get(name);
  const value =
    known && given.length === known.length ? known(...(given as [Sum, Sum])) : called(name, given);
  const [page] = given;
  return page && SAME_PAGE.test(name) ? { ...value, origin: originOf(page) } : value;
}

/** Functions that give the same page by another of its names. */
const SAME_PAGE =
  /^(?:PFN_PHYS|PHYS_PFN|__pa|__va|(?:page|folio|virt|phys|pfn)_to_(?:page|pfn|phys|virt)|folio_pfn|pfn_folio|page_folio|folio_page|virt_to_folio|(?:page|folio)_address)$/;

/** What a page, its address or its number is known by. */
export function originOf(value: Sum): Sum {
  return value.origin ?? value;
}
