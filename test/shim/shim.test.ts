import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveOverlays } from '../../src/catalog/overlay.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import type { ShimDecision } from '../../src/model/shim.ts';
import { judgeByItself } from '../../src/verdict/by-itself.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { edited, shipped } from '../support/shipped.ts';
import { decidedShim, kernelNamed, shimOf } from './catalog-pairs.ts';

const V3 = kernelNamed('7.1.13+pci-liveupdate-v3');
const V4 = kernelNamed('7.1.13+pci-liveupdate-v4');
const REFCOUNT = 'pci_dev_ser.refcount';

function answered(forward: Record<string, ShimDecision>) {
  return { decisions: { path: 'answers.yaml', forward, back: {} } };
}

function textOf(files: ReadonlyMap<string, string>, end: string): string {
  const [name] = [...files.keys()].filter((file) => file.endsWith(end));
  return files.get(name ?? '') ?? '';
}

test('where nothing differs none is needed, and none is written', () => {
  const { output, files } = shimOf('memfd', kernelNamed('7.2.13'), kernelNamed('7.3.4'));
  assert.equal(output.isNeeded, false);
  assert.deepEqual([...files.keys()], []);
});

test('a member that was not written is an #error until it is decided', () => {
  const open = shimOf('pci', V3, V4);
  const question = `${REFCOUNT}: 7.1.13+pci-liveupdate-v4 reads u16 refcount, 7.1.13+pci-liveupdate-v3 does not write it.`;
  assert.ok(textOf(open.files, '_compat.h').includes(`#error "${question}`));
  assert.deepEqual(open.output.overlay, { reason: '1 to be decided before the shim compiles' });
  const { files, output } = shimOf('pci', V3, V4, answered({ [REFCOUNT]: { default: 1 } }));
  const header = textOf(files, '_compat.h');
  assert.equal(header.includes('#error'), false);
  assert.match(header, /to->refcount = 1;/);
  assert.deepEqual(output.overlay, {
    release: '7.1.13+pci-liveupdate-v4.shim-pci-7.1.13-pci-liveupdate-v3',
  });
});

test('a decision that is forgotten, unknown or unfit is an error with its name', () => {
  for (const [forward, words] of [
    [{}, /answers\.yaml: pci_dev_ser\.refcount is not decided/],
    [{ [REFCOUNT]: 'copy' }, /pci_dev_ser\.refcount: copy is no decision here; known: default, refuse/],
    [
      { [REFCOUNT]: { default: 0 }, 'pci_ser.flags': 'drop' },
      /pci_ser\.flags is not among what is to be decided/,
    ],
    [{ [REFCOUNT]: { default: 65_536 } }, /65536 does not fit refcount \(u16\)/],
    [{ [REFCOUNT]: { default: 'many' } }, /"many" does not fit refcount/],
  ] as const) {
    assert.throws(() => shimOf('pci', V3, V4, answered({ ...forward })), words);
  }
});

test('a shim that refuses all is no kernel that accepts', () => {
  const { files, output } = shimOf('pci', V3, V4, answered({ [REFCOUNT]: 'refuse' }));
  assert.match(textOf(files, '_compat.h'), /Decided: refuse\. \*\/\n\treturn -EOPNOTSUPP;/);
  assert.match(
    'reason' in output.overlay ? output.overlay.reason : '',
    /all that holds a struct pci_dev_ser is refused/,
  );
});

test('one marker for two layouts is no overlay: no reader can tell them apart', () => {
  const { output } = decidedShim('kho', kernelNamed('6.17.8'), kernelNamed('6.18.15'));
  assert.match('reason' in output.overlay ? output.overlay.reason : '', /both kernels write kho-v1/);
  assert.ok(output.notGenerated.some((words) => words.startsWith('kho is carried by an FDT')));
  assert.ok(output.notGenerated.some((words) => words.includes('PRESERVE_BITS')));
});

test('who answers for other components says so, and those that it answers for name it', () => {
  const luo = decidedShim('luo', kernelNamed('7.1.13'), kernelNamed('7.3.4')).output;
  assert.ok(
    luo.notGenerated.some((words) => /answers for luo-flb and luo-session as well/.test(words)),
    luo.notGenerated.join('\n'),
  );
  const flb = decidedShim('luo-flb', kernelNamed('7.1.13'), kernelNamed('7.3.4')).output;
  assert.deepEqual(flb.overlay, {
    reason: 'the marker of luo answers for luo-flb: its overlay is that of luo',
  });
});

