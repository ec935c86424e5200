import { groupByKey, partition } from '../../matrix/equivalence.ts';
import { checkClasses } from '../../matrix/limits.ts';
import type { Decision, PairJudge } from '../../matrix/matrix.ts';
import { judgesFor } from '../../matrix/route-graph.ts';
import { byCodeUnit } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { KnownCommit } from '../../model/commits.ts';
import type { Erratum } from '../../model/erratum.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { ListedRule } from '../../model/outputs.ts';
import type { KernelKind, PageAnswer, PageDocument, PageKernel, PageMatrix } from '../../model/page.ts';
import { PAGE_SCHEMA_VERSION } from '../../model/page.ts';
import type { Profile } from '../../model/profile.ts';
import { PROFILES } from '../../model/profile.ts';
import type { ReviewDocument } from '../../model/review.ts';
import type { Target } from '../../model/target.ts';
import { TARGETS } from '../../model/target.ts';
import type { Kernel } from '../../verdict/kernel.ts';

// Kernels and their verdicts in the form in which the page holds them: every fact once, every class of equal kernels once.

/** What the page is made from. */
export interface PageSource {
  /** Documents without their components, oldest first. */
  heads: readonly DocumentHead[];
  /** The same kernels in the same order. */
  kernels: readonly Kernel[];
  /** Releases that are series as they were posted. */
  series: ReadonlySet<string>;
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  kernelNamed?(release: string): Kernel | undefined;
  evidence: readonly EvidenceDocument[];
  /** None where it is not said. */
  commits?: readonly KnownCommit[];
  rules: readonly ListedRule[];
  /** All shipped ones where it is not said. */
  profiles?: readonly Profile[];
  targets?: readonly Target[];
}

/** What the page takes of a document beside its components. */
export type DocumentHead = Omit<CaptureDocument, 'components'>;

/** Values by their JSON text, each at the position of its first; an object that kernels share is looked at once. */
class Pool<T extends object> {
  readonly values: T[] = [];
  readonly #positions = new Map<string, number>();
  readonly #known = new Map<T, number>();

  position(value: T): number {
    const known = this.#known.get(value) ?? this.#positionOf(value);
    this.#known.set(value, known);
    return known;
  }

