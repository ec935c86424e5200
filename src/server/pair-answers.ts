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

// Answers of `check`, as text. Kernels that differ in nothing but their names share one: it is judged with stand-ins for
// the names and kept in pieces, between which the names of a request are put.

/** Characters of kept text. */
const KEPT = 32 << 20;
/** Private use characters: no name of a kernel has them. */
const OUTGOING = '\ue000outgoing\ue001';
const INCOMING = '\ue000incoming\ue001';
const STAND_INS = new RegExp(`(${OUTGOING}|${INCOMING})`);

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
interface Template {
  /** Text by turns with stand-ins. */
  pieces: readonly string[];
  verdict: Verdict;
  effect: Effect | null;
}

/** Judges pairs of a catalog's kernels, each pair of distinct ones once. */
export class PairAnswers {
  readonly #kernels: KnownKernels;
  readonly #judging: Judging;
  readonly #evidence = new Map<string, EvidenceDocument[]>();
  readonly #templates = new Lru<Template>(KEPT);

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
    const names: Readonly<Record<string, string>> = {
      [OUTGOING]: JSON.stringify(question.from).slice(1, -1),
      [INCOMING]: JSON.stringify(question.to).slice(1, -1),
    };
    return this.#template(question)
      .pieces.map((piece) => names[piece] ?? piece)
      .join('');
  }

  /** Verdict and effect alone. @throws ToolError TARGET_UNKNOWN */
  verdict(question: PairQuestion): Pick<CheckOutput, 'effect' | 'verdict'> {
    return this.#template({ ...question, both: false });
  }

  #template(question: PairQuestion): Template {
    const { from, to, profile, target, both } = question;
    this.#kernels.checkTarget(target, [from, to]);
    const sides = [this.#kernels.sideOf(from), this.#kernels.sideOf(to)];
    const key = [...sides, profile.name, target, both, this.#isTested(from, to) && `${from} ${to}`].join(' ');
    const known = this.#templates.get(key);
    if (known) return known;
    const answer = this.#judge(question);
    const { verdict, effect } = answer;
    const text = canonicalJson(answer);
    const template = { pieces: text.split(STAND_INS), verdict, effect };
    this.#templates.set(key, template, text.length);
    return template;
  }

  /** Records name their kernels: an answer that tells of some is that pair's own. */
  #isTested(from: string, to: string): boolean {
    return this.#evidence.has(`${from} ${to}`) || this.#evidence.has(`${to} ${from}`);
  }

  #judge({ from, to, profile, target, both }: PairQuestion): CheckOutput {
    const realNames = new Map([
      [OUTGOING, from],
      [INCOMING, to],
    ]);
    const outgoing = { ...this.#kernels.kernel(from), release: OUTGOING };
    const incoming = { ...this.#kernels.kernel(to), release: INCOMING };
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
