import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeclarationReader } from '../../src/capture/reader.ts';
import { roundTripsOf } from '../../src/capture/round-trips.ts';
import { UnitPool } from '../../src/capture/unit-pool.ts';
import { initParser } from '../../src/cdecl/index.ts';
import type { RoundTripState } from '../../src/model/component-state.ts';
import { FIXTURE_BASE } from '../accuracy/judge-mutation.ts';

// Code is run: what a kernel of our own writes to blocks, to the list of an area, to the tree of kept pages, it reads back, and
// where one of the two is changed it does not.

const BLOCKS = 'kernel/liveupdate/kho_block.c';
const KHO = 'kernel/liveupdate/kexec_handover.c';

type Tree = ReadonlyMap<string, string>;

const units = new UnitPool();

/** What the capture of a component asks the code for. */
async function tripsOf(tree: Tree): Promise<RoundTripState[]> {
  await initParser();
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
  const text = FIXTURE_BASE.tree.get(path) ?? '';
  assert.equal(text.split(from).length, 2, from);
  return new Map([...FIXTURE_BASE.tree, [path, text.replace(from, () => to)]]);
}

const failedOf = (trips: readonly RoundTripState[]): string[] =>
  trips.flatMap(({ name, isWhole }) => (isWhole ? [] : name));

test('all that is tried comes back', async () => {
  const trips = await tripsOf(FIXTURE_BASE.tree);
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
  string,
  path: string,
  from: string,
  to: string,
  trips: string[],
  isWriter: boolean,
])[] = [
  [
    'the count is set before the entry is taken',
    BLOCKS,
    'entry = entry_at(block, place->at++, place->set->entry_size);\n\tblock->count = place->at;',
    'block->count = place->at;\n\tentry = entry_at(block, place->at++, place->set->entry_size);',
    ['blocks 1', 'blocks 5', 'blocks 12'],
    true,
  ],
  [
    'one more is read than there is',
    BLOCKS,
    'place->at == block->count',
    'place->at > block->count',
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
    'the last page of a chunk is left out',
    KHO,
    'at < ARRAY_SIZE(chunk->phys)',
    'at + 1 < ARRAY_SIZE(chunk->phys)',
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
    'unsigned int order = min(count_trailing_zeros(pfn), ilog2(end - pfn));',
    'unsigned int order = 0;',
    ['pages 65536 64', 'pages 65539 21'],
    false,
  ],
  [
    'the folio is of order 0',
    KHO,
    'prep_compound_page(page, mark.height)',
    'prep_compound_page(page, 0)',
    ['folio'],
    false,
  ],
  [
    'the lowest bit of a leaf is always set',
    KHO,
    '__set_bit(key % (1 << KHO_BITMAP_SIZE_LOG2)',
    '__set_bit((key | 1) % (1 << KHO_BITMAP_SIZE_LOG2)',
    ['radix tree'],
    true,
  ],
];

const plain = (): Promise<RoundTripState[]> => tripsOf(FIXTURE_BASE.tree);

for (const [what, path, from, to, trips, isWriter] of BROKEN)
  test(`${what}: it does not come back`, async () => {
    const changed = await tripsOf(edited(path, from, to));
    assert.deepEqual(failedOf(changed), trips);
    const [one, other] = [changed, await plain()].map((all) => all.find(({ name }) => name === trips[0]));
    assert.equal(one?.writer.hash !== other?.writer.hash, isWriter, 'the writer');
    assert.equal(one?.reader.hash !== other?.reader.hash, !isWriter, 'the reader');
  });

const HARMLESS: readonly (readonly [string, path: string, from: string, to: string])[] = [
  [
    'the count by a local',
    BLOCKS,
    'entry = entry_at(block, place->at++, place->set->entry_size);\n\tblock->count = place->at;',
    'u64 at = place->at;\n\n\tentry = entry_at(block, at, place->set->entry_size);\n\tplace->at = ++at;\n\tblock->count = at;',
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
    'if (!page_restored(PFN_PHYS(pfn), false))\n\t\t\treturn NULL;\n\t\tpfn += 1UL << order;\n\t}\n\treturn pfn_to_page(first);',
    'switch (!page_restored(PFN_PHYS(pfn), false)) {\n\t\tcase 1:\n\t\t\tgoto none;\n\t\tdefault:\n\t\t\tbreak;\n\t\t}\n\t\tpfn += 1UL << order;\n\t}\n\treturn pfn_to_page(first);\nnone:\n\treturn NULL;',
  ],
];

for (const [what, path, from, to] of HARMLESS)
  test(`${what}: all comes back`, async () => {
    const changed = await tripsOf(edited(path, from, to));
    assert.deepEqual(failedOf(changed), []);
    assert.equal(changed.length, (await plain()).length);
  });

