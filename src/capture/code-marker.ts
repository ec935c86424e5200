import { type Expression, type FlowNode, partsOf } from '../cdecl/index.ts';
import type { Era } from '../model/component-definition.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { AcceptedMarker, Marker, MarkerKind, MarkerValue } from '../model/marker.ts';
import type { CodeBase } from './code-base.ts';
import { entryNames } from './code-entries.ts';
import { callsOf, type FollowedCode, stepsOf, withHelpers } from './code-flow.ts';
import { readRange } from './code-range.ts';
import { registeredHandlers } from './registrations.ts';

// What a kernel writes as a marker, and what its reader takes, is what the code does with it: which text or number is put
// there, registered, or compared. The macro of that name may be another's by then.

const COMPARES = /^(?:fdt_node_check_compatible|strn?cmp|memcmp|sysfs_streq|strstarts|str_has_prefix)$/;
const COPIES = /^(?:strscpy|strscpy_pad|strncpy|strcpy|strlcpy|memcpy)$/;
const MAX_RANGE = 16;

export interface MarkerReading {
  marker: Marker;
  doubts: FoundDoubt[];
}

export interface MarkerRequest {
  era: Era;
  marker: Marker;
  base: CodeBase;
  /** The value of a constant by its name. */
  valueNamed(name: string): MarkerValue | undefined;
  /** Texts that other components write or compare: in one function several may stand. */
  isOthers(text: string): boolean;
}

/** How the code shows each kind; of the others the declared value stands. */
const READERS: Partial<Record<MarkerKind, (request: MarkerRequest) => MarkerReading>> = {
  'fdt-string': readText,
  'struct-string': readText,
  integer: readNumber,
  'integer-range': (request) => readRange(request.era, request.marker, request),
  name: readName,
};

/** The marker as the code at hand writes and reads it. */
export function readMarker(request: MarkerRequest): MarkerReading {
  const { marker } = request;
  return READERS[marker.kind]?.(request) ?? { marker, doubts: [] };
}

function placed(base: CodeBase, name: string | undefined): Pick<FoundDoubt, 'where'> {
  const where = name === undefined ? undefined : base.placeOf(name);
  return where === undefined ? {} : { where };
}

function flowsOf(era: Era, base: CodeBase, side: 'reader' | 'writer'): FollowedCode[] {
  const groups = side === 'reader' && era.reader.function !== undefined ? [[era.reader.function]] : [];
  const entries = era.code
    .filter((code) => code.side === side)
    .flatMap(({ functions }) => functions.map(entryNames));
  return [...groups, ...(groups.length > 0 ? [] : entries)].flatMap(
    (names) => withHelpers(names, base) ?? [],
  );
}

function readText({ era, marker, base, isOthers, valueNamed }: MarkerRequest): MarkerReading {
  const readers = flowsOf(era, base, 'reader');
  const doubts: FoundDoubt[] = [];
  const own = (texts: readonly string[]): string[] =>
    [...new Set(texts)].filter((text) => text === marker.writes || !isOthers(text));
  const all = readers.flatMap(({ root }) => comparedTexts(root, base, valueNamed));
  const compared = own(all.map(({ text }) => text));
  const prefixes = new Set(all.flatMap(({ text, isPrefix }) => (isPrefix ? text : [])));
  const written = own(flowsOf(era, base, 'writer').flatMap(({ root }) => writtenTexts(root, marker, base)));
  const accepts = compared.map(
    (value): AcceptedMarker => ({ value, ...(prefixes.has(value) && { isPrefix: true as const }) }),
  );
  if (readers.length > 0 && accepts.length === 0) doubts.push(unseen(era, marker, base));
  const [writes, ...others] = written.length > 1 ? written.filter((text) => text !== marker.writes) : written;
  const read = {
    ...marker,
    ...(accepts.length > 0 && { accepts }),
    ...(doubts.length > 0 && { acceptsAny: true as const }),
  };
  return { marker: others.length > 0 || writes === undefined ? read : { ...read, writes }, doubts };
}

