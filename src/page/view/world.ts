import { classifyPairs, pairKey, seriesOrder } from '../../matrix/pair-classes.ts';
import type { KhoAvailability } from '../../model/availability.ts';
import { khoAvailability } from '../../model/availability.ts';
import { namedConditions } from '../../model/condition.ts';
import type { Agreement } from '../../model/evidence.ts';
import type { CheckOutput, PairClass } from '../../model/outputs.ts';
import type { PageAnswer, PageDocument, PageKernel, PageMatrix } from '../../model/page.ts';
import type { Profile } from '../../model/profile.ts';
import type { Provenance } from '../../model/provenance.ts';
import type { Target } from '../../model/target.ts';
import { agreementOf } from '../../verdict/agreement.ts';
import { withComparedLayouts } from '../../verdict/compared-layouts.ts';
import type { Kernel, KernelComponent } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';

// The page's data as questions are asked of it: cells from the stored classes, everything about one pair from the engine.

/** A profile on a target; with it, cells have answers. */
export interface Setting {
  profile: string;
  target: Target;
}

export class World {
  readonly data: PageDocument;
  readonly #kernels = new Map<string, Kernel>();
  readonly #positions: ReadonlyMap<string, number>;
  readonly #matrices: ReadonlyMap<string, PageMatrix>;
  readonly #classes: ReadonlyMap<string, PairClass[]>;

  constructor(data: PageDocument) {
    this.data = data;
    this.#positions = new Map(data.kernels.map(({ release }, position) => [release, position]));
    this.#matrices = new Map(data.matrices.map((matrix) => [`${matrix.profile} ${matrix.target}`, matrix]));
    const releases = data.kernels.map(({ release }) => release);
    this.#classes = classifyPairs(releases, seriesOrder(releases));
  }

  positionOf(release: string): number | undefined {
    return this.#positions.get(release);
  }

  head(position: number): PageKernel {
    return this.data.kernels[position] as PageKernel;
  }

  /** What a kernel's facts were read from. */
  provenance(release: string): Provenance | undefined {
    const position = this.#positions.get(release);
    return position === undefined ? undefined : this.data.provenances[this.head(position).provenance];
  }

  matrix({ profile, target }: Setting): PageMatrix | undefined {
    return this.#matrices.get(`${profile} ${target}`);
  }

  /** What a pair comes to; undefined where one of its kernels was not captured for the target. */
  answer(setting: Setting, outgoing: number, incoming: number): PageAnswer | undefined {
    const matrix = this.matrix(setting);
    const [row = -1, column = -1] = [matrix?.classOf[outgoing], matrix?.classOf[incoming]];
    if (!matrix || row < 0 || column < 0) return undefined;
    return this.data.answers[matrix.cells[row * matrix.classes + column] as number];
  }

  /** What the answer of a pair depends on, with the name of its outgoing kernel. */
  conditions(setting: Setting, outgoing: number, incoming: number): string[] {
    const { conditions = [] } = this.answer(setting, outgoing, incoming) ?? {};
    return namedConditions(conditions, this.head(outgoing).release);
  }

  /** The classes of pairs that a pair belongs to; most belong to none. */
  pairClasses(outgoing: number, incoming: number): readonly PairClass[] {
    return this.#classes.get(pairKey(this.head(outgoing).release, this.head(incoming).release)) ?? [];
  }

  /** Every pair of kernels by position that has a class, with its classes. */
  *classifiedPairs(): Generator<[outgoing: number, incoming: number, classes: readonly PairClass[]]> {
    for (const [key, classes] of this.#classes) {
      const [from = '', to = ''] = key.split(' ');
      const [outgoing, incoming] = [this.#positions.get(from), this.#positions.get(to)];
      if (outgoing !== undefined && incoming !== undefined) yield [outgoing, incoming, classes];
    }
  }

  /** What recorded tests say of a cell's pair. */
  agreement(setting: Setting, outgoing: number, incoming: number): Agreement {
    const names = { outgoing: this.head(outgoing).release, incoming: this.head(incoming).release };
    const records = this.#recordsOf(names);
    const answer = records.length > 0 ? this.answer(setting, outgoing, incoming) : undefined;
    if (!answer) return 'untested';
    const { profile, target } = setting;
    return agreementOf({ ...answer, ...names, profile, target }, records).agreement;
  }

  #recordsOf({ outgoing, incoming }: { outgoing: string; incoming: string }) {
    this.#records ??= groupRecords(this.data.evidence);
    return this.#records.get(pairKey(outgoing, incoming)) ?? [];
  }

  #records: ReturnType<typeof groupRecords> | undefined;

  kernel(release: string): Kernel | undefined {
    const position = this.#positions.get(release);
    if (position === undefined) return undefined;
    const known = this.#kernels.get(release);
    if (known) return known;
    const kernel = kernelOf(this.data, this.head(position));
    this.#kernels.set(release, kernel);
    return kernel;
  }

  /** Whether a kernel can hand over at all. */
  kho(release: string): KhoAvailability {
    const facts = [...(this.kernel(release)?.components ?? [])].map(([id, own]) => [id, own.facts] as const);
    const { khoByDefault } = this.head(this.positionOf(release) ?? 0);
    const components = Object.fromEntries(facts);
    return khoAvailability({ components, ...(khoByDefault !== undefined && { khoByDefault }) });
  }

  profile(name: string): Profile | undefined {
    return this.data.profiles.find((profile) => profile.name === name);
  }

  /** The whole answer for a pair, as `check` gives it. */
  judge(setting: Setting, outgoing: string, incoming: string): CheckOutput | undefined {
    const [from, to] = [this.kernel(outgoing), this.kernel(incoming)];
    const profile = this.profile(setting.profile);
    if (!from || !to || !profile) return undefined;
    const { errata, reviews, faulty } = this.data;
    const pair = judgePair({
      outgoing: from,
      incoming: to,
      profile,
      target: setting.target,
      errata,
      reviews,
      erratumApplies: ({ id }, release) => faulty[id]?.includes(this.#positions.get(release) ?? -1) ?? false,
      acrossTargets: true,
      tellsKinds: true,
      kernelNamed: (release) => this.kernel(release),
    });
    const evidence = agreementOf(pair, this.#recordsOf({ outgoing, incoming }));
    return { ...withComparedLayouts(pair, { outgoing: from, incoming: to }), evidence };
  }
}

function groupRecords(records: PageDocument['evidence']): Map<string, PageDocument['evidence']> {
  const byPair = new Map<string, PageDocument['evidence']>();
  for (const record of records) {
    const key = pairKey(record.outgoing, record.incoming);
    byPair.set(key, [...(byPair.get(key) ?? []), record]);
  }
  return byPair;
}

function kernelOf(data: PageDocument, head: PageKernel): Kernel {
  const { release, targets, origin, fidelity } = head;
  const components = new Map<string, KernelComponent>();
  for (const [id, [facts, places]] of Object.entries(data.contents[head.content] ?? {})) {
    const own = data.facts[facts];
    if (own) components.set(id, { facts: own, places: data.places[places] ?? {} });
  }
  return { release, targets, components, origin, ...(fidelity && { fidelity }) };
}
