import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { ComponentState } from '../../src/model/component-state.ts';
import type { Acceptance } from '../../src/model/inspect.ts';
import { validate } from '../../src/schema/validate.ts';
import { edited } from '../support/shipped.ts';
import { blobOf, fixture, type LookRequest, look } from './support.ts';

// Whether a kernel would accept data: pairs of which real kernels have told, or their sources.

function answer(blobs: Parameters<typeof look>[0], request: LookRequest): Acceptance {
  const output = look(blobs, request);
  validate('inspect', output, 'inspect');
  assert.ok(output.acceptance);
  return output.acceptance;
}

const LUO_V5 = [
  [0, 'text', 'luo-v5'],
  [8, 64, 1],
] as const;
const luoV5 = (size = 32) => blobOf('LUO', size, [...LUO_V5]);

function brief({ verdict, effect, findings }: Acceptance): (string | null)[] {
  return [verdict, effect, ...findings.map(({ component, message }) => `${component}: ${message}`)];
}

test("LUO's tree of 6.19 panics 7.0, which demands a node that 6.19 never wrote", () => {
  const { findings, ...rest } = answer(fixture('luo-6.19'), { for: '7.0' });
  assert.deepEqual([rest.verdict, rest.effect], ['refused', 'boot-panic']);
  assert.deepEqual(findings, [
    {
      blob: 'luo-6.19',
      component: 'luo-flb',
      verdict: 'refused',
      effect: 'boot-panic',
      message: 'the node /luo-flb is missing; 7.0 demands it',
      sees: 'Unable to get FLB node [%s]',
    },
  ]);
  assert.deepEqual(brief(answer(fixture('luo-6.19'), { for: '6.19.11' })), ['accepted', null]);
});

test("LUO's struct of 7.2 is accepted by 7.3, provided that KHO accepts", () => {
  const acceptance = answer(luoV5(), { for: '7.3.4' });
  assert.deepEqual(brief(acceptance), ['accepted', null]);
  assert.deepEqual(acceptance.assumed, ["KHO's own tree is accepted"]);
});

test("what KHO's tree leads to and was not given is said to be assumed", () => {
  const luo = luoV5();
  const both = answer([fixture('kho-v4', 'fdt'), luo], { for: '7.3.4' });
  assert.deepEqual(
    [both.verdict, both.assumed],
    ['accepted', ['what stands behind kexec-metadata is accepted']],
  );
});

test('a longer struct is accepted, a shorter one panics', () => {
  assert.equal(answer(luoV5(40), { for: '7.2.12' }).verdict, 'accepted');
  const short = answer(luoV5(24), { for: '7.2.12' });
  assert.deepEqual(brief(short), ['refused', 'boot-panic', 'luo: 24 bytes, struct luo_ser has 32']);
  assert.equal(short.findings[0]?.sees, 'LUO state is too small (%zu < %zu)');
});

test('a marker of another number, and another form, are refused', () => {
  const next = answer(blobOf('LUO', 32, [[0, 'text', 'luo-v6']]), { for: '7.3.4' });
  assert.deepEqual(brief(next), ['refused', 'boot-panic', 'luo: the marker is luo-v6; 7.3.4 accepts luo-v5']);
  const tree = answer(fixture('luo-7.1', 'LUO'), { for: '7.2.12' });
  assert.deepEqual(brief(tree), [
    'refused',
    'boot-panic',
    'luo: a devicetree, where a struct is expected; 7.2.12 accepts luo-v5',
  ]);
  const struct = answer(luoV5(), { for: '7.1.13' });
  assert.deepEqual(brief(struct), [
    'refused',
    'boot-panic',
    'luo: a struct, where a devicetree is expected; 7.1.13 accepts luo-v1',
  ]);
});

test("KHO's tree of 6.18 is refused by 7.2, and nothing else is reached", () => {
  const both = [fixture('kho-v1', 'out/fdt'), fixture('luo-7.1', 'out/sub_fdts/LUO')];
  const acceptance = answer(both, { for: '7.2.12' });
  assert.deepEqual(brief(acceptance), [
    'refused',
    'state-dropped',
    'kho: the marker is kho-v1; 7.2.12 accepts kho-v4',
  ]);
  assert.deepEqual(acceptance.unreached, ['out/sub_fdts/LUO']);
});