test('nodes and properties of an FDT are a table of both sides', () => {
  const { tree } = shimOf('kho', kernelNamed('7.1.13'), kernelNamed('7.3.4')).output;
  const root = tree.find(({ path, property }) => path === '/' && property === null);
  assert.deepEqual(root, { path: '/', property: null, outgoing: 'written', incoming: 'read' });
  assert.ok(tree.some(({ property }) => property !== null));
});

for (const [component, outgoing, incoming] of [
  ['pci', '7.1.13+pci-liveupdate-v3', '7.1.13+pci-liveupdate-v4'],
  ['pci', '7.2.12+pci-liveupdate-v7', '7.3.4+pci-liveupdate-v9'],
  ['vfio-pci', '6.19.11+vfio-pci-v1', '7.1.13+vfio-pci-v3'],
] as const) {
  test(`with the overlay the incoming kernel takes ${component} of ${outgoing}`, () => {
    const { files, output } = decidedShim(component, kernelNamed(outgoing), kernelNamed(incoming));
    const overlay: OverlayDocument = JSON.parse(textOf(files, '_overlay.json'));
    const { documents, overlays = [] } = shipped();
    const resolved = resolveOverlays([...overlays, overlay], (release) =>
      documents.find((document) => document.release === release),
    );
    const shimmed = resolved.find(({ release }) => release === overlay.release);
    assert.ok(shimmed);
    assert.deepEqual(output.overlay, { release: overlay.release });
    const verdictOf = (reader: Kernel): string => {
      const input = {
        outgoing: kernelNamed(outgoing),
        incoming: reader,
        target: 'x86_64-4k',
        kernelNamed,
      } as const;
      return judgeByItself(input, component).verdict;
    };
    assert.equal(verdictOf(kernelNamed(incoming)), 'refused');
    assert.match(verdictOf(kernelOf(shimmed)), /^compatible/);
  });
}

test('what a shim refuses or leaves out is a condition of the verdict', () => {
  const writer = kernelNamed('7.1.13+pci-liveupdate-v3');
  const { files } = decidedShim('pci', writer, V4);
  const overlay: OverlayDocument = JSON.parse(textOf(files, '_overlay.json'));
  const [accepted] = overlay.accepts?.pci ?? [];
  assert.deepEqual(accepted?.conditions, [
    'pci_ser.max_nr_devices: not above 4294967295, else refused',
    'pci_ser.nr_devices: not above 4294967295, else refused',
  ]);
  const reader: Kernel = { ...V4, components: new Map(V4.components), release: overlay.release };
  const pci = V4.components.get('pci');
  assert.ok(pci?.facts.marker && accepted);
  const marker = { ...pci.facts.marker, accepts: [accepted] };
  const components = new Map(V4.components).set('pci', { ...pci, facts: { ...pci.facts, marker } });
  const input = {
    outgoing: writer,
    incoming: { ...reader, components },
    target: 'x86_64-4k',
    kernelNamed,
  } as const;
  const { verdict, findings } = judgeByItself(input, 'pci');
  assert.equal(verdict, 'compatible-with-notes');
  const told = findings.filter(({ rule }) => rule === 'marker-accepted-conditionally');
  assert.equal(told.length, 2);
});

test('a name that C does not take is an error with its place', () => {
  const odd = edited('7.0', ({ components }) => {
    const text = JSON.stringify(components.memfd);
    components.memfd = JSON.parse(text.replace('"name":"pos"', '"name":"int"'));
  });
  assert.throws(() => shimOf('memfd', odd, kernelNamed('7.3.4')), /memfd_luo_ser.*"int" is no name in C/);
});

test('what a document says never ends a comment', () => {
  const odd = edited('7.0', (document) => {
    const marker = document.components.memfd?.marker;
    assert.ok(marker);
    marker.writes = 'memfd */ int x; /*';
  });
  const { files } = shimOf('memfd', odd, kernelNamed('7.3.4'));
  const [head = ''] = textOf(files, '_compat.h').split('#ifndef');
  assert.equal(head.split('*/').length, 3);
});

test('a fact in doubt is asked, not converted in silence', () => {
  const doubtful = edited('7.0', (document) => {
    const memfd = document.components.memfd;
    assert.ok(memfd);
    memfd.doubts = [{ code: 'config-dependent', subject: 'memfd_luo_ser', message: 'depends on CONFIG_X' }];
  });
  const { questions = [] } = shimOf('memfd', doubtful, kernelNamed('7.3.4')).output.directions[0] ?? {};
  assert.ok(
    questions.some(({ subject }) => subject.startsWith('fact-doubted ')),
    JSON.stringify(questions),
  );
});