/** That a reader compares the marker with nothing that shows. */
function unseen(era: Era, { macro = 'marker' }: Marker, base: CodeBase): FoundDoubt {
  const reader = era.reader.function;
  return {
    ...placed(base, reader),
    code: 'check-not-confirmed',
    subject: macro,
    side: 'reads',
    message: `which ${macro} is accepted does not show in ${reader}(): an overlay can say it with accepts`,
  };
}

interface ComparedText {
  text: string;
  /** Nothing behind it is compared. */
  isPrefix: boolean;
}

/** The literals that a flow compares with something, as far as it does. */
function comparedTexts(
  root: FlowNode,
  base: CodeBase,
  valueNamed: MarkerRequest['valueNamed'],
): ComparedText[] {
  return callsOf(root)
    .filter(({ name }) => COMPARES.test(name))
    .flatMap(({ name, args }) => {
      const length = /^(?:strncmp|memcmp)$/.test(name) ? lengthOf(args[2], valueNamed) : undefined;
      const isStart = /^(?:strstarts|str_has_prefix)$/.test(name);
      return args
        .slice(0, length === undefined ? args.length : 2)
        .flatMap((arg) => textsOf(arg, base))
        .map((text) =>
          length === undefined || length > text.length
            ? { text, isPrefix: isStart }
            : { text: text.slice(0, length), isPrefix: true },
        );
    });
}

/** The number of characters that a comparison asks for; undefined where it does not show. */
function lengthOf(
  value: Expression | undefined,
  valueNamed: MarkerRequest['valueNamed'],
): number | undefined {
  const [first, second] = value?.args ?? [];
  if (value?.op === 'number') return Number(value.text);
  if (value?.op === 'name') {
    const known = valueNamed(value.text ?? '');
    return typeof known === 'number' ? known : undefined;
  }
  if (value?.op === 'sizeof' && first?.op === 'string') return (first.text ?? '').length + 1;
  if (value?.op === 'call' && first?.text === 'strlen' && second?.op === 'string')
    return (second.text ?? '').length;
  if (value?.op === '-' && second?.op === 'number') {
    const whole = lengthOf(first, valueNamed);
    return whole === undefined ? undefined : whole - Number(second.text);
  }
  return undefined;
}

/** The literals that an argument stands for: one, or those of the table that it is taken from. */
function textsOf(arg: Expression, base: CodeBase): string[] {
  if (arg.op === 'string') return [arg.text ?? ''];
  if (arg.op !== 'index' && arg.op !== 'deref') return [];
  return partsOf(arg).flatMap(({ op, text = '' }) => {
    const table = op === 'name' ? base.find(text)?.value : undefined;
    return table ? partsOf(table).flatMap((part) => (part.op === 'string' ? [part.text ?? ''] : [])) : [];
  });
}

/** The literals that a flow writes where the marker lies. */
function writtenTexts(root: FlowNode, { kind, carrier }: Marker, base: CodeBase): string[] {
  const place = wirePlace(carrier, base);
  return callsOf(root).flatMap(({ name, args }) => {
    const texts = args.flatMap((arg) => (arg.op === 'string' ? [arg.text ?? ''] : []));
    if (kind === 'fdt-string') {
      const isProperty = /^fdt_(?:set|append)?prop/.test(name) && texts[0] === 'compatible';
      return isProperty ? texts.slice(1) : [];
    }
    const [target] = args;
    return COPIES.test(name) && target?.op === 'wire' && target.text === place ? texts : [];
  });
}

/** `luo_ser@0` for the carrier `struct:luo_ser.compatible`. */
function wirePlace(carrier: string, base: CodeBase): string | undefined {
  const [, struct = '', member = ''] = /^struct:(\w+)\.(\w+)$/.exec(carrier) ?? [];
  const wire = base.wire(struct, member);
  return wire && `${wire.struct}@${wire.bitOffset}`;
}

