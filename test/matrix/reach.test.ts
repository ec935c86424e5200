import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { computeReach } from '../../src/matrix/reach.ts';
import { findRoute } from '../../src/matrix/route.ts';
import { costsFrom } from '../../src/matrix/route-search.ts';
import { propertyRuns } from '../formats/property.ts';
import { bestWayByTrying, classGraphOf, smallGraphs } from './random-graph.ts';
import { shippedGraph, upstreamKernels } from './shipped-graph.ts';

const request = { profile: 'memory', target: 'x86_64-4k' } as const;

test('what is reached, and with how many hops and notes, is what trying every way finds', () => {
  fc.assert(
    fc.property(smallGraphs, (graph) => {
      const classes = classGraphOf(graph);
      for (const start of graph.grades.keys()) {
        const { hops, notes } = costsFrom(classes, classes.classOf[start] ?? 0);
        for (const goal of graph.grades.keys()) {
          const way = bestWayByTrying(graph, start, goal);
          const at = classes.classOf[goal] ?? 0;
          assert.equal(hops[at], way?.length ?? Number.POSITIVE_INFINITY);
          const grades = way?.map((node, index) => graph.grades[way[index - 1] ?? start]?.[node]);
          if (grades) assert.equal(notes[at], grades.filter((grade) => grade === 1).length);
        }
      }
    }),
    propertyRuns('reach', 500),
  );
});

test('reach and route agree on every pair of upstream kernels', () => {
  const graph = shippedGraph(upstreamKernels(), 'memory', { rollback: false });
  const releases = graph.kernels.map(({ release }) => release);
  for (const from of releases) {
    const { reached, rollback } = computeReach(graph, { release: from, ...request });
    for (const to of releases.filter((release) => release !== from)) {
      const forward = findRoute(graph, { from, to, ...request }).hops?.length;
      const back = findRoute(graph, { from: to, to: from, ...request }).hops?.length;
      assert.equal(reached.find(({ release }) => release === to)?.hops, forward);
      assert.equal(rollback.find(({ release }) => release === to)?.hops, back);
    }
  }
});

test('6.18.15 reaches 6.19 and 7.0, no 6.17 and no 7.1', () => {
  const graph = shippedGraph(upstreamKernels(), 'memory', { rollback: false });
  const { reached } = computeReach(graph, { release: '6.18.15', ...request });
  const names = reached.map(({ release }) => release);
  assert.ok(names.includes('7.0') && names.includes('6.19.11') && names.includes('6.18.5'));
  assert.ok(!names.some((release) => /^(6\.1[67]|7\.[123])/.test(release)));
  assert.equal(reached.find(({ release }) => release === '7.0')?.verdict, 'compatible');
});

test('6.19.11 cannot be updated to 7.0 with memfd, and 7.0 can be taken back to it', () => {
  const graph = shippedGraph(upstreamKernels(), 'memfd', { rollback: false });
  const { reached, rollback } = computeReach(graph, { release: '6.19.11', ...request });
  assert.ok(!reached.some(({ release }) => release === '7.0'));
  assert.ok(rollback.some(({ release, hops }) => release === '7.0' && hops === 1));
});
