import { type Expression, type FlowNode, partsOf } from '../cdecl/index.ts';
import type { Era, PropertyFacts } from '../model/component-definition.ts';
import type { FdtProperty } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { CodeBase } from './code-base.ts';
import { entryNames } from './code-entries.ts';
import { callsOf, type FollowedCode, sizeOf, stepsOf, withHelpers } from './code-flow.ts';

/** Stands for the size of something whose type the code does not tell. */
const UNTOLD = -1;
const WRITES: ReadonlySet<string> = new Set(['fdt_property', 'fdt_setprop', 'fdt_appendprop']);

export interface PropertyRequest {
  era: Era;
  facts: PropertyFacts;
  property: FdtProperty;
  base: CodeBase;
}

/** How long the code writes a property, and how long its reader demands that it is. */
export function readProperty({ era, facts, property, base }: PropertyRequest): {
  property: FdtProperty;
  doubts: FoundDoubt[];
} {
  const names = facts.readBy ?? (era.reader.function === undefined ? [] : [era.reader.function]);
  const readers = names.flatMap((name) => withHelpers([name], base) ?? []);
  const reading = readers.filter(({ root }) => isRead(root, property.name));
  const written = writersOf(era, base).flatMap(({ root }) => writtenSizes(root, property.name));
  const sizes = [...new Set(written)];
  const [size] = sizes.length === 1 ? sizes : [];
  const type = size !== undefined && /^u\d+$/.test(property.type) ? `u${size * 8}` : property.type;
  if (readers.length > 0 && reading.length === 0)
    return {
      property: { ...property, type },
      doubts: [
        {
          code: 'check-not-confirmed',
          subject: property.name,
          side: 'reads',
          ...(names[0] !== undefined && base.find(names[0]) && { where: base.placeOf(names[0]) as string }),
          message: `that the property ${property.name} is read does not show in ${names.map((name) => `${name}()`).join(', ')}`,
        },
      ],
    };
  const { exactLength: _known, ...rest } = property;
  const lengths = reading.flatMap(({ root }) => demandedLengths(root, property.name));
  const [length] = lengths;
  const isKnown =
    reading.length === 0 ||
    lengths.includes(UNTOLD) ||
    (property.exactLength !== undefined && lengths.includes(property.exactLength));
  if (isKnown) return { property: { ...property, type }, doubts: [] };
  return { property: { ...rest, type, ...(length !== undefined && { exactLength: length }) }, doubts: [] };
}

function writersOf(era: Era, base: CodeBase): FollowedCode[] {
  return era.code
    .filter(({ side }) => side === 'writer')
    .flatMap(({ functions }) => functions.flatMap((names) => withHelpers(entryNames(names), base) ?? []));
}

function isRead(root: FlowNode, name: string): boolean {
  return callsOf(root).some(
    ({ name: call, args }) =>
      /^fdt_getprop|^of_(?:get|flat)/.test(call) && args.some((arg) => isText(arg, name)),
  );
}

function isText({ op, text }: Expression, name: string): boolean {
  return op === 'string' && text === name;
}

/** Where look-ups in an expression leave the length of what they found, and whether it is that of a property. */
function filledIn(value: Expression | undefined, property: string): { local: string; isOwn: boolean }[] {
  if (!value) return [];
  return [...partsOf(value)].flatMap(({ op, args: [callee, ...args] }) => {
    if (op !== 'call' || !/^fdt_getprop/.test(callee?.text ?? '')) return [];
    const isOwn = args.some((arg) => isText(arg, property));
    return args.flatMap(({ op: by, args: [inner] }) =>
      by === 'address' && inner?.text !== undefined ? [{ local: inner.text, isOwn }] : [],
    );
  });
}

/** What the length of a property is compared with, from where it is looked up to where another look-up leaves its own there. */
function demandedLengths(root: FlowNode, property: string): number[] {
  return stepsOf(root).flatMap((node) =>
    filledIn(node.value, property)
      .filter(({ isOwn }) => isOwn)
      .flatMap(({ local }) => comparedAfter(node, local, property)),
  );
}

function comparedAfter(from: FlowNode, local: string, property: string): number[] {
  const lengths: number[] = [];
  const seen = new Set<FlowNode>([from]);
  const open = [...from.children];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const { op, value, children } = node;
    if (filledIn(value, property).some((other) => other.local === local && !other.isOwn)) continue;
    if (op === 'if' && value?.op === '==') {
      const [left, right] = value.args;
      const other = left?.text === local ? right : right?.text === local ? left : undefined;
      if (other) lengths.push(sizeOf(other) ?? UNTOLD);
    }
    open.push(...children);
  }
  return lengths;
}

function writtenSizes(root: FlowNode, property: string): number[] {
  return callsOf(root).flatMap(({ name, args }) => {
    if (!args.some((arg) => isText(arg, property))) return [];
    const spelled = /^fdt_(?:property|setprop|appendprop)_u(\d+)$/.exec(name)?.[1];
    if (spelled !== undefined) return [Number(spelled) / 8];
    if (/^fdt_(?:property|setprop|appendprop)_cell$/.test(name)) return [4];
    return !WRITES.has(name) ? [] : (sizeOf(args.at(-1)) ?? []);
  });
}
