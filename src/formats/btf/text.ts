import type { Btf } from './btf.ts';
import type { BtfMember, BtfType } from './model.ts';

const LINKAGE = ['static', 'global', 'extern'];

/** The types of a blob as `bpftool btf dump format raw` prints them, a base's left out: one line a type and one an element. */
export function* btfLines(btf: Btf): Generator<string, void> {
  for (const [id, type] of btf.types()) {
    yield `[${id}] ${type.kind.toUpperCase().replace('-', '_')} '${shown(type.name)}'${headText(type)}`;
    for (const line of elementLines(btf, type)) yield `\t${line}`;
  }
}

function shown(name: string): string {
  return name === '' ? '(anon)' : name;
}

function headText(type: BtfType): string {
  switch (type.kind) {
    case 'void':
      return '';
    case 'unknown':
      return ` kind=${type.number}`;
    case 'int':
      return ` size=${type.size} bits_offset=${type.offset} nr_bits=${type.bits} encoding=${intEncoding(type)}`;
    case 'array':
      return ` type_id=${type.type} index_type_id=${type.indexType} nr_elems=${type.length}`;
    case 'struct':
    case 'union':
      return ` size=${type.size} vlen=${type.members.length}`;
    case 'enum':
    case 'enum64':
      return ` encoding=${type.isSigned ? 'SIGNED' : 'UNSIGNED'} size=${type.size} vlen=${type.values.length}`;
    case 'fwd':
      return ` fwd_kind=${type.form}`;
    case 'func':
      return ` type_id=${type.type} linkage=${linkageText(type.linkage)}`;
    case 'func-proto':
      return ` ret_type_id=${type.type} vlen=${type.parameters.length}`;
    case 'var':
      return ` type_id=${type.type}, linkage=${linkageText(type.linkage)}`;
    case 'datasec':
      return ` size=${type.size} vlen=${type.places.length}`;
    case 'float':
      return ` size=${type.size}`;
    case 'decl-tag':
      return ` type_id=${type.type} component_idx=${type.component}`;
    default:
      return ` type_id=${type.type}`;
  }
}

function intEncoding(type: Extract<BtfType, { kind: 'int' }>): string {
  const { isSigned, isChar, isBool } = type;
  return isBool ? 'BOOL' : isChar ? 'CHAR' : isSigned ? 'SIGNED' : '(none)';
}

function linkageText(linkage: number): string {
  return LINKAGE[linkage] ?? '(unknown)';
}

function elementLines(btf: Btf, type: BtfType): string[] {
  switch (type.kind) {
    case 'struct':
    case 'union':
      return type.members.map((member) => memberLine(member, type.hasBitFields));
    case 'enum':
      return type.values.map(({ name, value }) => `'${shown(name)}' val=${value}`);
    case 'enum64':
      return type.values.map(
        ({ name, value }) => `'${shown(name)}' val=${value}${type.isSigned ? 'LL' : 'ULL'}`,
      );
    case 'func-proto':
      return type.parameters.map((parameter) => `'${shown(parameter.name)}' type_id=${parameter.type}`);
    case 'datasec':
      return type.places.map(
        (place) =>
          `type_id=${place.type} offset=${place.offset} size=${place.size} (${placed(btf.type(place.type))})`,
      );
    default:
      return [];
  }
}

function memberLine({ name, type, bitOffset, bitFieldSize }: BtfMember, hasBitFields: boolean): string {
  const bits = hasBitFields && bitFieldSize > 0 ? ` bitfield_size=${bitFieldSize}` : '';
  return `'${shown(name)}' type_id=${type} bits_offset=${bitOffset}${bits}`;
}

function placed({ kind, name }: BtfType): string {
  return `${kind.toUpperCase()} '${shown(name)}'`;
}
