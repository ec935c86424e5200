import type { HandedValueState, KeptState, RanCode, StructState } from '../model/component-state.ts';
import { forTarget, TARGETS, type Target } from '../model/target.ts';
import type { DiffInput } from './diff-input.ts';
import type { ComponentFacts, RawFinding, RoundTripPair, ValueChange } from './rule.ts';
import type { Run } from './run-rules.ts';

// Values that two kernels compute from the same parts and that come to different numbers. One such change alone may be taken
// back elsewhere; that what is read changed with what is written shows that equal bytes mean something else, and so does a
// value that only one of the two kernels reads back as it was written.

/** The target whose places stand in documents. */
const PLACED_FOR = TARGETS[0];

/** Hands those changes to the rules that change what the data mean. Where no code differs unreviewed there is none. */
export function diffValues(input: DiffInput, findings: readonly RawFinding[], run: Run): void {
  const [written, read] = [input.outgoing.facts.values, input.incoming.facts.values];
  if (!written || !read || !findings.some(isUnreviewed)) return;
  const { component, target, outgoing, incoming } = input;
  if (!isPlacedAlike(outgoing.facts, incoming.facts)) return;
  const changes =
    textOf(written) === textOf(read)
      ? []
      : decisive(written, read, { target, isWriting: writingAlone(outgoing.facts, incoming.facts) });
  for (const change of changes) run('value', { component, target, outgoing, incoming, change });
  for (const place of keptNoMore(outgoing.facts, incoming.facts))
    run('kept', { component, target, outgoing, incoming, ...place });
  for (const failed of notWhole(outgoing.facts, incoming.facts))
    run('roundTrip', { component, target, outgoing, incoming, ...failed });
}

/**
 * What the outgoing kernel writes and the incoming one does not read back: its own code reads as the incoming kernel's does
 * and does not, or the incoming one writes as it does and does not read that. Where both parts differ, or where nothing tells
 * which of them does, nothing is said.
 */
function notWhole(
  { roundTrips: from = [] }: ComponentFacts,
  { roundTrips: to = [] }: ComponentFacts,
): Pick<RoundTripPair, 'differs' | 'trip'>[] {
  return from.flatMap((trip): Pick<RoundTripPair, 'differs' | 'trip'>[] => {
    const other = to.find(({ name }) => name === trip.name);
    if (!other || other.isWhole === trip.isWhole) return [];
    const isWriting = isOther(trip.writer, other.writer);
    if (isWriting === isOther(trip.reader, other.reader)) return [];
    // The one that fails does so by its own part; where that is the part that the other kernel does, nothing comes of it.
    if (isWriting) return trip.isWhole ? [] : [{ trip, differs: 'writing' }];
    return other.isWhole ? [] : [{ trip, differs: 'reading' }];
  });
}

function isOther(one: RanCode, other: RanCode): boolean {
  const isWider = one.widths !== undefined && other.widths !== undefined && one.widths !== other.widths;
  return one.hash !== other.hash || isWider;
}

/**
 * Where the outgoing kernel writes the address of memory as the incoming one does, which keeps that memory, and does not keep
 * it: of the incoming kernel's calls that keep something there are fewer, and none that is new. A function that only the
 * outgoing kernel calls with that address may keep it by another name.
 */
function keptNoMore(
  { values: written = [], kept: from }: ComponentFacts,
  { values: read = [], kept: to }: ComponentFacts,
): { function: string; place: string }[] {
  if (!from || !to) return [];
  const countOf = (kept: readonly KeptState[], name: string): number =>
    kept.find(({ function: own }) => own === name)?.count ?? 0;
  if (from.some(({ function: name, count }) => count > countOf(to, name))) return [];
  const writes = (values: Values, name: string, place: string): string | undefined =>
    values.find(({ function: own, at }) => own === name && at === `=${place}`)?.of;
  const total = (kept: readonly KeptState[]): number => kept.reduce((sum, { count }) => sum + count, 0);
  if (total(from) >= total(to)) return [];
  return to.flatMap((theirs) => {
    const { function: name, places } = theirs;
    const own = from.find((one) => one.function === name);
    return places
      .filter((place) => !own?.places.includes(place))
      .filter((place) => !calledWith(own, place).some((by) => !calledWith(theirs, place).includes(by)))
      .filter((place) => {
        const of = writes(written, name, place);
        return of !== undefined && of === writes(read, name, place);
      })
      .map((place) => ({ function: name, place }));
  });
}

