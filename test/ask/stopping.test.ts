import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { firstBadByTrial } from '../../src/ask/trials/first-bad.ts';
import { catalogInMemory } from '../../src/catalog/build.ts';
import type { Asking, PolicyDocument, Progress } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { swap } from '../accuracy/edit-declarations.ts';
import { vmlinuxBytes } from '../formats/kernel-image-fixture.ts';
import { fixtureTree } from '../history/generated-history.ts';
import { edited, git, makeRepository } from '../history/made-repository.ts';
import { hostPath } from '../support/hosts.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';

// Every question ends where its signal is aborted: before the work, at a step of it, and from outside between two of them. It
// rejects with the reason of the signal, and leaves nothing behind: no file, no process, no bar that is still shown.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-stopping-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
const { TMPDIR } = process.env;
process.env.TMPDIR = temporary;
after(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

const env = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') };
const place = { cache: join(folder, 'catalog.sqlite'), evidence: join(folder, 'evidence') };
const catalog = await library.openCatalog(place);
after(() => catalog.close());

const repository = join(folder, 'made.git');
const swapped = edited(fixtureTree(), swap('memfd_luo_ser', 'pos', 'size'));
makeRepository(repository, [
  { title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' },
  { title: 'change', tree: swapped, tag: 'v7.3.5' },
  { title: 'change it back', tree: fixtureTree(), tag: 'v7.3.6' },
]);
const tree = `${repository}#v7.3.4`;
const series = join(folder, 'series.mbox');
writeFileSync(series, `${git(repository, 'format-patch', '--stdout', 'v7.3.4..v7.3.5')}\n`);
const image = join(folder, 'vmlinux');
writeFileSync(image, vmlinuxBytes());
const packed = join(folder, 'linux-7.3.4.tar.gz');
git(repository, 'archive', '--format=tar.gz', '--prefix=linux-7.3.4/', '-o', packed, 'v7.3.4');
const policyFile = join(folder, 'policy.json');
const policy: PolicyDocument = {
  schemaVersion: 1,
  kernels: { ranges: ['>=7.2 <7.4'] },
  pairs: { classes: ['main+1'] },
  profiles: ['memfd'],
};
writeFileSync(policyFile, JSON.stringify(policy));
const component = join(folder, 'foo.yaml');
writeFileSync(
  component,
  `schemaVersion: 1
id: foo
title: Foo
summary: A file of foo.
anchor: { files: [include/linux/foo.h], macro: FOO }
eras:
  - id: first
    summary: the first
    recognizedBy: [{ files: [include/linux/foo.h], macro: FOO }]
    files: [include/linux/foo.h]
    needs: [luo-session]
    marker: { kind: name, macro: FOO, carrier: file-handler, dispatcher: luo-session }
    structs: { foo_ser: { placement: blob } }
    reader: { onRefused: file-lost }
    code: [{ side: writer, functions: [foo_preserve] }]
`,
);
const tests = join(folder, 'tests.json');
writeFileSync(tests, '[]');
const images = join(folder, 'images.txt');
writeFileSync(images, `${image}\n${image}\n`);
const versions = join(folder, 'versions');
mkdirSync(versions);
const out = join(folder, 'out');
const range = 'v7.3.4..v7.3.6';
const repo = { repo: repository, env, catalog: false } as const;
const today = '2026-11-22';
const hosts = [{ name: 'a', release: '7.2.12', profiles: ['memfd'] }];
const test734 = { outgoing: '7.2.12', incoming: '7.3.4', profile: 'memfd', outcome: 'works' };
const root = hostPath('6.19.11', 'started');

interface Row {
  ask(asking: Asking): Promise<unknown>;
  /** Whether it hears an end that comes from outside; not where the whole answer takes no longer than a step; then why. */
  hears: 'turn' | { nothing: string };
}

const MOMENT = {
  nothing: 'one pair or one kernel of the catalog; what is captured for it is a question of its own',
};
const LAB = { nothing: 'what runs there is stopped in test/try, with programs that stand for it' };

const ROWS: Readonly<Record<string, Row>> = {
  addEvidence: { ask: (own) => library.addEvidence(test734, { ...place, ...own }), hears: MOMENT },
  audit: { ask: (own) => library.audit({ kind: 'range', text: range }, { ...repo, ...own }), hears: 'turn' },
  'audit of patches': {
    ask: (own) => library.audit({ kind: 'patches', paths: [series] }, { ...repo, on: 'v7.3.4', ...own }),
    hears: 'turn',
  },
  'audit of what is staged': {
    ask: (own) => library.audit({ kind: 'staged' }, { ...repo, ...own }),
    hears: { nothing: 'a bare repository has nothing staged' },
  },
  blame: { ask: (own) => library.blame('memfd_luo_ser.pos', range, { ...repo, ...own }), hears: 'turn' },
  buildKernel: { ask: (own) => library.buildKernel(folder, { env, ...own }), hears: LAB },
  capture: { ask: ({ progress, signal }) => library.capture(packed, { progress, signal }), hears: 'turn' },
  captureKernels: {
    ask: (own) => library.captureKernels([packed], { env, noCache: true, ...own }),
    hears: 'turn',
  },
  captureRange: { ask: (own) => library.captureRange(repository, range, { env, ...own }), hears: 'turn' },
  captureSeries: {
    ask: (own) => library.captureSeries(series, tree, { env, lender: { path: place.cache }, ...own }),
    hears: 'turn',
  },
  captureTags: { ask: (own) => library.captureTags(repository, 'v*', { env, ...own }), hears: 'turn' },
  check: { ask: (own) => library.check('7.2.12', '7.3.4', { catalog, ...own }), hears: MOMENT },
  'check of a tree': {
    ask: (own) => library.check('7.2.12', { locator: tree }, { catalog, ...own }),
    hears: 'turn',
  },
  checkComponent: { ask: (asking) => library.checkComponent(component, packed, asking), hears: 'turn' },
  classMatrix: { ask: (own) => library.classMatrix({ catalog, ...own }), hears: 'turn' },
  diff: { ask: (own) => library.diff('7.2.12', '7.3.4', { catalog, ...own }), hears: MOMENT },
  drift: { ask: (own) => library.drift('7.2.12', '7.3.4', { catalog, ...own }), hears: MOMENT },
  firstBad: { ask: (own) => library.firstBad('v7.3.4', 'v7.3.6', { ...repo, ...own }), hears: 'turn' },
  'firstBad by trials': {
    ask: (own) => firstBadByTrial(repository, ['v7.3.4', 'v7.3.6'], { catalog, env, ...own }),
    hears: LAB,
  },
  formatWindow: {
    ask: (own) => library.formatWindow(['7.3.4'], { catalog, class: 'main+1', ...own }),
    hears: MOMENT,
  },
  gate: { ask: (own) => library.gate(policy, { catalog, today, ...own }), hears: 'turn' },
  gateFile: { ask: (own) => library.gateFile(policyFile, { catalog, today, ...own }), hears: 'turn' },
  importEvidenceFiles: {
    ask: (own) => library.importEvidenceFiles([tests, tests], { ...place, into: out, ...own }),
    hears: 'turn',
  },
  inspect: { ask: (own) => library.inspect([image], { catalog, ...own }), hears: MOMENT },
  matrices: { ask: (own) => library.matrices({ catalog, ...own }), hears: 'turn' },
  matrix: { ask: (own) => library.matrix({ catalog, ...own }), hears: 'turn' },
  openCatalog: {
    ask: ({ signal }) => library.openCatalog({ cache: join(out, 'new.sqlite'), signal }),
    hears: { nothing: 'a catalog is written whole, in one transaction' },
  },
  overview: { ask: (own) => library.overview({ catalog, ...own }), hears: MOMENT },
  page: { ask: (own) => library.page({ catalog, ...own }), hears: 'turn' },
  pairs: { ask: (own) => library.pairs({ catalog, ...own }), hears: 'turn' },
  plan: { ask: (own) => library.plan(hosts, '7.3.4', { catalog, ...own }), hears: 'turn' },
  policyWindow: { ask: (own) => library.policyWindow(policyFile, { catalog, ...own }), hears: MOMENT },
  preflight: {
    ask: (own) => library.preflight({ catalog, root, staged: [image], ...own }),
    hears: 'turn',
  },
  proposeComponent: { ask: (own) => library.proposeComponent(packed, undefined, own), hears: 'turn' },
  reach: { ask: (own) => library.reach('7.2.12', { catalog, ...own }), hears: 'turn' },
  report: { ask: (own) => library.report({ catalog, ...own }), hears: 'turn' },
  route: { ask: (own) => library.route('7.2.12', '7.3.4', { catalog, ...own }), hears: 'turn' },
  settleEvidence: {
    ask: (own) => library.settleEvidence('none', { by: 'x', date: today, reason: 'x' }, { ...place, ...own }),
    hears: MOMENT,
  },
  shim: {
    ask: (own) => library.shim('7.0', '7.3.4', { catalog, component: 'memfd', ...own }),
    hears: MOMENT,
  },
  show: { ask: (own) => library.show('7.3.4', { catalog, ...own }), hears: MOMENT },
  staleReport: { ask: (own) => library.staleReport(out, { catalog, ...own }), hears: 'turn' },
  tryMatrix: { ask: (own) => library.tryMatrix(images, { catalog, ...own }), hears: LAB },
  tryUpdates: { ask: (own) => library.tryUpdates([image, image], { catalog, ...own }), hears: LAB },
  updateVersions: {
    ask: (own) => library.updateVersions(versions, { from: repository, tags: 'v*', ...own }),
    hears: 'turn',
  },
  writeReport: { ask: (own) => library.writeReport(out, { catalog, ...own }), hears: 'turn' },
};

/** Questions that are answered before anybody could ask for their end. */
const AT_ONCE = [
  'buildCatalogFile',
  'explain',
  'exportCatalog',
  'importKernels',
  'list',
  'listEvidence',
  'reusedMarkers',
  'rules',
  'structHistory',
  'verifyCatalog',
];

/** What somebody sees who asks: how many bars are shown, and what was told behind the end. */
class Watcher {
  readonly controller = new AbortController();
  readonly reason = new Error('enough');
  shown = 0;
  told = 0;
  late = 0;
  readonly #onFirst: () => void;

  constructor(onFirst: (end: () => void) => void) {
    this.#onFirst = () => onFirst(() => this.controller.abort(this.reason));
  }

  get asking(): Asking {
    return { signal: this.controller.signal, progress: () => this.#bar() };
  }

  #bar(): Progress {
    this.shown += 1;
    return {
      at: () => {
        this.told += 1;
        if (this.controller.signal.aborted) this.late += 1;
        if (this.told === 1) this.#onFirst();
      },
      end: () => {
        this.shown -= 1;
      },
    };
  }
}

function files(of: string): string[] {
  return readdirSync(of, { recursive: true, encoding: 'utf8' }).sort();
}

async function rejectsClean(row: Row, watcher: Watcher, what: string): Promise<void> {
  const before = files(folder);
  await assert.rejects(row.ask(watcher.asking), (error) => error === watcher.reason, what);
  assert.deepEqual(files(folder), before, `${what}: files are left`);
  assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'), `${what}: a process is left`);
  assert.equal(watcher.shown, 0, `${what}: a bar is left`);
}

test('every function of the library is among them', () => {
  const functions = Object.entries(library).flatMap(([name, value]) =>
    typeof value === 'function' && name !== 'ToolError' ? [name] : [],
  );
  const named = [...Object.keys(ROWS).filter((name) => !name.includes(' ')), ...AT_ONCE];
  assert.deepEqual(named.sort(), functions.sort());
});

for (const [name, row] of Object.entries(ROWS)) {
  test(`${name}: it does not begin for a signal that is aborted`, async () => {
    const watcher = new Watcher(() => {});
    watcher.controller.abort(watcher.reason);
    await rejectsClean(row, watcher, name);
    assert.equal(watcher.told, 0);
  });

  if (typeof row.hears !== 'string') continue;
  test(`${name}: it ends at the step at which the signal is aborted`, async () => {
    const watcher = new Watcher((end) => end());
    await rejectsClean(row, watcher, name);
    assert.ok(watcher.told > 0 && watcher.late === 0, `${watcher.told} told, ${watcher.late} behind the end`);
  });

  test(`${name}: it ends where somebody beside it aborts the signal`, async () => {
    const watcher = new Watcher((end) => setImmediate(end));
    await rejectsClean(row, watcher, name);
  });
}

/** Each of them writes its own, so that the first of their pairs are few of all that are judged. */
const many = catalogInMemory(contentWith(manyKernels(200, { isEachItsOwn: true })));
after(() => many.close());
const [first, last] = ['6.16.1000', '7.3.1011'] as const;
const every: PolicyDocument = {
  schemaVersion: 1,
  kernels: { ranges: ['>=6.16'] },
  pairs: { classes: ['main+1'], allReleases: true },
  profiles: ['memory'],
};
const fleet = [{ name: 'a', release: first }];

/** Questions of many kernels, and how many steps each takes at least. */
const LONG: Readonly<Record<string, { ask(asking: Asking): Promise<unknown>; steps: number }>> = {
  matrix: { ask: (own) => library.matrix({ catalog: many, ...own }), steps: 400 },
  classMatrix: { ask: (own) => library.classMatrix({ catalog: many, ...own }), steps: 400 },
  pairs: { ask: (own) => library.pairs({ catalog: many, ...own }), steps: 400 },
  gate: { ask: (own) => library.gate(every, { catalog: many, today, ...own }), steps: 3500 },
  route: { ask: (own) => library.route(first, last, { catalog: many, ...own }), steps: 400 },
  reach: { ask: (own) => library.reach(first, { catalog: many, ...own }), steps: 400 },
  plan: { ask: (own) => library.plan(fleet, last, { catalog: many, ...own }), steps: 400 },
};

for (const [name, { ask, steps }] of Object.entries(LONG)) {
  test(`${name} of many kernels: it ends where a timer aborts the signal in the midst of it`, async () => {
    const watcher = new Watcher((end) => setTimeout(end, 1));
    await rejectsClean({ ask, hears: 'turn' }, watcher, name);
    assert.ok(watcher.told < steps / 2, `${watcher.told} of ${steps} steps`);
  });
}
