import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyDocument } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { renderClassMatrix } from '../../src/report/site/matrix-files.ts';
import { hostPath } from '../support/hosts.ts';
import type { Question, Setting } from './doors.ts';
import { BY_PAIRS, BY_THE_PAGE, NO_FOLDERS } from './doors.ts';

const NO_SHIM = { not: 'a shim is files, for a tree that a developer has' } as const;
const today = '2026-11-22';
const handedOver = hostPath('6.19.11', 'started', 'sys/kernel/debug/kho/out');
const root = hostPath('6.19.11', 'started');
const POLICY: PolicyDocument = {
  schemaVersion: 1,
  kernels: { ranges: ['>=7.2 <7.4'] },
  pairs: { classes: ['main+1'] },
  profiles: ['memfd'],
};

/** Questions about the kernels of a catalog, each named by the function of the library. */
export function catalogQuestions({ catalog, small, folder }: Setting): Readonly<Record<string, Question>> {
  const policy = join(folder, 'policy.json');
  const fleet = join(folder, 'hosts.csv');
  writeFileSync(fleet, 'name,release,profiles,kho\na,7.2.12,memfd,on\nb,6.18.15,memory,\nc,9.9,,off\n');
  writeFileSync(policy, JSON.stringify(POLICY));
  return {
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
      url: BY_THE_PAGE,
    },
    'pairs of pci': {
      ask: () => library.pairs({ catalog, profile: 'pci', vendors: true }),
      argv: ['pairs', '--profile', 'pci', '--vendors'],
      url: BY_THE_PAGE,
    },
    overview: { ask: () => library.overview({ catalog }), argv: ['overview'], url: BY_THE_PAGE },
    list: { ask: () => library.list({ catalog }), argv: ['list'], url: '/api/releases' },
    reusedMarkers: {
      ask: () => library.reusedMarkers({ catalog, target: 'arm64-4k' }),
      argv: ['list', '--reused-markers', '--target', 'arm64-4k'],
      url: BY_THE_PAGE,
    },
    show: {
      ask: () => library.show('7.3', { catalog, component: 'luo' }),
      argv: ['show', '7.3', '--component', 'luo'],
      url: BY_THE_PAGE,
    },
    explain: {
      ask: () => library.explain('marker-not-bumped'),
      argv: ['explain', 'marker-not-bumped'],
      options: { isWithoutCatalog: true },
      url: BY_THE_PAGE,
    },
    rules: {
      ask: () => library.rules(),
      argv: ['rules'],
      options: { isWithoutCatalog: true },
      url: BY_THE_PAGE,
    },
    route: {
      ask: () => library.route('6.18.15', '7.3.4', { catalog, profile: 'memory', rollback: true }),
      argv: ['route', '6.18.15', '7.3.4', '--profile', 'memory', '--rollback'],
      url: '/api/route?from=6.18.15&to=7.3.4&profile=memory&rollback=true',
    },
    'route with shims': {
      ask: () => library.route('7.0', '7.3.4', { catalog, profile: 'memfd', shims: 2, maxHops: 3 }),
      argv: ['route', '7.0', '7.3.4', '--profile', 'memfd', '--shims', '2', '--max-hops', '3'],
      url: BY_THE_PAGE,
    },
    reach: {
      ask: () => library.reach('7.1.8', { catalog, profile: 'memfd', series: true }),
      argv: ['reach', '7.1.8', '--profile', 'memfd', '--series'],
      url: BY_PAIRS,
    },
    plan: {
      ask: () => library.plan(fleet, '7.3.4', { catalog, profile: 'memfd', releases: '>=6.18' }),
      argv: ['plan', '--fleet', fleet, '--to', '7.3.4', '--profile', 'memfd', '--releases', '>=6.18'],
      url: BY_PAIRS,
    },
    gateFile: {
      ask: () => library.gateFile(policy, { catalog, today }),
      argv: ['gate', '--policy', policy, '--today', today],
      url: NO_FOLDERS,
    },
    formatWindow: {
      ask: () =>
        library.formatWindow(['7.3.4'], { catalog, class: 'stable+2', profile: 'memfd', both: true }),
      argv: ['window', '7.3.4', '--class', 'stable+2', '--profile', 'memfd', '--both'],
      url: BY_THE_PAGE,
    },
    policyWindow: {
      ask: () => library.policyWindow(policy, { catalog }),
      argv: ['window', '--policy', policy],
      url: NO_FOLDERS,
    },
    diff: {
      ask: () => library.diff('7.1.13', '7.2.12', { catalog, target: 'arm64-16k' }),
      argv: ['diff', '7.1.13', '7.2.12', '--target', 'arm64-16k'],
      url: BY_THE_PAGE,
    },
    drift: {
      ask: () => library.drift('7.3.4', '7.2.12', { catalog }),
      argv: ['diff', '7.3.4', '7.2.12', '--drift'],
      url: BY_THE_PAGE,
    },
    shim: {
      ask: async () =>
        (await library.shim('7.0', '7.3.4', { catalog, component: 'memfd', both: true })).output,
      argv: ['shim', '7.0', '7.3.4', '--component', 'memfd', '--both'],
      url: NO_SHIM,
    },
    inspect: {
      ask: () => library.inspect([handedOver], { catalog, reader: '7.0' }),
      argv: ['inspect', handedOver, '--for', '7.0'],
      url: NO_FOLDERS,
    },
    listEvidence: {
      ask: () => library.listEvidence({ catalog, profile: 'memory' }),
      argv: ['evidence', 'list', '--profile', 'memory'],
      url: BY_THE_PAGE,
    },
    preflight: {
      ask: () => library.preflight({ catalog, root, staged: ['7.0'], profile: 'memory' }),
      argv: ['preflight', '--root', root, '--staged', '7.0', '--profile', 'memory'],
      url: NO_FOLDERS,
    },

    classMatrix: {
      // The command gives each class and row a line of its own.
      ask: async () =>
        renderClassMatrix(await library.classMatrix({ catalog, profile: 'memfd', vendors: true })),
      argv: ['matrix', '--profile', 'memfd', '--vendors', '--format', 'classes'],
      options: { isText: true },
      url: BY_THE_PAGE,
    },
    gate: {
      ask: async () => ({ ...(await library.gate(POLICY, { catalog, today })), policy }),
      argv: ['gate', '--policy', policy, '--today', today],
      url: NO_FOLDERS,
    },
    page: {
      ask: () => library.page({ catalog: small }),
      argv: ['serve', '--page'],
      options: { isText: true, isSmall: true },
      url: '/',
    },
    structHistory: {
      ask: () => library.structHistory('luo_ser', { catalog, target: 'arm64-4k' }),
      argv: { not: '`show` tells the structs of a kernel, `blame` their commits' },
      url: '/api/structs/luo_ser?target=arm64-4k',
    },
  };
}
