import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Placement } from '../../src/model/component-state.ts';
import type { Impact } from '../../src/model/finding.ts';
import { propertyRuns } from '../formats/property.ts';
import type { Field, StructCase } from './laid-out.ts';
import { findingsOf, impactOf, layOut } from './laid-out.ts';

// Random structs, and random changes of them whose consequence is known by construction.

const WORDS = [
  'u64',
  's64',
  'ptr',
  'u32',
  's32',
  'be32',
  'u16',
  'u8',
  'char[16]',
  'u32[4]',
  'u64[3]',
] as const;
const INNER: Field[] = [
  ['raw', 'u64'],
  ['low', 'u32'],
];

const encoding = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<string>(...WORDS) },
  { weight: 1, arbitrary: fc.constant('union') },
  { weight: 1, arbitrary: fc.constant('struct') },
  { weight: 1, arbitrary: fc.constant('struct[3]') },
);

function fieldOf(name: string, type: string): Field {
  return /^(?:struct|union)/.test(type) ? [name, type, INNER] : [name, type];
}

/** Three to eight members, one of them sometimes reserved. */
const fields: fc.Arbitrary<Field[]> = fc
  .tuple(fc.array(encoding, { minLength: 3, maxLength: 8 }), fc.option(fc.nat(7)))
  .map(([types, reserved]) =>
    types.map((type, index) => (index === reserved ? ['reserved', 'u64[2]'] : fieldOf(`m${index}`, type))),
  );

const placement = fc.constantFrom<Placement>('blob', 'element', 'header');

interface Change {
  written: Field[];
  read: Field[];
  expected: Impact;
  placement?: Placement;
  isChecked?: true;
}

type Mutate = (before: Field[], at: number) => Change;

function replaced(before: readonly Field[], at: number, ...by: Field[]): Field[] {
  return [...before.slice(0, at), ...by, ...before.slice(at + 1)];
}

/** A struct with members of known types in a random place. */
function withField(before: readonly Field[], at: number, ...fields_: Field[]): Field[] {
  return [...before.slice(0, at), ...fields_, ...before.slice(at)];
}

/** Two versions of one or several members in the same random place of the same random struct, on a boundary of 8 bytes. */
function inPlace(expected: Impact, from: Field[], to: Field[]): Mutate {
  return (before, at) => ({
    written: withField(before, at, ['front', 'u64'], ...from, ['behind', 'u64']),
    read: withField(before, at, ['front', 'u64'], ...to, ['behind', 'u64']),
    expected,
  });
}

