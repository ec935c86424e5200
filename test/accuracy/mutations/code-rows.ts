import type { Edit } from '../edit-declarations.ts';
import type { Answers, Mutation, MutationProfile } from '../mutation.ts';
import { MISREAD, NOTED, UNKNOWN } from '../mutation.ts';

// Code under equal layouts. Where nothing but the code shows what changed, a note that names the function is right.

/** What is right where only the code shows it. */
export const OPEN = [...MISREAD, ...NOTED, ...UNKNOWN] as const;

/** One change to code; what is right is that of its table where it is left out. */
export type CodeRow = readonly [
  name: string,
  profile: MutationProfile,
  edits: readonly Edit[],
  answers?: Answers,
];

/** The mutations that rows stand for. */
export function codeMutations(
  common: Pick<Mutation, 'family' | 'kind'>,
  usual: Answers,
  rows: readonly CodeRow[],
): Mutation[] {
  return rows.map(([name, profile, edits, answers = usual]) => ({
    ...common,
    name,
    profile,
    edits,
    ...answers,
  }));
}
