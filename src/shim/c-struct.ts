import { readEncoding } from '../diff/encoding.ts';
import { leavesOf } from '../diff/flat-member.ts';
import type { LayoutLookup } from '../diff/rule.ts';
import type { Layout, Member } from '../model/layout.ts';
import { bareTag, identifier } from './names.ts';

// A layout as a declaration in C that lies in memory as the layout says, on every target: packed, with each hole written out.
// Members that share bits (of an anonymous union) stand in a union, each behind what lies before it.

/** What a struct of one kernel is called in the generated code. */
export type NameOf = (tag: string) => string;

export interface Declaration {
  /** `struct pci_ser_7_1_13`, or with `union`. */
  tag: string;
  layout: Layout;
  /** For errors: `7.1.13: struct pci_ser`. */
  where: string;
}

/** The declaration of one struct. @throws ToolError SHIM_UNFIT for a name that C does not take */
export function declarationOf({ tag, layout, where }: Declaration, names: Names): string {
  const [keyword = 'struct', name = ''] = tag.split(' ');
  const head = `${keyword} ${identifier(name, where)} {`;
  const flexible = layout.members.find(({ bitSize, encoding }) => bitSize === 0 && encoding.includes('[]'));
  const isShort = flexible !== undefined && flexible.bitOffset < layout.size * 8;
  const tail = isShort ? `} __packed __attribute__((aligned(${layout.align})));` : '} __packed;';
  const space = { start: 0, end: isShort ? flexible.bitOffset : layout.size * 8, depth: 1, where, names };
  const lines = layout.kind === 'union' ? armsOf(layout.members, space) : fieldsOf(layout.members, space);
  return [head, ...lines, tail].join('\n');
}

export interface Names {
  nameOf: NameOf;
  layoutOf: LayoutLookup;
}

interface Space {
  /** In bits, from the start of the struct. */
  start: number;
  end: number;
  depth: number;
  where: string;
  names: Names;
}

function fieldsOf(members: readonly Member[], space: Space): string[] {
  const lines: string[] = [];
  let cursor = space.start;
  for (const cluster of clustersOf(members)) {
    const [first] = cluster as [Member, ...Member[]];
    lines.push(...holeOf(cursor, first.bitOffset, space.depth));
    cursor = Math.max(...cluster.map(({ bitOffset, bitSize }) => bitOffset + bitSize));
    if (cluster.length === 1) lines.push(...fieldOf(first, space));
    else lines.push(...unionOf(cluster, { ...space, start: first.bitOffset, end: cursor }));
  }
  return [...lines, ...holeOf(cursor, space.end, space.depth)];
}

/** Members in the order of their place, those that share bits together. */
function clustersOf(members: readonly Member[]): Member[][] {
  const clusters: Member[][] = [];
  let end = -1;
  for (const member of [...members].sort((a, b) => a.bitOffset - b.bitOffset)) {
    const isShared = member.bitOffset < end;
    if (isShared) clusters.at(-1)?.push(member);
    else clusters.push([member]);
    end = Math.max(end, member.bitOffset + member.bitSize);
  }
  return clusters;
}

function unionOf(members: readonly Member[], space: Space): string[] {
  const tabs = '\t'.repeat(space.depth);
  return [`${tabs}union {`, ...armsOf(members, { ...space, depth: space.depth + 1 }), `${tabs}} __packed;`];
}

function armsOf(members: readonly Member[], space: Space): string[] {
  const tabs = '\t'.repeat(space.depth);
  const arms = members.flatMap((member) => {
    if (member.bitOffset === space.start) return fieldOf(member, space);
    const inner = { ...space, end: member.bitOffset + member.bitSize, depth: space.depth + 1 };
    return [`${tabs}struct {`, ...fieldsOf([member], inner), `${tabs}} __packed;`];
  });
  const longest = Math.max(0, ...members.map(({ bitOffset, bitSize }) => bitOffset + bitSize));
  const whole =
    longest < space.end ? [`${tabs}u8 __size_${space.start / 8}[${(space.end - space.start) / 8}];`] : [];
  return [...arms, ...whole];
}

function holeOf(from: number, to: number, depth: number): string[] {
  const tabs = '\t'.repeat(depth);
  if (to <= from) return [];
  if (from % 8 === 0 && to % 8 === 0) return [`${tabs}u8 __hole_${from / 8}[${(to - from) / 8}];`];
  const lines: string[] = [];
  for (let at = from; at < to; at += 64) lines.push(`${tabs}u64 :${Math.min(64, to - at)};`);
  return lines;
}

function fieldOf(member: Member, space: Space): string[] {
  const { depth, where, names } = space;
  const tabs = '\t'.repeat(depth);
  const name = identifier(member.name, `${where}.${member.name}`);
  const { element, isBitField } = readEncoding(member.encoding);
  const lengths = member.encoding.match(/\[\d*\]/g)?.join('') ?? '';
  if (isBitField) return [`${tabs}${scalarType(element) ?? 'u64'} ${name}:${member.bitSize};`];
  if (member.members) {
    const count = countOf(member.encoding);
    const inner = { ...space, start: 0, end: member.bitSize / count, depth: depth + 1 };
    const body = element === 'union' ? armsOf(member.members, inner) : fieldsOf(member.members, inner);
    return [`${tabs}${element} {`, ...body, `${tabs}} __packed ${name}${lengths};`];
  }
  const type = scalarType(element) ?? knownTag(element, names);
  if (type !== undefined) return [`${tabs}${type}${type.endsWith('*') ? '' : ' '}${name}${lengths};`];
  return [`${tabs}u8 ${name}[${member.bitSize / 8}];`];
}

function countOf(encoding: string): number {
  return readEncoding(encoding).dimensions.reduce<number>((product, length) => product * (length ?? 1), 1);
}

function knownTag(element: string, { nameOf, layoutOf }: Names): string | undefined {
  if (!/^(?:struct|union) \w+$/.test(element) || !layoutOf(element)) return undefined;
  return `${element.split(' ')[0]} ${nameOf(bareTag(element))}`;
}

/** The kernel's name of a scalar. Plain `char` stays, so that text is text. */
export function scalarType(element: string): string | undefined {
  if (/^[us](?:8|16|32|64)$/.test(element) || element === 'char' || element === 'bool') return element;
  if (/^be(?:16|32|64)$/.test(element)) return `__${element}`;
  return element === 'ptr' ? 'void *' : undefined;
}

/** What must hold of a struct for the code to be right: its size, and where each member lies. C has no offset of a bit-field. */
export function assertsOf(tag: string, layout: Layout): string[] {
  const offsets = leavesOf(layout).flatMap(({ name, bitOffset, encoding }) =>
    readEncoding(encoding).isBitField || bitOffset % 8 !== 0
      ? []
      : [`static_assert(offsetof(${tag}, ${name}) == ${bitOffset / 8}, "${tag}.${name}");`],
  );
  return [`static_assert(sizeof(${tag}) == ${layout.size}, "${tag}");`, ...new Set(offsets)];
}
