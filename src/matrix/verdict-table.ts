import { embeddedTag } from '../diff/encoding.ts';
import type { ComponentFacts } from '../diff/rule.ts';
import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import type { Layout } from '../model/layout.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { badness } from '../model/verdict-kind.ts';
import type { ClosureEntry } from '../verdict/closure.ts';
import { closureOf } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, layoutLookup } from '../verdict/kernel.ts';
import type { PairInput } from '../verdict/pair.ts';
import { isWorthTelling, judgeAlone } from '../verdict/pair.ts';

// The verdicts of every ordered pair of very many kernels. Each component is judged once for each pair of its distinct
// snapshots; a pair of kernels then only walks its chain of components through small tables of numbers. Pairs whose
// first component (KHO) fails, which are nearly all, are answered for all kernels with the same snapshot at once.

type Input = Omit<PairInput, 'incoming' | 'outgoing' | 'profile'>;

/** Ranks: 0 misread, 1 boot-panic, 2 refused, 3 unknown, 4 unsupported, 5 with notes, 6 compatible. */
export const RANKS: readonly { verdict: Verdict; isPanic: boolean }[] = [
  { verdict: 'misread', isPanic: false },
  { verdict: 'refused', isPanic: true },
  { verdict: 'refused', isPanic: false },
  { verdict: 'unknown', isPanic: false },
  { verdict: 'unsupported', isPanic: false },
  { verdict: 'compatible-with-notes', isPanic: false },
  { verdict: 'compatible', isPanic: false },
];

const MISREAD = 0;
const PANIC = 1;
const UNKNOWN = 3;
const UNSUPPORTED = 4;
const NOTES = 5;
const COMPATIBLE = 6;
const TELLING = 8;
/** Not judged yet. */
const PENDING = 255;

/** One component of a plan: where its numbers are, and what its answer counts for. */
interface Step {
  component: number;
  role: ComponentVerdict['role'];
  /** Bits of the steps below it. */
  needs: number;
  /** For a component outside the profile: a panic of it decides. */
  panicCounts: boolean;
}

interface ComponentTable {
  id: string;
  /** By kernel: the number of what it writes, of what it reads. */
  written: Uint32Array;
  read: Uint32Array;
  /** One kernel for each number. */
  writers: Kernel[];
  readers: Kernel[];
  /** Position of the first kernel with each number. */
  readerPositions: number[];
  /** By writer: 1 where the kernel does not have the component. */
  notWritten: Uint8Array;
  /** Rank, with TELLING, by writer * readers + reader; PENDING until it is needed. */
  codes: Uint8Array;
  outsideCodes: Uint8Array;
}

class Interner {
  readonly #numbers = new Map<string, number>();

