import type { ComponentFacts } from '../diff/rule.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import { closureOf, unnamedOf } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, Likeness } from '../verdict/kernel.ts';
import type { Judged, PairInput } from '../verdict/pair.ts';
import { causeOf, judgeAlone } from '../verdict/pair.ts';
import { Sequences } from '../verdict/sequences.ts';
import type { Visit, WalkSource, WalkStep } from '../verdict/walk.ts';
import { BELOW, codeOf, isPanicking, stepsOf, UNKNOWN, walk } from '../verdict/walk.ts';
import { Signatures } from './signatures.ts';

// The verdicts of every ordered pair of very many kernels. Those that say the same of every component are one kind, and
// everything is found out about kinds. Each component is judged once for each pair of its distinct
// snapshots; a pair of kernels then only walks its chain of components through small tables of numbers. Pairs whose
// first component (KHO) fails, which are nearly all, are answered for all kernels with the same snapshot at once.

type Input = Omit<PairInput, 'incoming' | 'outgoing' | 'profile'>;

/** Not judged yet. */
const PENDING = 255;

/** The components of a pair in their order, and where the numbers of each are. */
interface Plan {
  steps: readonly WalkStep[];
  components: readonly number[];
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
  /** A code of the walk, by writer * readers + reader; PENDING until it is needed. */
  codes: Uint8Array;
  /** The number of what each of these comes to, where its code is known. */
  causes: Uint32Array;
}

/** Looks up codes for the walk of one pair; one object for all pairs, since there are very many. */
class TableSource implements WalkSource {
  tables: readonly ComponentTable[] = [];
  components: readonly number[] = [];
  outgoing = 0;
  incoming = 0;
  readonly #codeIn: (table: ComponentTable, outgoing: number, incoming: number) => number;

  constructor(codeIn: (table: ComponentTable, outgoing: number, incoming: number) => number) {
    this.#codeIn = codeIn;
  }

  code(step: number): number {
    return this.#codeIn(this.#tableAt(step), this.outgoing, this.incoming);
  }

  isWritten(step: number): boolean {
    const table = this.#tableAt(step);
    return table.notWritten[table.written[this.outgoing] as number] === 0;
  }

  #tableAt(step: number): ComponentTable {
    return this.tables[this.components[step] as number] as ComponentTable;
  }
}

/** Numbers for what is equal, counted from 0; `beside` tells equal keys apart. */
class Interner {
  readonly #numbers = new Map<string, Map<number | object | string, number>>();
  #count = 0;

  number(key: number | object | string, beside = ''): number {
    const numbers = this.#numbers.get(beside) ?? new Map<number | object | string, number>();
    this.#numbers.set(beside, numbers);
    const known = numbers.get(key) ?? this.#count;
    if (known === this.#count) this.#count += 1;
    numbers.set(key, known);
    return known;
  }
}

export class VerdictTable {
  readonly #input: Input;
  /** The pair that is being judged; one object for all pairs. */
  readonly #pair: PairInput;
  /** One kernel of each kind. */
  readonly #kernels: readonly Kernel[];
  /** By position of a kernel: the number of its kind. */
  readonly #kindOf: Uint32Array;
  readonly #tables: ComponentTable[];
  readonly #shapes: Uint32Array;
  readonly #profiles: readonly Profile[];
  readonly #plans: (Plan | undefined)[];
  readonly #source = new TableSource((table, outgoing, incoming) => this.#code(table, outgoing, incoming));
  readonly #shapeCount: number;
  readonly #shapeByFacts = new Map<ComponentFacts, string>();
  readonly #shapeTexts = new Interner();
  readonly #sequences = new Sequences();
  readonly #reachable: (readonly ComponentTable[] | undefined)[] = [];
  readonly #signatures: Signatures;
  readonly #causes = new Interner();
  /** By cause: one component that comes to it. */
  readonly #judged: Judged[] = [];

  /** Components are judged once for all the profiles. */
  constructor(kernels: readonly Kernel[], profiles: readonly Profile[], input: Input) {
    this.#input = input;
    this.#profiles = profiles;
    const kinds = new Interner();
    const likeness = new Likeness();
    const firsts: Kernel[] = [];
    this.#kindOf = Uint32Array.from(kernels, (kernel) => {
      const kind = kinds.number(likeness.of(kernel), this.#faultsOf(kernel));
      firsts[kind] ??= kernel;
      return kind;
    });
    this.#kernels = firsts;
    const [first] = firsts as [Kernel];
    const [profile] = profiles as [Profile];
    this.#pair = { ...input, outgoing: first, incoming: first, profile };
    this.#signatures = new Signatures(firsts, { ...input, targets: [input.target] });
    const ids = new Set(profiles.flatMap(componentsOf));
    for (const { components } of firsts) for (const id of components.keys()) ids.add(id);
    this.#tables = [...ids].sort().map((id) => this.#tableOf(id));
    const shapes = new Interner();
    this.#shapes = Uint32Array.from(firsts, (kernel) => shapes.number(this.#shapeOf(kernel)));
    this.#shapeCount = new Set(this.#shapes).size;
    this.#plans = [];
  }

