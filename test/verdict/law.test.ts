import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { MarkerValue } from '../../src/model/marker.ts';
import { TARGETS } from '../../src/model/target.ts';
import { validate } from '../../src/schema/validate.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { documentOf, edited, judge } from '../support/shipped.ts';

test('6.19.11 -> 7.0 panics for want of a node, although every marker and shared struct is equal', () => {
  const pair = judge({ outgoing: '6.19.11', incoming: '7.0', profile: 'memfd' });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'boot-panic']);
  assert.deepEqual(pair.decidedBy, {
    component: 'luo-flb',
    rule: 'presence-now-required',
    subject: '/luo-flb',
  });
  const kho = pair.components.find(({ id }) => id === 'kho');
  assert.deepEqual(
    [kho?.verdict, kho?.markers.outgoing, kho?.markers.incoming],
    ['compatible', 'kho-v1', 'kho-v1'],
  );
});

test('6.18 -> 6.19: a kernel without LUO leaves no tree in which LUO could miss a node', () => {
  const pair = judge({ outgoing: '6.18.15', incoming: '6.19.11', profile: 'memory' });
  assert.equal(
    pair.verdict,
    'compatible',
    JSON.stringify(pair.components.map(({ id, verdict }) => [id, verdict])),
  );
});

test('7.0 -> 6.19.11 works: 6.19 does not look for the node', () => {
  const pair = judge({ outgoing: '7.0', incoming: '6.19.11', profile: 'memfd' });
  assert.equal(pair.verdict, 'compatible-with-notes');
});

test('for a profile without LUO the same panic is a note with its condition, never silence', () => {
  const pair = judge({ outgoing: '6.19.11', incoming: '7.0', profile: 'memory' });
  assert.equal(pair.verdict, 'compatible-with-notes');
  const flb = pair.components.find(({ id }) => id === 'luo-flb');
  assert.deepEqual([flb?.role, flb?.verdict, flb?.effect], ['outside', 'refused', 'boot-panic']);
  assert.deepEqual(pair.conditions, ['panics if 6.19.11 runs with liveupdate=on']);
  assert.match(pair.summary, /panics if 6\.19\.11 runs with liveupdate=on/);
});

for (const target of TARGETS) {
  const expected = target === 'arm64-16k' ? 'misread' : 'compatible';
  test(`7.1-rc1 -> 7.1.3 on ${target} is ${expected}`, () => {
    const pair = judge({ outgoing: '7.1-rc1', incoming: '7.1.3', profile: 'memory', target });
    assert.equal(pair.verdict, expected);
    if (expected === 'compatible') return;
    const depth = pair.components
      .flatMap(({ findings }) => findings)
      .find(({ subject }) => subject === 'KHO_TREE_MAX_DEPTH');
    assert.deepEqual([depth?.outgoing.value, depth?.incoming.value], [4, 5]);
  });
}

test('6.19.8 -> 6.19.10 carries the erratum of memfd; 6.19.10 -> 6.19.8 does not have that one', () => {
  const idsOf = (outgoing: string, incoming: string): string[] =>
    judge({ outgoing, incoming, profile: 'memfd' })
      .components.flatMap(({ findings }) => findings)
      .filter(({ rule }) => rule === 'erratum-applies')
      .map(({ subject }) => subject);
  assert.ok(idsOf('6.19.8', '6.19.10').includes('memfd-dirty-flag-early'));
  assert.ok(!idsOf('6.19.10', '6.19.8').includes('memfd-dirty-flag-early'));
});

test('6.17.8 -> 6.17.8 is compatible for memory', () => {
  assert.equal(judge({ outgoing: '6.17.8', incoming: '6.17.8', profile: 'memory' }).verdict, 'compatible');
});

test('7.1 -> 7.2 differs in LUO too, yet KHO refuses first', () => {
  const pair = judge({ outgoing: '7.1.13', incoming: '7.2.12', profile: 'memfd' });
  assert.deepEqual(
    [pair.verdict, pair.effect, pair.decidedBy?.component],
    ['refused', 'state-dropped', 'kho'],
  );
});

function mark(
  document: CaptureDocument,
  component: string,
  kind: 'composite' | 'feature-bits',
  value: MarkerValue,
): void {
  const marker = document.components[component]?.marker;
  assert.ok(marker);
  Object.assign(marker, { kind, writes: value, accepts: [{ value }] });
}

test('a composite string is equal as a whole or not at all', () => {
  const withString = (text: string) =>
    edited('7.3.4', (document) => mark(document, 'luo', 'composite', text));
  const verdictOf = (outgoing: string, incoming: string) =>
    judge({ outgoing: withString(outgoing), incoming: withString(incoming), profile: 'memfd' });
  assert.equal(verdictOf('luo-v5;block-v1', 'luo-v5;block-v1').verdict, 'compatible');
  const other = verdictOf('luo-v5;block-v1', 'luo-v5;block-v2');
  assert.deepEqual([other.verdict, other.effect], ['refused', 'boot-panic']);
});

