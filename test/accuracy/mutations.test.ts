import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { documentOf } from '../support/shipped.ts';
import { accuracyPage, familyRows, kindRows, outcomeOf } from './accuracy-table.ts';
import type { Edit } from './edit-declarations.ts';
import { historySectionOf } from './history-table.ts';
import type { Judgment } from './judge-mutation.ts';
import { assertRight, FIXTURE, FIXTURE_BASE, judgeMutation, targetsOf } from './judge-mutation.ts';
import { KNOWN_WRONG } from './known-wrong.ts';
import type { Mutation } from './mutation.ts';
import { MUTATION_KINDS } from './mutation.ts';
import { MUTATIONS } from './mutations/index.ts';

const PAGE = new URL('../../docs/accuracy.md', import.meta.url);

const CAPTURED = [
  'kexec-metadata',
  'kho',
  'kho-block',
  'luo',
  'luo-flb',
  'luo-session',
  'memblock',
  'memfd',
  'reserve-mem',
];

/** What the two must have in common: everything but line numbers and the code of the kernel. */
function declared(state: ComponentState | undefined, real = state): Partial<ComponentState> {
  const {
    places: _places,
    code: _code,
    values: _values,
    calls: _calls,
    kept: _kept,
    roundTrips: _roundTrips,
    widths: _widths,
    constants = {},
    ...rest
  } = state ?? ({} as ComponentState);
  // What boots a kernel is in documents that are captured from now on.
  const shared = Object.entries(constants).filter(
    ([name, { role }]) => role !== 'gate' || real?.constants[name] !== undefined,
  );
  return { ...rest, constants: Object.fromEntries(shared) };
}

test('the fixture gives the layouts, constants, names and markers of 7.3.4', async () => {
  const document = await capture(FIXTURE);
  assert.equal(document.release, '7.3.4');
  assert.deepEqual(document.findings, []);
  const real = documentOf('7.3.4');
  for (const id of CAPTURED) {
    assert.deepEqual(
      declared(document.components[id], real.components[id]),
      declared(real.components[id]),
      id,
    );
  }
});

test('names of mutations are unique, and every kind has one', () => {
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
  const kinds = new Set(MUTATIONS.map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), [...MUTATION_KINDS]);
  for (const name of KNOWN_WRONG.keys())
    assert.ok(
      MUTATIONS.some((mutation) => mutation.name === name),
      name,
    );
});

test('every mutation is another edit', () => {
  const seen = new Map<string, string>();
  for (const { name, profile, target, given = [], edits, configs, only } of MUTATIONS) {
    if (only === 'kernel') continue;
    const key = JSON.stringify([textAfter(given), textAfter([...given, ...edits]), profile, target, configs]);
    assert.equal(seen.get(key), undefined, `${name} is the same edit`);
    seen.set(key, name);
  }
});

function textAfter(edits: readonly Edit[]): [string, string | undefined][] {
  const tree = new Map(FIXTURE_BASE.tree);
  for (const edit of edits) edit(tree);
  const paths = new Set([...tree.keys(), ...FIXTURE_BASE.tree.keys()]);
  return [...paths]
    .filter((path) => tree.get(path) !== FIXTURE_BASE.tree.get(path))
    .sort()
    .map((path) => [path, tree.get(path)?.replace(/\s+/g, ' ')]);
}

const WHOLE = { skip: !IS_WHOLE && 'a part of the table was run; npm run test:tables runs it whole' };

const judgments: Judgment[] = [];
const OWN = MUTATIONS.filter(({ only }) => only !== 'kernel');

/** Of the default run: the first of every kind, and then every so many. */
const PART = 60;

function partOf(mutations: readonly Mutation[]): Mutation[] {
  const counts = new Map<string, number>();
  return mutations.filter(({ kind }) => {
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return count % PART === 0;
  });
}

for (const mutation of IS_WHOLE ? OWN : partOf(OWN)) {
  const todo = KNOWN_WRONG.get(mutation.name);
  test(mutation.name, todo === undefined ? {} : { todo }, async () => {
    const judged = await judgeMutation(mutation);
    judgments.push(...judged);
    for (const judgment of judged) assertRight(judgment);
  });
}

test('docs/accuracy.md holds what the program answers now', WHOLE, (context) => {
  for (const row of [...familyRows(judgments), ...kindRows(judgments)]) context.diagnostic(row);
  const expected = OWN.reduce((sum, mutation) => sum + targetsOf(mutation).length * 2, 0);
  assert.equal(judgments.length, expected);
  const wrong = judgments.filter((judgment) => outcomeOf(judgment) !== 'right');
  const rightNow = [...KNOWN_WRONG.keys()].filter(
    (name) => !wrong.some(({ mutation }) => mutation.name === name),
  );
  assert.deepEqual(rightNow, [], 'right by now: take them out of known-wrong.ts');
  // The last section is another test's: test/history/generated.test.ts.
  const page = accuracyPage(judgments) + historySectionOf(readFileSync(PAGE, 'utf8'));
  if (process.env.UPDATE_GOLDEN === '1' && process.env.CI === undefined) writeFileSync(PAGE, page);
  assert.equal(readFileSync(PAGE, 'utf8'), page);
});
