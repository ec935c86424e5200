import { ToolError } from '../errors.ts';
import type { DeviceTree, DeviceTreeNode, DeviceTreePlaces } from './fdt-tree.ts';
import { FDT_BEGIN_NODE, FDT_END, FDT_END_NODE, FDT_MAGIC, FDT_PROP } from './fdt-tree.ts';

// Writes a devicetree in the order of dtc: header, reservations, structure, strings. A tree that was parsed gets its own
// strings block and places back, as long as what is in it still fits there.

/** What version 17 takes for its header, and what dtc keeps free for it in version 16 too, on 8 bytes. */
const HEADER_ROOM = 40;

/**
 * Encodes a tree. What `parseFdt` made of a blob without NOP tokens encodes to an equal blob.
 * @throws ToolError FDT_CORRUPT for a version other than 16 and 17, or a name that holds a NUL
 */
export function encodeFdt(tree: DeviceTree): Uint8Array {
  const { version } = tree;
  if (version < 16 || version > 17)
    throw new ToolError('FDT_CORRUPT', `FDT: version ${version} is not written`);
  const names = new StringsBlock(tree.strings);
  const structure = Buffer.concat([...nodeTokens(tree.root, names), word(FDT_END)]);
  const strings = names.bytes();
  const reservations = encodeReservations(tree);
  const sizes = { reservations: reservations.length, structure: structure.length, strings: strings.length };
  const places = placesFor(tree.places, sizes);
  const blob = Buffer.alloc(places.total);
  reservations.copy(blob, places.reservations);
  structure.copy(blob, places.structure);
  strings.copy(blob, places.strings);
  const header = [FDT_MAGIC, places.total, places.structure, places.strings, places.reservations];
  const rest = [version, tree.lastCompatible, tree.bootCpu, sizes.strings];
  const words = [...header, ...rest, ...(version === 17 ? [sizes.structure] : [])];
  words.forEach((value, index) => {
    blob.writeUInt32BE(value, index * 4);
  });
  return new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function* nodeTokens({ name, properties, children }: DeviceTreeNode, names: StringsBlock): Generator<Buffer> {
  yield word(FDT_BEGIN_NODE);
  yield padded(terminated(name));
  for (const { name: key, value, nameOffset } of properties) {
    const offset = names.offsetOf(key, nameOffset);
    yield Buffer.concat([word(FDT_PROP), word(value.length), word(offset)]);
    yield padded(Buffer.from(value));
  }
  for (const child of children) yield* nodeTokens(child, names);
  yield word(FDT_END_NODE);
}

function terminated(name: string): Buffer {
  if (name.includes('\0'))
    throw new ToolError('FDT_CORRUPT', `FDT: the name ${JSON.stringify(name)} holds a NUL`);
  return Buffer.from(`${name}\0`, 'latin1');
}

/** Names of properties, each once; a name that is the tail of an earlier one shares its bytes, as dtc and libfdt do. */
class StringsBlock {
  #bytes: Buffer;
  readonly #offsets = new Map<string, number>();

  constructor(kept: Uint8Array = new Uint8Array()) {
    this.#bytes = Buffer.from(kept);
  }

  /** The offset of a name; `hint` is where it stood before. */
  offsetOf(name: string, hint: number | undefined): number {
    const text = terminated(name);
    const isThere = hint !== undefined && this.#bytes.subarray(hint, hint + text.length).equals(text);
    if (isThere) return hint;
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const found = this.#bytes.indexOf(text);
    const offset = found < 0 ? this.#bytes.length : found;
    if (found < 0) this.#bytes = Buffer.concat([this.#bytes, text]);
    this.#offsets.set(name, offset);
    return offset;
  }

  bytes(): Buffer {
    return this.#bytes;
  }
}

function encodeReservations({ reservations }: DeviceTree): Buffer {
  const bytes = Buffer.alloc((reservations.length + 1) * 16);
  reservations.forEach(({ address, size }, index) => {
    bytes.writeBigUInt64BE(address, index * 16);
    bytes.writeBigUInt64BE(size, index * 16 + 8);
  });
  return bytes;
}

type Sizes = Omit<DeviceTreePlaces, 'total'>;

/** The places of before while nothing overlaps there, else one block after the other. */
function placesFor(kept: DeviceTreePlaces | undefined, sizes: Sizes): DeviceTreePlaces {
  if (kept && fits(kept, sizes)) return kept;
  const reservations = HEADER_ROOM;
  const structure = reservations + sizes.reservations;
  const strings = structure + sizes.structure;
  return { reservations, structure, strings, total: strings + sizes.strings };
}

function fits(places: DeviceTreePlaces, sizes: Sizes): boolean {
  const blocks = (['reservations', 'structure', 'strings'] as const)
    .map((name) => ({ start: places[name], end: places[name] + sizes[name] }))
    .sort((a, b) => a.start - b.start);
  const ends = [36, ...blocks.map(({ end }) => end)];
  return [...blocks.map(({ start }) => start), places.total].every(
    (start, index) => start >= (ends[index] ?? 0),
  );
}