test('feature bits: what is required must be known, what is merely active may be passed over', () => {
  const withBits = (supported: string, required: string, active: string) =>
    edited('7.3.4', (document) => mark(document, 'luo', 'feature-bits', { supported, required, active }));
  const reader = withBits('7', '3', '3');
  const verdictOf = (outgoing: ReturnType<typeof withBits>) =>
    judge({ outgoing, incoming: reader, profile: 'memfd' });
  assert.equal(verdictOf(withBits('7', '3', '7')).verdict, 'compatible');
  assert.equal(verdictOf(withBits('15', '3', '15')).verdict, 'compatible-with-notes');
  assert.deepEqual(
    [verdictOf(withBits('15', '8', '15')).verdict, verdictOf(withBits('15', '8', '15')).effect],
    ['refused', 'boot-panic'],
  );
});

test('a kernel that accepts an older marker is compared with the layouts that this marker named', () => {
  const accepting = edited('7.2.12', (document) => {
    document.components.kho?.marker?.accepts.push({ value: 'kho-v3', layoutOf: '7.1.13' });
  });
  const pair = judge({ outgoing: '7.1.13', incoming: accepting, profile: 'memory' });
  assert.ok(pair.verdict.startsWith('compatible'), pair.summary);
  const unknown = edited('7.2.12', (document) => {
    document.components.kho?.marker?.accepts.push({ value: 'kho-v3', layoutOf: '7.1.99' });
  });
  assert.throws(() => judge({ outgoing: '7.1.13', incoming: unknown, profile: 'memory' }));
});

test('what the outgoing build has switched off is unsupported, with the option named', () => {
  const off = edited('7.3.4', (document) => {
    for (const state of Object.values(document.components)) {
      if (state.available === 'no') continue;
      state.available = 'no';
      state.options = [{ name: 'CONFIG_KEXEC_HANDOVER', value: 'n' }];
    }
  });
  const pair = judge({ outgoing: off, incoming: '7.3.4', profile: 'memory' });
  assert.equal(pair.verdict, 'unsupported');
  assert.match(JSON.stringify(pair.components), /CONFIG_KEXEC_HANDOVER is not set/);
  const back = judge({ outgoing: '7.3.4', incoming: off, profile: 'memory' });
  assert.deepEqual([back.verdict, back.effect], ['refused', 'component-absent']);
});

test('a fact that one side could not read is unknown, never a pass', () => {
  const headersOnly = edited('7.3.4', (document) => {
    const kho = document.components.kho;
    assert.ok(kho);
    delete kho.constants.KHO_VMALLOC_ALLOC;
    kho.unchecked = ['KHO_VMALLOC_ALLOC'];
  });
  for (const [outgoing, incoming] of [
    [headersOnly, '7.2.12'],
    ['7.2.12', headersOnly],
  ] as const) {
    const pair = judge({ outgoing, incoming, profile: 'memfd' });
    assert.equal(pair.verdict, 'unknown');
    assert.deepEqual(pair.decidedBy, { component: 'kho', rule: 'source-incomplete', subject: 'kho' });
  }
});

function renamed(...names: string[]) {
  return edited('7.3.4', ({ components: { kho } }) => {
    for (const { properties } of kho?.fdt ?? []) {
      for (const property of properties) if (names.includes(property.name)) property.name += '-x';
    }
  });
}

test('the first gate that fails decides: without the memory map KHO is off before LUO looks', () => {
  const prop = renamed('preserved-memory-map', 'preserved-data', 'blob-size');
  for (const [outgoing, incoming] of [
    ['7.3.4', prop],
    [prop, '7.3.4'],
  ] as const) {
    const pair = judge({ outgoing, incoming, profile: 'memfd' });
    assert.deepEqual([pair.verdict, pair.effect], ['refused', 'state-dropped']);
  }
  const prop2 = judge({ outgoing: '7.3.4', incoming: renamed('preserved-data'), profile: 'memfd' });
  assert.deepEqual([prop2.verdict, prop2.effect], ['refused', 'boot-panic']);
});

function withBitmaps(edit: (document: CaptureDocument) => void = () => {}) {
  return edited('7.3.4', (document) => {
    const size = document.components.kho?.constants.KHO_BITMAP_SIZE_LOG2;
    assert.ok(size);
    for (const [target, value] of Object.entries(size.value))
      size.value = { ...size.value, [target]: Number(value) - 1 };
    edit(document);
  });
}

