import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { openAnswers } from '../../src/ask/answers/open.ts';
import { check as askCheck } from '../../src/ask/check.ts';
import { catalogInMemory } from '../../src/catalog/build.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Judging } from '../../src/catalog/judging.ts';
import { judgingFrom } from '../../src/catalog/judging.ts';
import { classMatrixOf } from '../../src/matrix/class-matrix.ts';
import { computeTable, PairJudge } from '../../src/matrix/matrix.ts';
import { listPairs, pairsJson } from '../../src/matrix/pairs.ts';
import { findRoute } from '../../src/matrix/route.ts';
import { buildRouteGraph, judgesFor } from '../../src/matrix/route-graph.ts';
import { matrixJson } from '../../src/matrix/table-json.ts';
import { canonicalJson, jsonChunks } from '../../src/model/canonical.ts';
import { namedConditions } from '../../src/model/condition.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { MatrixPair } from '../../src/model/outputs.ts';
import type { ClassMatrix, PageDocument } from '../../src/model/page.ts';
import { answerAt } from '../../src/model/pair-table.ts';
import { pageSource } from '../../src/page/data/catalog-page.ts';
import { pageData } from '../../src/page/data/page-data.ts';
import { World } from '../../src/page/view/world.ts';
import { renderClassMatrix } from '../../src/report/site/matrix-files.ts';
import { validate } from '../../src/schema/validate.ts';
import { openConditions } from '../../src/verdict/conditions.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { profileNamed } from '../support/shipped.ts';

// What is found out about classes of very many kernels is what `check` says of each pair. Pairs are drawn; the seed is printed.

const KERNELS = 2000;
const SAMPLE = 50 * Number(process.env.LUO_ABI_RUNS ?? 1);
const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);
let state = seed;

function draw(count: number): number {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % count;
}

const target = 'x86_64-4k' as const;

