import type { Judging } from '../catalog/judging.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { CheckOutput } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { agreementOf } from '../verdict/agreement.ts';
import { withComparedLayouts } from '../verdict/compared-layouts.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import type { KnownKernels } from './known-kernels.ts';
import { Lru } from './lru.ts';
import type { Template } from './template.ts';
import { fillTemplate, nameStandIn, templateOf, withStandIns } from './template.ts';

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

  constructor(kernels: KnownKernels, judging: Judging, evidence: readonly EvidenceDocument[]) {
    this.#kernels = kernels;
    this.#judging = judging;
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
    const sides = [this.#kernels.sideOf(from), this.#kernels.sideOf(to)];
    const key = [...sides, profile.name, target, both, this.#isTested(from, to) && `${from} ${to}`].join(' ');
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = this.#judge(question);
    const { verdict, effect } = answer;
    const text = canonicalJson(answer);
    const kept = { template: templateOf(text), verdict, effect };
    this.#answers.set(key, kept, text.length);
    return kept;
  }

  /** Records name their kernels: an answer that tells of some is that pair's own. */
  #isTested(from: string, to: string): boolean {
    return this.#evidence.has(`${from} ${to}`) || this.#evidence.has(`${to} ${from}`);
  }

  #judge({ from, to, profile, target, both }: PairQuestion): CheckOutput {
    const realNames = new Map([
      [nameStandIn('outgoing'), from],
      [nameStandIn('incoming'), to],
    ]);
    const outgoing = withStandIns(this.#kernels.kernel(from), 'outgoing');
    const incoming = withStandIns(this.#kernels.kernel(to), 'incoming');
    const { erratumApplies } = this.#judging;
    const judging: Judging = {
      ...this.#judging,
      erratumApplies: (erratum, release) => erratumApplies(erratum, realNames.get(release) ?? release),
      kernelNamed: (release) => this.#kernelNamed(release),
    };
    const judge = (writer: Kernel, reader: Kernel): CheckOutput => {
      const sides = { outgoing: writer, incoming: reader };
      const pair = judgePair({ ...judging, ...sides, acrossTargets: true, profile, target });
      const [writes = '', reads = ''] = [writer, reader].map(({ release }) => realNames.get(release));
      const records = this.#evidence.get(`${writes} ${reads}`) ?? [];
      const evidence = agreementOf({ ...pair, outgoing: writes, incoming: reads }, records);
      return { ...withComparedLayouts(pair, sides), evidence };
    };
    const forward = judge(outgoing, incoming);
    return both ? { ...forward, rollback: judge(incoming, outgoing) } : forward;
  }

  #kernelNamed(release: string): Kernel | undefined {
    return this.#kernels.has(release) ? this.#kernels.kernel(release) : undefined;
  }
}
