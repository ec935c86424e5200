import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { planFleet } from '../../src/matrix/fleet.ts';
import { findRoute } from '../../src/matrix/route.ts';
import type { FleetHost } from '../../src/model/fleet.ts';
import type { Target } from '../../src/model/target.ts';
import { renderPlan } from '../../src/report/plan-terminal.ts';
import { shippedGraph, upstreamKernels } from './shipped-graph.ts';

const kernels = upstreamKernels();
const releases = kernels.map(({ release }) => release);

function plan(hosts: FleetHost[], to: string, goalTargets?: readonly Target[]) {
  let graphs = 0;
  const output = planFleet({
    hosts,
    to,
    profiles: ['memory'],
    target: 'x86_64-4k',
    rollback: false,
    releases,
    ...(goalTargets && { goalTargets }),
    // biome-ignore lint/correctness/useYield: a graph that is there already
    *graphFor([first = 'memory', ...also]) {
      graphs += 1;
      return shippedGraph(kernels, first, { rollback: false, also });
    },
    nearest: (release) => releases.filter((known) => release.startsWith(known)),
  });
  return { output, graphs };
}

function host(name: string, release: string, profiles?: string[]): FleetHost {
  return { name, release, ...(profiles && { profiles }) };
}

test('machines go in groups of the same way, those to be rebooted first', () => {
  const { output } = plan(
    [
      host('a', '7.2.6'),
      host('b', '7.2.12'),
      host('c', '7.3.4'),
      host('d', '6.18.15'),
      host('e', '7.2.6'),
      host('f', '6.18.5'),
    ],
    '7.3.4',
  );
  assert.deepEqual(
    output.groups.map(({ way, releases: from, hosts }) => [way, from, hosts]),
    [
      ['reboot', ['6.18.5', '6.18.15'], ['d', 'f']],
      ['live-update', ['7.2.6', '7.2.12'], ['a', 'e', 'b']],
      ['done', ['7.3.4'], ['c']],
    ],
  );
  assert.deepEqual(output.hosts, { total: 6, done: 1, liveUpdate: 3, reboot: 2, unknown: 0 });
  const [group] = output.groups;
  assert.equal(group?.why?.direct?.effect, 'state-dropped');
  assert.equal(group?.why?.farthest, '7.0');
  assert.deepEqual(group?.hops, []);
});

test('each group goes the way that route finds for each of its releases', () => {
  const { output } = plan(
    releases.map((release) => host(`on-${release}`, release)),
    '7.0',
  );
  const graph = shippedGraph(kernels, 'memory', { rollback: false });
  for (const { way, releases: from, hops } of output.groups.filter(({ way: kind }) => kind !== 'done')) {
    for (const release of from) {
      const route = findRoute(graph, { from: release, to: '7.0', profile: 'memory', target: 'x86_64-4k' });
      assert.equal(route.hops === null, way === 'reboot');
      assert.deepEqual(
        route.hops?.map(({ outgoing: _outgoing, ...step }) => step) ?? [],
        hops,
        `${release} goes another way than its group`,
      );
    }
  }
});

test('releases that are not known are counted with their machines and the rest is planned', () => {
  const { output } = plan(
    [
      host('a', '6.1.55'),
      host('b', '7.2.6'),
      host('c', '6.18.15-1-amd64'),
      host('d', '6.1.55'),
      host('e', ''),
    ],
    '7.3.4',
  );
  assert.deepEqual(output.unknown, [
    { release: '6.1.55', hosts: ['a', 'd'], nearest: [] },
    { release: '', hosts: ['e'], nearest: [] },
    { release: '6.18.15-1-amd64', hosts: ['c'], nearest: ['6.18.15'] },
  ]);
  assert.deepEqual(output.hosts, { total: 5, done: 0, liveUpdate: 1, reboot: 0, unknown: 4 });
});

test('a release as uname says it is the one that upstream calls by a shorter name', () => {
  const { output } = plan([host('a', '7.0.0'), host('b', '7.1.0-rc1'), host('c', '7.0')], '7.0');
  assert.equal(output.hosts.unknown, 0);
  assert.equal(output.hosts.done, 2);
});

test('a machine with several profiles goes only where all of them can', () => {
  const { output, graphs } = plan(
    [
      host('a', '6.19.11', ['memory']),
      host('b', '6.19.11', ['memfd', 'memory', 'memfd']),
      host('c', '6.19.11', ['memory', 'memfd']),
    ],
    '7.0',
  );
  assert.equal(graphs, 2);
  assert.deepEqual(
    output.groups.map(({ way, profiles, hosts }) => [way, profiles, hosts]),
    [
      ['reboot', ['memfd', 'memory'], ['b', 'c']],
      ['live-update', ['memory'], ['a']],
    ],
  );
  const [group] = output.groups;
  assert.deepEqual([group?.why?.direct?.profile, group?.why?.direct?.effect], ['memfd', 'boot-panic']);
});

test('machines on a target that the goal was not captured for must be rebooted, and the rest is planned', () => {
  const { output, graphs } = plan(
    [
      host('a', '7.2.6'),
      { ...host('b', '7.2.6'), target: 'arm64-16k' },
      { ...host('c', '9.9.9'), target: 'arm64-16k' },
      { ...host('d', '7.3.4'), target: 'arm64-16k' },
    ],
    '7.3.4',
    ['x86_64-4k'],
  );
  assert.equal(graphs, 1);
  assert.deepEqual(output.hosts, { total: 4, done: 1, liveUpdate: 1, reboot: 1, unknown: 1 });
  const [group] = output.groups;
  assert.deepEqual([group?.way, group?.hosts, group?.target], ['reboot', ['b'], 'arm64-16k']);
  assert.deepEqual(group?.why, { direct: null, goalTargets: ['x86_64-4k'], farthest: null, shortest: null });
  const options = { chalk: new Chalk({ level: 0 }), width: 100 };
  assert.match(
    renderPlan(output, options),
    /^ {4}7\.3\.4 was captured for x86_64-4k only: nothing is carried/m,
  );
});

test('an empty fleet is planned', () => {
  const { output } = plan([], '7.3.4');
  assert.deepEqual([output.groups, output.unknown, output.hosts.total], [[], [], 0]);
});
