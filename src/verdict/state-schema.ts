import type { Encoding } from '../diff/encoding.ts';
import { readEncoding } from '../diff/encoding.ts';
import { isReserved } from '../diff/flat-member.ts';
import type { ComponentFacts } from '../diff/rule.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { ContentSchema } from '../model/state.ts';
import type { PerTarget } from '../model/target.ts';
import { flagsSchema, integerSchema } from './state-range.ts';

// From the layout of a struct to a JSON Schema of what it holds once decoded: { member: value }. A member that embeds a
// struct of the same component refers to its definition; what another component describes is an object, no more.

/** The components whose content has schemas: those of a machine's own devices and memory. */
export const STATE_COMPONENTS: readonly string[] = ['memfd', 'pci', 'pci-driver-name', 'vfio-pci'];

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** Deeper nesting than any real header; what lies below is an object without a description. */
const MAX_DEPTH = 16;

/**
 * Which constants are the values of which member: C does not say. `choice`: one of the values, not a sum of them.
 * From the abi header of memfd, and from the PCI series of 2025-07 and 2025-09.
 */
const FLAG_SETS: readonly { constants: RegExp; member: string; choice?: true }[] = [
  { constants: /^LU_/, member: 'pci_dev_ser.flags' },
  { constants: /^MEMFD_LUO_ALL_SEALS$/, member: 'memfd_luo_ser.seals' },
  { constants: /^MEMFD_LUO_FOLIO_/, member: 'memfd_luo_folio_ser.flags' },
  { constants: /^PCI_BUS_SER_/, member: 'pci_bus_ser.bridge_type', choice: true },
];

/** A target, or what is the same on all of them. */
export type TargetKey = keyof PerTarget<unknown>;

type Facts = Pick<ComponentFacts, 'constants' | 'structs'>;

/** A schema for each struct of a component that has a layout for the target, by name. */
export function stateSchemas(facts: Facts, target: TargetKey): Map<string, ContentSchema> {
  const schemas = new Map<string, ContentSchema>();
  for (const name of Object.keys(facts.structs).sort(byCodeUnit)) {
    const schema = new SchemaWriter(facts, target).whole(name);
    if (schema) schemas.set(name, schema);
  }
  return schemas;
}

/** Writes one schema and gathers the definitions that it refers to. */
class SchemaWriter {
  readonly #facts: Facts;
  readonly #target: TargetKey;
  readonly #definitions = new Map<string, ContentSchema>();

  constructor(facts: Facts, target: TargetKey) {
    this.#facts = facts;
    this.#target = target;
  }

  whole(name: string): ContentSchema | undefined {
    const layout = this.#layoutOf(name);
    if (!layout) return undefined;
    const body = this.#record(name, layout);
    const definitions = [...this.#definitions].sort(([a], [b]) => byCodeUnit(a, b));
    return {
      $schema: DRAFT,
      title: name,
      ...body,
      ...(definitions.length > 0 && { definitions: Object.fromEntries(definitions) }),
    };
  }

  #layoutOf(name: string): Layout | undefined {
    const layout = this.#facts.structs[name]?.layout;
    return layout?.[this.#target] ?? layout?.all;
  }

  /** The views of a union and reserved bytes need not be there. */
  #record(path: string, { kind, members }: Pick<Layout, 'kind' | 'members'>, depth = 0): ContentSchema {
    const properties = members.map(({ name, ...member }) => [
      name,
      this.#member(`${path}.${name}`, { name, ...member }, depth),
    ]);
    const needed =
      kind === 'union' ? [] : members.map(({ name }) => name).filter((name) => !isReserved(name));
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: [...new Set(needed)].sort(byCodeUnit),
      additionalProperties: false,
    };
  }

  #member(path: string, member: Member, depth: number): ContentSchema {
    const encoding = readEncoding(member.encoding);
    const flags = this.#flagsOf(path);
    if (flags) return flags;
    const isText = encoding.element === 'char' && encoding.dimensions.length > 0;
    const rows = isText ? encoding.dimensions.slice(0, -1) : encoding.dimensions;
    const element = isText
      ? textSchema(encoding.dimensions.at(-1))
      : this.#element(path, member, encoding, depth);
    const whole = rows.reduceRight<ContentSchema>(rowSchema, element);
    return whole.$ref === undefined ? { description: member.type, ...whole } : whole;
  }

  #element(path: string, member: Member, encoding: Encoding, depth: number): ContentSchema {
    if (member.members) {
      if (depth >= MAX_DEPTH) return { type: 'object' };
      const kind = encoding.element === 'union' ? 'union' : 'struct';
      return this.#record(path, { kind, members: member.members }, depth + 1);
    }
    if (encoding.tag !== undefined) return this.#embedded(encoding.tag);
    return scalarSchema(encoding, member.bitSize);
  }

  #embedded(tag: string): ContentSchema {
    const name = tag.replace(/^(?:struct|union) /, '');
    const layout = this.#layoutOf(name);
    if (!layout) return { type: 'object' };
    if (!this.#definitions.has(name)) {
      // Before its members: a struct that points back to itself ends here.
      this.#definitions.set(name, {});
      this.#definitions.set(name, this.#record(name, layout));
    }
    return { $ref: `#/definitions/${name}` };
  }

  #flagsOf(path: string): ContentSchema | undefined {
    const set = FLAG_SETS.find(({ member }) => member === path);
    if (!set) return undefined;
    const named = Object.entries(this.#facts.constants).flatMap(
      ([name, { role, value }]): [string, number][] => {
        const here = value[this.#target] ?? value.all;
        const isOne = role === 'flag' && set.constants.test(name);
        return isOne && typeof here === 'number' && Number.isSafeInteger(here) && here >= 0
          ? [[name, here]]
          : [];
      },
    );
    if (named.length === 0) return undefined;
    const values = named.map(([, value]) => value);
    const words = named.map(([name, value]) => `${name} ${value}`).join(', ');
    if (set.choice)
      return { description: `one of ${words}`, type: 'integer', enum: values.sort((a, b) => a - b) };
    return { description: `set of ${words}`, ...flagsSchema(values) };
  }
}

function rowSchema(items: ContentSchema, length: number | undefined): ContentSchema {
  return { type: 'array', items, ...(length !== undefined && { minItems: length, maxItems: length }) };
}

/** One byte of an array of char is the NUL. */
function textSchema(length: number | undefined): ContentSchema {
  return { type: 'string', ...(length !== undefined && { maxLength: Math.max(0, length - 1) }) };
}

function scalarSchema({ element, integer, isBitField }: Encoding, bitSize: number): ContentSchema {
  if (element === 'bool') return { type: 'boolean' };
  if (/^f\d+$/.test(element)) return { type: 'number' };
  if (isBitField && bitSize > 0) return integerSchema(bitSize, element.startsWith('s'));
  if (integer) return integerSchema(integer.bits, integer.signed);
  const bits = /^(?:[us]|be|le)(8|16|32|64|128)$/.exec(element)?.[1];
  if (bits !== undefined) return integerSchema(Number(bits), element.startsWith('s'));
  if (element === 'ptr') return integerSchema(64, false);
  return element === 'char' ? integerSchema(8, false) : {};
}
