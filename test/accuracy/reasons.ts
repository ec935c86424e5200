import type { RuleId } from '../../src/diff/rules/index.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { MutationKind } from './mutation.ts';

/** Members at other places, and what of it is seen at the end of a struct or by who checks its size. */
const MOVED: readonly RuleId[] = [
  'member-offset-changed',
  'struct-size-changed',
  'bit-field-changed',
  'embedded-struct-changed',
  'minimum-size-raised',
];
const CAME_OR_WENT: readonly RuleId[] = ['member-added', 'member-added-at-end', 'member-removed'];

/** The rules that may decide over an edit of each kind, where a mutation names none of its own: the right reasons. */
export const REASONS: Readonly<Record<MutationKind, readonly RuleId[]>> = {
  'add at the end': [...MOVED, 'member-added-at-end'],
  'add in the middle': [...MOVED, ...CAME_OR_WENT, 'marker-changed'],
  'add in vacant space': [],
  'array length': [...MOVED, 'array-length-changed'],
  'bit-field': [...MOVED, ...CAME_OR_WENT, 'member-signedness-changed'],
  'carrier of a marker': ['marker-changed', 'member-offset-changed'],
  code: [
    'component-absent',
    'fact-doubted',
    'marker-changed',
    'member-added-at-end',
    'member-offset-changed',
    'memory-not-kept',
    'minimum-size-raised',
    'presence-now-required',
    'property-length-changed',
    'round-trip-fails',
    'value-encoding-changed',
  ],
  'comment or spelling': [],
  constant: ['array-length-changed', 'constant-changed', 'struct-size-changed'],
  drop: ['component-absent', 'facts-missing'],
  flag: ['flag-value-changed'],
  'gate order': ['marker-changed', 'member-offset-changed'],
  'kernel option': [
    ...MOVED,
    ...CAME_OR_WENT,
    'array-length-changed',
    'config-disabled',
    'fact-doubted',
    'facts-missing',
    'marker-changed',
  ],
  'narrow or widen in place': [...MOVED, ...CAME_OR_WENT, 'member-size-changed'],
  'node or property name': ['constant-changed', 'fact-doubted', 'node-renamed', 'property-renamed'],
  'outside the profile': [],
  regroup: [...MOVED, ...CAME_OR_WENT],
  remove: [...MOVED, ...CAME_OR_WENT],
  rename: [...CAME_OR_WENT, 'struct-removed'],
  repack: [...MOVED, 'member-size-changed'],
  'restring or renumber a marker': ['marker-changed', 'minimum-size-raised'],
  retype: [
    ...MOVED,
    ...CAME_OR_WENT,
    'element-size-changed',
    'flexible-array-changed',
    'member-signedness-changed',
    'member-size-changed',
    'member-type-changed',
  ],
  'swap or reorder': MOVED,
};

/** The rules that decided a verdict: where one only sums others up, those others. */
export function causesOf({ decidedBy, components }: PairVerdict): string[] {
  if (!decidedBy) return [];
  if (decidedBy.rule !== 'marker-not-bumped') return [decidedBy.rule];
  const decisive = components.find(({ id }) => id === decidedBy.component);
  const misread = decisive?.findings.filter(({ impact }) => impact === 'misread') ?? [];
  return misread.map(({ rule }) => rule).filter((rule) => rule !== 'marker-not-bumped');
}
