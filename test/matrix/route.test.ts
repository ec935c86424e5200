import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveOverlays } from '../../src/catalog/overlay.ts';
import { readKernelFile } from '../../src/catalog/read-content.ts';
import { ToolError } from '../../src/errors.ts';
import { findRoute } from '../../src/matrix/route.ts';
import { buildRouteGraph, isSafe } from '../../src/matrix/route-graph.ts';
import { costsFrom, costsTo, findWay } from '../../src/matrix/route-search.ts';
import type { RouteOutput } from '../../src/model/route.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { propertyRuns } from '../formats/property.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { documentOf, judge } from '../support/shipped.ts';
import { bestWayByTrying, classGraphOf, smallGraphs } from './random-graph.ts';
import { shippedGraph, upstreamKernels } from './shipped-graph.ts';

test('the way found is the one that trying every way finds', () => {
  fc.assert(
    fc.property(smallGraphs, fc.nat(5), fc.nat(5), (graph, from, to) => {
      const [start, goal] = [from % graph.grades.length, to % graph.grades.length];
      assert.deepEqual(findWay(classGraphOf(graph), start, goal), bestWayByTrying(graph, start, goal));
    }),
    propertyRuns('route', 2000),
  );
});

test('costs from a start and to a goal agree on every pair', () => {
  fc.assert(
    fc.property(smallGraphs, (graph) => {
      const classes = classGraphOf(graph);
      for (const start of classes.members.keys()) {
        const from = costsFrom(classes, start);
        for (const goal of classes.members.keys()) {
          const to = costsTo(classes, goal);
          assert.equal(from.hops[goal], to.hops[start]);
          assert.equal(from.notes[goal], to.notes[start]);
        }
      }
    }),
    propertyRuns('costs', 500),
  );
});

function route(kernels: readonly Kernel[], from: string, to: string, rollback = false): RouteOutput {
  const graph = shippedGraph(kernels, 'memory', { rollback });
  return findRoute(graph, { from, to, profile: 'memory', target: 'x86_64-4k' });
}

function acme(): Kernel {
  const read = readKernelFile(new URL('fixtures/7.3.4+acme1.json', import.meta.url).pathname);
  assert.ok('overlay' in read);
  const [document] = resolveOverlays([read.overlay], documentOf);
  assert.ok(document);
  return kernelOf(document);
}

test('upstream has no route from 6.18.15 to 7.3.4 for memory, and the ends of each way are told', () => {
  const { hops, ends } = route(upstreamKernels(), '6.18.15', '7.3.4');
  assert.equal(hops, null);
  assert.equal(ends?.farthest, '7.0');
  assert.equal(ends?.nearest, '7.2.6');
  assert.equal(ends?.shortest, null);
  assert.ok(ends?.reached.includes('6.19.11') && !ends.reached.includes('7.1.13'));
  assert.equal(ends?.border.length, 1);
  const [block] = ends?.border ?? [];
  assert.deepEqual([block?.verdict, block?.effect], ['refused', 'state-dropped']);
  assert.deepEqual(block?.decidedBy?.component, 'kho');
  assert.ok(block?.outgoing.includes('6.18.15') && block.incoming.includes('7.3.4'));
});

test('a downstream kernel that accepts kho-v1 and kho-v3 makes a route of two hops', () => {
  const kernels = [...upstreamKernels(), acme()];
  for (const [from, first] of [
    ['6.18.15', 'compatible-with-notes'],
    ['7.1.13', 'compatible-with-notes'],
  ]) {
    const { hops } = route(kernels, from ?? '', '7.3.4');
    assert.deepEqual(
      hops?.map(({ outgoing, incoming, verdict }) => [outgoing, incoming, verdict]),
      [
        [from, '7.3.4+acme1', first],
        ['7.3.4+acme1', '7.3.4', 'compatible'],
      ],
    );
  }
});

test('6.17 is misread by a kernel that takes kho-v1 as 6.18 wrote it: no route', () => {
  const { hops, ends } = route([...upstreamKernels(), acme()], '6.17.8', '7.3.4');
  assert.equal(hops, null);
  assert.equal(ends?.border[0]?.verdict, 'misread');
});

test('with --rollback the way back of the first hop forbids the route, and is named', () => {
  const { hops, ends } = route([...upstreamKernels(), acme()], '6.18.15', '7.3.4', true);
  assert.equal(hops, null);
  const back = ends?.border.filter(({ isRollback }) => isRollback === true) ?? [];
  assert.deepEqual(
    back.map(({ incoming, verdict }) => [incoming, verdict]),
    [[['7.3.4+acme1'], 'refused']],
  );
});