describe(`2,000 kernels, seed ${seed}`, () => {
  let catalog: Catalog;
  let judging: Judging;
  let kernels: Kernel[];
  let positions: Map<string, number>;

  before(async () => {
    console.log(`seed ${seed}`);
    // Some write and read what no other does, most do as one of twelve.
    const documents = [
      ...manyKernels(KERNELS - 8),
      ...manyKernels(8, { isEachItsOwn: true, isVendor: true }),
    ];
    catalog = catalogInMemory(contentWith(documents));
    judging = await judgingFrom(catalog);
    kernels = catalog.allKernels();
    positions = new Map(kernels.map(({ release }, position) => [release, position]));
  });

  /** As `check` judges it: by the two kernels alone, read anew. */
  function check(outgoing: number, incoming: number, profile: string): PairVerdict {
    const [from, to] = [outgoing, incoming].map(
      (at) => catalog.kernel(kernels[at]?.release ?? '') as Kernel,
    ) as [Kernel, Kernel];
    return judgePair({ ...judging, outgoing: from, incoming: to, profile: profileNamed(profile), target });
  }

  function expected(outgoing: number, incoming: number, profile: string): Partial<MatrixPair> {
    const pair = check(outgoing, incoming, profile);
    const conditions = namedConditions(openConditions(pair), pair.outgoing);
    const { verdict, effect, decidedBy } = pair;
    return { verdict, effect, decidedBy, ...(conditions.length > 0 && { conditions }) };
  }

  const told = ({ verdict, effect, decidedBy, conditions }: MatrixPair): Partial<MatrixPair> => ({
    verdict,
    effect,
    decidedBy,
    ...(conditions && { conditions }),
  });

  test('the matrix, from its table, by class, and from its JSON', () => {
    for (const name of ['memory', 'memfd', 'carried']) {
      const table = computeTable({ ...judging, kernels, profile: profileNamed(name), target });
      assert.equal(table.units.flat().length, KERNELS);
      assert.ok(table.units.length < 100, String(table.units.length));
      for (let count = 0; count < SAMPLE; count += 1) {
        const [from, to] = [draw(KERNELS), draw(KERNELS)];
        const answer = answerAt(table, from, to);
        assert.ok(answer);
        const { verdict, effect, decidedBy } = check(from, to, name);
        assert.deepEqual([answer.verdict, answer.effect, answer.decidedBy], [verdict, effect, decidedBy]);
      }
    }
    const whole = classMatrixOf(
      computeTable({ ...judging, kernels, profile: profileNamed('memfd'), target }),
    );
    const { classes, cells, answers } = validate<ClassMatrix>(
      'class-matrix',
      JSON.parse(renderClassMatrix(whole)),
      'classes',
    );
    assert.equal(classes.flat().length, KERNELS);
    const classOf = new Map(classes.flatMap((members, at) => members.map((release) => [release, at])));
    for (let count = 0; count < SAMPLE; count += 1) {
      const [from, to] = [draw(KERNELS), draw(KERNELS)];
      const [row = -1, column = -1] = [from, to].map((at) => classOf.get(kernels[at]?.release ?? ''));
      const { conditions: _, ...answer } = answers[cells[row]?.[column] ?? -1] ?? assert.fail('no answer');
      const { conditions: _own, ...own } = expected(from, to, 'memfd');
      assert.deepEqual(answer, own, `${kernels[from]?.release} ${kernels[to]?.release}`);
    }
    const few = kernels.filter((_, at) => at % 40 === draw(40));
    const input = { ...judging, kernels: few, profile: profileNamed('memfd'), target };
    const text = [...jsonChunks(matrixJson(computeTable(input)))].join('');
    const { pairs } = JSON.parse(text) as { pairs: MatrixPair[] };
    assert.equal(pairs.length, few.length ** 2);
    for (let count = 0; count < SAMPLE; count += 1) {
      const pair = pairs[draw(pairs.length)] as MatrixPair;
      const [from = -1, to = -1] = [positions.get(pair.outgoing), positions.get(pair.incoming)];
      assert.deepEqual(told(pair), expected(from, to, 'memfd'), `${pair.outgoing} ${pair.incoming}`);
    }
  });

  test('the pairs, every one once and none of a kernel with itself', () => {
    const few = kernels.filter((_, at) => at % 50 === draw(50));
    const table = computeTable({ ...judging, kernels: few, profile: profileNamed('memory'), target });
    const list = listPairs(table, []);
    const { pairs } = JSON.parse([...jsonChunks(pairsJson(list))].join('')) as { pairs: MatrixPair[] };
    const names = new Set(pairs.map(({ outgoing, incoming }) => `${outgoing} ${incoming}`));
    assert.equal(names.size, pairs.length);
    assert.equal(pairs.length, few.length * (few.length - 1));
    assert.equal(list.total, pairs.length);
    assert.ok(pairs.every(({ outgoing, incoming }) => outgoing !== incoming));
    for (let count = 0; count < SAMPLE; count += 1) {
      const pair = pairs[draw(pairs.length)] as MatrixPair;
      const [from = -1, to = -1] = [positions.get(pair.outgoing), positions.get(pair.incoming)];
      assert.deepEqual(told(pair), expected(from, to, 'memory'), `${pair.outgoing} ${pair.incoming}`);
    }
  });

  test('routes: every hop is safe by check, and a direct pair that is safe is the route', () => {
    const profile = profileNamed('memory');
    const graph = buildRouteGraph({
      judges: judgesFor(kernels, [profile], { ...judging, target }),
      rollback: false,
    });
    const isSafe = ({ verdict }: PairVerdict): boolean => verdict.startsWith('compatible');
    for (let count = 0; count < SAMPLE / 5; count += 1) {
      const [start, goal] = [draw(KERNELS), draw(KERNELS)];
      const [from = '', to = ''] = [kernels[start]?.release, kernels[goal]?.release];
      const { hops } = findRoute(graph, { from, to, profile: 'memory', target });
      for (const hop of hops ?? []) {
        const pair = [positions.get(hop.outgoing) ?? -1, positions.get(hop.incoming) ?? -1] as const;
        assert.ok(isSafe(check(...pair, 'memory')), `${hop.outgoing} ${hop.incoming}`);
      }
      assert.equal(hops?.length === 1, isSafe(check(start, goal, 'memory')), `${from} ${to}`);
    }
  });

  test('the gate judges a pair by itself as the matrix does', () => {
    const judge = new PairJudge(kernels, { ...judging, profile: profileNamed('carried'), target });
    for (let count = 0; count < SAMPLE / 5; count += 1) {
      const [from, to] = [draw(KERNELS), draw(KERNELS)];
      const { verdict, effect, decidedBy, conditions } = judge.judge(
        kernels[from] as Kernel,
        kernels[to] as Kernel,
      );
      const own = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
      assert.deepEqual(own, expected(from, to, 'carried'));
    }
  });

  test('the answers of a server, those that share judgements too', async () => {
    const { pairs } = await openAnswers(catalog);
    const own = kernels.flatMap(({ release }, at) => (release.includes('+b') ? at : []));
    const names = kernels.map(({ release }) => release);
    for (let count = 0; count < SAMPLE / 2; count += 1) {
      const from = names[count % 2 === 0 ? draw(KERNELS) : (own[draw(own.length)] as number)] as string;
      const to = names[count % 3 === 0 ? draw(KERNELS) : (own[draw(own.length)] as number)] as string;
      const asked = { profile: profileNamed(draw(2) === 0 ? 'memfd' : 'carried'), target, both: true };
      const expected = canonicalJson(await askCheck(from, to, { ...asked, catalog }));
      assert.equal(pairs.text({ from, to, ...asked }), expected, `${from} ${to}`);
    }
  });

  test("the page's data, by class", async () => {
    const source = await pageSource(catalog);
    const page: PageDocument = pageData({
      ...source,
      profiles: ['memory', 'memfd'].map(profileNamed),
      targets: [target],
    });
    assert.equal(page.kernels.length, KERNELS);
    assert.ok(page.facts.length < 400, String(page.facts.length));
    const world = new World(page);
    for (let count = 0; count < SAMPLE; count += 1) {
      const [from, to] = [draw(KERNELS), draw(KERNELS)];
      for (const profile of ['memory', 'memfd']) {
        const answer = world.answer({ profile, target }, from, to);
        const { verdict, effect, decidedBy } = check(from, to, profile);
        assert.deepEqual([answer?.verdict, answer?.effect, answer?.decidedBy], [verdict, effect, decidedBy]);
      }
    }
  });
});