test('which part works with narrower integers is told by it', async () => {
  const [changed, as] = [
    await tripsOf(edited(KHO, 'unsigned int at, taken = 0;', 'unsigned int taken = 0;\n\tu8 at;')),
    await plain(),
  ].map((all) => all.find(({ name }) => name === 'vmalloc 515'));
  assert.equal(changed?.isWhole, false);
  assert.deepEqual(changed.writer, as?.writer);
  assert.equal(changed.reader.hash, as?.reader.hash);
  assert.notEqual(changed.reader.widths, as?.reader.widths);
});

/** Functions through which it is seen what came back, by other names. */
const RENAMED: readonly (readonly [name: string, trip: string])[] = [
  ['kho_restore_pages', 'vmalloc'],
  ['vmap', 'vmalloc'],
  ['set_page_count', 'pages'],
  ['prep_compound_page', 'folio'],
  ['kho_radix_add_key', 'pages'],
];

for (const [name, trip] of RENAMED)
  test(`${name}() by another name: nothing is said`, async () => {
    const tree = [...FIXTURE_BASE.tree].map(
      ([path, text]) => [path, text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_of`)] as const,
    );
    const trips = await tripsOf(new Map(tree));
    assert.deepEqual(
      trips.filter((one) => one.name.startsWith(trip)),
      [],
    );
    assert.deepEqual(failedOf(trips), []);
  });

const UNKNOWN: readonly (readonly [string, path: string, from: string, to: string, trip: string])[] = [
  [
    'a call of what is not known',
    BLOCKS,
    'block->count = place->at;',
    'block->count = entries_in(place);',
    'blocks',
  ],
  [
    'no end',
    BLOCKS,
    'place->block = list_next_entry(place->block, list);',
    'while (place->block)\n\t\t;',
    'blocks 12',
  ],
  [
    'calls without an end',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'return __kho_preserve_pages_order(first, end);',
    'pages',
  ],
  [
    'what lies nowhere',
    BLOCKS,
    'if (last)\n\t\tlast->ser->next',
    'if (!last)\n\t\tlast->ser->next',
    'blocks',
  ],
  [
    'what an ignored call gives',
    KHO,
    'memblock_reserve(where, PAGE_SIZE << order);',
    'if (memblock_reserve(where, PAGE_SIZE << order))\n\t\treturn -ENOMEM;',
    'pages',
  ],
  [
    'a variable that has a value at first',
    KHO,
    'int kho_preserve_pages(struct page *page, unsigned long count)\n{',
    'static bool may_keep = true;\n\nint kho_preserve_pages(struct page *page, unsigned long count)\n{\n\tif (!may_keep)\n\t\treturn -EINVAL;',
    'pages',
  ],
  [
    'a variable that lives on',
    KHO,
    'int kho_preserve_pages(struct page *page, unsigned long count)\n{',
    'int kho_preserve_pages(struct page *page, unsigned long count)\n{\n\tstatic int calls;\n',
    'pages',
  ],
  [
    'a division by nothing',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'return ALIGN(first, end - end);',
    'pages',
  ],
  [
    'a name that every object has',
    KHO,
    'return min(count_trailing_zeros(first), ilog2(end - first));',
    'return constructor(first) + valueOf;',
    'pages',
  ],
  [
    'more than there is memory',
    BLOCKS,
    'own->ser = block;',
    'memset(block, 0, 1UL << 60);\n\town->ser = block;',
    'blocks',
  ],
  [
    'a member that nobody declares',
    BLOCKS,
    'place->at = 0;\n}\n\nstatic',
    'place->other = 0;\n}\n\nstatic',
    'blocks',
  ],
];

for (const [what, path, from, to, trip] of UNKNOWN)
  test(`${what}: nothing is said`, async () => {
    const trips = await tripsOf(edited(path, from, to));
    const named = trips.filter(({ name }) => name.startsWith(trip));
    assert.deepEqual(named, []);
  });

test('a member that only the beginning of a set sets: nothing is said', async () => {
  const header = 'include/linux/kho_block.h';
  const tree = new Map(edited(header, '\tu64 entry_size;', '\tu64 entry_size;\n\tu64 capacity;'));
  const code = tree.get(BLOCKS) ?? '';
  tree.set(
    BLOCKS,
    code.replace('count > set->nblocks * set->count_per_block', 'count > set->nblocks * set->capacity'),
  );
  assert.notEqual(tree.get(BLOCKS), code);
  const trips = await tripsOf(tree);
  assert.deepEqual(
    trips.filter(({ name }) => name.startsWith('blocks')),
    [],
  );
});
