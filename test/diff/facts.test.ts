import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffComponent } from '../../src/diff/engine.ts';
import { worstImpact } from '../../src/diff/impact.ts';
import { knownMarkerOf, namesakesOf } from '../../src/diff/known-markers.ts';
import type { ComponentFacts, RawFinding, SideFacts } from '../../src/diff/rule.ts';
import type { ConstantRole, FdtProperty } from '../../src/model/component-state.ts';
import type { Target } from '../../src/model/target.ts';
import type { Field } from './laid-out.ts';
import { layOut } from './laid-out.ts';

// Constants, trees, markers and targets: what is renamed, what is ambiguous, what is not known.

const TARGET: Target = 'x86_64-4k';

function sideOf(facts: Partial<ComponentFacts>): SideFacts {
  const whole: ComponentFacts = {
    available: 'buildable',
    options: [],
    needs: [],
    marker: { kind: 'fdt-string', writes: 'v1', accepts: [{ value: 'v1' }], carrier: 'fdt:X:/' },
    structs: {},
    constants: {},
    fdt: [],
    checks: [],
    code: [],
    unchecked: [],
    ...facts,
  };
  return {
    release: '1.0',
    facts: whole,
    layoutOf: (tag) => whole.structs[tag.replace(/^\w+ /, '')]?.layout.all,
  };
}

function findingsOf(written: Partial<ComponentFacts>, read: Partial<ComponentFacts>): RawFinding[] {
  const [outgoing, incoming] = [sideOf(written), sideOf(read)];
  return diffComponent({ component: 'x', target: TARGET, outgoing, incoming, errata: [], reviews: [] })
    .findings;
}

function impactOf(written: Partial<ComponentFacts>, read: Partial<ComponentFacts>) {
  return worstImpact(findingsOf(written, read));
}

function constants(role: ConstantRole, values: Record<string, number>): Pick<ComponentFacts, 'constants'> {
  const entries = Object.entries(values).map(
    ([name, value]) => [name, { role, value: { all: value } }] as const,
  );
  return { constants: Object.fromEntries(entries) };
}

function properties(...names: [name: string, type: string][]): Pick<ComponentFacts, 'fdt'> {
  const own = names.map(([name, type]): FdtProperty => ({ name, type }));
  return { fdt: [{ path: '/', properties: own }] };
}

test('a constant renamed among others of the same value is not guessed at', () => {
  assert.equal(impactOf(constants('shape', { A: 9, B: 9 }), constants('shape', { P: 9, Q: 9 })), 'unknown');
  assert.equal(impactOf(constants('shape', { A: 9 }), constants('shape', { P: 9 })), 'none');
  assert.equal(impactOf(constants('shape', { A: 9, B: 9 }), constants('shape', { P: 9 })), 'unknown');
});

test('a helper constant may change, a shape may not', () => {
  assert.equal(impactOf(constants('helper', { A: 52 }), constants('helper', { A: 53 })), 'none');
  assert.equal(impactOf(constants('shape', { A: 52 }), constants('shape', { A: 53 })), 'misread');
});

test('a length is told by the array that has it, and counts by itself where there is none', () => {
  const withArray = (length: number) => ({
    ...constants('length', { LEN: length }),
    structs: { s: { placement: 'blob' as const, layout: { all: layOut([['text', `char[${length}]`]]) } } },
  });
  assert.equal(impactOf(withArray(64), withArray(48)), 'note');
  assert.equal(impactOf(constants('length', { LEN: 64 }), constants('length', { LEN: 48 })), 'misread');
});

test('a value that is not known on this target is not known, on one side or on both', () => {
  const elsewhere: Pick<ComponentFacts, 'constants'> = {
    constants: { A: { role: 'shape', value: { 'arm64-64k': 5 } } },
  };
  assert.equal(impactOf(constants('shape', { A: 5 }), elsewhere), 'unknown');
  assert.equal(impactOf(elsewhere, elsewhere), 'unknown');
});

test('two flags that exchange their values are misread; a new one is harmless; a lost one is not known', () => {
  assert.equal(impactOf(constants('flag', { A: 1, B: 2 }), constants('flag', { A: 2, B: 1 })), 'misread');
  assert.equal(impactOf(constants('flag', { A: 1 }), constants('flag', { A: 1, B: 2 })), 'none');
  assert.equal(impactOf(constants('flag', { A: 1, B: 2 }), constants('flag', { A: 1 })), 'unknown');
});