  #positionOf(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    this.#positions.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** The data of a page. Pure: the same source gives the same bytes. */
export function pageData(source: PageSource): PageDocument {
  const steps = pageSteps(source);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same, a matrix at a time. */
export function* pageSteps(source: PageSource): Generator<void, PageDocument> {
  const { heads, kernels, errata, evidence, rules, profiles = PROFILES, targets = TARGETS } = source;
  const facts = new Pool<PageDocument['facts'][number]>();
  const places = new Pool<PageDocument['places'][number]>();
  const answers = new Pool<PageAnswer>();
  const contents = new Pool<PageDocument['contents'][number]>();
  const provenances = new Pool<PageDocument['provenances'][number]>();
  const pageKernels = heads.map((head, at): PageKernel => {
    const entries = [...(kernels[at] as Kernel).components].map(
      ([id, component]): [string, [number, number]] => [
        id,
        [facts.position(component.facts), places.position(component.places)],
      ],
    );
    return {
      ...headOf(head, source),
      provenance: provenances.position(head.provenance),
      content: contents.position(Object.fromEntries(entries)),
    };
  });
  const matrices: PageMatrix[] = [];
  for (const target of targets) {
    for (const made of matricesOn(target, { ...source, profiles }, answers)) {
      matrices.push(made);
      yield;
    }
  }
  const faulty = errata.map(({ id }, at): [string, number[]] => {
    const touched = kernels.flatMap(({ release }, position) =>
      source.erratumApplies(errata[at] as Erratum, release) ? [position] : [],
    );
    return [id, touched];
  });
  return {
    $schema: 'page.schema.json',
    schemaVersion: PAGE_SCHEMA_VERSION,
    date: newest(heads),
    profiles: [...profiles],
    targets: [...targets],
    kernels: pageKernels,
    provenances: provenances.values,
    contents: contents.values,
    facts: facts.values,
    places: places.values,
    matrices,
    answers: answers.values,
    errata: [...errata],
    faulty: Object.fromEntries(faulty),
    reviews: [...source.reviews],
    evidence: evidence.filter(isAmong(kernels)),
    commits: [...(source.commits ?? [])],
    rules: [...rules],
  };
}

function headOf(document: DocumentHead, { series }: PageSource): Omit<PageKernel, 'content' | 'provenance'> {
  const { release, base, vendor, date = null, origin, targets, fidelity, khoByDefault } = document;
  const kind: KernelKind = vendor === null ? 'upstream' : series.has(release) ? 'series' : 'downstream';
  const head = { release, base, vendor, kind, date, origin, targets };
  return { ...head, ...(fidelity && { fidelity }), ...(khoByDefault !== undefined && { khoByDefault }) };
}

function newest(documents: readonly DocumentHead[]): string | null {
  const dates = documents.flatMap(({ date }) => date ?? []);
  return dates.sort(byCodeUnit).at(-1) ?? null;
}

function isAmong(kernels: readonly Kernel[]): (record: EvidenceDocument) => boolean {
  const known = new Set(kernels.map(({ release }) => release));
  return ({ outgoing, incoming }) => known.has(outgoing) || known.has(incoming);
}

/** One matrix a profile; kernels that were not captured for the target stand in none of them. */
function* matricesOn(
  target: Target,
  source: PageSource & { profiles: readonly Profile[] },
  answers: Pool<PageAnswer>,
): Generator<PageMatrix> {
  const { profiles, kernels } = source;
  const covered = kernels.filter(({ targets }) => targets === undefined || targets.includes(target));
  for (const { profile, judge } of judgesFor(covered, profiles, { ...source, target })) {
    const { classOf, firsts, cells } = classesOf(covered, judge, answers);
    const byKernel = new Map(covered.map((kernel, at) => [kernel, classOf[at] as number]));
    yield {
      profile,
      target,
      classOf: kernels.map((kernel) => byKernel.get(kernel) ?? -1),
      classes: firsts,
      cells,
    };
  }
}

/** Kernels with the same answer in every pair are one class; classes stand in the order of their first. */
function classesOf(
  kernels: readonly Kernel[],
  judge: PairJudge,
  answers: Pool<PageAnswer>,
): { classOf: number[]; firsts: number; cells: number[] } {
  const twins = groupByKey(kernels.map((kernel) => judge.keyOf(kernel)));
  checkClasses(twins.length, 'name a `catalog` of fewer');
  const known = new Map<Decision, number>();
  const answer = (outgoing: number, incoming: number): number => {
    const [from, to] = [outgoing, incoming].map((twin) => kernels[twins[twin]?.[0] ?? 0] as Kernel);
    const decision = judge.shared(from as Kernel, to as Kernel);
    const at = known.get(decision) ?? answers.position(answerOf(decision));
    known.set(decision, at);
    return at;
  };
  const table = twins.map((_, row) => twins.map((_twin, column) => answer(row, column)));
  const classes = partition(twins.length, (row, column) => table[row]?.[column] ?? 0);
  const classOf = kernels.map(() => 0);
  for (const [number, members] of classes.entries()) {
    for (const position of members.flatMap((twin) => twins[twin] ?? [])) classOf[position] = number;
  }
  const firsts = classes.map(([first = 0]) => first);
  const cells = firsts.flatMap((row) => firsts.map((column) => table[row]?.[column] ?? 0));
  return { classOf, firsts: firsts.length, cells };
}

function answerOf({ verdict, effect, decidedBy, conditions }: Decision): PageAnswer {
  return { verdict, effect, decidedBy, ...(conditions && { conditions }) };
}