/** The place that a writer sets to a macro: that of the marker, where its member goes by another name. */
function placeSetTo(macro: string | null | undefined, writers: readonly FollowedCode[]): string | undefined {
  const set = writers
    .flatMap(({ root }) => stepsOf(root))
    .find(({ value }) => {
      const [place, text] = value?.op === '=' ? value.args : [];
      return place?.op === 'wire' && text?.op === 'name' && text.text === macro;
    });
  return set?.value?.args[0]?.text;
}

function readNumber({ era, marker, base, valueNamed }: MarkerRequest): MarkerReading {
  const writers = flowsOf(era, base, 'writer');
  const place = wirePlace(marker.carrier, base) ?? placeSetTo(marker.macro, writers);
  const number = (value: Expression | undefined): number | undefined => {
    const known =
      value?.op === 'number'
        ? Number(value.text)
        : value?.op === 'name'
          ? valueNamed(value.text ?? '')
          : undefined;
    return typeof known === 'number' ? known : undefined;
  };
  const copies = new Set<string>();
  const isPlace = (value: Expression | undefined): boolean =>
    (value?.op === 'wire' && value.text === place) || (value?.op === 'local' && copies.has(value.text ?? ''));
  const written = writers.flatMap(({ root }) =>
    stepsOf(root).flatMap(({ value }) =>
      value?.op === '=' && isPlace(value.args[0]) ? (number(value.args[1]) ?? []) : [],
    ),
  );
  const accepts = new Set<number>();
  const readers = flowsOf(era, base, 'reader');
  let isKnown = true;
  for (const node of readers.flatMap(({ root }) => stepsOf(root))) {
    const { value } = node;
    const [left, right] = value?.args ?? [];
    if (value?.op === '=' && left?.op === 'local' && isPlace(right)) copies.add(left.text ?? '');
    if (node.op === 'switch' && isPlace(value)) {
      const cases = casesTaken(node, valueNamed);
      if (!cases) isKnown = false;
      for (const one of cases ?? []) accepts.add(one);
    }
    if (!value || !(isPlace(left) || isPlace(right)) || !/^(?:==|<)$/.test(value.op)) continue;
    const limit = number(isPlace(left) ? right : left);
    if (limit === undefined) isKnown = false;
    else if (value.op === '==') accepts.add(limit);
    // `N < version` refuses what is newer: all up to N are taken.
    else if (isPlace(right))
      for (let one = Math.max(1, limit - MAX_RANGE); one <= limit; one += 1) accepts.add(one);
  }
  const [writes] = written;
  const isUnseen = place !== undefined && readers.length > 0 && accepts.size === 0;
  const values = [...accepts].sort((one, other) => one - other).map((value): AcceptedMarker => ({ value }));
  return {
    marker: {
      ...marker,
      ...(writes !== undefined && { writes }),
      ...(isKnown && values.length > 0 && { accepts: values }),
      ...(isUnseen && { acceptsAny: true as const }),
    },
    doubts: isUnseen ? [unseen(era, marker, base)] : [],
  };
}

/** The numbers for which a `switch` does anything else than for those that it does not name. */
function casesTaken(
  { labels, children }: FlowNode,
  valueNamed: MarkerRequest['valueNamed'],
): number[] | undefined {
  const other = children[labels.indexOf('default')];
  const taken = labels.filter((label, at) => label !== 'default' && children[at] !== other);
  const numbers = taken.map((label) => {
    const [, kind = '', text = ''] = /^(number|name) (\w+)$/.exec(label) ?? [];
    return kind === 'number' ? Number(text) : kind === 'name' ? valueNamed(text) : undefined;
  });
  return numbers.every((one) => typeof one === 'number') ? numbers : undefined;
}

/** Whose name is registered, is known by what the registered object says. */
function readName(request: MarkerRequest): MarkerReading {
  const { marker } = request;
  if (marker.carrier === 'file-handler') return readRegistered(request);
  if (marker.carrier === 'flb')
    return marker.macro === undefined ? readRegistered(request) : readShared(request);
  return { marker, doubts: [] };
}

