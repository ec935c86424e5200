import assert from 'node:assert/strict';
import { readEncoding } from '../../src/diff/encoding.ts';
import { isReserved } from '../../src/diff/flat-member.ts';
import { pairMembers } from '../../src/diff/pairing.ts';
import { StructDecoder } from '../../src/inspect/decode-struct.ts';
import type { InspectedValue } from '../../src/model/inspect.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { PlannedMember, PlannedStruct } from '../../src/shim/plan.ts';
import { factsOf, layoutLookup } from '../../src/verdict/kernel.ts';
import type { Sides } from './random-blob.ts';

// What a struct holds is read with the decoder of `inspect` on both sides: by the layouts of the kernel that wrote, and of the
// one that reads. Nothing of the generated code, nor of its plan beside what people decided, is asked.

export interface Comparison extends Sides {
  component: string;
  struct: PlannedStruct;
  blob: Buffer;
  read: Buffer;
  words: string;
}

/** Every member that both sides have is equal; what only the reader has is empty, or its marker. */
export function compareBlobs(comparison: Comparison): void {
  const { outgoing, incoming, target, struct, blob, read, words } = comparison;
  const written = new StructDecoder(outgoing, target).decode(struct.outgoing, blob, 0);
  const own = new StructDecoder(incoming, target).decode(struct.incoming, read, 0);
  const padding = own.filter(({ name }) => name === '(padding)');
  assert.deepEqual(padding, [], words);
  const expectations = new Map(struct.members.map((member) => [member.to?.name ?? '', member]));
  compareStructs(
    { written: struct.written, read: struct.read },
    { written, read: own },
    { comparison, expectations },
  );
}

interface Context {
  comparison: Comparison;
  /** What was decided of members of the struct itself. */
  expectations: ReadonlyMap<string, PlannedMember>;
}

function compareStructs(
  layouts: { written: Layout; read: Layout },
  values: { written: readonly InspectedValue[]; read: readonly InspectedValue[] },
  context: Context,
): void {
  const { outgoing, incoming, target, words, component } = context.comparison;
  const lookups = { outgoing: layoutLookup(outgoing, target), incoming: layoutLookup(incoming, target) };
  const pairs = pairMembers({ ...layouts, ...lookups });
  const rows = pairs.flatMap(({ read }) => (read?.stride === undefined ? [] : [`${read.name}.`]));
  for (const { written, read } of pairs) {
    // The members of a row's first element go with the row.
    if (rows.some((row) => read?.name.startsWith(row))) continue;
    // Elements that follow the struct are not in it.
    if (!read || read.bitSize === 0 || read.bitOffset >= layouts.read.size * 8) continue;
    const place = `${words}: ${read.name}`;
    const found = at(values.read, read.name);
    assert.ok(found, place);
    const how = context.expectations.get(read.name)?.how;
    if (how === 'marker') {
      assert.equal(String(found.value), String(factsOf(incoming, component).marker?.writes), place);
    } else if (!written || how === 'asked' || how === 'reserved' || isReserved(read.name)) {
      assert.ok(isEmpty(found), `${place}: ${JSON.stringify(found)}`);
    } else {
      const given = at(values.written, written.name);
      assert.ok(given, place);
      compareValues(given, found, {
        tags: [readEncoding(written.encoding).tag, readEncoding(read.encoding).tag],
        place,
        context,
      });
    }
  }
}

function compareValues(
  given: InspectedValue,
  found: InspectedValue,
  {
    tags,
    place,
    context,
  }: { tags: [string | undefined, string | undefined]; place: string; context: Context },
): void {
  if (given.value !== undefined || found.value !== undefined) {
    assert.equal(exact(found), exact(given), place);
    return;
  }
  const [from, to] = tags;
  const { outgoing, incoming, target } = context.comparison;
  const isRow = found.members?.some(({ name }) => name === '[0]') === true;
  // Behind the elements that the decoder shows one by one stand bytes.
  if (found.bytes && given.bytes) {
    const written = layoutLookup(outgoing, target)(from ?? '');
    const isSame = JSON.stringify(written) === JSON.stringify(layoutLookup(incoming, target)(to ?? ''));
    if (isSame) assert.equal(found.bytes.hex, given.bytes.hex, place);
    return;
  }
  if (from !== undefined && to !== undefined && !isRow) {
    const written = layoutLookup(outgoing, target)(from);
    const read = layoutLookup(incoming, target)(to);
    assert.ok(written && read, place);
    const inner = { ...context, expectations: new Map() };
    compareStructs({ written, read }, { written: given.members ?? [], read: found.members ?? [] }, inner);
    return;
  }
  for (const value of found.members ?? []) {
    const twin = given.members?.find(({ name }) => name === value.name);
    if (twin) compareValues(twin, value, { tags, place: `${place}${value.name}`, context });
    else assert.ok(isEmpty(value), `${place}${value.name}`);
  }
}