test('properties of which each may be the other are not known; one for one is a rename, which is misread', () => {
  const two = properties(['a', 'u64'], ['b', 'u64']);
  assert.equal(impactOf(two, properties(['c', 'u64'], ['d', 'u64'])), 'unknown');
  assert.equal(impactOf(properties(['a', 'u64']), properties(['c', 'u64'])), 'misread');
  assert.equal(impactOf(properties(['a', 'u64']), properties(['c', 'u32'])), 'unknown');
  assert.equal(impactOf(two, properties(['a', 'u64'])), 'note');
});

test('two properties that exchange their names are misread; a macro that is renamed alone is not', () => {
  const named = (first: string, second: string, prefix = ''): Pick<ComponentFacts, 'fdt'> => ({
    fdt: [
      {
        path: '/',
        properties: [
          { name: first, type: 'u64', macro: `${prefix}ADDRESS` },
          { name: second, type: 'u64', macro: `${prefix}SIZE` },
        ],
      },
    ],
  });
  assert.equal(impactOf(named('a', 's'), named('s', 'a')), 'misread');
  assert.equal(impactOf(named('a', 's'), named('a', 's', 'NEW_')), 'none');
});

test('a marker that lies at another offset of its struct is not accepted', () => {
  const ser = (...members: readonly Field[]): Partial<ComponentFacts> => ({
    marker: {
      kind: 'struct-string',
      writes: 'v1',
      accepts: [{ value: 'v1' }],
      carrier: 'struct:s.compatible',
    },
    structs: { s: { placement: 'blob', layout: { all: layOut(members) } } },
  });
  const front = ser(['compatible', 'char[48]'], ['n', 'u64']);
  assert.equal(impactOf(front, ser(['n', 'u64'], ['compatible', 'char[48]'])), 'refused');
  assert.equal(impactOf(front, front), 'none');
});

test('a set of feature bits that is no number is refused, not an error', () => {
  const bits = (required: string): Partial<ComponentFacts> => {
    const set = { supported: '3', required, active: '1' };
    return {
      marker: { kind: 'feature-bits', writes: set, accepts: [{ value: set }], carrier: 'struct:s.features' },
    };
  };
  assert.equal(impactOf(bits('1'), bits('3')), 'none');
  assert.equal(impactOf(bits('4'), bits('1')), 'refused');
  assert.equal(impactOf(bits('0x1'), bits('1')), 'refused');
});

test('a struct under another name is one, two of the same form are not told apart', () => {
  const structs = (...names: string[]): Pick<ComponentFacts, 'structs'> => ({
    structs: Object.fromEntries(
      names.map((name) => [name, { placement: 'element', layout: { all: layOut([['a', 'u64']]) } }]),
    ),
  });
  assert.equal(impactOf(structs('s'), structs('t')), 'none');
  assert.equal(impactOf(structs('s'), structs('t', 'u')), 'unknown');
  assert.equal(impactOf(structs('s'), {}), 'misread');
});

test('a size check of a struct that the outgoing kernel does not declare is not known', () => {
  const read: Partial<ComponentFacts> = {
    structs: { s: { placement: 'blob', layout: { all: layOut([['a', 'u64']]) } } },
    checks: [{ kind: 'minimum-size', struct: 's', effect: 'boot-panic' }],
  };
  assert.equal(impactOf({}, read), 'unknown');
});

test('a struct whose layout is known elsewhere only is not known here', () => {
  const layout = layOut([['a', 'u64']]);
  const state = (target: Target): Partial<ComponentFacts> => ({
    structs: { s: { placement: 'element', layout: { [target]: layout } } },
  });
  assert.equal(impactOf(state(TARGET), state('arm64-64k')), 'unknown');
  assert.equal(impactOf(state('arm64-64k'), state('arm64-64k')), 'unknown');
  assert.equal(impactOf(state(TARGET), state(TARGET)), 'none');
});

test('data without a marker that lies elsewhere is not known; guarded data whose guard has another name is a note', () => {
  const guarded = (guardedBy: string, carrier: string): Partial<ComponentFacts> => ({
    marker: { kind: 'guarded', accepts: [], guardedBy, carrier },
  });
  assert.equal(impactOf(guarded('luo', 'struct:a'), guarded('luo', 'struct:b')), 'unknown');
  assert.equal(impactOf(guarded('luo', 'struct:a'), guarded('kho', 'struct:a')), 'note');
});