function rename(document: CaptureDocument, name: string): void {
  for (const { properties } of document.components.kho?.fdt ?? []) {
    for (const property of properties) if (property.name === name) property.name += '-x';
  }
}

const WHILE_MISREAD: readonly [what: string, property: string, verdict: string, effect: string][] = [
  ['an entry lacks what is looked up there', 'preserved-data', 'misread', 'corruption'],
  ['the map itself is not found', 'preserved-memory-map', 'refused', 'state-dropped'],
];

for (const [what, property, verdict, effect] of WHILE_MISREAD) {
  test(`a map that is read wrongly, and ${what}: ${verdict}`, () => {
    for (const profile of ['memory', 'memfd']) {
      for (const [outgoing, incoming] of [
        ['7.3.4', withBitmaps((document) => rename(document, property))],
        [renamed(property), withBitmaps()],
        [withBitmaps(), renamed(property)],
      ] as const) {
        const pair = judge({ outgoing, incoming, profile });
        assert.deepEqual([pair.verdict, pair.effect, pair.decidedBy?.component], [verdict, effect, 'kho']);
      }
    }
  });
}

function headersOnly(edit: (document: CaptureDocument) => void = () => {}) {
  return edited('7.3.4', (document) => {
    const { kho } = document.components;
    if (kho) kho.unchecked = ['KHO_FDT_COMPATIBLE'];
    edit(document);
  });
}

test('unknown does not end the walk: above it a misread and a refusal count as themselves, if it accepts', () => {
  const plain = judge({ outgoing: headersOnly(), incoming: '7.3.4', profile: 'memfd' });
  assert.deepEqual([plain.verdict, plain.decidedBy?.component], ['unknown', 'kho']);
  const grown = headersOnly(({ components }) => {
    for (const layout of Object.values(components['luo-session']?.structs.luo_session_ser?.layout ?? {})) {
      const end = { bitOffset: layout.size * 8, bitSize: 64, type: 'u64', encoding: 'u64' };
      layout.members.push({ name: 'more', ...end });
      layout.size += 8;
    }
  });
  for (const [outgoing, incoming] of [
    ['7.3.4', grown],
    [grown, '7.3.4'],
  ] as const) {
    const pair = judge({ outgoing, incoming, profile: 'memfd' });
    assert.deepEqual([pair.verdict, pair.decidedBy?.component], ['misread', 'luo-session']);
    assert.match(pair.conditions?.join() ?? '', /takes wrong values \(luo-session\) if kho accepts/);
  }
  const raised = headersOnly((document) => mark(document, 'luo', 'composite', 'luo-v99'));
  const refused = judge({ outgoing: raised, incoming: '7.3.4', profile: 'memfd' });
  assert.deepEqual([refused.verdict, refused.effect], ['refused', 'boot-panic']);
  assert.equal(refused.conditions?.[0], 'panics if kho accepts');
  // Only what is known to refuse ends the way.
  const told = refused.components.map(({ id, verdict }) => `${id} ${verdict}`);
  assert.ok(told.includes('memfd unreached'), told.join());
});

test('what is refused by a look-up of its name says what must be preserved for it to be lost', () => {
  const off = edited('7.3.4', ({ components: { memfd } }) => {
    if (!memfd) return;
    memfd.available = 'no';
    memfd.options = [{ name: 'CONFIG_LIVEUPDATE_MEMFD', value: 'n' }];
  });
  const pair = judge({ outgoing: '7.3.4', incoming: off, profile: 'memfd' });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'all-sessions-lost']);
  assert.deepEqual(pair.conditions, ['loses all sessions if a session of 7.3.4 holds a memfd file']);
});

test('a profile that requires nothing is compatible for a kernel with itself', () => {
  const profile = {
    name: 'own',
    summary: 'nothing',
    required: [],
    optional: ['kexec-metadata'],
    ignored: [],
  };
  const kernel = edited('7.3.4', () => {});
  const pair = judgePair({ outgoing: kernel, incoming: kernel, profile, target: 'x86_64-4k' });
  assert.equal(pair.verdict, 'compatible');
});

test('a document that takes one marker with two layouts is refused', () => {
  const document = structuredClone(documentOf('7.3.4'));
  const marker = document.components.kho?.marker ?? assert.fail('no marker');
  marker.accepts = [
    { value: 'kho-v3', layoutOf: '7.1.13' },
    { value: 'kho-v3', layoutOf: '7.1.8' },
  ];
  const refused = /DOCUMENT_INVALID|kho accepts kho-v3 twice, with the layouts of 7\.1\.13 and of 7\.1\.8/;
  assert.throws(() => validate('capture', document, 'own.json'), refused);
  marker.accepts = [{ value: 'kho-v3', layoutOf: '7.1.13' }, { value: 'kho-v4' }];
  validate('capture', document, 'own.json');
});
