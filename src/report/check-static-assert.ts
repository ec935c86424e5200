import type { ConstantValue, Layout, Member } from '../model/layout.ts';

// `check --format c`: the layouts that a verdict rests on as lines that a C compiler proves. Bit-fields have no offset
// in C, so they stand as comments.

/** What one kernel declares of the components of a pair. */
export interface AssertedSide {
  release: string;
  structs: readonly AssertedStruct[];
  constants: readonly AssertedConstant[];
}

export interface AssertedStruct {
  name: string;
  layout: Layout;
  /** The file that declares it, from the top of the kernel tree. */
  file?: string;
}

export interface AssertedConstant {
  name: string;
  value: ConstantValue;
  file?: string;
}

export interface AssertedPair {
  profile: string;
  target: string;
  outgoing: AssertedSide;
  incoming: AssertedSide;
}

/** A C file: the incoming kernel's layouts, or with LUO_ABI_OUTGOING defined those of the outgoing one. */
export function renderStaticAsserts({ profile, target, outgoing, incoming }: AssertedPair): string {
  const lines = [
    `/* ${comment(`${outgoing.release} -> ${incoming.release}, ${profile}, ${target}`)}`,
    ' * Compile it among the headers of the incoming kernel; with -DLUO_ABI_OUTGOING among those of the outgoing one.',
    ' * What a kernel declares in a .c file is under LUO_ABI_WITH_CODE: put these lines behind its declarations there.',
    ' */',
    '#ifdef LUO_ABI_OUTGOING',
    ...sideLines(outgoing),
    '#else',
    ...sideLines(incoming),
    '#endif',
  ];
  return `${lines.join('\n')}\n`;
}

/** Text that cannot end a comment. */
function comment(text: string): string {
  return text.replaceAll('*/', '* /');
}

function isHeader(file: string | undefined): boolean {
  return file?.endsWith('.h') === true;
}

function sideLines(side: AssertedSide): string[] {
  const { release, structs, constants } = side;
  const files = [...structs, ...constants].flatMap(({ file }) =>
    file !== undefined && isHeader(file) ? [file] : [],
  );
  const includes = [...new Set(files.map(includeName))].sort().map((name) => `#include <${name}>`);
  const inCode = [
    ...structs.filter(({ file }) => !isHeader(file)).flatMap(structLines),
    ...constants.filter(({ file }) => !isHeader(file)).flatMap(constantLines),
  ];
  return [
    `/* ${comment(release)} */`,
    ...includes,
    ...structs.filter(({ file }) => isHeader(file)).flatMap(structLines),
    ...constants.filter(({ file }) => isHeader(file)).flatMap(constantLines),
    ...(inCode.length > 0 ? ['#ifdef LUO_ABI_WITH_CODE', ...inCode, '#endif'] : []),
  ];
}

/** `include/linux/x.h` as sources include it: `linux/x.h`; `uapi/` stays, for `linux/` may hold a header of that name. */
function includeName(file: string): string {
  return file.replace(/^(?:arch\/[^/]+\/)?include\//, '');
}

function assertion(expression: string, value: string, what: string): string {
  return `_Static_assert(${expression} == ${value}, ${JSON.stringify(what)});`;
}

function structLines({ name, layout }: AssertedStruct): string[] {
  const type = `${layout.kind} ${name}`;
  return [
    assertion(`sizeof(${type})`, String(layout.size), `sizeof ${type}`),
    assertion(`_Alignof(${type})`, String(layout.align), `alignment of ${type}`),
    ...layout.members.flatMap((member) => memberLines(type, member)),
  ];
}

function memberLines(type: string, member: Member, prefix = '', base = 0): string[] {
  const { name, bitSize, encoding, members = [] } = member;
  const path = prefix + name;
  const bitOffset = base + member.bitOffset;
  if (encoding.includes(':'))
    return [`/* ${type}: ${path} is bits ${bitOffset} to ${bitOffset + bitSize - 1} */`];
  const isArray = encoding.includes('[');
  const size = `sizeof(((${type} *)0)->${path})`;
  return [
    assertion(`__builtin_offsetof(${type}, ${path})`, String(bitOffset / 8), `offset of ${path} in ${type}`),
    ...(encoding.includes('[]') ? [] : [assertion(size, String(bitSize / 8), `size of ${path} in ${type}`)]),
    ...(isArray ? [] : members.flatMap((inner) => memberLines(type, inner, `${path}.`, bitOffset))),
  ];
}

/** Numbers alone: C cannot compare strings before it runs. */
function constantLines({ name, value }: AssertedConstant): string[] {
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) return [];
  return [assertion(name, `${value}${typeof value === 'string' ? 'ULL' : ''}`, name)];
}
