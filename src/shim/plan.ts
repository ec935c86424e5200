import { pairStructs } from '../diff/diff-structs.ts';
import { embeddedTag, readEncoding } from '../diff/encoding.ts';
import { diffComponent } from '../diff/engine.ts';
import { isReserved } from '../diff/flat-member.ts';
import { markerText } from '../diff/marker-text.ts';
import type { PairedMember } from '../diff/pairing.ts';
import { isSameWire, pairMembers } from '../diff/pairing.ts';
import type { FlatMember, RawFinding, SideFacts } from '../diff/rule.ts';
import type { Placement } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { Layout } from '../model/layout.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { ShimQuestion } from '../model/shim.ts';
import type { Target } from '../model/target.ts';
import type { Conversion } from './conversion.ts';
import { conversionOf } from './conversion.ts';
import { bareTag } from './names.ts';

// What a shim has to do, before any C is written: which struct becomes which, member by member, and what no comparison
// answers. Pairing and findings are those of the diff engine.

export interface PlannedMember {
  name: string;
  from: FlatMember | undefined;
  to: FlatMember | undefined;
  /** How the value gets over; undefined where that is asked, or nothing is to be done. */
  conversion: Conversion | undefined;
  how: 'asked' | 'convert' | 'elements' | 'marker' | 'renamed' | 'reserved';
  /** The subject of its question. */
  subject: string;
}

export interface PlannedStruct {
  /** Without `struct`. */
  outgoing: string;
  incoming: string;
  written: Layout;
  read: Layout;
  placement: Placement;
  members: PlannedMember[];
}

export interface ShimPlan {
  component: string;
  outgoing: SideFacts;
  incoming: SideFacts;
  target: Target;
  /** Those that are embedded before those that embed them. */
  structs: PlannedStruct[];
  questions: ShimQuestion[];
  findings: readonly RawFinding[];
  isNeeded: boolean;
}

export interface PlanInput {
  component: string;
  target: Target;
  outgoing: SideFacts;
  incoming: SideFacts;
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
}

/** What has to be done so that the incoming kernel reads what the outgoing one wrote of a component. */
export function planShim(input: PlanInput): ShimPlan {
  const { component, target, outgoing, incoming, errata, reviews } = input;
  const functions = reviews.find((review) => review.component === component)?.functions ?? [];
  const diffInput = { component, target, outgoing, incoming, errata, reviews: functions };
  const { findings } = diffComponent(diffInput);
  const pairs = pairStructs(diffInput);
  const planner = new Planner(input);
  const questions: ShimQuestion[] = [];
  for (const { name, incomingName, written, read, placement } of pairs) {
    if (written && read) planner.add({ outgoing: name, incoming: incomingName, written, read, placement });
    else if (written) questions.push(structRemoved(name, input));
    else if (read) questions.push(structAdded(incomingName, input));
  }
  const structs = planner.structs;
  const asked = [
    ...questions,
    ...structs.flatMap((struct) => memberQuestions(struct, input)),
    ...meaningQuestions(findings),
  ];
  const all = [...new Map(asked.map((question) => [question.subject, question])).values()];
  const isSame = structs.every(({ members }) => members.every(isUnchanged));
  const isNeeded = all.length > 0 || !isSame || findings.some(({ impact }) => impact !== 'none');
  return { component, outgoing, incoming, target, structs, questions: all, findings, isNeeded };
}

function isUnchanged({ how, from, to, conversion }: PlannedMember): boolean {
  if (how === 'reserved') return true;
  if (!from || !to || (how !== 'convert' && how !== 'elements' && how !== 'marker')) return false;
  return from.bitOffset === to.bitOffset && from.bitSize === to.bitSize && conversion?.check === undefined;
}

interface StructToPlan {
  outgoing: string;
  incoming: string;
  written: Layout;
  read: Layout;
  placement: Placement;
}

/** Collects structs with those that they embed, whatever component those belong to. */
class Planner {
  readonly #input: PlanInput;
  readonly #planned = new Map<string, PlannedStruct>();

  constructor(input: PlanInput) {
    this.#input = input;
  }