  number(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

export class VerdictTable {
  readonly #input: Input;
  readonly #kernels: readonly Kernel[];
  readonly #tables: ComponentTable[];
  readonly #shapes: Uint32Array;
  readonly #profiles: readonly Profile[];
  readonly #plans: (Step[] | undefined)[];
  readonly #shapeCount: number;
  readonly #factIds = new Map<object, number>();
  readonly #guards = new Map<string, readonly string[]>();
  readonly #tags = new Map<object, readonly string[]>();
  readonly #shapeByFacts = new Map<object, string>();
  readonly #reachable: (readonly ComponentTable[] | undefined)[] = [];

  /** Components are judged once for all the profiles. */
  constructor(kernels: readonly Kernel[], profiles: readonly Profile[], input: Input) {
    this.#input = input;
    this.#profiles = profiles;
    this.#kernels = kernels;
    const ids = new Set(
      profiles.flatMap(({ required, optional, whereWritten = [] }) => [
        ...required,
        ...optional,
        ...whereWritten,
      ]),
    );
    for (const { components } of kernels) for (const id of components.keys()) ids.add(id);
    this.#tables = [...ids].sort().map((id) => this.#tableOf(id));
    const shapes = new Interner();
    this.#shapes = Uint32Array.from(kernels, (kernel) => shapes.number(this.#shapeOf(kernel)));
    this.#shapeCount = new Set(this.#shapes).size;
    this.#plans = [];
  }

  /** The ranks under one of the profiles of every pair with one outgoing kernel, by position of the incoming one. */
  row(profile: number, outgoing: number): Uint8Array {
    const ranks = new Uint8Array(this.#kernels.length);
    const byRoot = this.#shapeCount === 1 ? this.#answersByRoot(profile, outgoing) : undefined;
    for (let incoming = 0; incoming < ranks.length; incoming += 1) {
      const known =
        byRoot === undefined ? PENDING : (byRoot.ranks[byRoot.read[incoming] as number] as number);
      ranks[incoming] = known === PENDING ? this.#rank(profile, outgoing, incoming) : known;
    }
    return ranks;
  }

  /** Where the first step of the only plan fails, the answer is the same for every kernel that reads the same there. */
  #answersByRoot(profile: number, outgoing: number): { ranks: Uint8Array; read: Uint32Array } | undefined {
    const plan = this.#plan(profile, outgoing, 0);
    const [root] = plan;
    const table = root && this.#tables[root.component];
    if (!root || !table || root.role === 'optional' || root.role === 'outside') return undefined;
    const ranks = new Uint8Array(table.readers.length).fill(PENDING);
    for (const [reader, incoming] of table.readerPositions.entries()) {
      const code = this.#code(table, outgoing, incoming, false) & 7;
      if (code < UNSUPPORTED) ranks[reader] = this.#rank(profile, outgoing, incoming);
    }
    return { ranks, read: table.read };
  }

  /**
   * What the answer for a pair follows from: its plan, and the numbers of every component on the way that was looked at.
   * Pairs with an equal trace have an equal verdict, effect and cause.
   */
  trace(profile: number, outgoing: number, incoming: number): string {
    const seen = [this.#shapes[outgoing] as number, this.#shapes[incoming] as number];
    this.#rank(profile, outgoing, incoming, (component, isRead) => {
      const table = this.#tables[component] as ComponentTable;
      // What was never reached says nothing of its own, whatever it holds.
      if (isRead) seen.push(component, table.written[outgoing] as number, table.read[incoming] as number);
      else seen.push(component, -1, -1);
    });
    return seen.join();
  }

  /**
   * What a kernel writes and reads of every component that a profile can come to: no pair tells kernels with an equal key
   * apart. Kernels that differ in it may still have the same verdicts.
   */
  key(profile: number, position: number): string {
    this.#reachable[profile] ??= this.#reachableFrom(this.#profiles[profile] as Profile);
    return this.#reachable[profile]
      .map(({ written, read }) => `${written[position]} ${read[position]}`)
      .join();
  }

  #reachableFrom({ required, optional, whereWritten = [] }: Profile): ComponentTable[] {
    const tables = new Map(this.#tables.map((table) => [table.id, table]));
    const ids = new Set([...required, ...optional, ...whereWritten]);
    for (const { id, readers } of this.#tables) {
      if (readers.some((kernel) => factsOf(kernel, id).reader?.always)) ids.add(id);
    }
    // What is added on the way is walked as well.
    for (const id of ids) {
      for (const kernel of tables.get(id)?.writers ?? []) {
        const { needs, marker } = factsOf(kernel, id);
        for (const below of needs) ids.add(below);
        if (marker?.guardedBy !== undefined) ids.add(marker.guardedBy);
      }
    }
    return this.#tables.filter(({ id }) => ids.has(id));
  }

  #rank(
    profile: number,
    outgoing: number,
    incoming: number,
    visit?: (component: number, isRead: boolean) => void,
  ): number {
    const plan = this.#plan(profile, outgoing, incoming);
    let failed = 0;
    let unsupported = 0;
    let worst = COMPATIBLE + 1;
    let isTelling = false;
    for (let index = 0; index < plan.length; index += 1) {
      const { component, role, needs, panicCounts } = plan[index] as Step;
      const bit = 1 << index;
      const table = this.#tables[component] as ComponentTable;
      const isOutside = role === 'outside';
      const isReached = (needs & failed) === 0;
      const isNotWritten = table.notWritten[table.written[outgoing] as number] === 1;
      if (!isReached && !isNotWritten) {
        failed |= bit;
        visit?.(component, false);
        if ((needs & unsupported) !== 0) {
          unsupported |= bit;
          if (role === 'required') return UNSUPPORTED;
          if (role === 'dependency') worst = Math.min(worst, UNSUPPORTED);
        }
        continue;
      }
      visit?.(component, true);
      const code = isReached || !isOutside ? this.#code(table, outgoing, incoming, isOutside) : COMPATIBLE;
      const rank = !isReached ? UNSUPPORTED : code & 7;
      if (rank <= UNSUPPORTED) failed |= bit;
      if (rank === UNSUPPORTED) unsupported |= bit;
      if (role === 'required' && rank === UNSUPPORTED) return UNSUPPORTED;
      if (role === 'required' || role === 'dependency') worst = Math.min(worst, rank);
      else if (rank === PANIC && panicCounts) worst = Math.min(worst, PANIC);
      else if (isOutside) isTelling ||= rank === MISREAD || rank === PANIC;
      else isTelling ||= (code & TELLING) !== 0;
    }
    if (worst > COMPATIBLE) return UNKNOWN;
    return worst === COMPATIBLE && isTelling ? NOTES : worst;
  }

