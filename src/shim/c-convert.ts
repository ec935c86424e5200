import { readEncoding } from '../diff/encoding.ts';
import type { FlatMember } from '../diff/rule.ts';
import { ToolError } from '../errors.ts';
import type { ShimDecision, ShimQuestion } from '../model/shim.ts';
import type { CodeNames } from './code-names.ts';
import type { Conversion, Scalar } from './conversion.ts';
import { limitsOf, scalarOf } from './conversion.ts';
import { answerOf } from './decisions.ts';
import type { PlannedMember, PlannedStruct } from './plan.ts';

// The functions that convert, one a struct: every member that is not said to stay zero is assigned, and what does not fit is
// refused before anything is used.

export interface ConvertInput {
  names: CodeNames;
  questions: readonly ShimQuestion[];
  /** What the incoming kernel looks for in the member of its marker. */
  marker: number | string | undefined;
}

/** The function that converts one struct; with an #error for each question that is open. */
export function converterOf(struct: PlannedStruct, input: ConvertInput): string {
  const { names } = input;
  const [from, to] = [names.outgoingTag(struct.outgoing), names.incomingTag(struct.incoming)];
  const head = `static inline int ${names.converter(struct)}(${to} *to, const ${from} *from)`;
  const isRefused = refusesAll(struct, input.questions);
  const body = isRefused
    ? ['\t/* Decided: refuse. */', '\treturn -EOPNOTSUPP;']
    : [
        '\tmemset(to, 0, sizeof(*to));',
        ...struct.members.flatMap((member) => memberLines(member, input)),
        '\treturn 0;',
      ];
  const unused = ['to', 'from'].filter(
    (name) => !body.some((line) => new RegExp(`\\b${name}\\b`).test(line.replace(/\/\*.*\*\//, ''))),
  );
  return [head, '{', ...unused.map((name) => `\t(void)${name};`), ...body, '}'].join('\n');
}

/** A whole row of them, one behind the other. */
export function rowConverterOf(struct: PlannedStruct, { names }: ConvertInput): string {
  const [from, to] = [names.outgoingTag(struct.outgoing), names.incomingTag(struct.incoming)];
  return [
    `static inline int ${names.rowConverter(struct)}(${to} *to, const ${from} *from, size_t count)`,
    '{',
    '\tfor (size_t i = 0; i < count; i++) {',
    `\t\tint err = ${names.converter(struct)}(&to[i], &from[i]);`,
    '',
    '\t\tif (err)',
    '\t\t\treturn err;',
    '\t}',
    '\treturn 0;',
    '}',
  ].join('\n');
}

/** What no single member answers for, and a member that is never written: then there is nothing to convert. */
export function refusesAll({ members }: PlannedStruct, questions: readonly ShimQuestion[]): boolean {
  const refused = questions.filter(({ decision }) => decision === 'refuse').map(({ subject }) => subject);
  return (
    refused.some((subject) => !isOfMember(subject)) ||
    members.some(({ how, from, subject }) => how === 'asked' && !from && refused.includes(subject))
  );
}

/** `STRUCT.MEMBER`; what is said of more than one member has a kind before its name, or is the marker. */
function isOfMember(subject: string): boolean {
  return /^\w+\.\S+$/.test(subject);
}

/** The decision on a member's question; null where it is open. */
export function decisionOn(subject: string, questions: readonly ShimQuestion[]): ShimDecision | null {
  return questions.find((question) => question.subject === subject)?.decision ?? null;
}

function memberLines(member: PlannedMember, input: ConvertInput): string[] {
  const { from, to, how, conversion, subject } = member;
  if (how === 'reserved') return [];
  if (how === 'elements') return [`\t/* ${to?.name}: each by itself, with the function of its struct. */`];
  if (how === 'marker' && to) return markerLines(to, input.marker);
  if (from && to && conversion) {
    const guess =
      how === 'renamed'
        ? [`\t/* ${from.name} is taken for ${to.name}: a guess, since they lie at the same place. */`]
        : [];
    return [...guess, ...copyLines({ from, to, conversion }, input.names)];
  }
  const decision = decisionOn(subject, input.questions);
  if (decision === null) return [];
  if (answerOf(decision) === 'default' && to) return defaultLines(to, decision);
  return decision === 'refuse' && from ? refusalLines(from) : [];
}

function markerLines(to: FlatMember, marker: number | string | undefined): string[] {
  if (typeof marker === 'number') return [`\tto->${to.name} = ${marker};`];
  return textLines(to, String(marker));
}

function textLines(to: FlatMember, text: string): string[] {
  const room = Math.min(to.bitSize / 8, Buffer.byteLength(text) + 1);
  return [`\tmemcpy(to->${to.name}, ${JSON.stringify(text)}, ${room});`];
}

/** The value that a decision gives to a member. @throws ToolError DOCUMENT_INVALID for one that does not fit */
export function defaultLines(to: FlatMember, decision: ShimDecision): string[] {
  const value = typeof decision === 'object' ? decision.default : 0;
  if (value === 0 || value === '0') return [];
  const { element, dimensions } = readEncoding(to.encoding);
  if (element === 'char' && dimensions.length === 1 && typeof value === 'string') {
    if (Buffer.byteLength(value) < to.bitSize / 8) return textLines(to, value);
    throw unfit(to, value, `text of at most ${to.bitSize / 8 - 1} bytes`);
  }
  const scalar = dimensions.length === 0 ? scalarOf(to) : undefined;
  if (!scalar || scalar.kind === 'pointer') throw unfit(to, value, '0, which leaves it empty');
  return [`\tto->${to.name} = ${storedAs(literalOf(to, scalar, value), scalar)};`];
}

function literalOf(to: FlatMember, scalar: Scalar, value: number | string): string {
  const { least, most } = limitsOf(scalar);
  const isWhole = /^-?\d+$/.test(String(value));
  if (!isWhole || BigInt(value) < least || BigInt(value) > most)
    throw unfit(to, value, `a whole number from ${least} to ${most}`);
  return numberText(BigInt(value));
}

function unfit(to: FlatMember, value: number | string, words: string): ToolError {
  return new ToolError(
    'DOCUMENT_INVALID',
    `the default ${JSON.stringify(value)} does not fit ${to.name} (${to.type}); give ${words}`,
  );
}

function numberText(value: bigint): string {
  return value > 2147483647n ? `${value}ULL` : value < -2147483648n ? `${value}LL` : `${value}`;
}

/** Data that a decision refuses: anything but zero. */
function refusalLines(from: FlatMember): string[] {
  const isPlace =
    from.bitOffset % 8 === 0 && from.bitSize % 8 === 0 && !readEncoding(from.encoding).isBitField;
  const test = isPlace
    ? `!luo_shim_is_zero((const u8 *)from + ${from.bitOffset / 8}, ${from.bitSize / 8})`
    : `from->${from.name}`;
  return [`\tif (${test})`, '\t\treturn -EOPNOTSUPP;'];
}

interface Copy {
  from: FlatMember;
  to: FlatMember;
  conversion: Conversion;
}

function copyLines({ from, to, conversion }: Copy, names: CodeNames): string[] {
  const { element, dimensions, isText } = conversion;
  if (isText) return textCopy(from, to);
  const [written = [], read = []] = [dimensions.from, dimensions.to];
  const indices = written.map((_, at) => `[${'ijkl'[at]}]`).join('');
  const single = copyOne(
    { from: `from->${from.name}${indices}`, to: `to->${to.name}${indices}` },
    element,
    names,
  );
  const counts = written.map((length, at) => (at === 0 ? Math.min(length, read[0] ?? length) : length));
  const rest = (written[0] ?? 0) > (read[0] ?? 0) ? restLines(from, written, read) : [];
  return [...rest, ...loops(counts, single)];
}

/** What lies behind the last element that is read must be empty. */
function restLines(from: FlatMember, written: readonly number[], read: readonly number[]): string[] {
  const stride = from.bitSize / 8 / (written[0] ?? 1);
  const start = from.bitOffset / 8 + stride * (read[0] ?? 0);
  const size = stride * ((written[0] ?? 0) - (read[0] ?? 0));
  return [`\tif (!luo_shim_is_zero((const u8 *)from + ${start}, ${size}))`, '\t\treturn -ERANGE;'];
}

function loops(counts: readonly number[], lines: readonly string[]): string[] {
  return counts.reduceRight<string[]>(
    (inner, count, at) => {
      const index = 'ijkl'[at];
      const head = `\tfor (size_t ${index} = 0; ${index} < ${count}; ${index}++) {`;
      return [head, ...inner.map((line) => (line === '' ? '' : `\t${line}`)), '\t}'];
    },
    [...lines],
  );
}

function textCopy(from: FlatMember, to: FlatMember): string[] {
  const [written, read] = [from.bitSize / 8, to.bitSize / 8];
  if (written <= read) return [`\tmemcpy(to->${to.name}, from->${from.name}, ${written});`];
  return [
    `\tif (strnlen(from->${from.name}, ${written}) >= ${read})`,
    '\t\treturn -ERANGE;',
    `\tmemcpy(to->${to.name}, from->${from.name}, strnlen(from->${from.name}, ${read}));`,
  ];
}

function copyOne(
  { from, to }: { from: string; to: string },
  element: Conversion['element'],
  names: CodeNames,
): string[] {
  if ('opaque' in element) return [`\tmemcpy(${to}, ${from}, ${element.opaque});`];
  if ('fromTag' in element) {
    const [old, own] = [names.outgoingTag(element.fromTag), names.incomingTag(element.toTag)];
    const call = names.converter({ outgoing: element.fromTag, incoming: element.toTag });
    return [
      '\t{',
      `\t\t${old} written = ${from};`,
      `\t\t${own} read;`,
      `\t\tint err = ${call}(&read, &written);`,
      '',
      '\t\tif (err)',
      '\t\t\treturn err;',
      `\t\t${to} = read;`,
      '\t}',
    ];
  }
  const value = hostValueOf(from, element.from);
  const checks = rangeTests(value, element.from, element.to).flatMap((test) => [
    `\tif (${test})`,
    '\t\treturn -ERANGE;',
  ]);
  const isSame =
    element.from.kind === 'swapped' && element.to.kind === 'swapped' && element.from.bits === element.to.bits;
  return [...checks, `\t${to} = ${isSame ? from : storedAs(value, element.to)};`];
}

/** A scalar as a number of this machine. */
export function hostValueOf(expression: string, scalar: Scalar): string {
  return scalar.kind === 'swapped' ? `be${scalar.bits}_to_cpu(${expression})` : expression;
}

/** A number as a member holds it. */
export function storedAs(expression: string, scalar: Scalar): string {
  return scalar.kind === 'swapped' ? `cpu_to_be${scalar.bits}(${expression})` : expression;
}

function rangeTests(value: string, from: Scalar, to: Scalar): string[] {
  const [written, read] = [limitsOf(from), limitsOf(to)];
  if (from.kind === 'pointer') return [];
  const isSigned = written.least < 0n;
  const cast = isSigned ? `(s64)${value}` : `(u64)${value}`;
  const tail = isSigned ? 'LL' : 'ULL';
  return [
    ...(written.least < read.least ? [`${cast} < ${read.least}${tail}`] : []),
    ...(written.most > read.most ? [`${cast} > ${read.most}${tail}`] : []),
  ];
}
