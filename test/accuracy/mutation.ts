import type { RuleId } from '../../src/diff/rules/index.ts';
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

/** Groups of mutations that stand together in the table. */
export const FAMILIES = [
  'layouts and names',
  'constructs of C',
  'code',
  'refactors',
  'availability',
  'other callers',
] as const;

export type Family = (typeof FAMILIES)[number];

/** What a profile names in these tests: the shipped ones, and one for each component that none of them requires. */
export type MutationProfile = 'carried' | 'flb' | 'memfd' | 'memory' | 'metadata';

/** What is right, each way: `forward` is from the unchanged kernel to the changed one, `backward` the other way. */
export interface Answers {
  forward: readonly Answer[];
  backward: readonly Answer[];
}

/** Options of a build beside those that its target and the live update itself need; `n` takes one away. */
export type Options = Readonly<Record<string, string>>;

/** A change to the declarations, and what SEMANTICS says of it. Where the law leaves two answers open, both stand. */
export interface Mutation extends Answers {
  /** In a few words: what is changed. */
  name: string;
  /** `layouts and names` where it is left out. */
  family?: Family;
  kind: MutationKind;
  profile: MutationProfile;
  /** The only target that it is judged on; every one where it is left out. */
  target?: Target;
  /** Targets on which something else is right. */
  perTarget?: Partial<Readonly<Record<Target, Answers>>>;
  /** What both kernels have in common beyond the fixture. */
  given?: readonly Edit[];
  edits: readonly Edit[];
  /** Each kernel's configuration; without it what can be built is captured. */
  configs?: { plain: Options; changed: Options };
  /** The rules that may decide where the answer is neither `compatible` nor a note; those of its kind (`REASONS`) where left out. */
  decidedBy?: readonly RuleId[];
  /** Where it can be made: by the fixture's text alone, or by the kernel's own alone; on both where it is left out. */
  only?: 'fixture' | 'kernel';
}

export function familyOf({ family = 'layouts and names' }: Mutation): Family {
  return family;
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
export function both(answer: readonly Answer[]): Answers {
  return { forward: answer, backward: answer };
}