const MUTATIONS: Record<string, Mutate> = {
  rename: inPlace('none', [['x', 'u64']], [['x_renamed', 'u64']]),
  'rename without a word in common': inPlace('note', [['x', 'u64']], [['renamed', 'u64']]),
  'another unit of reserved bytes': inPlace(
    'none',
    [['pad', 'u64']],
    [
      ['pad', 'u32'],
      ['rsvd', 'u32'],
    ],
  ),
  'gather into a struct': inPlace(
    'none',
    [
      ['x', 'u64'],
      ['y', 'u64'],
    ],
    [
      [
        'h',
        'struct',
        [
          ['x', 'u64'],
          ['y', 'u64'],
        ],
      ],
    ],
  ),
  'an array of one': inPlace('none', [['x', 'u64']], [['x', 'u64[1]']]),
  'a member in reserved bytes': inPlace(
    'note',
    [['pad', 'u64']],
    [
      ['x', 'u32'],
      ['pad', 'u32'],
    ],
  ),
  'a member becomes reserved': inPlace('note', [['x', 'u64']], [['pad', 'u64']]),
  'widen into reserved bytes': inPlace(
    'note',
    [
      ['x', 'u32'],
      ['pad', 'u32'],
    ],
    [['x', 'u64']],
  ),
  'narrow in place': inPlace(
    'note',
    [['x', 'u32']],
    [
      ['x', 'u16'],
      ['pad', 'u16'],
    ],
  ),
  'one more alternative': inPlace(
    'note',
    [['u', 'union', [['a', 'u64']]]],
    [
      [
        'u',
        'union',
        [
          ['a', 'u64'],
          ['b', 'ptr'],
        ],
      ],
    ],
  ),
  'text or bytes': inPlace('note', [['x', 'char[16]']], [['x', 'u8[16]']]),
  'exchange two members': inPlace(
    'misread',
    [
      ['x', 'u64'],
      ['y', 'u64'],
    ],
    [
      ['y', 'u64'],
      ['x', 'u64'],
    ],
  ),
  'another kind': inPlace('misread', [['x', 'u64']], [['x', 'ptr']]),
  'another byte order': inPlace('misread', [['x', 'u32']], [['x', 'be32']]),
  'another sign': inPlace('misread', [['x', 'u64']], [['x', 's64']]),
  'split a member': inPlace(
    'misread',
    [['x', 'u64']],
    [
      ['x', 'u32'],
      ['y', 'u32'],
    ],
  ),
  'another element size': inPlace('misread', [['x', 'u16[4]']], [['x', 'u32[2]']]),
  'another length': inPlace(
    'misread',
    [
      ['x', 'u64[4]'],
      ['last', 'u8'],
    ],
    [
      ['x', 'u64[5]'],
      ['last', 'u8'],
    ],
  ),
  'another bit': inPlace(
    'misread',
    [
      ['x', 'u64:52'],
      ['y', 'u64:12'],
    ],
    [
      ['x', 'u64:50'],
      ['y', 'u64:14'],
    ],
  ),
  'exchange inside a row': inPlace(
    'misread',
    [
      [
        'r',
        'struct[2]',
        [
          ['a', 'u32'],
          ['b', 'u32'],
        ],
      ],
    ],
    [
      [
        'r',
        'struct[2]',
        [
          ['b', 'u32'],
          ['a', 'u32'],
        ],
      ],
    ],
  ),
  'drop a member': (before, at) => ({
    written: withField(before, at, ['x', 'u64'], ['after', 'u64']),
    read: withField(before, at, ['after', 'u64']),
    expected: 'misread',
  }),
  'add at the end': (before) => ({
    written: before,
    read: [...before, ['end', 'u64']],
    expected: 'misread',
    placement: 'blob',
  }),
  'add at the end, checked': (before) => ({
    written: before,
    read: [...before, ['end', 'u64']],
    expected: 'refused',
    placement: 'blob',
    isChecked: true,
  }),
  'drop at the end': (before) => ({
    written: [...before, ['end', 'u64']],
    read: before,
    expected: 'note',
    placement: 'blob',
  }),
  'more reserved bytes in a row of structs': (before) => ({
    written: [...before, ['pad', 'u64']],
    read: [...before, ['pad', 'u64[2]']],
    expected: 'misread',
    placement: 'element',
  }),
};

test('a random struct against itself gives nothing', () => {
  fc.assert(
    fc.property(fields, placement, (own, placed) => {
      const layout = layOut(own);
      const pair: StructCase = { placement: placed, written: layout, read: structuredClone(layout) };
      assert.deepEqual(findingsOf(pair), []);
    }),
    propertyRuns('struct against itself', 200),
  );
});

for (const [name, mutate] of Object.entries(MUTATIONS)) {
  test(`a random struct after "${name}" has the impact that was built in`, () => {
    fc.assert(
      fc.property(fields, fc.nat(), placement, (own, where, placed) => {
        const { written, read, expected, ...forced } = mutate(own, where % (own.length + 1));
        const pair = { placement: placed, ...forced, written: layOut(written), read: layOut(read) };
        assert.equal(impactOf(pair), expected, JSON.stringify(findingsOf(pair), null, 1));
      }),
      propertyRuns(name, 60),
    );
  });
}

test('two random structs with the same names differ in nothing or are told apart', () => {
  fc.assert(
    fc.property(fields, fields, placement, (one, other, placed) => {
      const pair = { placement: placed, written: layOut(one), read: layOut(other) };
      const found = findingsOf(pair);
      for (const { message, rule } of found) {
        assert.doesNotMatch(message, /the rule .* failed/);
        assert.notEqual(rule, 'unexplained-difference', 'a rule is missing');
      }
      const isEqual = JSON.stringify(pair.written) === JSON.stringify(pair.read);
      if (isEqual) assert.deepEqual(found, []);
    }),
    propertyRuns('two random structs', 400),
  );
});

test('a retyped member is told, whatever the types', () => {
  fc.assert(
    fc.property(fields, encoding, fc.nat(), (own, type, where) => {
      const at = where % own.length;
      const before = own[at] as Field;
      const read = replaced(own, at, fieldOf(before[0], type));
      const pair = { written: layOut(own), read: layOut(read) };
      const isSame = before[0] === 'reserved' || before[1] === type;
      if (!isSame) assert.notEqual(impactOf(pair), 'none', `${before[1]} as ${type}`);
    }),
    propertyRuns('a retyped member', 400),
  );
});
