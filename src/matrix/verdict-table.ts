import type { ComponentFacts } from '../diff/rule.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import { closureOf, unnamedOf } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, Likeness } from '../verdict/kernel.ts';
import type { Judged, PairInput } from '../verdict/pair.ts';
import { causeOf, judgeAlone } from '../verdict/pair.ts';
import { Sequences } from '../verdict/sequences.ts';
import type { Visit, WalkSource } from '../verdict/walk.ts';
import { BELOW, codeOf, isPanicking, stepsOf, walk } from '../verdict/walk.ts';
import { ClosedGates } from './closed-gates.ts';
import type { ComponentTable } from './component-table.ts';
import { componentTable, PENDING, placeIn } from './component-table.ts';
import { gather } from './equivalence.ts';
import { Interner } from './interner.ts';
import { LikeCode } from './like-code.ts';
import type { Group, Judge, Plan, RowPart } from './row-walk.ts';
import { RowWalk } from './row-walk.ts';
import { Signatures } from './signatures.ts';

// The verdicts of every ordered pair of very many kernels. Those that say the same of every component are one kind, and
// everything is found out about kinds. Each component is judged once for each pair of its distinct
// snapshots; pairs of kernels then only walk their chain of components through small tables of numbers, all of a row together
// (row-walk.ts).

type Input = Omit<PairInput, 'incoming' | 'outgoing' | 'profile'>;

/** Looks up codes for the walk of one pair; one object for all pairs, since there are very many. */
class TableSource implements WalkSource {
  /** By step. */
  tables: readonly ComponentTable[] = [];
  outgoing = 0;
  incoming = 0;
  readonly #judge: Judge;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  code(step: number): number {
    const table = this.tables[step] as ComponentTable;
    const at = placeIn(table, this.outgoing, this.incoming);
    const known = table.codes[at] as number;
    return known === PENDING ? this.#judge(table, at) : known;
  }

  isWritten(step: number): boolean {
    const table = this.tables[step] as ComponentTable;
    return table.notWritten[table.written[this.outgoing] as number] === 0;
  }
}