function calledWith(state: KeptState | undefined, place: string): string[] {
  return (state?.callsWith ?? []).flatMap((one) =>
    one.startsWith(`${place} `) ? one.slice(place.length + 1) : [],
  );
}

function isUnreviewed({ rule, impact }: RawFinding): boolean {
  return rule === 'meaning-may-differ' && impact === 'note';
}

/** Places are those of one target: where structs differ there, they mean nothing on another. */
function isPlacedAlike({ structs: from }: ComponentFacts, { structs: to }: ComponentFacts): boolean {
  const placesOf = (state: StructState | undefined): string =>
    JSON.stringify(state && forTarget(state.layout, PLACED_FOR)?.members.map(({ bitOffset }) => bitOffset));
  return Object.keys(from).every((name) => !to[name] || placesOf(from[name]) === placesOf(to[name]));
}

type Values = readonly HandedValueState[];

const texts = new WeakMap<Values, string>();

/** Equal for values that are the same; of most pairs they are, whatever else their code does. */
function textOf(values: Values): string {
  const known = texts.get(values) ?? JSON.stringify(values);
  texts.set(values, known);
  return known;
}

/**
 * Functions that write, and whose change is seen where their data are read by the same code in both kernels: a change of such
 * a function, or of others of both sides beside it, is none of what is read.
 */
function writingAlone(
  { roundTrips: from = [] }: ComponentFacts,
  { roundTrips: to = [] }: ComponentFacts,
): Set<string> {
  return new Set(
    from.flatMap(({ name, writer, reader, isWhole }) => {
      const other = to.find((one) => one.name === name);
      const isSeen = other && other.isWhole !== isWhole;
      const isWriters = isSeen && isOther(writer, other.writer) && !isOther(reader, other.reader);
      return isWriters ? writer.function : [];
    }),
  );
}

function decisive(
  from: Values,
  to: Values,
  { target, isWriting }: { target: Target; isWriting: ReadonlySet<string> },
): ValueChange[] {
  const changes = [...recomputed(from, to, target), ...moved(from, to)];
  const isWritten = changes.some(({ from: one }) => one.side === 'both' && isWriting.has(one.function));
  const isRead = ({ side }: HandedValueState): boolean =>
    side === 'reader' || (side === 'both' && !isWritten);
  const isBoth = changes.some(
    ({ from: one }) =>
      one.side !== 'reader' &&
      changes.some(
        ({ from: other }) => isRead(other) && (other.function !== one.function || isPosition(one)),
      ),
  );
  if (isBoth) return changes;
  return changes.filter(({ from: one, to: other }) => {
    const { side, at, from: origin = '' } = one;
    if (isCounted(one) || isCounted(other)) return false;
    if (side === 'reader') return isRound(origin, from) && !isRound(origin, to);
    return at.startsWith('=') && isRound(at.slice(1), to) && !isRound(at.slice(1), from);
  });
}

/** One more or less of what is counted may be put right where it was or will be counted; an address is not. */
function isCounted({ form = '', from = '' }: HandedValueState): boolean {
  return /^\+-?\d/.test(form) && !/^(?:virt|page)_to_phys\(\)$/.test(from);
}

/** Where something lies: who writes and reads by the same function looks for it elsewhere. */
function isPosition({ at, side }: HandedValueState): boolean {
  return side === 'both' && /^(?:at|in) /.test(at);
}

/** What goes the same way and is computed from the same, and comes to something else. */
function recomputed(from: Values, to: Values, target: Target): ValueChange[] {
  const there = byParts(to);
  return [...byParts(from)].flatMap(([name, one]) => {
    const other = there.get(name);
    return other && comesToAnother(one, other, target) ? [{ from: one, to: other }] : [];
  });
}