test('a marker has namesakes where it names another form, not where only names differ', () => {
  const known = (release: string, member: string, type: string) => ({
    ...sideOf({ structs: { s: { placement: 'element', layout: { all: layOut([[member, type]]) } } } }),
    release,
  });
  const entries = [
    known('1.0', 'a', 'u64'),
    known('1.1', 'b', 'u64'),
    known('2.0', 'a', 'u32'),
    known('2.1', 'a', 'u32'),
  ];
  const markers = entries.flatMap((side) => knownMarkerOf(side, TARGET) ?? []);
  const [own] = markers;
  assert.ok(own);
  assert.deepEqual(
    namesakesOf(own, markers).map(({ release }) => release),
    ['2.0'],
  );
});

/** Code that differs by nothing but its hash, so that values and round trips are looked at. */
const codeOf = (hash: string): Pick<ComponentFacts, 'code'> => ({
  code: [{ function: 'keep', side: 'both', hash, entry: true }],
});

function rulesOf(written: Partial<ComponentFacts>, read: Partial<ComponentFacts>): string[] {
  const found = findingsOf(
    { ...codeOf('1'), values: [], ...written },
    { ...codeOf('2'), values: [], ...read },
  );
  return found.flatMap(({ rule, impact }) => (impact === 'misread' ? rule : []));
}

const ran = (name: string, hash: string, widths: string) => ({ function: name, hash, widths });

test('what fails by narrower integers is told by the part that has them', () => {
  const trip = (writer: string, reader: string, isWhole: boolean) => ({
    roundTrips: [
      { name: 't', does: 'x', writer: ran('w', '1', writer), reader: ran('r', '1', reader), isWhole },
    ],
  });
  const whole = trip('a', 'a', true);
  const readsLess = trip('a', 'b', false);
  const writesLess = trip('b', 'a', false);
  const failing = 'round-trip-fails';
  assert.ok(rulesOf(whole, readsLess).includes(failing));
  assert.ok(!rulesOf(readsLess, whole).includes(failing));
  assert.ok(rulesOf(writesLess, whole).includes(failing));
  assert.ok(!rulesOf(whole, writesLess).includes(failing));
  assert.ok(!rulesOf(trip('b', 'b', false), whole).includes(failing));
  assert.ok(!rulesOf(trip('a', 'a', false), whole).includes(failing));
});

test('what only another function is called with may be kept by it', () => {
  const values = [{ function: 'w', side: 'writer', at: '=s@0', of: '1', form: 'same' }] as const;
  const state = (count: number, places: string[], callsWith: string[]) => ({
    values: [...values],
    kept: [{ function: 'w', count, places, callsWith }],
  });
  const keeps = state(1, ['s@0'], ['s@0 virt_to_phys']);
  const lost = 'memory-not-kept';
  assert.ok(rulesOf(state(0, [], ['s@0 virt_to_phys']), keeps).includes(lost));
  assert.ok(!rulesOf(state(0, [], ['s@0 hold', 's@0 virt_to_phys']), keeps).includes(lost));
  assert.ok(rulesOf(state(0, [], ['s@8 hold', 's@0 virt_to_phys']), keeps).includes(lost));
});

test('steps of a pointer are compared by how long they are', () => {
  const value = (name: string, side: 'reader' | 'writer', exact: string, scaled?: string) =>
    ({
      ...{ function: name, side, at: 'return', of: '1', exact: [exact], whole: [exact] },
      ...(scaled && { scaled: [scaled] }),
    }) as const;
  const both = (exact: string, scaled?: string) => ({
    values: [value('r', 'reader', exact, scaled), value('w', 'writer', exact, scaled)],
  });
  const other = 'value-encoding-changed';
  assert.ok(rulesOf(both('1'), both('2')).includes(other));
  assert.ok(!rulesOf(both('1', '2'), both('2')).includes(other));
  assert.ok(!rulesOf(both('2'), both('1', '2')).includes(other));
  assert.ok(rulesOf(both('1', '2'), both('3')).includes(other));
});

test('a tree that one kernel writes otherwise and both read by the same code is not read otherwise', () => {
  const state = (exact: string, isWhole: boolean) => ({
    values: ['add', 'drop'].map((name) => ({
      ...{ function: name, side: 'both' as const, at: 'set#0', of: '1', exact: [exact], whole: [exact] },
    })),
    roundTrips: [
      { name: 't', does: 'x', writer: ran('add', exact, 'a'), reader: ran('walk', '1', 'a'), isWhole },
    ],
  });
  assert.deepEqual(rulesOf(state('1', true), state('2', false)), []);
  assert.ok(rulesOf(state('2', false), state('1', true)).includes('round-trip-fails'));
  assert.ok(rulesOf(state('1', true), state('2', true)).includes('value-encoding-changed'));
});