  #code(table: ComponentTable, outgoing: number, incoming: number, isOutside: boolean): number {
    const codes = isOutside ? table.outsideCodes : table.codes;
    const writer = table.written[outgoing] as number;
    const reader = table.read[incoming] as number;
    const at = writer * table.readers.length + reader;
    const known = codes[at] as number;
    if (known !== PENDING) return known;
    const code = this.#judge(table, writer, reader, isOutside);
    codes[at] = code;
    return code;
  }

  #judge(
    { id, writers, readers }: ComponentTable,
    writer: number,
    reader: number,
    isOutside: boolean,
  ): number {
    const outgoing = writers[writer] as Kernel;
    const incoming = readers[reader] as Kernel;
    const { target } = this.#input;
    const lookups = { outgoing: layoutLookup(outgoing, target), incoming: layoutLookup(incoming, target) };
    const [profile] = this.#profiles;
    const input = { ...this.#input, outgoing, incoming, profile: profile as Profile };
    const judged = judgeAlone({ input, id, lookups, isReached: true, toFirstGate: true });
    if (isOutside && judged.kind === 'unsupported') return UNSUPPORTED;
    if (isOutside && !isWorthTelling(judged)) return COMPATIBLE;
    const isTelling = judged.findings.some(({ impact }) => impact !== 'none');
    const rank = judged.kind === 'unreached' ? UNKNOWN : badness(judged.kind, judged.effect as Effect | null);
    return rank | (isTelling ? TELLING : 0);
  }

  #plan(profile: number, outgoing: number, incoming: number): Step[] {
    const pair = (this.#shapes[outgoing] as number) * this.#shapeCount + (this.#shapes[incoming] as number);
    const at = pair * this.#profiles.length + profile;
    const known = this.#plans[at];
    if (known) return known;
    const from = this.#kernels[outgoing] as Kernel;
    const to = this.#kernels[incoming] as Kernel;
    const chosen = this.#profiles[profile] as Profile;
    const entries = closureOf(chosen, from, to);
    const plan = entries.map((entry) => this.#step(chosen, entry, entries, { from, to }));
    this.#plans[at] = plan;
    return plan;
  }

  #step(
    profile: Profile,
    { id, role, needs }: ClosureEntry,
    entries: readonly ClosureEntry[],
    { from, to }: { from: Kernel; to: Kernel },
  ): Step {
    const below = needs
      .map((need) => entries.findIndex((entry) => entry.id === need))
      .filter((at) => at >= 0);
    const { boot } = factsOf(to, id);
    return {
      component: this.#tables.findIndex((table) => table.id === id),
      role,
      needs: below.reduce((mask, at) => mask | (1 << at), 0),
      panicCounts: profile.required.some((required) => factsOf(from, required).boot === boot),
    };
  }

  #tableOf(id: string): ComponentTable {
    const [writing, reading] = [new Interner(), new Interner()];
    const writers: Kernel[] = [];
    const readers: Kernel[] = [];
    const written = Uint32Array.from(this.#kernels, (kernel) => {
      const number = writing.number(this.#signature(kernel, id, 'outgoing'));
      writers[number] ??= kernel;
      return number;
    });
    const readerPositions: number[] = [];
    const read = Uint32Array.from(this.#kernels, (kernel, position) => {
      const number = reading.number(this.#signature(kernel, id, 'incoming'));
      readers[number] ??= kernel;
      readerPositions[number] ??= position;
      return number;
    });
    const size = writers.length * readers.length;
    const codes = new Uint8Array(size).fill(PENDING);
    const notWritten = Uint8Array.from(writers, (kernel) => Number(factsOf(kernel, id).available === 'no'));
    return {
      id,
      written,
      read,
      writers,
      readers,
      readerPositions,
      notWritten,
      codes,
      outsideCodes: codes.slice(),
    };
  }

  /** Everything that judging a component by itself looks at on one side. */
  #signature(kernel: Kernel, id: string, side: 'incoming' | 'outgoing'): string {
    const facts = factsOf(kernel, id);
    const { errata = [], erratumApplies, target } = this.#input;
    const faults = errata
      .filter((erratum) => erratum.component === id && erratum.side === side)
      .filter((erratum) => erratumApplies?.(erratum, kernel.release))
      .map((erratum) => erratum.id);
    const dispatcher = facts.marker?.dispatcher;
    const reader = dispatcher === undefined ? undefined : factsOf(kernel, dispatcher).reader;
    const embedded = this.#tagsOf(facts).map((tag) => layoutIn(kernel, tag, target));
    const lent = this.#guardsOf(id).map((guard) => {
      const { marker } = factsOf(kernel, guard);
      return side === 'outgoing' ? (marker?.writes ?? null) : (marker?.accepts ?? null);
    });
    const key = `${this.#idOf(facts)} ${faults.join()}`;
    const rest = [reader, embedded, lent];
    return reader || embedded.length > 0 || lent.length > 0 ? `${key} ${JSON.stringify(rest)}` : key;
  }

  /** Components whose marker answers for one, where some kernel accepts it with the layouts of another release. */
  #guardsOf(id: string): readonly string[] {
    const known = this.#guards.get(id);
    if (known) return known;
    const found = new Set<string>();
    for (const kernel of this.#kernels) {
      for (let guard = guardOf(kernel, id); guard !== undefined && !found.has(guard); ) {
        found.add(guard);
        guard = guardOf(kernel, guard);
      }
    }
    const lends = (guard: string): boolean =>
      this.#kernels.some((kernel) =>
        factsOf(kernel, guard).marker?.accepts.some(({ layoutOf }) => layoutOf !== undefined),
      );
    const guards = [...found].some(lends) ? [...found].sort() : [];
    this.#guards.set(id, guards);
    return guards;
  }

  /** Structs that a component embeds and that are not its own. */
  #tagsOf(facts: ComponentFacts): readonly string[] {
    const known = this.#tags.get(facts);
    if (known) return known;
    const layouts = Object.values(facts.structs).map(({ layout }) => forTarget(layout, this.#input.target));
    const members = layouts.flatMap((layout) => layout?.members ?? []);
    const names = members.flatMap(({ encoding }) => embeddedTag(encoding)?.replace(/^\w+ /, '') ?? []);
    const foreign = [...new Set(names)].filter((name) => !(name in facts.structs));
    this.#tags.set(facts, foreign);
    return foreign;
  }

  /** What the closure of a kernel depends on. */
  #shapeOf(kernel: Kernel): string {
    return [...kernel.components].map(([id, { facts }]) => `${id} ${this.#shapeOfFacts(facts)}`).join('|');
  }

  #shapeOfFacts(facts: ComponentFacts): string {
    const known = this.#shapeByFacts.get(facts);
    if (known !== undefined) return known;
    const { needs, available, reader, boot } = facts;
    const isThere = available === 'yes' || available === 'buildable';
    const shape = `${needs.join()} ${isThere} ${reader?.always === true} ${boot ?? ''}`;
    this.#shapeByFacts.set(facts, shape);
    return shape;
  }

  #idOf(facts: object): number {
    const known = this.#factIds.get(facts);
    if (known !== undefined) return known;
    this.#factIds.set(facts, this.#factIds.size);
    return this.#factIds.size - 1;
  }
}

function layoutIn(kernel: Kernel, name: string, target: Target): Layout | undefined {
  for (const { facts } of kernel.components.values()) {
    const state = facts.structs[name];
    if (state) return forTarget(state.layout, target);
  }
  return undefined;
}

/** The rank of an answer, as the table counts it. */
export function rankOf({ verdict, effect }: Pick<PairVerdict, 'effect' | 'verdict'>): number {
  return badness(verdict, effect);
}

function guardOf(kernel: Kernel, id: string): string | undefined {
  return factsOf(kernel, id).marker?.guardedBy;
}