test('an accepted marker over another layout is misread, not accepted', () => {
  const { verdict, effect, findings } = answer(fixture('kho-v1'), { for: '6.17.8' });
  assert.deepEqual([verdict, effect], ['misread', 'corruption']);
  assert.match(findings[0]?.message ?? '', /^as written by .*6\.19.* kho is accepted and read wrongly/);
  assert.match(findings[1]?.message ?? '', /^6\.17\.8 does not look for LUO/);
});

test('what some writers would make a misread is unknown until the writer is named', () => {
  // Without an entry LUO the tree may come from 6.16 to 7.0.
  const blob = fixture('kho-v1');
  const root = blob.tree?.root;
  assert.ok(root);
  root.children = root.children.filter(({ name }) => name !== 'LUO');
  const open = answer(blob, { for: '6.18.15' });
  assert.equal(open.verdict, 'unknown');
  assert.match(
    open.findings[0]?.message ?? '',
    /^as written by 6\.16, 6\.17\.8 kho is accepted and read wrongly.*`release`$/,
  );
  assert.equal(answer(blob, { for: '6.18.15', release: '6.17.8' }).verdict, 'misread');
  assert.equal(answer(blob, { for: '6.18.15', release: '6.18.5' }).verdict, 'accepted');
});

test('an entry that the kernel does not look for is lost; a warning alone changes nothing', () => {
  const lost = answer(fixture('kho-v1'), { for: '6.18.15' });
  assert.deepEqual(brief(lost).slice(0, 2), ['refused', 'component-absent']);
  const metadata = blobOf('kexec-metadata', 73, [[0, 32, 2]]);
  const warned = answer(metadata, { for: '7.3.4', release: '7.2.12' });
  assert.deepEqual([warned.verdict, warned.findings[0]?.effect], ['accepted', 'ignored']);
});

test('a property that is missing or of another length is refused with its own effect', () => {
  const blob = fixture('kho-v4');
  const root = blob.tree?.root;
  const luo = root?.children.find(({ name }) => name === 'LUO');
  const metadata = root?.children.find(({ name }) => name === 'kexec-metadata');
  assert.ok(root && luo && metadata);
  metadata.properties = metadata.properties.filter(({ name }) => name !== 'blob-size');
  // A warning alone; but who left it out, and what else with it, is not known.
  assert.deepEqual(brief(answer(blob, { for: '7.3.4', release: '7.2.12' })), [
    'unknown',
    null,
    'kexec-metadata: /kexec-metadata: the property blob-size is missing',
    'kho: 7.2.12 would not have written this: /kexec-metadata: the property blob-size is missing; so how 7.3.4 reads it is not known',
  ]);
  luo.properties = luo.properties.map((property) => ({ ...property, value: new Uint8Array(4) }));
  assert.deepEqual(brief(answer(blob, { for: '7.3.4', release: '7.2.12' })).slice(0, 3), [
    'refused',
    'boot-panic',
    'luo: /LUO: the property blob-size has 4 bytes, 8 demanded',
  ]);
  root.properties = root.properties.filter(({ name }) => name !== 'preserved-memory-map');
  const { findings } = answer(blob, { for: '7.3.4' });
  assert.ok(findings.some(({ component, effect }) => component === 'kho' && effect === 'state-dropped'));
});

test("a memfd's struct is judged as check judges its writers", () => {
  const v1 = blobOf('memfd', 40, [[8, 64, 4096]]);
  const lost = answer(v1, { component: 'memfd', for: '7.2.12' });
  assert.deepEqual([lost.verdict, lost.effect], ['refused', 'all-sessions-lost']);
  const v2 = blobOf('memfd', 48, [[8, 64, 4096]]);
  assert.equal(answer(v2, { component: 'memfd', for: '7.3.4' }).verdict, 'accepted');
});

test('bytes that nothing is known of are never accepted', () => {
  const acceptance = answer(blobOf('thing', 8, []), { for: '7.3.4' });
  assert.deepEqual(brief(acceptance), [
    'unknown',
    null,
    'null: what it is is not known; name it with `component`',
  ]);
});