/** A value as a whole number or as text, so that one of 64 bits is compared bit for bit. */
function exact({ value, hex }: InspectedValue): string {
  if (Array.isArray(value)) return String(BigInt(hex ?? 0));
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

function at(values: readonly InspectedValue[], path: string): InspectedValue | undefined {
  const direct = values.find(({ name }) => name === path);
  if (direct) return direct;
  const [first = '', ...rest] = path.split('.');
  const outer = values.find(({ name }) => name === first);
  return rest.length > 0 && outer?.members ? at(outer.members, rest.join('.')) : undefined;
}

/** No bit of it is set. */
function isEmpty({ value, members, bytes }: InspectedValue): boolean {
  if (value !== undefined) return value === 0 || value === '' || value === false || value === '0';
  if (bytes) return bytes.isZero;
  return (members ?? []).every(isEmpty);
}

/** 0, or -ERANGE where some value is not one that the reader's member can hold. */
export function expectedError({
  outgoing,
  incoming,
  target,
  struct,
  blob,
}: Sides & { struct: PlannedStruct; blob: Buffer }): number {
  const values = new StructDecoder(outgoing, target).decode(struct.outgoing, blob, 0);
  const lookups = { outgoing: layoutLookup(outgoing, target), incoming: layoutLookup(incoming, target) };
  const skipped = new Set(
    struct.members.flatMap(({ how, from }) =>
      from && how !== 'convert' && how !== 'renamed' ? [from.name] : [],
    ),
  );
  return fits({ written: struct.written, read: struct.read }, values, { lookups, skipped }) ? 0 : -34;
}

interface Fitting {
  lookups: { outgoing: (tag: string) => Layout | undefined; incoming: (tag: string) => Layout | undefined };
  skipped: ReadonlySet<string>;
}

function fits(
  layouts: { written: Layout; read: Layout },
  values: readonly InspectedValue[],
  { lookups, skipped }: Fitting,
): boolean {
  return pairMembers({ ...layouts, ...lookups }).every(({ written, read }) => {
    if (!written || !read || skipped.has(written.name) || isReserved(written.name)) return true;
    const value = at(values, written.name);
    if (!value) return true;
    const [from, to] = [readEncoding(written.encoding), readEncoding(read.encoding)];
    const limit = to.dimensions[0];
    if (from.element === 'char' && from.dimensions.length === 1) {
      return limit === undefined || String(value.value).length < limit || (from.dimensions[0] ?? 0) <= limit;
    }
    return holds(value, { from, to, read }, { lookups, skipped: new Set() });
  });
}

function holds(
  value: InspectedValue,
  {
    from,
    to,
    read,
  }: {
    from: ReturnType<typeof readEncoding>;
    to: ReturnType<typeof readEncoding>;
    read: { bitSize: number };
  },
  fitting: Fitting,
): boolean {
  if (value.value !== undefined) {
    const text = exact(value);
    return inRange(/^-?\d+$/.test(text) ? BigInt(text) : 0n, to, read);
  }
  const [written, own] = [fitting.lookups.outgoing(from.tag ?? ''), fitting.lookups.incoming(to.tag ?? '')];
  const isRow = value.members?.some(({ name }) => name === '[0]') === true;
  if (written && own && !isRow) return fits({ written, read: own }, value.members ?? [], fitting);
  const limit = to.dimensions[0] ?? Number.POSITIVE_INFINITY;
  return (value.members ?? []).every((member, index) =>
    isRow && index >= limit ? isEmpty(member) : holds(member, { from, to, read }, fitting),
  );
}

function inRange(
  value: bigint,
  to: ReturnType<typeof readEncoding>,
  { bitSize }: { bitSize: number },
): boolean {
  const count = to.dimensions.reduce<number>((product, length) => product * (length ?? 1), 1);
  const bits = BigInt(to.element === 'bool' ? 1 : bitSize / count);
  const isSigned = /^s\d/.test(to.element);
  const [least, most] = isSigned ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] : [0n, 2n ** bits - 1n];
  return value >= least && value <= most;
}