/** Shared data is known by its macro, but for what the only object that its own files register says. */
function readShared({ era, marker, base }: MarkerRequest): MarkerReading {
  const objects = registeredHandlers(era, base, 'flb').filter(({ file }) => era.files.includes(file));
  const names = [...new Set(objects.flatMap(({ name }) => handlerNames(name, base)))];
  const [object, ...others] = objects;
  if (!object || names.includes(String(marker.writes))) return { marker, doubts: [] };
  const [writes] = names;
  if (writes === undefined || others.length > 0)
    return { marker, doubts: [unnamed(object.name, object.by, base)] };
  return { marker: { ...marker, writes, accepts: [{ value: writes }] }, doubts: [] };
}

/** What the registered objects say that they can read; the one of the known name, or the only one, writes. */
function readRegistered({ era, marker, base }: MarkerRequest): MarkerReading {
  const handlers = registeredHandlers(era, base, marker.carrier === 'flb' ? 'flb' : 'file');
  const names = handlers.flatMap(({ name }) => handlerNames(name, base));
  const doubts = handlers
    .filter(({ name }) => handlerNames(name, base).length === 0)
    .map(({ name, by }) => unnamed(name, by, base));
  const [first] = names;
  if (first === undefined) return { marker, doubts };
  const own = handlers.find(({ name }) => handlerNames(name, base).includes(String(marker.writes)));
  // A file goes to the first that can preserve it: of those that do the same, to the one that was registered first.
  const preferred = handlers.find(
    ({ name, by }) => own && by === own.by && operationsOf(name, base) === operationsOf(own.name, base),
  );
  const writes = own ? preferred && handlerNames(preferred.name, base)[0] : first;
  const listed = new Set(handlers.flatMap(({ name }) => listedTexts(name, base)));
  return {
    marker: {
      ...marker,
      ...(writes !== undefined && { writes }),
      accepts: [
        ...[...new Set(names)].map((value) => ({ value })),
        ...[...listed].filter((value) => !names.includes(value)).map((value) => listedAs(value)),
      ],
    },
    doubts,
  };
}

const listedAs = (value: string): AcceptedMarker => ({ value, asWritten: true });

/** The texts in tables that a registered object leads to: names that it may take beside its own. */
function listedTexts(variable: string, base: CodeBase): string[] {
  const members = (base.objectOf(variable)?.args ?? []).filter(
    ({ op, text }) => op === 'designate' && text !== '.compatible' && text !== '.ops',
  );
  return members.flatMap(({ args: [given] }) => {
    const table = given?.op === 'name' ? base.objectOf(given.text ?? '') : given;
    const texts = table ? partsOf(table) : [];
    return [...texts].flatMap(({ op, text }) => (op === 'string' && text ? [text] : []));
  });
}

/** That the name of a registered object does not show. */
function unnamed(name: string, by: string, base: CodeBase): FoundDoubt {
  return {
    ...placed(base, by),
    code: 'check-not-confirmed',
    subject: name,
    message: `the name that ${by}() registers ${name} under does not show`,
  };
}

/** The variable with the operations of a handler; undefined where it does not show. */
function operationsOf(variable: string, base: CodeBase): string | undefined {
  const given = base.objectOf(variable)?.args.find(({ text }) => text === '.ops')?.args[0];
  return given?.op === 'address' ? given.args[0]?.text : undefined;
}

/** The names in an object that is registered, else in its operations. */
function handlerNames(variable: string, base: CodeBase): string[] {
  const own = namesIn(variable, base);
  const operations = own.length > 0 ? undefined : operationsOf(variable, base);
  return operations === undefined ? own : namesIn(operations, base);
}

function namesIn(variable: string, base: CodeBase): string[] {
  return (base.objectOf(variable)?.args ?? []).flatMap(({ op, text, args }) => {
    if (op !== 'designate' || text !== '.compatible' || !args[0]) return [];
    const [value] = args;
    const given = value.op === 'list' && value.args.length === 1 ? value.args[0] : value;
    return given?.op === 'string' ? [given.text ?? ''] : [];
  });
}
