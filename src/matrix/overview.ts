import type { PairVerdict } from '../model/finding.ts';
import type { PairClass } from '../model/outputs.ts';
import type { OverviewAnswer, OverviewCount, OverviewOutput } from '../model/overview.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { PairInput } from '../verdict/pair.ts';
import { judgePair } from '../verdict/pair.ts';
import { classifyPairs, PAIR_CLASSES, pairKey, seriesOrder } from './pair-classes.ts';

export interface OverviewInput extends Omit<PairInput, 'incoming' | 'outgoing' | 'profile' | 'target'> {
  /** Upstream's, oldest first. */
  kernels: readonly Kernel[];
  profiles: readonly Profile[];
  target: Target;
}

interface ClassPair {
  outgoing: Kernel;
  incoming: Kernel;
  classes: readonly PairClass[];
  answers: ReadonlyMap<string, OverviewAnswer>;
}

/** The pairs of the classes alone, judged each by itself: few enough to be the first thing that is shown. */
export function overviewOf(input: OverviewInput): OverviewOutput {
  const pairs = classPairs(input);
  const names = input.profiles.map(({ name }) => name);
  const carries = (profile: string): boolean =>
    pairs.some(({ answers }) => answers.get(profile)?.verdict !== 'unsupported');
  const profiles = names.filter(carries);
  const mainline = pairs.filter(({ classes }) => classes.includes('main+1'));
  return {
    target: input.target,
    profiles,
    notCarried: names.filter((name) => !carries(name)),
    pairs: mainline.map(({ outgoing, incoming, answers }) => ({
      outgoing: outgoing.release,
      incoming: incoming.release,
      answers: profiles.flatMap((profile) => answers.get(profile) ?? []),
    })),
    classes: PAIR_CLASSES.flatMap((name) => profiles.map((profile) => countOf(pairs, name, profile))),
  };
}

function classPairs({ kernels, profiles, target, ...judging }: OverviewInput): ClassPair[] {
  const releases = kernels.map(({ release }) => release);
  const classesByPair = classifyPairs(releases, seriesOrder(releases));
  return kernels.flatMap((outgoing) =>
    kernels.flatMap((incoming) => {
      const classes = classesByPair.get(pairKey(outgoing.release, incoming.release));
      if (!classes) return [];
      const known: PairInput['known'] = new Map();
      const answers = profiles.map((profile) => {
        const pair = judgePair({ ...judging, outgoing, incoming, profile, target, known });
        return [profile.name, answerOf(pair)] as const;
      });
      return [{ outgoing, incoming, classes, answers: new Map(answers) }];
    }),
  );
}

function answerOf({ profile, verdict, effect, conditions = [] }: PairVerdict): OverviewAnswer {
  return { profile, verdict, effect, conditions };
}

function countOf(pairs: readonly ClassPair[], name: PairClass, profile: string): OverviewCount {
  const verdicts = pairs
    .filter(({ classes }) => classes.includes(name))
    .flatMap(({ answers }) => answers.get(profile)?.verdict ?? [])
    .filter((verdict) => verdict !== 'unsupported');
  const safe = verdicts.filter((verdict) => verdict.startsWith('compatible'));
  return { class: name, profile, pairs: verdicts.length, safe: safe.length };
}
