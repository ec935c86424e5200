import type { Judging } from '../../catalog/judging.ts';
import { canonicalJson } from '../../model/canonical.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import type { CheckOutput } from '../../model/outputs.ts';
import type { Profile } from '../../model/profile.ts';
import type { Target } from '../../model/target.ts';
import type { Effect, Verdict } from '../../model/verdict-kind.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { KnownComponents } from '../../verdict/pair.ts';
import { judgeBothWays } from '../check.ts';
import { JudgedComponents } from './judged-components.ts';
import type { KnownKernels } from './known-kernels.ts';
import { Lru } from './lru.ts';
import type { Template } from './template.ts';
import { fillTemplate, templateOf, withStandIns } from './template.ts';

// Answers of `check`, as text. Kernels that differ in nothing but their names and lines share one, kept as a template.

/** Characters of kept text. */
const KEPT = 32 << 20;

export interface PairQuestion {
  /** Releases of the catalog. */
  from: string;
  to: string;
  profile: Profile;
  target: Target;
  /** The rollback as well. */
  both: boolean;
}

/** What is kept of an answer. */
interface KeptAnswer {
  template: Template;
  verdict: Verdict;
  effect: Effect | null;
}

/** Judges pairs of a catalog's kernels, each pair of distinct ones once. */
export class PairAnswers {
  readonly #kernels: KnownKernels;
  readonly #judging: Judging;
  readonly #evidence = new Map<string, EvidenceDocument[]>();
  readonly #answers = new Lru<KeptAnswer>(KEPT);
  readonly #judged: JudgedComponents;

  constructor(kernels: KnownKernels, judging: Judging, evidence: readonly EvidenceDocument[]) {
    this.#kernels = kernels;
    this.#judging = judging;
    this.#judged = new JudgedComponents(kernels.distinct(), judging);
    for (const record of evidence) {
      const key = `${record.outgoing} ${record.incoming}`;
      this.#evidence.set(key, [...(this.#evidence.get(key) ?? []), record]);
    }
  }

  /** The text that `check --format json` prints. @throws ToolError TARGET_UNKNOWN */
  text(question: PairQuestion): string {
    const { template } = this.#answer(question);
    const [outgoing, incoming] = [this.#kernels.kernel(question.from), this.#kernels.kernel(question.to)];
    return fillTemplate(template, { outgoing, incoming });
  }

  /** Verdict and effect alone. @throws ToolError TARGET_UNKNOWN */
  verdict(question: PairQuestion): Pick<CheckOutput, 'effect' | 'verdict'> {
    return this.#answer({ ...question, both: false });
  }

  #answer(question: PairQuestion): KeptAnswer {
    const { from, to, profile, target, both } = question;
    this.#kernels.checkTarget(target, [from, to]);
    const isOwn = this.#isOwn(from, to);
    const pair = isOwn ? ['own', from, to] : [this.#kernels.sideOf(from), this.#kernels.sideOf(to)];
    const key = [...pair, profile.name, target, both].join(' ');
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = this.#judge(question, isOwn);
    const { verdict, effect } = answer;
    const text = canonicalJson(answer);
    const kept = { template: templateOf(text), verdict, effect };
    this.#answers.set(key, kept, text.length);
    return kept;
  }

  /**
   * Whether an answer is of these two names and no others: of a kernel with itself, of one that reads what the other wrote by
   * its name, of a pair with records of tests.
   */
  #isOwn(from: string, to: string): boolean {
    const isTested = this.#evidence.has(`${from} ${to}`) || this.#evidence.has(`${to} ${from}`);
    const named = [...this.#kernels.namesReadBy(from), ...this.#kernels.namesReadBy(to)];
    return from === to || isTested || named.includes(from) || named.includes(to);
  }

  #judge({ from, to, profile, target, both }: PairQuestion, isOwn: boolean): CheckOutput {
    const [writer, reader] = [this.#kernels.kernel(from), this.#kernels.kernel(to)];
    const outgoing = isOwn ? writer : withStandIns(writer, 'outgoing');
    const incoming = isOwn ? reader : withStandIns(reader, 'incoming');
    const nameOf = new Map([
      [outgoing.release, from],
      [incoming.release, to],
    ]);
    const { erratumApplies } = this.#judging;
    const judging: Judging = {
      ...this.#judging,
      erratumApplies: (erratum, release) => erratumApplies(erratum, nameOf.get(release) ?? release),
      kernelNamed: (release) => (this.#kernels.has(release) ? this.#kernels.kernel(release) : undefined),
    };
    const evidenceOf = (sides: { outgoing: Kernel; incoming: Kernel }): EvidenceDocument[] =>
      this.#evidence.get(`${sides.outgoing.release} ${sides.incoming.release}`) ?? [];
    const knownOf = (sides: { outgoing: Kernel }): KnownComponents =>
      sides.outgoing === outgoing
        ? this.#judged.between(writer, reader, `${target} there`)
        : this.#judged.between(reader, writer, `${target} back`);
    // What is told under the names of two kernels is of these alone.
    const shared = isOwn ? {} : { knownOf };
    return judgeBothWays({
      from: outgoing,
      to: incoming,
      both,
      profile,
      target,
      judging,
      evidenceOf,
      ...shared,
    });
  }
}
