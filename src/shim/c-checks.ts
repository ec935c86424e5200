import { readEncoding } from '../diff/encoding.ts';
import { leavesOf } from '../diff/flat-member.ts';
import type { FlatMember } from '../diff/rule.ts';
import type { Layout } from '../model/layout.ts';
import type { ShimQuestion } from '../model/shim.ts';
import { decisionOn, hostValueOf, refusesAll, storedAs } from './c-convert.ts';
import type { ShimCode } from './c-header.ts';
import type { CodeNames } from './code-names.ts';
import type { Conversion } from './conversion.ts';
import { limitsOf, scalarOf } from './conversion.ts';
import type { PlannedMember, PlannedStruct } from './plan.ts';

// Checks that run in a kernel and outside of it: each struct is filled with values that fit, converted and compared, and a value
// that does not fit must be refused.

interface Checking {
  names: CodeNames;
  questions: readonly ShimQuestion[];
  structs: readonly PlannedStruct[];
}

/** The header with a check for each struct; a check gives NULL, or the name of what is wrong. */
export function checksOf({ prefix, forward, back, questions, backQuestions, names }: ShimCode): string {
  const guard = `${prefix.toUpperCase()}_CHECKS_H`;
  const ways = [
    { names: names.forward, questions, structs: forward.structs },
    ...(back ? [{ names: names.back, questions: backQuestions, structs: back.structs }] : []),
  ];
  const blocks = [
    '/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */',
    `#ifndef ${guard}\n#define ${guard}`,
    `#include "${prefix}_compat.h"`,
    RANDOM,
    ...ways.flatMap((way) =>
      way.structs.flatMap((struct) => [fillOf(struct, way), sameOf(struct, way), checkOf(struct, way)]),
    ),
    listOf(ways),
    `#endif /* ${guard} */`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** `check_pci_ser_from_7_1_13`. */
function nameOf(
  what: string,
  struct: Pick<PlannedStruct, 'incoming' | 'outgoing'>,
  { names }: Checking,
): string {
  return `${what}_${names.converter(struct)}`;
}

function tagsOf(struct: PlannedStruct, { names }: Checking): { from: string; to: string } {
  return { from: names.outgoingTag(struct.outgoing), to: names.incomingTag(struct.incoming) };
}

function fillOf(struct: PlannedStruct, checking: Checking): string {
  const lines = refusesAll(struct, checking.questions)
    ? []
    : struct.members.flatMap((member) => fillLines(member, checking));
  return [
    `static inline void ${nameOf('fill', struct, checking)}(${tagsOf(struct, checking).from} *from, u64 *seed)`,
    '{',
    '\tmemset(from, 0, sizeof(*from));',
    ...lines,
    '\t(void)seed;',
    '}',
  ].join('\n');
}

function fillLines({ from, to, conversion, how, subject }: PlannedMember, checking: Checking): string[] {
  if (!from || how === 'elements' || how === 'reserved') return [];
  if (!conversion) {
    const scalar = readEncoding(from.encoding).dimensions.length === 0 ? scalarOf(from) : undefined;
    const isFree = how === 'marker' || decisionOn(subject, checking.questions) !== 'refuse';
    if (!scalar || scalar.kind === 'pointer' || !isFree) return [];
    return [
      `\tfrom->${from.name} = ${storedAs(`luo_shim_random(seed, ${mask(limitsOf(scalar).most)})`, scalar)};`,
    ];
  }
  if (conversion.isText) {
    const room = Math.min(from.bitSize, to?.bitSize ?? 0) / 8 - 1;
    if (room < 1) return [];
    return [
      `\tfor (size_t i = 0, n = luo_shim_random(seed, ~0ULL) % ${room + 1}; i < n; i++)`,
      `\t\tfrom->${from.name}[i] = 'a' + luo_shim_random(seed, 15);`,
    ];
  }
  const { lines, counts } = element(from, conversion, checking, (place, element) => {
    if ('fromTag' in element) {
      const inner = { outgoing: element.fromTag, incoming: element.toTag };
      return [
        '\t{',
        `\t\t${checking.names.outgoingTag(element.fromTag)} part;`,
        '',
        `\t\t${nameOf('fill', inner, checking)}(&part, seed);`,
        `\t\t${place} = part;`,
        '\t}',
      ];
    }
    if ('opaque' in element) return [];
    const most = [limitsOf(element.from).most, limitsOf(element.to).most].sort((a, b) =>
      a < b ? -1 : 1,
    )[0] as bigint;
    const value = `luo_shim_random(seed, ${mask(most)})`;
    if (element.from.kind === 'pointer') return [`\t${place} = (void *)(uintptr_t)${value};`];
    return [`\t${place} = ${storedAs(value, element.from)};`];
  });
  return inLoops(counts, lines);
}

function mask(most: bigint): string {
  return `0x${most.toString(16)}ULL`;
}

type Render = (place: string, element: Conversion['element']) => string[];

function element(
  from: FlatMember,
  { element: kind, dimensions }: Conversion,
  _checking: Checking,
  render: Render,
): { lines: string[]; counts: number[] } {
  const indices = dimensions.from.map((_, at) => `[${'ijkl'[at]}]`).join('');
  const counts = dimensions.from.map((length, at) => Math.min(length, dimensions.to[at] ?? length));
  return { lines: render(`from->${from.name}${indices}`, kind), counts };
}

function inLoops(counts: readonly number[], lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return counts.reduceRight<string[]>(
    (inner, count, at) => {
      const index = 'ijkl'[at];
      return [
        `\tfor (size_t ${index} = 0; ${index} < ${count}; ${index}++) {`,
        ...inner.map((line) => (line === '' ? '' : `\t${line}`)),
        '\t}',
      ];
    },
    [...lines],
  );
}

function sameOf(struct: PlannedStruct, checking: Checking): string {
  const { from, to } = tagsOf(struct, checking);
  const lines = refusesAll(struct, checking.questions)
    ? []
    : struct.members.flatMap((member) => sameLines(member, checking));
  return [
    `static inline const char *${nameOf('same', struct, checking)}(const ${to} *to, const ${from} *from)`,
    '{',
    ...lines,
    '\t(void)to;',
    '\t(void)from;',
    '\treturn NULL;',
    '}',
  ].join('\n');
}

function sameLines({ from, to, conversion, subject }: PlannedMember, checking: Checking): string[] {
  if (!from || !to || !conversion) return [];
  if (conversion.isText) {
    const size = Math.min(from.bitSize, to.bitSize) / 8;
    return [`\tif (strncmp(to->${to.name}, from->${from.name}, ${size}))`, `\t\treturn "${subject}";`];
  }
  const { lines, counts } = element(from, conversion, checking, (place, kind) => {
    const other = place.replace(`from->${from.name}`, `to->${to.name}`);
    if ('opaque' in kind)
      return [`\tif (memcmp(&${other}, &${place}, ${kind.opaque}))`, `\t\treturn "${subject}";`];
    if (!('fromTag' in kind)) {
      return [
        `\tif (${hostValueOf(other, kind.to)} != ${hostValueOf(place, kind.from)})`,
        `\t\treturn "${subject}";`,
      ];
    }
    const inner = { outgoing: kind.fromTag, incoming: kind.toTag };
    return [
      '\t{',
      `\t\t${checking.names.outgoingTag(kind.fromTag)} written = ${place};`,
      `\t\t${checking.names.incomingTag(kind.toTag)} read = ${other};`,
      `\t\tconst char *wrong = ${nameOf('same', inner, checking)}(&read, &written);`,
      '',
      '\t\tif (wrong)',
      '\t\t\treturn wrong;',
      '\t}',
    ];
  });
  return inLoops(counts, lines);
}

function checkOf(struct: PlannedStruct, checking: Checking): string {
  const { from, to } = tagsOf(struct, checking);
  const isRefused = refusesAll(struct, checking.questions);
  const convert = checking.names.converter(struct);
  const head = [
    `static inline const char *${nameOf('check', struct, checking)}(u64 seed)`,
    '{',
    `\t${from} from;`,
    `\t${to} to;`,
    ...(isRefused ? [] : ['\tconst char *wrong;']),
    '',
    `\t${nameOf('fill', struct, checking)}(&from, &seed);`,
  ];
  if (isRefused) {
    return [
      ...head,
      `\treturn ${convert}(&to, &from) == -EOPNOTSUPP ? NULL : "${struct.outgoing} is not refused";`,
      '}',
    ].join('\n');
  }
  const odd = struct.members.flatMap((member) => oddLines(member, { from, convert }));
  const places = [...placeLines(from, struct.written), ...placeLines(to, struct.read)];
  return [
    ...head,
    ...places,
    `\tif (${convert}(&to, &from))`,
    `\t\treturn "${struct.outgoing} is refused";`,
    `\twrong = ${nameOf('same', struct, checking)}(&to, &from);`,
    '\tif (wrong)',
    '\t\treturn wrong;',
    ...odd,
    '\treturn NULL;',
    '}',
  ].join('\n');
}

/** C asserts no place of a bit-field: with all its bits set, and no others, the bytes must be those of the layout. */
function placeLines(tag: string, layout: Layout): string[] {
  return leavesOf(layout).flatMap(({ name, bitOffset, bitSize, encoding }) => {
    const { element, isBitField } = readEncoding(encoding);
    if (!isBitField) return [];
    const first = Math.floor(bitOffset / 8);
    const bytes = Array.from({ length: Math.ceil((bitOffset + bitSize) / 8) - first }, () => 0);
    for (let bit = bitOffset; bit < bitOffset + bitSize; bit += 1) {
      const at = Math.floor(bit / 8) - first;
      bytes[at] = (bytes[at] ?? 0) | (1 << (bit % 8));
    }
    const ones = element.startsWith('s') ? '-1' : mask(2n ** BigInt(bitSize) - 1n);
    return [
      '\t{',
      `\t\tstatic const u8 place[] = { ${bytes.map((byte) => `0x${byte.toString(16)}`).join(', ')} };`,
      `\t\t${tag} only;`,
      '',
      '\t\tmemset(&only, 0, sizeof(only));',
      `\t\tonly.${name} = ${ones};`,
      `\t\tif (memcmp((const u8 *)&only + ${first}, place, sizeof(place)))`,
      `\t\t\treturn "${tag}.${name} lies elsewhere";`,
      '\t}',
    ];
  });
}

/** A value one above the largest that fits. */
function oddLines(
  { from, conversion, subject }: PlannedMember,
  { from: tag, convert }: { from: string; convert: string },
): string[] {
  if (!from || !conversion || conversion.dimensions.from.length > 0) return [];
  const { element: kind } = conversion;
  if (!('from' in kind)) return [];
  const [written, read] = [limitsOf(kind.from), limitsOf(kind.to)];
  if (written.most <= read.most) return [];
  return [
    '\t{',
    `\t\t${tag} odd = from;`,
    '',
    `\t\todd.${from.name} = ${storedAs(`${read.most + 1n}ULL`, kind.from)};`,
    `\t\tif (${convert}(&to, &odd) != -ERANGE)`,
    `\t\t\treturn "${subject} is not checked";`,
    '\t}',
  ];
}

function listOf(ways: readonly Checking[]): string {
  const rows = ways.flatMap((way) =>
    way.structs.map((struct) => `\t{ "${way.names.converter(struct)}", ${nameOf('check', struct, way)} },`),
  );
  return [
    'static const struct luo_shim_check {',
    '\tconst char *name;',
    '\tconst char *(*check)(u64 seed);',
    '} luo_shim_checks[] = {',
    ...rows,
    '};',
  ].join('\n');
}

const RANDOM = `/* A linear congruential generator: the same seed, the same values, in a kernel and outside. */
static inline u64 luo_shim_random(u64 *seed, u64 mask)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((*seed >> 32) | (*seed << 32)) & mask;
}`;