test('every hop of every route is safe by the verdict of its pair', () => {
  const kernels = upstreamKernels();
  const graph = shippedGraph(kernels, 'memfd', { rollback: true });
  const judged = new Map<string, boolean>();
  const isJudgedSafe = ({ outgoing, incoming }: { outgoing: string; incoming: string }): boolean => {
    const pair = `${outgoing} -> ${incoming}`;
    const known = judged.get(pair) ?? isSafe(judge({ outgoing, incoming, profile: 'memfd' }));
    judged.set(pair, known);
    return known;
  };
  for (const { release: from } of kernels) {
    for (const { release: to } of kernels) {
      const found = findRoute(graph, { from, to, profile: 'memfd', target: 'x86_64-4k' });
      assert.equal(found.hops === null, found.ends !== null);
      for (const hop of found.hops ?? []) {
        assert.ok(isJudgedSafe(hop), `${hop.outgoing} -> ${hop.incoming}`);
        assert.ok(hop.rollback && isSafe(hop.rollback));
      }
    }
  }
});

test('the graph has a hop exactly where the verdict of the pair is safe', () => {
  const kernels = upstreamKernels();
  for (const profile of ['memory', 'memfd', 'pci']) {
    const graph = shippedGraph(kernels, profile, { rollback: false });
    for (const [from, outgoing] of kernels.entries()) {
      for (const [to, incoming] of kernels.entries()) {
        if ((from * 7 + to) % (IS_WHOLE ? 3 : 13) !== 0) continue;
        const grade = graph.gradeOf(graph.classOf[from] ?? -1, graph.classOf[to] ?? -1);
        const pair = judge({ outgoing, incoming, profile });
        assert.equal(grade > 0, isSafe(pair), `${outgoing.release} -> ${incoming.release}`);
      }
    }
  }
});

test('a longer way than was asked for is no route, and its length is told', () => {
  const graph = shippedGraph([...upstreamKernels(), acme()], 'memory', { rollback: false });
  const request = {
    from: '6.18.15',
    to: '7.3.4',
    profile: 'memory',
    target: 'x86_64-4k',
    maxHops: 1,
  } as const;
  const { hops, ends } = findRoute(graph, request);
  assert.equal(hops, null);
  assert.deepEqual([ends?.shortest, ends?.border], [2, []]);
});

test('a kernel that may not be on the way is on none, and may still be a start', () => {
  const { judges } = shippedGraph([...upstreamKernels(), acme()], 'memory', { rollback: false });
  const isOnWay = (release: string): boolean => release !== '7.3.4+acme1';
  const graph = buildRouteGraph({ judges, rollback: false, isOnWay });
  const request = { to: '7.3.4', profile: 'memory', target: 'x86_64-4k' } as const;
  const without = findRoute(graph, { ...request, from: '6.18.15' });
  assert.equal(without.hops, null);
  assert.ok(!without.ends?.reached.includes('7.3.4+acme1'));
  assert.equal(findRoute(graph, { ...request, from: '7.3.4+acme1' }).hops?.length, 1);
});

test('of a class the newest is preferred, kernels of upstream before others', () => {
  const newest = upstreamKernels().find(({ release }) => release === '7.3.4') as Kernel;
  const kernels = [...upstreamKernels(), { ...newest, release: '7.3.4+own' }];
  const graph = shippedGraph(kernels, 'memory', { rollback: false });
  const position = graph.positionOf('7.3.4+own') ?? -1;
  const members = (graph.members[graph.classOf[position] ?? -1] ?? []).map(
    (at) => graph.kernels[at]?.release,
  );
  assert.equal(members[0], '7.3.4');
  assert.equal(members.at(-1), '7.3.4+own');
});

test('of several profiles the worst decides, and is named', () => {
  const kernels = upstreamKernels();
  const graph = shippedGraph(kernels, 'memory', { rollback: false, also: ['memfd'] });
  const found = findRoute(graph, { from: '6.18.15', to: '6.19.11', profile: 'both', target: 'x86_64-4k' });
  assert.equal(found.hops, null);
  assert.equal(found.ends?.border[0]?.profile, 'memfd');
});

test('a hop that the graph calls safe and the facts do not is a fault of ours, never a way', () => {
  const graph = shippedGraph(upstreamKernels(), 'memory', { rollback: false });
  const wrong = { ...graph, gradeOf: () => 2 as const };
  const request = { from: '6.17.8', to: '6.18.5', profile: 'memory', target: 'x86_64-4k' } as const;
  assert.throws(() => findRoute(wrong, request), /6\.17\.8 -> 6\.18\.5 counts as safe and is judged misread/);
  const back = { ...wrong, rollback: true };
  assert.throws(
    () => findRoute(back, { ...request, from: '7.2.12', to: '7.1.13' }),
    (error) => error instanceof ToolError && error.code === 'INTERNAL',
  );
});