/** What is written to the place of another value, or read from there. */
function moved(from: Values, to: Values): ValueChange[] {
  const there = byWay(to);
  return [...byWay(from)].flatMap(([name, one]) => {
    const other = there.get(name);
    if (!other || one.of === other.of || one.form !== other.form) return [];
    const isElsewhere = one.at.startsWith('=')
      ? to.some((third) => isPlace(third.at.slice(1)) && third.at !== one.at && isSame(third, one))
      : isPlace(one.from) && isPlace(other.from);
    return isElsewhere ? [{ from: one, to: other }] : [];
  });
}

function isSame(one: HandedValueState, other: HandedValueState): boolean {
  return one.function === other.function && one.of === other.of && toText(one) === toText(other);
}

function toText({ form = '', exact = [] }: HandedValueState): string {
  return [form, ...exact].join();
}

/** Values by what is asked of them, those that are the only ones of their key; every comparison with a kernel asks for the same. */
function singles(
  key: (value: HandedValueState) => string,
): (values: Values) => ReadonlyMap<string, HandedValueState> {
  const known = new WeakMap<Values, ReadonlyMap<string, HandedValueState>>();
  return (values) => {
    const found = known.get(values) ?? onlyOnes(values, key);
    known.set(values, found);
    return found;
  };
}

function onlyOnes(
  values: Values,
  key: (value: HandedValueState) => string,
): ReadonlyMap<string, HandedValueState> {
  const byKey = new Map<string, HandedValueState | undefined>();
  for (const value of values) byKey.set(key(value), byKey.has(key(value)) ? undefined : value);
  return new Map([...byKey].flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
}

const byWay = singles(({ function: name, at }) => `${name} ${at}`);
const byParts = singles(({ function: name, at, of }) => `${name} ${at} ${of}`);

const PAGES: Readonly<Record<string, number>> = { '4k': 0, '16k': 1, '64k': 2 };

function comesToAnother(one: HandedValueState, other: HandedValueState, target: Target): boolean {
  const isPaged = one.isPaged === true || other.isPaged === true;
  const [first, second] = one.form === 'same' ? [other, one] : [one, other];
  if (second.form === 'same') return first.form !== 'same' && !(isPaged && first.isSameWhole);
  const page = PAGES[target.slice(target.lastIndexOf('-') + 1)] ?? 0;
  const at = (hashes: readonly string[]): string | undefined => hashes[page] ?? hashes[0];
  const plain = ({ exact = [], whole = [] }: HandedValueState): readonly string[] =>
    isPaged ? whole : exact;
  if (at(plain(first)) === at(plain(second))) return false;
  return at(first.scaled ?? plain(first)) !== at(second.scaled ?? plain(second));
}

/** Whether a place in a struct of handed-over data is meant, a row of such included. */
function isPlace(from: string | undefined): boolean {
  return from !== undefined && /^\w+@\d+/.test(from);
}

const INVERSE: Readonly<Record<string, string>> = { same: 'same', '/page': '*page', '*page': '/page' };

function inverseOf(form: string): string | undefined {
  if (form.startsWith('>>')) return form.replace('>>', '<<');
  if (form.startsWith('<<')) return form.replace('<<', '>>');
  return INVERSE[form];
}

/** Whether a kernel reads back what it writes to a place: what is made of it is undone, and it goes where it came from. */
function isRound(place: string, values: Values): boolean {
  const written = values.filter(({ at, side }) => at === `=${place}` && side !== 'reader');
  const read = values.filter(({ from, side }) => from?.replace('[]', '') === place && side !== 'writer');
  const isNamed = (name: string): boolean => values.some(({ at, from }) => at === name && isPlace(from));
  return written.some(
    ({ form, from = '' }) =>
      form !== undefined &&
      read.some(
        (one) => one.form === inverseOf(form) && (!from.startsWith('.') || !isNamed(from) || one.at === from),
      ),
  );
}
