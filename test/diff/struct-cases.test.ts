import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Placement } from '../../src/model/component-state.ts';
import type { Impact } from '../../src/model/finding.ts';
import type { Field } from './laid-out.ts';
import { findingsOf, impactOf, layOut } from './laid-out.ts';

// Differences between two structs that are easily overlooked, and harmless ones that are easily taken for harm.

interface Case {
  name: string;
  written: readonly Field[];
  read: readonly Field[];
  forward: Impact;
  backward: Impact;
  placement?: Placement;
  isChecked?: true;
}

const INNER = {
  pair: layOut([
    ['a', 'u32'],
    ['b', 'u32'],
  ]),
  one: layOut([['v', 'u64']]),
};

const CASES: Case[] = [
  {
    name: 'an array without a length is a second name for the same elements in a union',
    written: [['u', 'union', [['rows', 'u64[4]']]]],
    read: [
      [
        'u',
        'union',
        [
          ['rows', 'u64[4]'],
          ['entries', 'u64[]'],
        ],
      ],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'an array without a length in a union has other elements',
    written: [['u', 'union', [['rows', 'u64[4]']]]],
    read: [
      [
        'u',
        'union',
        [
          ['rows', 'u64[4]'],
          ['entries', 'u32[]'],
        ],
      ],
    ],
    forward: 'misread',
    backward: 'note',
  },
  {
    name: 'the elements of a flexible array have another size',
    written: [
      ['n', 'u64'],
      ['rows', 'u32[]'],
    ],
    read: [
      ['n', 'u64'],
      ['rows', 'u64[]'],
    ],
    forward: 'misread',
    backward: 'misread',
    placement: 'header',
  },
  {
    name: 'the rows of a flexible array have another inner length',
    written: [
      ['n', 'u64'],
      ['rows', 'u32[][2]'],
    ],
    read: [
      ['n', 'u64'],
      ['rows', 'u32[][4]'],
    ],
    forward: 'misread',
    backward: 'misread',
    placement: 'header',
  },
  {
    name: 'a flexible row of unnamed structs loses a reserved tail',
    written: [
      ['n', 'u64'],
      [
        'rows',
        'struct[]',
        [
          ['a', 'u32'],
          ['reserved', 'u32'],
        ],
      ],
    ],
    read: [
      ['n', 'u64'],
      ['rows', 'struct[]', [['a', 'u32']]],
    ],
    forward: 'misread',
    backward: 'misread',
    placement: 'header',
  },
  {
    name: 'a flexible array became another one under another name',
    written: [
      ['n', 'u64'],
      ['rows', 'u64[]'],
    ],
    read: [
      ['n', 'u64'],
      ['items', 'u32[]'],
    ],
    forward: 'misread',
    backward: 'misread',
    placement: 'header',
  },
  {
    name: 'members exchange places inside an unnamed struct',
    written: [
      [
        'h',
        'struct',
        [
          ['a', 'u64'],
          ['b', 'u64'],
        ],
      ],
    ],
    read: [
      [
        'h',
        'struct',
        [
          ['b', 'u64'],
          ['a', 'u64'],
        ],
      ],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'members exchange places inside the elements of an array of structs',
    written: [
      [
        'rows',
        'struct[4]',
        [
          ['a', 'u64'],
          ['b', 'u64'],
        ],
      ],
    ],
    read: [
      [
        'rows',
        'struct[4]',
        [
          ['b', 'u64'],
          ['a', 'u64'],
        ],
      ],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'a member was renamed and moved',
    written: [
      ['a', 'u64'],
      ['b', 'u64'],
      ['c', 'u32'],
      ['d', 'u32'],
    ],
    read: [
      ['b', 'u64'],
      ['moved', 'u64'],
      ['c', 'u32'],
      ['d', 'u32'],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'the alternative of a union became another one, beside bytes that both can see',
    written: [
      [
        'u',
        'union',
        [
          ['raw', 'u8[8]'],
          ['a', 'u32'],
        ],
      ],
    ],
    read: [
      [
        'u',
        'union',
        [
          ['raw', 'u8[8]'],
          ['c', 'u64'],
        ],
      ],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'a signed bit-field of another base type',
    written: [
      ['a', 'u32:4'],
      ['b', 'u32:28'],
    ],
    read: [
      ['a', 's64:4'],
      ['b', 'u32:28'],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'reserved bytes shrink in the middle, so that what follows moves',
    written: [
      ['a', 'u64'],
      ['reserved', 'u64[2]'],
      ['b', 'u64'],
    ],
    read: [
      ['a', 'u64'],
      ['reserved', 'u64'],
      ['b', 'u64'],
    ],
    forward: 'misread',
    backward: 'misread',
  },
  {
    name: 'one more alternative of a union',
    written: [['u', 'union', [['phys', 'u64']]]],
    read: [
      [
        'u',
        'union',
        [
          ['phys', 'u64'],
          ['next', 'ptr'],
        ],
      ],
    ],
    forward: 'note',
    backward: 'note',
  },
  {
    name: 'reserved bytes are declared in other units',
    written: [
      ['a', 'u64'],
      ['reserved', 'u64[2]'],
    ],
    read: [
      ['a', 'u64'],
      ['reserved', 'u32'],
      ['reserved2', 'u32[3]'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'the reserved tail of a struct that stands alone shrinks',
    written: [
      ['a', 'u64'],
      ['reserved', 'u64[4]'],
    ],
    read: [
      ['a', 'u64'],
      ['reserved', 'u64[2]'],
    ],
    forward: 'none',
    backward: 'none',
    placement: 'blob',
  },
  {
    name: 'one becomes an array of one',
    written: [
      ['a', 'u64'],
      ['b', 'u64'],
    ],
    read: [
      ['a', 'u64'],
      ['b', 'u64[1]'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'members are gathered into an unnamed struct',
    written: [
      ['a', 'u64'],
      ['b', 'u64'],
      ['c', 'u32'],
      ['d', 'u32'],
    ],
    read: [
      ['a', 'u64'],
      [
        'h',
        'struct',
        [
          ['b', 'u64'],
          ['c', 'u32'],
          ['d', 'u32'],
        ],
      ],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'members are gathered into a struct with a name',
    written: [
      ['x', 'u64'],
      ['a', 'u32'],
      ['b', 'u32'],
    ],
    read: [
      ['x', 'u64'],
      ['h', 'struct pair'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'an unnamed struct gets a name',
    written: [
      ['x', 'u64'],
      [
        'h',
        'struct',
        [
          ['a', 'u32'],
          ['b', 'u32'],
        ],
      ],
    ],
    read: [
      ['x', 'u64'],
      ['h', 'struct pair'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'the unnamed struct of a row gets a name',
    written: [
      ['x', 'u64'],
      [
        'rows',
        'struct[4]',
        [
          ['a', 'u32'],
          ['b', 'u32'],
        ],
      ],
    ],
    read: [
      ['x', 'u64'],
      ['rows', 'struct pair[4]'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'a number is wrapped in a struct of one member',
    written: [
      ['x', 'u32'],
      ['addr', 'u64'],
    ],
    read: [
      ['x', 'u32'],
      ['addr', 'struct one'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'a bit-field of eight bits becomes a byte',
    written: [
      ['a', 'u8:8'],
      ['b', 'u8'],
    ],
    read: [
      ['a', 'u8'],
      ['b', 'u8'],
    ],
    forward: 'none',
    backward: 'none',
  },
  {
    name: 'a member in the padding of an unnamed struct',
    written: [
      [
        'h',
        'struct',
        [
          ['a', 'u32'],
          ['b', 'u64'],
        ],
      ],
    ],
    read: [
      [
        'h',
        'struct',
        [
          ['a', 'u32'],
          ['c', 'u32'],
          ['b', 'u64'],
        ],
      ],
    ],
    forward: 'note',
    backward: 'note',
  },
  {
    name: 'a member in the padding of the elements of a row',
    written: [
      [
        'rows',
        'struct[4]',
        [
          ['a', 'u32'],
          ['b', 'u64'],
        ],
      ],
    ],
    read: [
      [
        'rows',
        'struct[4]',
        [
          ['a', 'u32'],
          ['c', 'u32'],
          ['b', 'u64'],
        ],
      ],
    ],
    forward: 'note',
    backward: 'note',
  },
  {
    name: 'a bit-field grows in place into reserved bits',
    written: [
      ['a', 'u32:8'],
      ['reserved', 'u32:24'],
    ],
    read: [
      ['a', 'u32:16'],
      ['reserved', 'u32:16'],
    ],
    forward: 'note',
    backward: 'note',
  },
  {
    name: 'a truth value becomes a byte',
    written: [
      ['a', 'u64'],
      ['b', 'bool'],
    ],
    read: [
      ['a', 'u64'],
      ['b', 'u8'],
    ],
    forward: 'note',
    backward: 'note',
  },
  {
    name: 'an array grows at the end of a struct whose size is checked',
    written: [
      ['a', 'u64'],
      ['s', 'u64[2]'],
    ],
    read: [
      ['a', 'u64'],
      ['s', 'u64[4]'],
    ],
    forward: 'refused',
    backward: 'note',
    placement: 'blob',
    isChecked: true,
  },
];

for (const { name, written, read, forward, backward, placement, isChecked } of CASES) {
  test(`${name}: ${forward}, back ${backward}`, () => {
    const options = {
      ...(placement && { placement }),
      ...(isChecked && { isChecked }),
      writtenTags: INNER,
      readTags: INNER,
    };
    const [from, to] = [written, read].map((fields) => layOut(fields, { tags: INNER }));
    assert.ok(from && to);
    const found = findingsOf({ ...options, written: from, read: to });
    assert.equal(impactOf({ ...options, written: from, read: to }), forward, JSON.stringify(found, null, 1));
    assert.equal(impactOf({ ...options, written: to, read: from }), backward);
    assert.ok(found.every(({ rule }) => rule !== 'unexplained-difference'));
  });
}

const FOLIOS: Field[] = [
  ['n', 'u64'],
  ['folios', 'struct inner'],
];

test('a harmless change of an embedded struct is as harmless where it is embedded', () => {
  const before = layOut([
    ['a', 'u64'],
    ['reserved', 'u32[2]'],
  ]);
  const after = layOut([
    ['a', 'u64'],
    ['flags', 'u32'],
    ['reserved', 'u32'],
  ]);
  const pair = {
    written: layOut(FOLIOS, { tags: { inner: before } }),
    read: layOut(FOLIOS, { tags: { inner: after } }),
    writtenTags: { inner: before },
    readTags: { inner: after },
  };
  assert.equal(impactOf(pair), 'note');
  const found = findingsOf(pair).find(({ rule }) => rule === 'embedded-struct-changed');
  assert.match(found?.message ?? '', /inner\.flags/);
});

test('a change two structs down is found', () => {
  const leaf = (order: readonly Field[]) => layOut(order);
  const tagsOf = (order: readonly Field[]) => {
    const inner = leaf(order);
    return { leaf: inner, inner: layOut([['l', 'struct leaf']], { tags: { leaf: inner } }) };
  };
  const writtenTags = tagsOf([
    ['a', 'u32'],
    ['b', 'u32'],
  ]);
  const readTags = tagsOf([
    ['b', 'u32'],
    ['a', 'u32'],
  ]);
  const written = layOut(FOLIOS, { tags: writtenTags });
  const read = layOut(FOLIOS, { tags: readTags });
  assert.equal(impactOf({ written, read, writtenTags, readTags }), 'misread');
});

test('an embedded struct that nobody knows is not known', () => {
  const tags = { inner: layOut([['a', 'u64']]) };
  const layout = layOut(FOLIOS, { tags });
  assert.equal(impactOf({ written: layout, read: layout }), 'unknown');
});

test('a struct that embeds itself ends', () => {
  const own = layOut([['a', 'u64']]);
  own.members.push({ name: 'self', bitOffset: 64, bitSize: 64, type: 'struct s', encoding: 'struct s' });
  assert.equal(impactOf({ written: own, read: structuredClone(own) }), 'none');
});

test('a member in the place of one that moved is no view of a union', () => {
  const pair = {
    written: layOut([['nr', 'u64']]),
    read: layOut([
      ['max', 'u64'],
      ['nr', 'u64'],
    ]),
  };
  const added = findingsOf(pair).find(({ rule }) => rule === 'member-added');
  assert.equal(added?.impact, 'misread');
  const removed = findingsOf({ written: pair.read, read: pair.written }).find(
    ({ rule }) => rule === 'member-removed',
  );
  assert.equal(removed?.impact, 'misread');
});
