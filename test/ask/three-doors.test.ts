import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { createServer } from '../../src/server/server.ts';
import { hostPath } from '../support/hosts.ts';
import { runCli } from '../support/run-cli.ts';

// Each question through every door that it has: the library, the command line with --format json, the server. The same bytes.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-doors-'));
const path = join(folder, 'catalog.sqlite');
const policy = join(folder, 'policy.yaml');
const fleet = join(folder, 'hosts.csv');
const today = '2026-11-22';
let catalog: Catalog;
let app: FastifyInstance;

before(async () => {
  catalog = await library.openCatalog({ cache: path, evidence: join(folder, 'evidence') });
  app = await createServer({ catalog });
  writeFileSync(fleet, 'name,release,profiles,kho\na,7.2.12,memfd,on\nb,6.18.15,memory,\nc,9.9,,off\n');
  writeFileSync(
    policy,
    'schemaVersion: 1\nkernels: { ranges: [">=7.2 <7.4"] }\npairs: { classes: [main+1] }\nprofiles: [memfd]\n',
  );
});
after(async () => {
  await app.close();
  catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Question {
  /** What the library is asked. */
  ask(): unknown;
  /** What the command line is asked, without --format and --catalog. */
  argv: readonly string[];
  /** Where the server answers it, if it does. */
  url?: string;
  /** The command has no --catalog. */
  isWithoutCatalog?: true;
}

const handedOver = hostPath('6.19.11', 'started', 'sys/kernel/debug/kho/out');
const root = hostPath('6.19.11', 'started');

const QUESTIONS: Readonly<Record<string, Question>> = {
  check: {
    ask: () => library.check('7.2.12', '7.3.4', { catalog, profile: 'memfd', both: true }),
    argv: ['check', '7.2.12', '7.3.4', '--profile', 'memfd', '--both'],
    url: '/api/check?from=7.2.12&to=7.3.4&profile=memfd&both=true',
  },
  matrix: {
    ask: () => library.matrix({ catalog, profile: 'memory', releases: '>=7.1', vendors: true }),
    argv: ['matrix', '--profile', 'memory', '--releases', '>=7.1', '--vendors'],
    url: `/api/matrix?profile=memory&vendors=true&releases=${encodeURIComponent('>=7.1')}`,
  },
  matrices: {
    ask: () => library.matrices({ catalog, only: 'main+1', backward: true }),
    argv: ['matrix', '--class', 'main+1', '--backward'],
    url: '/api/matrix?class=main%2B1&backward=true',
  },
  pairs: {
    ask: () => library.pairs({ catalog, profile: 'memory', verdicts: ['misread', 'refused'] }),
    argv: ['pairs', '--profile', 'memory', '--verdict', 'misread', '--verdict', 'refused'],
  },
  'all pairs': {
    ask: () => library.pairs({ catalog, profile: 'pci', vendors: true }),
    argv: ['pairs', '--profile', 'pci', '--vendors'],
  },
  overview: { ask: () => library.overview({ catalog }), argv: ['overview'] },
  list: { ask: () => library.list({ catalog }), argv: ['list'], url: '/api/releases' },
  'reused markers': {
    ask: () => library.reusedMarkers({ catalog, target: 'arm64-4k' }),
    argv: ['list', '--reused-markers', '--target', 'arm64-4k'],
  },
  show: {
    ask: () => library.show('7.3', { catalog, component: 'luo' }),
    argv: ['show', '7.3', '--component', 'luo'],
  },
  explain: {
    ask: () => library.explain('marker-not-bumped'),
    argv: ['explain', 'marker-not-bumped'],
    isWithoutCatalog: true,
  },
  rules: { ask: () => library.rules(), argv: ['rules'], isWithoutCatalog: true },
  route: {
    ask: () => library.route('6.18.15', '7.3.4', { catalog, profile: 'memory', rollback: true }),
    argv: ['route', '6.18.15', '7.3.4', '--profile', 'memory', '--rollback'],
    url: '/api/route?from=6.18.15&to=7.3.4&profile=memory&rollback=true',
  },
  'route with shims': {
    ask: () => library.route('7.0', '7.3.4', { catalog, profile: 'memfd', shims: 2, maxHops: 3 }),
    argv: ['route', '7.0', '7.3.4', '--profile', 'memfd', '--shims', '2', '--max-hops', '3'],
  },
  reach: {
    ask: () => library.reach('7.1.8', { catalog, profile: 'memfd', series: true }),
    argv: ['reach', '7.1.8', '--profile', 'memfd', '--series'],
  },
  plan: {
    ask: () => library.plan(fleet, '7.3.4', { catalog, profile: 'memfd', releases: '>=6.18' }),
    argv: ['plan', '--fleet', fleet, '--to', '7.3.4', '--profile', 'memfd', '--releases', '>=6.18'],
  },
  gate: {
    ask: () => library.gateFile(policy, { catalog, today }),
    argv: ['gate', '--policy', policy, '--today', today],
  },
  window: {
    ask: () => library.formatWindow(['7.3.4'], { catalog, class: 'stable+2', profile: 'memfd', both: true }),
    argv: ['window', '7.3.4', '--class', 'stable+2', '--profile', 'memfd', '--both'],
  },
  'window of a policy': {
    ask: () => library.policyWindow(policy, { catalog }),
    argv: ['window', '--policy', policy],
  },
  diff: {
    ask: () => library.diff('7.1.13', '7.2.12', { catalog, target: 'arm64-16k' }),
    argv: ['diff', '7.1.13', '7.2.12', '--target', 'arm64-16k'],
  },
  drift: {
    ask: () => library.drift('7.3.4', '7.2.12', { catalog }),
    argv: ['diff', '7.3.4', '7.2.12', '--drift'],
  },
  shim: {
    ask: async () => (await library.shim('7.0', '7.3.4', { catalog, component: 'memfd', both: true })).output,
    argv: ['shim', '7.0', '7.3.4', '--component', 'memfd', '--both'],
  },
  inspect: {
    ask: () => library.inspect([handedOver], { catalog, reader: '7.0' }),
    argv: ['inspect', handedOver, '--for', '7.0'],
  },
  evidence: {
    ask: () => library.listEvidence({ catalog, profile: 'memory' }),
    argv: ['evidence', 'list', '--profile', 'memory'],
  },
  preflight: {
    ask: () => library.preflight({ catalog, root, staged: ['7.0'], profile: 'memory' }),
    argv: ['preflight', '--root', root, '--staged', '7.0', '--profile', 'memory'],
  },
};

for (const [name, { ask, argv, url, isWithoutCatalog }] of Object.entries(QUESTIONS)) {
  test(`${name}: every door gives the same bytes`, async () => {
    const place = isWithoutCatalog ? [] : ['--catalog', path];
    const answer = canonicalJson(await ask());
    const { stdout, stderr } = await runCli([...argv, '--format', 'json', ...place]);
    assert.equal(stdout, answer, stderr);
    if (url === undefined) return;
    const { statusCode, payload } = await app.inject({ url });
    assert.equal(statusCode, 200, payload);
    assert.equal(payload, answer);
  });
}

test('a struct over the kernels: the library and the server', async () => {
  const answer = canonicalJson(library.structHistory('luo_ser', { catalog, target: 'arm64-4k' }));
  const { payload } = await app.inject({ url: '/api/structs/luo_ser?target=arm64-4k' });
  assert.equal(payload, answer);
});
