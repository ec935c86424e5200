import type { Target } from '../../src/model/target.ts';
import type { Effect, Verdict } from '../../src/model/verdict-kind.ts';
import type { Edit } from './edit-declarations.ts';

/** A verdict, with its effect where it is `refused` or `misread`. */
export type Answer = Verdict | `${Verdict} ${Effect}`;

export const MUTATION_KINDS = [
  'add at the end',
  'add in the middle',
  'add in vacant space',
  'array length',
  'bit-field',
  'carrier of a marker',
  'code',
  'comment or spelling',
  'constant',
  'drop',
  'flag',
  'gate order',
  'kernel option',
  'narrow or widen in place',
  'node or property name',
  'outside the profile',
  'regroup',
  'remove',
  'rename',
  'repack',
  'restring or renumber a marker',
  'retype',
  'swap or reorder',
] as const;

export type MutationKind = (typeof MUTATION_KINDS)[number];

/** What a profile names in these tests: the shipped ones, and one for each component that none of them requires. */
export type MutationProfile = 'flb' | 'memfd' | 'memory' | 'metadata';

/**
 * A change to the declarations, and what SEMANTICS says of it. Where the law leaves two answers open, both stand.
 * `forward` is from the unchanged kernel to the changed one, `backward` the other way.
 */
export interface Mutation {
  /** In a few words: what is changed. */
  name: string;
  kind: MutationKind;
  profile: MutationProfile;
  /** `x86_64-4k` where it is left out. */
  target?: Target;
  /** What both kernels have in common beyond the fixture. */
  given?: readonly Edit[];
  edits: readonly Edit[];
  /** The changed kernel's configuration; without it what can be built is captured. */
  config?: ReadonlyMap<string, string>;
  forward: readonly Answer[];
  backward: readonly Answer[];
}

export const SAME = ['compatible'] as const;
export const NOTED = ['compatible-with-notes'] as const;
/** The bytes are the same; whether to note it is open. */
export const READS_SAME = ['compatible', 'compatible-with-notes'] as const;
export const MISREAD = ['misread corruption'] as const;
export const PANIC = ['refused boot-panic'] as const;
export const DROPPED = ['refused state-dropped'] as const;
export const SESSIONS_LOST = ['refused all-sessions-lost'] as const;
export const ABSENT = ['refused component-absent'] as const;
export const IGNORED = ['refused ignored'] as const;
export const UNSUPPORTED = ['unsupported'] as const;
export const UNKNOWN = ['unknown'] as const;

/** Both directions have one answer. */
export function both(answer: readonly Answer[]): Pick<Mutation, 'backward' | 'forward'> {
  return { forward: answer, backward: answer };
}
