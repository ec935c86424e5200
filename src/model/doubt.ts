import type { Target } from './target.ts';

/**
 * Kinds of doubt, each the code of the capture finding that tells it. A capture can write down no other: what it noticed
 * and no verdict could show would be forgotten.
 * - `borrowed`: taken over from another capture of the same release, not seen in this build
 * - `check-not-confirmed`: the code at hand does not do what is known of the reader or the writer
 * - `code-not-found`: a function that decides the format is nowhere in the source
 * - `config-dependent`: an option that neither the target nor a configuration settles decides the fact
 * - `defined-twice`: the same name stands for different things in the files at hand
 * - `source-disagrees`: two pieces of evidence of one kernel contradict each other
 * - `uncovered-caller`: code that hands something over or takes it, and that no component covers
 * - `uncovered-declaration`: handed-over data that no component covers
 */
export const DOUBT_CODES = [
  'borrowed',
  'check-not-confirmed',
  'code-not-found',
  'config-dependent',
  'defined-twice',
  'source-disagrees',
  'uncovered-caller',
  'uncovered-declaration',
] as const;

export type DoubtCode = (typeof DOUBT_CODES)[number];

/** Something that a capture could not see or settle, and on which a component's facts rest. Reaches every verdict of that component. */
export interface Doubt {
  code: DoubtCode;
  /** The struct, member, constant, function, property or string in doubt. */
  subject: string;
  /** One sentence without the name of the kernel. */
  message: string;
  /** Which side relies on it: only a kernel that `writes`, or only one that `reads`; both where absent. */
  side?: 'reads' | 'writes';
  /**
   * What the doubtful fact comes to, comparable between kernels. Equal on both sides: both readings agree, and the doubt is
   * a note with its condition. Absent or different: the component is unknown.
   */
  reading?: string;
  /**
   * The names of the members of a struct in doubt, in their order: a reading speaks of none, since they may go by other names.
   * The same ones in another order are no agreement.
   */
  order?: string[];
  /** The targets that it counts for; all where it is left out. */
  targets?: Target[];
  /** Never worse than a note, whatever the other side is. */
  isNote?: true;
  /** In words, when the note's pass holds: `both are built with the same CONFIG_NUMA`. */
  condition?: string;
}

/** A doubt as a capture finds it. In a document its place stands with the others, under `placeOfDoubt`. */
export interface FoundDoubt extends Doubt {
  /** `path:line`. */
  where?: string;
}

/** The key of a doubt's place among the `places` of its component. */
export function placeOfDoubt({ code, subject }: Pick<Doubt, 'code' | 'subject'>): string {
  return `doubt ${code} ${subject}`;
}
