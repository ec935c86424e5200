import type { InspectedValue } from '../model/inspect.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import type { Blob, Identity, NamedStruct } from './blob.ts';
import { StructDecoder } from './decode-struct.ts';
import { ownerOf, structCarrier } from './entries.ts';
import { inspectedBytes } from './read-value.ts';

/** Elements of a row that are decoded one by one. */
const SHOWN_ELEMENTS = 256;

export interface StructRequest {
  blob: Blob;
  identity: Identity;
  kernel: Kernel;
  target: Target;
}

/** A blob that is no tree, by the structs of a kernel; undefined where that kernel has none for it. */
export function decodeBlob({ blob, identity, kernel, target }: StructRequest): InspectedValue[] | undefined {
  const decoder = new StructDecoder(kernel, target);
  const structs = (identity.structs ?? entryStructs(identity.entry ?? '', kernel)).filter(
    ({ struct }) => decoder.layoutOf(struct) !== undefined,
  );
  if (structs.length === 0) return undefined;
  const [only] = structs;
  if (structs.length === 1 && only && placementOf(kernel, only) !== 'element') {
    return [...decoder.decode(only.struct, blob.bytes, 0), ...rest({ blob, kernel, decoder }, only)];
  }
  return rowOf({ blob, kernel, decoder }, structs);
}

function entryStructs(entry: string, kernel: Kernel): NamedStruct[] {
  const owner = ownerOf(kernel, entry);
  const struct = owner && structCarrier(owner.facts.marker)?.struct;
  return owner && struct !== undefined ? [{ component: owner.id, struct }] : [];
}

interface Decoding {
  blob: Blob;
  kernel: Kernel;
  decoder: StructDecoder;
}

function placementOf(kernel: Kernel, { component, struct }: NamedStruct): string | undefined {
  return factsOf(kernel, component).structs[struct]?.placement;
}

/** What stands behind a struct: the elements that a header counts, where their struct follows from its name, else bytes. */
function rest(decoding: Decoding, head: NamedStruct): InspectedValue[] {
  const { blob, kernel, decoder } = decoding;
  const size = decoder.layoutOf(head.struct)?.size ?? 0;
  const struct = head.struct.replace(/_(?:header|hdr)(?=_|$)/, '');
  const element = { component: head.component, struct };
  const isCounted = placementOf(kernel, head) === 'header' && placementOf(kernel, element) === 'element';
  if (!isCounted || blob.bytes.length <= size) return behind(blob, size);
  const said = decoder.decode(head.struct, blob.bytes, 0).find(({ name }) => name === 'count')?.value;
  const count = typeof said === 'number' ? said : Number.POSITIVE_INFINITY;
  return elements(decoding, { struct, start: size, count });
}

/** Structs one behind the other; the last stands as often as there is room. */
function rowOf(decoding: Decoding, structs: readonly NamedStruct[]): InspectedValue[] {
  const { blob, decoder } = decoding;
  const values: InspectedValue[] = [];
  let start = 0;
  for (const { struct } of structs.slice(0, -1)) {
    const members = decoder.decode(struct, blob.bytes, start);
    values.push({ name: struct, offset: start, type: `struct ${struct}`, members });
    start += decoder.layoutOf(struct)?.size ?? 0;
  }
  const last = structs.at(-1);
  const first = values[0]?.members?.find(({ name }) => name === 'count')?.value;
  const count = typeof first === 'number' ? first : Number.POSITIVE_INFINITY;
  return last ? [...values, ...elements(decoding, { struct: last.struct, start, count })] : values;
}

function elements(
  { blob, decoder }: Decoding,
  { struct, start, count }: { struct: string; start: number; count: number },
): InspectedValue[] {
  const size = Math.max(1, decoder.layoutOf(struct)?.size ?? 1);
  const room = Math.max(0, Math.floor((blob.bytes.length - start) / size));
  const shown = Math.min(count, room, SHOWN_ELEMENTS);
  const values = Array.from({ length: shown }, (_, index): InspectedValue => {
    const offset = start + index * size;
    const members = decoder.decode(struct, blob.bytes, offset);
    return { name: `[${index}]`, offset, type: `struct ${struct}`, members };
  });
  const last = values.at(-1);
  if (last && Number.isFinite(count) && count > room)
    last.notes = [`${count} said, there is room for ${room}`];
  return [...values, ...behind(blob, start + shown * size)];
}

function behind({ bytes }: Blob, offset: number): InspectedValue[] {
  if (offset >= bytes.length) return [];
  const tail = inspectedBytes(bytes.subarray(offset));
  return [{ name: '(behind the end)', offset, type: 'bytes', bytes: tail }];
}