/** What a component of a pair comes to: its code of the walk, and the number of its cause. */
interface Come {
  code: number;
  cause: number;
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
  readonly #judgeAt: Judge = (table, at) => this.#judge(table, at);
  readonly #source = new TableSource(this.#judgeAt);
  readonly #rows: RowWalk;
  /** By shape: the first kind of it. */
  readonly #firstOfShape: number[] = [];
  /** By shape, then component: its kinds, those together that read the same of it. */
  readonly #groups: (readonly Group[])[] = [];
  readonly #shapeByFacts = new Map<ComponentFacts, string>();
  readonly #shapeTexts = new Interner();
  readonly #sequences = new Sequences();
  readonly #reachable: (readonly ComponentTable[] | undefined)[] = [];
  readonly #signatures: Signatures;
  readonly #gates: ClosedGates;
  readonly #code: LikeCode;
  /** What pairs come to, by what is enough to tell them apart. */
  readonly #come = new Map<string, Come>();
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
    this.#rows = new RowWalk(firsts.length, this.#judgeAt);
    const [first] = firsts as [Kernel];
    const [profile] = profiles as [Profile];
    this.#pair = { ...input, outgoing: first, incoming: first, profile };
    this.#signatures = new Signatures(firsts, { ...input, targets: [input.target] });
    this.#gates = new ClosedGates(this.#signatures, input.target);
    this.#code = new LikeCode(firsts, this.#signatures, input.reviews);
    const ids = new Set(profiles.flatMap(componentsOf));
    for (const { components } of firsts) for (const id of components.keys()) ids.add(id);
    const signatures = this.#signatures;
    this.#tables = [...ids].sort().map((id, number) => componentTable(firsts, { id, number, signatures }));
    const shapes = new Interner();
    this.#shapes = Uint32Array.from(firsts, (kernel) => shapes.number(this.#shapeOf(kernel)));
    for (const [kind, shape] of this.#shapes.entries()) this.#firstOfShape[shape] ??= kind;
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
    const parts = this.#firstOfShape.map((first, shape): RowPart => {
      const plan = this.#plan(profile, outgoing, first);
      return { plan, groups: this.#groupsOf(shape, plan.tables[0]) };
    });
    return this.#rows.ranks(parts, outgoing);
  }

  /** The kinds of a shape, those together that read the same of a component. */
  #groupsOf(shape: number, table: ComponentTable | undefined): readonly Group[] {
    const at = shape * (this.#tables.length + 1) + (table?.number ?? this.#tables.length);
    const known = this.#groups[at];
    if (known) return known;
    const groups = new Map<number, number[]>();
    for (const [kind, own] of this.#shapes.entries()) {
      if (own === shape) gather(groups, table?.read[kind] ?? 0, kind);
    }
    this.#groups[at] = [...groups.values()];
    return this.#groups[at];
  }

  /**
   * What the answer for a pair of kinds follows from: its plan, and what every component on the way that was looked at comes
   * to. Pairs with an equal trace have an equal verdict, effect, cause and conditions.
   */
  trace(profile: number, outgoing: number, incoming: number): string {
    const seen = [this.#shapes[outgoing] as number, this.#shapes[incoming] as number];
    const { tables } = this.#plan(profile, outgoing, incoming);
    this.#walk(profile, outgoing, incoming, (at, code) => {
      const table = tables[at] as ComponentTable;
      // What was never reached says nothing of its own, whatever it holds.
      const cause = (code & BELOW) !== 0 ? -1 : (table.causes[placeIn(table, outgoing, incoming)] as number);
      seen.push(table.number, code, cause);
    });
    return seen.join();
  }

  /**
   * What a component of a pair of kinds comes to by itself, as far as the verdict, effect, cause and conditions of the pair follow
   * from it; its findings may be those of another pair.
   */
  judged(id: string, outgoing: number, incoming: number): Judged {
    const table = this.#tables.find((each) => each.id === id) as ComponentTable;
    const at = placeIn(table, outgoing, incoming);
    if (table.codes[at] === PENDING) this.#judge(table, at);
    return this.#judged[table.causes[at] as number] as Judged;
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

  #walk(profile: number, outgoing: number, incoming: number, visit: Visit): void {
    const { steps, tables } = this.#plan(profile, outgoing, incoming);
    const source = this.#source;
    source.tables = tables;
    source.outgoing = outgoing;
    source.incoming = incoming;
    walk(steps, source, { visit });
  }

  #judge({ id, writers, readers, codes, causes }: ComponentTable, at: number): number {
    const outgoing = writers[Math.floor(at / readers.length)] as Kernel;
    const incoming = readers[at % readers.length] as Kernel;
    const key = this.#gates.keyOf(id, outgoing, incoming) ?? this.#code.keyOf(id, outgoing, incoming);
    const known = key === undefined ? undefined : this.#come.get(key);
    const { code, cause } = known ?? this.#judgeAnew(id, outgoing, incoming);
    if (key !== undefined) this.#come.set(key, { code, cause });
    codes[at] = code;
    causes[at] = cause;
    return code;
  }

  #judgeAnew(id: string, outgoing: Kernel, incoming: Kernel): Come {
    const input = this.#pair;
    input.outgoing = outgoing;
    input.incoming = incoming;
    const judged = judgeAlone({ input, id, toFirstGate: true });
    const code = codeOf(judged.kind, judged.effect, judged.findings);
    const cause = this.#causes.number(causeOf(judged, factsOf(outgoing, id), factsOf(incoming, id)));
    this.#judged[cause] ??= judged;
    return { code, cause };
  }

  #plan(profile: number, outgoing: number, incoming: number): Plan {
    const pair =
      (this.#shapes[outgoing] as number) * this.#firstOfShape.length + (this.#shapes[incoming] as number);
    const at = pair * this.#profiles.length + profile;
    const known = this.#plans[at];
    if (known) return known;
    const from = this.#kernels[outgoing] as Kernel;
    const to = this.#kernels[incoming] as Kernel;
    const chosen = this.#profiles[profile] as Profile;
    const entries = closureOf(chosen, from, to);
    const plan: Plan = {
      steps: stepsOf(entries, { profile: chosen, outgoing: from, incoming: to }),
      tables: entries.map(({ id }) => this.#tables.find((table) => table.id === id) as ComponentTable),
      ways: new Map(),
    };
    this.#plans[at] = plan;
    return plan;
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