  /** The ranks under one of the profiles of every pair with one outgoing kernel, by position of the incoming one. */
  row(profile: number, outgoing: number): Uint8Array {
    const kindOf = this.#kindOf;
    const byKind = this.rowOfKind(profile, kindOf[outgoing] as number);
    if (kindOf.length === byKind.length) return byKind;
    const ranks = new Uint8Array(kindOf.length);
    for (let incoming = 0; incoming < ranks.length; incoming += 1) {
      ranks[incoming] = byKind[kindOf[incoming] as number] as number;
    }
    return ranks;
  }

  /** The kind of a kernel, by position: what kernels of one kind come to is the same in every pair. */
  kindOf(position: number): number {
    return this.#kindOf[position] as number;
  }

  /** The ranks of every pair with an outgoing kernel of a kind, by kind of the incoming one. */
  rowOfKind(profile: number, outgoing: number): Uint8Array {
    const ranks = new Uint8Array(this.#kernels.length).fill(PENDING);
    const byRoot = this.#shapeCount === 1 ? this.#answersByRoot(profile, outgoing) : undefined;
    if (byRoot) expand(byRoot, ranks);
    for (let at = ranks.indexOf(PENDING); at >= 0; at = ranks.indexOf(PENDING, at)) {
      ranks[at] = this.#walk(profile, outgoing, at);
    }
    return ranks;
  }

  /** Where the first step of the only plan fails, the answer is the same for every kernel that reads the same there. */
  #answersByRoot(profile: number, outgoing: number): { ranks: Uint8Array; read: Uint32Array } | undefined {
    const { steps, components } = this.#plan(profile, outgoing, 0);
    const [root] = steps;
    const table = this.#tables[components[0] ?? -1];
    if (!root || !table || root.role === 'optional' || root.role === 'outside') return undefined;
    const ranks = new Uint8Array(table.readers.length).fill(PENDING);
    for (const [reader, incoming] of table.readerPositions.entries()) {
      const rank = this.#code(table, outgoing, incoming) & 7;
      // Behind what is unknown the way goes on.
      if (rank < UNKNOWN) ranks[reader] = this.#walk(profile, outgoing, incoming);
    }
    return { ranks, read: table.read };
  }