  get structs(): PlannedStruct[] {
    return [...this.#planned.values()];
  }

  add(struct: StructToPlan): void {
    const key = `${struct.outgoing} ${struct.incoming}`;
    if (this.#planned.has(key)) return;
    const { outgoing, incoming } = this.#input;
    const lookups = { outgoing: outgoing.layoutOf, incoming: incoming.layoutOf };
    const pairs = withoutRowParts(pairMembers({ written: struct.written, read: struct.read, ...lookups }));
    // What is embedded comes first, as C wants it.
    for (const { written, read } of pairs) this.#addEmbedded(written, read);
    if (this.#planned.has(key)) return;
    const members = pairs.map((pair) => this.#member(struct, pair));
    this.#planned.set(key, { ...struct, members });
  }

  #addEmbedded(written: FlatMember | undefined, read: FlatMember | undefined): void {
    const [from, to] = [written && embeddedTag(written.encoding), read && embeddedTag(read.encoding)];
    if (!from || !to) return;
    const { outgoing, incoming } = this.#input;
    const layouts = { written: outgoing.layoutOf(from), read: incoming.layoutOf(to) };
    if (!layouts.written || !layouts.read) return;
    const { written: one, read: other } = layouts;
    this.add({
      outgoing: bareTag(from),
      incoming: bareTag(to),
      written: one,
      read: other,
      placement: 'embedded',
    });
  }

  #member({ outgoing, incoming }: StructToPlan, pair: PairedMember): PlannedMember {
    const { written: from, read: to, renamed } = pair;
    const struct = to ? incoming : outgoing;
    const name = (to ?? from)?.name ?? pair.name;
    const plain = { name, from, to, subject: `${struct}.${name}`, conversion: undefined };
    if (to && this.#isMarker(incoming, to)) return { ...plain, how: 'marker' };
    if (from && to && (isFlexible(from) || isFlexible(to))) {
      const isSame =
        isFlexible(from) && isFlexible(to) && conversionOf(from, to, this.#isPlanned) !== undefined;
      return { ...plain, how: isSame ? 'elements' : 'asked' };
    }
    if ([from, to].every((member) => member === undefined || isReserved(member.name))) {
      return { ...plain, how: 'reserved' };
    }
    const conversion = from && to ? conversionOf(from, to, this.#isPlanned) : undefined;
    if (!conversion) return { ...plain, how: 'asked' };
    return { ...plain, conversion, how: renamed ? 'renamed' : 'convert' };
  }

  readonly #isPlanned = (from: string, to: string): boolean =>
    this.#planned.has(`${bareTag(from)} ${bareTag(to)}`);

  /** The member in which the reader looks for its marker gets what it looks for. */
  #isMarker(struct: string, { name, encoding }: FlatMember): boolean {
    const { marker } = this.#input.incoming.facts;
    if (!marker || typeof marker.writes === 'object' || marker.writes === undefined) return false;
    if (marker.carrier === `struct:${struct}.${name}`) return true;
    const placement = this.#input.incoming.facts.structs[struct]?.placement;
    const isHead = placement === 'blob' || placement === 'header';
    return (
      marker.kind === 'name-and-integer' && isHead && name === 'version' && /^u(?:32|64)$/.test(encoding)
    );
  }
}

/** The members of the first element of a row of structs go with the row. */
function withoutRowParts(pairs: readonly PairedMember[]): PairedMember[] {
  const rowsOf = (side: 'read' | 'written'): string[] =>
    pairs.flatMap((pair) => (pair[side]?.stride === undefined ? [] : [`${pair[side]?.name}.`]));
  const rows = { written: rowsOf('written'), read: rowsOf('read') };
  return pairs.flatMap((pair) => {
    const isPart = (side: 'read' | 'written'): boolean =>
      rows[side].some((row) => pair[side]?.name.startsWith(row) === true);
    const written = isPart('written') ? undefined : pair.written;
    const read = isPart('read') ? undefined : pair.read;
    return written || read ? [{ ...pair, written, read }] : [];
  });
}

function isFlexible({ encoding }: FlatMember): boolean {
  return readEncoding(encoding).dimensions.includes(undefined);
}

function structRemoved(name: string, { outgoing, incoming }: PlanInput): ShimQuestion {
  const question = `${outgoing.release} writes struct ${name}, ${incoming.release} has nothing like it. What becomes of it?`;
  return { subject: `struct ${name}`, question, answers: ['drop', 'refuse'], decision: null };
}

function structAdded(name: string, { outgoing, incoming }: PlanInput): ShimQuestion {
  const question = `${incoming.release} reads struct ${name}, ${outgoing.release} writes nothing like it. Does an empty one do?`;
  return { subject: `struct ${name}`, question, answers: ['default', 'refuse'], decision: null };
}

function memberQuestions({ members }: PlannedStruct, { outgoing, incoming }: PlanInput): ShimQuestion[] {
  return members.flatMap(({ how, from, to, subject }): ShimQuestion[] => {
    if (how !== 'asked') return [];
    if (from && to) {
      const question = `${outgoing.release} writes ${from.type}, ${incoming.release} reads ${to.type}: not the same kind of data. What is read?`;
      return [{ subject, question, answers: ['default', 'drop', 'refuse'], decision: null }];
    }
    if (to) {
      const question = `${incoming.release} reads ${to.type} ${to.name}, ${outgoing.release} does not write it. Which value?`;
      return [{ subject, question, answers: ['default', 'refuse'], decision: null }];
    }
    const question = `${outgoing.release} writes ${from?.type} ${from?.name}, ${incoming.release} has no place for it. What becomes of it?`;
    return [{ subject, question, answers: ['drop', 'refuse'], decision: null }];
  });
}

/** Findings that say that equal bytes may mean something else, by the first word of their subject. */
const MEANING: Readonly<Record<string, string>> = {
  'constant-changed': 'constant',
  'erratum-applies': 'erratum',
  'flag-value-changed': 'constant',
  'marker-bumped-without-change': 'marker',
  'meaning-may-differ': 'function',
};

/** What the converters do away with, or what is asked of a struct or member by its own name. */
const CONVERTED: ReadonlySet<string> = new Set([
  'array-length-changed',
  'bit-field-changed',
  'element-size-changed',
  'embedded-struct-changed',
  'flexible-array-changed',
  'marker-changed',
  'marker-not-bumped',
  'member-added',
  'member-added-at-end',
  'member-added-in-padding',
  'member-offset-changed',
  'member-removed',
  'member-renamed',
  'member-signedness-changed',
  'member-size-changed',
  'member-type-changed',
  'packing-changed',
  'struct-added',
  'struct-removed',
  'struct-renamed',
  'struct-size-changed',
  'tail-ignored',
]);

/** What no comparison settles: another meaning of equal bytes, and facts that are missing or in doubt. */
function meaningQuestions(findings: readonly RawFinding[]): ShimQuestion[] {
  return findings.flatMap(({ rule, impact, subject, message }): ShimQuestion[] => {
    const kind = Object.hasOwn(MEANING, rule) ? MEANING[rule] : undefined;
    const isTold = kind !== undefined && (impact !== 'none' || kind === 'marker');
    const isDoubt = kind === undefined && impact === 'unknown' && !CONVERTED.has(rule);
    if (!isTold && !isDoubt) return [];
    const name = kind === 'marker' ? kind : `${kind ?? rule} ${subject}`;
    return [
      {
        subject: name,
        question: `${message.replace(/\.$/, '')}. Is a copy of the bytes right?`,
        answers: ['copy', 'refuse'],
        decision: null,
      },
    ];
  });
}

/** Findings that fail the pair and that no generated code mends: the carrier, the tree, what the reader demands. */
export function leftToPeople(findings: readonly RawFinding[]): RawFinding[] {
  return findings.filter(
    ({ rule, impact }) =>
      (impact === 'misread' || impact === 'refused') && !CONVERTED.has(rule) && !Object.hasOwn(MEANING, rule),
  );
}

/** The marker of a side as people write it. */
export function markerWords({ facts }: SideFacts): string {
  return facts.marker ? markerText(facts.marker.writes, facts.marker) : 'no marker';
}

/** Whether two structs need no conversion of their own. */
export function isSameStruct({ written, read, members }: PlannedStruct): boolean {
  return isSameWire(written, read) && members.every(isUnchanged);
}
