import { checkTypes } from './check-types.ts';
import type {
  BtfEnumerator,
  BtfInt,
  BtfMember,
  BtfParameter,
  BtfPlace,
  BtfRecord,
  BtfType,
} from './model.ts';
import type { TypeTable } from './type-table.ts';
import { flagOfInfo, kindName, kindOfInfo, TYPE_WORDS, vlenOfInfo } from './wire.ts';

/** One type while it is read: its words, and the names that they point to. */
interface Entry {
  readonly table: TypeTable;
  readonly name: string;
  /** The first word behind the three that all types have. */
  readonly data: number;
  readonly vlen: number;
  readonly flag: boolean;
  /** The third word: a size or a type's id. */
  readonly last: number;
}

/** Makes one own type, by its number, of its words. Throws BTF_CORRUPT. */
export function inflateType(table: TypeTable, number: number): BtfType {
  checkTypes(table, number, number + 1);
  const { words, strings, starts } = table;
  const start = starts[number] ?? 0;
  const info = words[start + 1] ?? 0;
  const entry: Entry = {
    table,
    name: strings.at(words[start] ?? 0),
    data: start + TYPE_WORDS,
    vlen: vlenOfInfo(info),
    flag: flagOfInfo(info),
    last: words[start + 2] ?? 0,
  };
  return inflate(entry, kindOfInfo(info));
}

function inflate(entry: Entry, number: number): BtfType {
  const { table, name, data, vlen, flag, last } = entry;
  const word = (index: number) => table.words[data + index] ?? 0;
  const kind = kindName(number);
  switch (kind) {
    case 'int':
      return inflateInt(name, last, word(0));
    case 'array':
      return { kind, name, type: word(0), indexType: word(1), length: word(2) };
    case 'struct':
    case 'union':
      return inflateRecord(entry, kind);
    case 'enum':
      return { kind, name, size: last, isSigned: flag, values: enumerators(entry) };
    case 'enum64':
      return { kind, name, size: last, isSigned: flag, values: enumerators64(entry) };
    case 'fwd':
      return { kind, name, form: flag ? 'union' : 'struct' };
    case 'func':
      return { kind, name, type: last, linkage: vlen };
    case 'func-proto':
      return { kind, name, type: last, parameters: parameters(entry) };
    case 'var':
      return { kind, name, type: last, linkage: word(0) };
    case 'datasec':
      return { kind, name, size: last, places: places(entry) };
    case 'float':
      return { kind, name, size: last };
    case 'decl-tag':
      return { kind, name, type: last, component: word(0) | 0, isAttribute: flag };
    case 'type-tag':
      return { kind, name, type: last, isAttribute: flag };
    case undefined:
      return { kind: 'unknown', name, number };
    default:
      return { kind, name, type: last };
  }
}

function inflateInt(name: string, size: number, data: number): BtfInt {
  const encoding = (data >>> 24) & 0xf;
  return {
    kind: 'int',
    name,
    size,
    bits: data & 0xff,
    offset: (data >>> 16) & 0xff,
    isSigned: (encoding & 1) !== 0,
    isChar: (encoding & 2) !== 0,
    isBool: (encoding & 4) !== 0,
  };
}

function inflateRecord(entry: Entry, kind: 'struct' | 'union'): BtfRecord {
  const { words, strings } = entry.table;
  const { name, last: size, flag: hasBitFields, vlen } = entry;
  const members: BtfMember[] = [];
  for (let at = entry.data; members.length < vlen; at += 3) {
    const offset = words[at + 2] ?? 0;
    members.push({
      name: strings.at(words[at] ?? 0),
      type: words[at + 1] ?? 0,
      // With kind_flag the upper 8 bits are a bit-field's width (BTF_MEMBER_BITFIELD_SIZE).
      bitOffset: hasBitFields ? offset & 0xffffff : offset,
      bitFieldSize: hasBitFields ? offset >>> 24 : 0,
    });
  }
  return { kind, name, size, hasBitFields, members };
}

function enumerators({ table: { words, strings }, data, vlen, flag }: Entry): BtfEnumerator[] {
  return Array.from({ length: vlen }, (_, index) => {
    const value = words[data + index * 2 + 1] ?? 0;
    return { name: strings.at(words[data + index * 2] ?? 0), value: BigInt(flag ? value | 0 : value) };
  });
}

function enumerators64({ table: { words, strings }, data, vlen, flag }: Entry): BtfEnumerator[] {
  return Array.from({ length: vlen }, (_, index) => {
    const at = data + index * 3;
    const value = (BigInt(words[at + 2] ?? 0) << 32n) | BigInt(words[at + 1] ?? 0);
    return { name: strings.at(words[at] ?? 0), value: flag ? BigInt.asIntN(64, value) : value };
  });
}

function parameters({ table: { words, strings }, data, vlen }: Entry): BtfParameter[] {
  return Array.from({ length: vlen }, (_, index) => ({
    name: strings.at(words[data + index * 2] ?? 0),
    type: words[data + index * 2 + 1] ?? 0,
  }));
}

function places({ table: { words }, data, vlen }: Entry): BtfPlace[] {
  return Array.from({ length: vlen }, (_, index) => ({
    type: words[data + index * 3] ?? 0,
    offset: words[data + index * 3 + 1] ?? 0,
    size: words[data + index * 3 + 2] ?? 0,
  }));
}