  /**
   * What the answer for a pair of kinds follows from: its plan, and what every component on the way that was looked at comes
   * to. Pairs with an equal trace have an equal verdict, effect, cause and conditions.
   */
  trace(profile: number, outgoing: number, incoming: number): string {
    const seen = [this.#shapes[outgoing] as number, this.#shapes[incoming] as number];
    const { components } = this.#plan(profile, outgoing, incoming);
    this.#walk(profile, outgoing, incoming, (at, code) => {
      const component = components[at] as number;
      const table = this.#tables[component] as ComponentTable;
      // What was never reached says nothing of its own, whatever it holds.
      const cause = (code & BELOW) !== 0 ? -1 : (table.causes[placeIn(table, outgoing, incoming)] as number);
      seen.push(component, code, cause);
    });
    return seen.join();
  }

  /**
   * What a component of a pair of kinds comes to by itself, as far as the verdict, effect, cause and conditions of the pair follow
   * from it; its findings may be those of another pair.
   */
  judged(id: string, outgoing: number, incoming: number): Judged {
    const table = this.#tables.find((each) => each.id === id) as ComponentTable;
    this.#code(table, outgoing, incoming);
    return this.#judged[table.causes[placeIn(table, outgoing, incoming)] as number] as Judged;
  }

  /**
   * What a kind writes and reads of every component that a profile can come to: no pair tells kernels with an equal key
   * apart. Kernels that differ in it may still have the same verdicts.
   */
  key(profile: number, position: number): string {
    this.#reachable[profile] ??= this.#reachableFrom(this.#profiles[profile] as Profile);
    return this.#reachable[profile]
      .map(({ written, read }) => `${written[position]} ${read[position]}`)
      .join();
  }

  #reachableFrom(profile: Profile): ComponentTable[] {
    const tables = new Map(this.#tables.map((table) => [table.id, table]));
    const ids = new Set([
      ...componentsOf(profile),
      ...this.#kernels.flatMap((kernel) => unnamedOf(profile, kernel)),
    ]);
    for (const { id, readers, writers } of this.#tables) {
      const isLookedUp = writers.some((kernel) => factsOf(kernel, id).marker?.dispatcher !== undefined);
      if (isLookedUp || readers.some((kernel) => factsOf(kernel, id).reader?.always)) ids.add(id);
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

  #walk(profile: number, outgoing: number, incoming: number, visit?: Visit): number {
    const { steps, components } = this.#plan(profile, outgoing, incoming);
    const source = this.#source;
    source.tables = this.#tables;
    source.components = components;
    source.outgoing = outgoing;
    source.incoming = incoming;
    return walk(steps, source, visit && { visit }).rank;
  }

  #code(table: ComponentTable, outgoing: number, incoming: number): number {
    const at = placeIn(table, outgoing, incoming);
    const known = table.codes[at] as number;
    return known === PENDING ? this.#judge(table, at) : known;
  }

  #judge({ id, writers, readers, codes, causes }: ComponentTable, at: number): number {
    const outgoing = writers[Math.floor(at / readers.length)] as Kernel;
    const incoming = readers[at % readers.length] as Kernel;
    const lookups = {
      outgoing: this.#signatures.layoutsOn(outgoing, this.#input.target),
      incoming: this.#signatures.layoutsOn(incoming, this.#input.target),
    };
    const input = this.#pair;
    input.outgoing = outgoing;
    input.incoming = incoming;
    const judged = judgeAlone({ input, id, lookups, toFirstGate: true });
    const code = codeOf(judged.kind, judged.effect, judged.findings);
    const cause = this.#causes.number(causeOf(judged, factsOf(outgoing, id), factsOf(incoming, id)));
    codes[at] = code;
    causes[at] = cause;
    this.#judged[cause] ??= judged;
    return code;
  }

  #plan(profile: number, outgoing: number, incoming: number): Plan {
    const pair = (this.#shapes[outgoing] as number) * this.#shapeCount + (this.#shapes[incoming] as number);
    const at = pair * this.#profiles.length + profile;
    const known = this.#plans[at];
    if (known) return known;
    const from = this.#kernels[outgoing] as Kernel;
    const to = this.#kernels[incoming] as Kernel;
    const chosen = this.#profiles[profile] as Profile;
    const entries = closureOf(chosen, from, to);
    const plan: Plan = {
      steps: stepsOf(entries, { profile: chosen, outgoing: from, incoming: to }),
      components: entries.map(({ id }) => this.#tables.findIndex((table) => table.id === id)),
    };
    this.#plans[at] = plan;
    return plan;
  }

  #tableOf(id: string): ComponentTable {
    const [writing, reading] = [new Interner(), new Interner()];
    const writers: Kernel[] = [];
    const readers: Kernel[] = [];
    const written = Uint32Array.from(this.#kernels, (kernel) => {
      const number = writing.number(this.#signatures.of(kernel, id, 'outgoing'));
      writers[number] ??= kernel;
      return number;
    });
    const readerPositions: number[] = [];
    const read = Uint32Array.from(this.#kernels, (kernel, position) => {
      const number = reading.number(this.#signatures.of(kernel, id, 'incoming'));
      readers[number] ??= kernel;
      readerPositions[number] ??= position;
      return number;
    });
    const size = writers.length * readers.length;
    const codes = new Uint8Array(size).fill(PENDING);
    const causes = new Uint32Array(size);
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
      causes,
    };
  }

  /** What the closure of a kernel depends on. */
  #shapeOf(kernel: Kernel): number {
    let shape = 0;
    for (const [id, { facts }] of kernel.components) {
      shape = this.#sequences.behind(shape, this.#shapeTexts.number(this.#shapeOfFacts(facts), id));
    }
    return shape;
  }

  #shapeOfFacts(facts: ComponentFacts): string {
    const known = this.#shapeByFacts.get(facts);
    if (known !== undefined) return known;
    const { needs, available, reader, boot, marker, isInferred, definition } = facts;
    const there = available === 'yes' ? 'buildable' : available;
    const ways = [
      reader?.always === true,
      isPanicking(facts),
      isInferred === true || definition !== undefined,
    ];
    const shape = `${needs.join()} ${there} ${ways.join()} ${boot ?? ''} ${marker?.dispatcher ?? ''}`;
    this.#shapeByFacts.set(facts, shape);
    return shape;
  }

  /** The errata of a kernel, as one text. */
  #faultsOf({ release }: Kernel): string {
    const { errata = [], erratumApplies } = this.#input;
    let faults = '';
    for (const erratum of errata) if (erratumApplies?.(erratum, release)) faults += `${erratum.id},`;
    return faults;
  }
}

/** Tells each kernel what its reader of the root was told. */
function expand({ ranks, read }: { ranks: Uint8Array; read: Uint32Array }, into: Uint8Array): void {
  for (let at = 0; at < into.length; at += 1) into[at] = ranks[read[at] as number] as number;
}

/** Where the numbers of a pair of kinds are in a table. */
function placeIn({ written, read, readers }: ComponentTable, outgoing: number, incoming: number): number {
  return (written[outgoing] as number) * readers.length + (read[incoming] as number);
}
