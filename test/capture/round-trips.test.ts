import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { roundTripsOf } from '../../src/capture/round-trips.ts';
import { UnitPool } from '../../src/capture/unit-pool.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { RoundTripState } from '../../src/model/component-state.ts';
import { ROUND_TRIP_TREE } from './round-trip-tree.ts';

// Code is run: what a kernel of our own writes to blocks, to the list of an area, to the tree of kept pages, it reads back, and
// where one of the two is changed it does not.

before(() => initParser());

const BLOCKS = 'kernel/liveupdate/kho_block.c';
const KHO = 'kernel/liveupdate/kexec_handover.c';

type Tree = ReadonlyMap<string, string>;

const units = new UnitPool();

/** What the capture of a component asks the code for. */
function tripsOf(tree: Tree): RoundTripState[] {
  const digest = (path: string): string | undefined => tree.get(path);
  const list = (folder: string): string[] => [...tree.keys()].filter((path) => path.startsWith(`${folder}/`));
  const reader = new DeclarationReader({ read: digest, list }, undefined, units.for(digest, undefined));
  return (
    [
      ['kho', [KHO]],
      ['kho-block', [BLOCKS]],
    ] as const
  ).flatMap(([id, files]) => roundTripsOf(id, reader.codeBase(files)));
}

function edited(path: string, from: string, to: string): Tree {
  const text = ROUND_TRIP_TREE.get(path) ?? '';
  assert.equal(text.split(from).length, 2, from);
  return new Map([...ROUND_TRIP_TREE, [path, text.replace(from, () => to)]]);
}

const failedIn = (tree: Tree): string[] =>
  tripsOf(tree).flatMap(({ name, isWhole }) => (isWhole ? [] : name));

test('all that is tried comes back', () => {
  const trips = tripsOf(ROUND_TRIP_TREE);
  assert.deepEqual(
    trips.map(({ name }) => name),
    [
      'vmalloc 515',
      'pages 65536 64',
      'pages 65539 21',
      'folio',
      'radix tree',
      'blocks 1',
      'blocks 5',
      'blocks 12',
    ],
  );
  assert.ok(trips.every(({ isWhole }) => isWhole));
});

/** What no longer comes back, and whether it is what writes that is other code now. */
const BROKEN: readonly (readonly [
  what: string,
  path: string,
  from: string,
  to: string,
  trips: string[],
  isWriter: boolean,
])[] = [
  [
    'the count is set before the entry is taken',
    BLOCKS,
    'void *slot = nth(at, at->i++);\n\n\tat->block->ser->count = at->i;',
    'void *slot;\n\n\tat->block->ser->count = at->i;\n\tslot = nth(at, at->i++);',
    ['blocks 1', 'blocks 5', 'blocks 12'],
    true,
  ],
  [
    'a full block is never left',
    BLOCKS,
    'at->i == at->block->ser->count',
    'at->i > at->block->ser->count',
    ['blocks 1', 'blocks 5', 'blocks 12'],
    false,
  ],
  [
    'chunks lead back',
    KHO,
    'KHOSER_STORE_PTR(before->hdr.next, chunk)',
    'KHOSER_STORE_PTR(chunk->hdr.next, before)',
    ['vmalloc 515'],
    true,
  ],
  [
    'pages of an area from the end',
    KHO,
    'rows[taken++] = page',
    'rows[total - ++taken] = page',
    ['vmalloc 515'],
    false,
  ],
  [
    'pages are kept one by one',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'return 0;',
    ['pages 65536 64', 'pages 65539 21'],
    true,
  ],
  [
    'each page is asked for',
    KHO,
    'pfn += 1UL << largest(pfn, end);',
    'pfn += 1;',
    ['pages 65536 64', 'pages 65539 21'],
    false,
  ],
  [
    'the folio is of order 0',
    KHO,
    'prep_compound_page(page, order)',
    'prep_compound_page(page, 0)',
    ['folio'],
    false,
  ],
  [
    'the lowest bit of a leaf is left out',
    KHO,
    '__set_bit(key % (1UL << KHO_BITMAP_SIZE_LOG2)',
    '__set_bit((key | 1) % (1UL << KHO_BITMAP_SIZE_LOG2)',
    ['radix tree'],
    true,
  ],
];

const plain = (): RoundTripState[] => tripsOf(ROUND_TRIP_TREE);

for (const [what, path, from, to, trips, isWriter] of BROKEN)
  test(`${what}: it does not come back`, () => {
    const tree = edited(path, from, to);
    assert.deepEqual(failedIn(tree), trips);
    const changed = tripsOf(tree).find(({ name }) => name === trips[0]);
    const before_ = plain().find(({ name }) => name === trips[0]);
    assert.equal(changed?.writer.hash !== before_?.writer.hash, isWriter, 'the writer');
    assert.equal(changed?.reader.hash !== before_?.reader.hash, !isWriter, 'the reader');
  });

const HARMLESS: readonly (readonly [what: string, path: string, from: string, to: string])[] = [
  [
    'the count by a local',
    BLOCKS,
    'void *slot = nth(at, at->i++);\n\n\tat->block->ser->count = at->i;',
    'u64 i = at->i;\n\tvoid *slot = nth(at, i);\n\n\tat->i = ++i;\n\tat->block->ser->count = i;',
  ],
  [
    'the order by a loop',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'unsigned int order = 0;\n\n\twhile (!(first & (1UL << order)) && (2UL << order) <= end - first)\n\t\torder++;\n\treturn order;',
  ],
  [
    'a switch and a goto',
    KHO,
    'if (!page)\n\t\t\treturn NULL;\n\t\tpfn +=',
    'switch (!page) {\n\t\tcase 1:\n\t\t\tgoto none;\n\t\tdefault:\n\t\t\tbreak;\n\t\t}\n\t\tpfn +=',
  ],
];

for (const [what, path, from, to] of HARMLESS)
  test(`${what}: all comes back`, () => {
    const tree = edited(path, from, to);
    const whole = what.includes('goto')
      ? new Map([
          ...tree,
          [
            path,
            (tree.get(path) ?? '').replace(
              'return pfn_to_page(start);',
              'return pfn_to_page(start);\nnone:\n\treturn NULL;',
            ),
          ],
        ])
      : tree;
    assert.deepEqual(failedIn(whole), []);
    assert.equal(tripsOf(whole).length, plain().length);
  });

const UNKNOWN: readonly (readonly [what: string, path: string, from: string, to: string, trip: string])[] = [
  [
    'a call of what is not known',
    BLOCKS,
    'at->block->ser->count = at->i;',
    'note_entry(at, slot);\n\tat->block->ser->count = at->i;',
    'blocks',
  ],
  [
    'no end',
    BLOCKS,
    'if (!at->block)\n\t\treturn NULL;\n\tif (at->i == at->set->count_per_block',
    'while (at->block)\n\t\t;\n\tif (at->i == at->set->count_per_block',
    'blocks',
  ],
  [
    'itself without an end',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'return orders(first, end);',
    'pages',
  ],
  [
    'what lies nowhere',
    BLOCKS,
    'if (last)\n\t\tlast->ser->next',
    'if (!last)\n\t\tlast->ser->next',
    'blocks',
  ],
];

for (const [what, path, from, to, trip] of UNKNOWN)
  test(`${what}: nothing is said`, () => {
    const named = tripsOf(edited(path, from, to)).filter(({ name }) => name.startsWith(trip));
    assert.deepEqual(named, []);
  });