test('a named writer that cannot have written it tells nothing of how it is read', () => {
  for (const release of ['7.1.13', '6.17.8']) {
    const { verdict, findings } = answer(luoV5(), { for: '7.3.4', release });
    assert.equal(verdict, 'unknown', release);
    assert.match(
      findings[0]?.message ?? '',
      new RegExp(`^${release} would not have written this: ${release} writes `),
    );
  }
  assert.equal(answer(luoV5(), { for: '7.3.4', release: '7.2.12' }).verdict, 'accepted');
});

function partOf({ components }: CaptureDocument, id: string): ComponentState {
  const state = components[id];
  assert.ok(state, id);
  return state;
}

function readerWith(release: string, id: string, available: ComponentState['available']) {
  return edited(release, (document) => {
    document.release = `${release}+changed`;
    Object.assign(partOf(document, id), { available, reason: 'made so' });
  });
}

test('a part behind the entry of which the reader’s document does not know is unknown', () => {
  const session = answer(luoV5(), { for: readerWith('7.3.4', 'luo-session', 'unknown') });
  assert.equal(session.verdict, 'unknown');
  assert.match(session.findings[0]?.message ?? '', /luo-session cannot be told: .*made so/);
  const block = answer(luoV5(), { for: readerWith('7.3.4', 'kho-block', 'unknown') });
  assert.deepEqual([block.verdict, block.findings[0]?.component], ['unknown', 'kho-block']);
  const node = answer(fixture('luo-7.1'), { for: readerWith('7.1.13', 'luo-session', 'unknown') });
  assert.deepEqual([node.verdict, node.findings.at(-1)?.component], ['unknown', 'luo-session']);
});

test('a part that the writers have and the reader lacks is lost', () => {
  const session = answer(luoV5(), { for: readerWith('7.3.4', 'luo-session', 'no') });
  assert.deepEqual([session.verdict, session.effect], ['refused', 'component-absent']);
  assert.match(session.findings[0]?.message ?? '', /luo-session is refused: .*does not have it \(made so\)$/);
  const tree = answer(fixture('luo-7.1'), { for: readerWith('7.1.13', 'luo-session', 'no') });
  assert.deepEqual([tree.verdict, tree.effect], ['refused', 'component-absent']);
});

test('a part whose node is not in the tree has nothing to lose', () => {
  const root = readerWith('7.3.4', 'reserve-mem', 'no');
  const blob = fixture('kho-v4');
  const findings = answer(blob, { for: root }).findings.filter(
    ({ component }) => component === 'reserve-mem',
  );
  assert.deepEqual(findings, []);
});

test("an entry of KHO's tree whose component is unknown in the reader is unknown, not passed over", () => {
  for (const bare of [false, true]) {
    const reader = edited('7.3.4', (document) => {
      document.release = '7.3.4+changed';
      const luo = partOf(document, 'luo');
      Object.assign(luo, { available: 'unknown', reason: 'made so' });
      if (bare) Object.assign(luo, { fdt: [], marker: undefined });
    });
    const { verdict, findings } = answer(fixture('kho-v4', 'fdt'), { for: reader });
    assert.equal(verdict, 'unknown');
    assert.deepEqual(
      findings.map(({ message }) => message),
      ['what 7.3.4+changed does with LUO is not known: made so'],
    );
    const both = answer([fixture('kho-v4', 'fdt'), luoV5()], { for: reader });
    assert.equal(both.findings.length, 1);
  }
});

test('the root of a tree, or its entry, that the reader does not look at is lost, not a note', () => {
  for (const path of ['/', 'KHO:/LUO']) {
    const reader = edited('7.1.13', (document) => {
      document.release = '7.1.13+changed';
      const luo = partOf(document, 'luo');
      luo.fdt = luo.fdt.filter((node) => node.path !== path);
    });
    const acceptance = answer(fixture('luo-7.1'), { for: reader });
    assert.deepEqual([acceptance.verdict, acceptance.effect], ['refused', 'component-absent'], path);
    assert.ok(
      acceptance.findings.some(({ message }) => message.includes(`${path} is written, and`)),
      path,
    );
  }
});
