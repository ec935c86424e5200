import type { Effect } from './verdict-kind.ts';

// What an answer depends on, in sentences: `panics if 6.19.11 runs with liveupdate=on` of what is lost then, `memfd_luo_ser.pos:
// values up to 4294967295 fit` of when a note's pass holds. Pairs that follow from the same facts share them without names.

/** What is lost, before `if`. */
export const LOSS_WORDS: Readonly<Record<Effect, string>> = {
  'all-sessions-lost': 'loses all sessions',
  'boot-panic': 'panics',
  'component-absent': 'loses this state',
  corruption: 'takes wrong values',
  'file-lost': 'loses that file',
  ignored: 'warns',
  'state-dropped': 'loses all preserved state',
};

/** The outgoing kernel where no name is given. */
export const OUTGOING = 'the outgoing kernel';

/** Whether a condition tells of a loss. */
export function isLoss(condition: string): boolean {
  return (
    / if /.test(condition) &&
    (Object.values(LOSS_WORDS).some((words) => condition.startsWith(words)) ||
      / is not known, /.test(condition))
  );
}

/** Conditions with the name of a kernel. */
export function namedConditions(conditions: readonly string[], outgoing: string): string[] {
  return conditions.map((text) => text.replaceAll(OUTGOING, outgoing));
}

/** Conditions of a pair for a text in which it stands for others as well. */
export function sharedConditions({
  outgoing,
  conditions = [],
}: {
  outgoing: string;
  conditions?: readonly string[];
}): string[] {
  return conditions.map((text) => text.replaceAll(` ${outgoing} `, ` ${OUTGOING} `));
}
