import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogInMemory } from '../../src/catalog/build.ts';
import { PairJudge } from '../../src/matrix/matrix.ts';
import { VerdictTable } from '../../src/matrix/verdict-table.ts';
import { TARGETS } from '../../src/model/target.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { RANKS, rankOf } from '../../src/verdict/walk.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { manyKernels } from '../support/many-kernels.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

// The table must say of every pair what judgePair says of it.

const { documents, errata, reviews } = shipped();
const kernels = documents.map(kernelOf);
// Those of posted series and of vendors among them; kernels that say the same share it.
const all = catalogInMemory(shipped()).allKernels();
const byRelease = new Map(all.map((kernel) => [kernel.release, kernel]));

for (const profile of ['memory', 'memfd', 'pci', 'vm', 'carried']) {
  test(`the table agrees with judgePair on every pair of shipped kernels: ${profile}`, () => {
    const target = TARGETS[profile.length % TARGETS.length] ?? 'x86_64-4k';
    const input = {
      target,
      errata,
      reviews,
      erratumApplies: appliesTo,
      kernelNamed: (release: string) => byRelease.get(release),
    };
    const table = new VerdictTable(all, [profileNamed(profile)], input);
    const judge = new PairJudge(all, { ...input, profile: profileNamed(profile) });
    for (const [at, outgoing] of all.entries()) {
      const row = table.row(0, at);
      for (const [to, incoming] of all.entries()) {
        if ((at * 31 + to) % (IS_WHOLE ? 7 : 97) !== profile.length % 7) continue;
        const pair = judgePair({ ...input, profile: profileNamed(profile), outgoing, incoming });
        assert.equal(
          RANKS[row[to] ?? 9]?.verdict,
          pair.verdict,
          `${outgoing.release} -> ${incoming.release} ${pair.summary}`,
        );
        assert.equal(row[to], rankOf(pair), `${outgoing.release} -> ${incoming.release}`);
        const { verdict, effect, decidedBy, conditions } = pair;
        const told = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
        assert.deepEqual(judge.judge(outgoing, incoming), told);
      }
    }
  });
}

/** 7.3.4 under another name, changed by an edit of its document. */
function variant(release: string, edit: (document: (typeof documents)[number]) => void): Kernel {
  const document = structuredClone(
    documents.find((each) => each.release === '7.3.4') ?? assert.fail('no 7.3.4'),
  );
  document.release = release;
  edit(document);
  return kernelOf(document);
}

test('kernels of which each has a marker or a constant of its own come to what judgePair says of every pair', () => {
  const input = { target: 'x86_64-4k' as const, errata, reviews, erratumApplies: appliesTo };
  const own = manyKernels(24, { isEachItsOwn: true }).map(kernelOf);
  const profile = profileNamed('memory');
  const table = new VerdictTable(own, [profile], input);
  const judge = new PairJudge(own, { ...input, profile });
  for (const [at, outgoing] of own.entries()) {
    const row = table.row(0, at);
    for (const [to, incoming] of own.entries()) {
      const { verdict, effect, decidedBy, conditions } = judgePair({ ...input, profile, outgoing, incoming });
      assert.equal(row[to], rankOf({ verdict, effect }), `${outgoing.release} -> ${incoming.release}`);
      const told = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
      assert.deepEqual(judge.judge(outgoing, incoming), told);
    }
  }
});

test('pairs of kernels that differ in the code of a function come to what its hashes and reviews say', () => {
  const withCode = (name: string, ...hashes: readonly string[]): Kernel =>
    variant(`7.3.4+${name}`, ({ components: { memfd } }) => {
      if (!memfd) assert.fail('no memfd');
      memfd.code = hashes.map((hash, at) => ({ function: `step${at}`, side: 'both', hash }));
    });
  const renamed = (kernel: Kernel): Kernel =>
    variant(`${kernel.release}.renamed`, ({ components: { memfd } }) => {
      if (!memfd) assert.fail('no memfd');
      memfd.code = [...(kernel.components.get('memfd')?.facts.code ?? [])];
      for (const layout of Object.values(memfd.structs.memfd_luo_ser?.layout ?? {})) {
        for (const member of layout.members) if (member.name === 'pos') member.name = 'cursor';
      }
    });
  const plain = [
    withCode('a', 'one', 'two'),
    withCode('b', 'one', 'other'),
    withCode('c', 'two', 'one'),
    withCode('d', 'first', 'two'),
    withCode('e', 'second', 'two'),
    withCode('f', 'third', 'two'),
    withCode('g', 'one'),
  ];
  const all = [...plain, ...plain.map(renamed)];
  const review = { function: 'step0', same: ['first', 'second'], reason: 'a lock' };
  const own = { ...(reviews[0] ?? assert.fail('no review')), component: 'memfd', functions: [review] };
  const input = { target: 'x86_64-4k' as const, reviews: [own], erratumApplies: () => false };
  const profile = profileNamed('memfd');
  const table = new VerdictTable(all, [profile], input);
  const judge = new PairJudge(all, { ...input, errata: [], profile });
  const seen = new Set<string>();
  for (const [at, outgoing] of all.entries()) {
    for (const [to, incoming] of all.entries()) {
      const { verdict, effect, decidedBy, conditions } = judgePair({ ...input, profile, outgoing, incoming });
      assert.equal(
        table.row(0, at)[to],
        rankOf({ verdict, effect }),
        `${outgoing.release} -> ${incoming.release}`,
      );
      const told = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
      assert.deepEqual(judge.judge(outgoing, incoming), told);
      seen.add(`${outgoing.release} ${incoming.release} ${verdict}`);
    }
  }
  assert.ok(seen.has('7.3.4+d 7.3.4+e compatible'), [...seen].join('\n'));
  assert.ok(seen.has('7.3.4+d 7.3.4+f compatible-with-notes'));
  assert.ok(seen.has('7.3.4+a 7.3.4+d compatible-with-notes'));
});

test('what a guard accepts with the layouts of another release is a part of what it guards', () => {
  const writesNew = (document: (typeof documents)[number]): void => {
    const { luo } = document.components;
    if (luo?.marker) luo.marker = { ...luo.marker, writes: 'luo-v9', accepts: [{ value: 'luo-v9' }] };
  };
  const moved = variant('7.3.4+moved', (document) => {
    writesNew(document);
    const { layout } =
      document.components['luo-session']?.structs.luo_session_ser ?? assert.fail('no struct');
    for (const each of Object.values(layout)) {
      const [first, second] = each.members;
      if (first && second) [first.name, second.name] = [second.name, first.name];
    }
  });
  const plain = variant('7.3.4+plain', writesNew);
  const reader = variant('7.3.4+reader', ({ components: { luo } }) => {
    const accepts = [{ value: 'luo-v5' }, { value: 'luo-v9', layoutOf: '7.3.4+moved' }];
    if (luo?.marker) luo.marker = { ...luo.marker, accepts };
  });
  const doubtful = variant('7.3.4+doubtful', ({ components }) => {
    const accepts = [{ value: 'luo-v9', layoutOf: '7.3.4+contradicted' }];
    if (components.luo?.marker) components.luo.marker = { ...components.luo.marker, accepts };
  });
  const contradicted = variant('7.3.4+contradicted', (document) => {
    writesNew(document);
    for (const id of ['luo', 'luo-session']) {
      const state = document.components[id];
      if (state) {
        const doubt = {
          code: 'source-disagrees' as const,
          subject: id,
          message: 'one says this, another that',
        };
        document.components[id] = { ...state, doubts: [doubt] };
      }
    }
  });
  const all = [kernels.at(-1) ?? assert.fail(), moved, plain, reader, doubtful, contradicted];
  const named = new Map([...kernels, ...all].map((kernel) => [kernel.release, kernel]));
  const input = {
    target: 'x86_64-4k' as const,
    errata,
    reviews,
    erratumApplies: appliesTo,
    kernelNamed: (release: string) => named.get(release),
  };
  const profile = profileNamed('memfd');
  const table = new VerdictTable(all, [profile], input);
  const verdictOf = (outgoing: Kernel, incoming: Kernel): string =>
    judgePair({ ...input, profile, outgoing, incoming }).verdict;
  for (const [at, outgoing] of all.entries()) {
    for (const [to, incoming] of all.entries()) {
      const pair = judgePair({ ...input, profile, outgoing, incoming });
      assert.equal(table.row(0, at)[to], rankOf(pair), `${outgoing.release} -> ${incoming.release}`);
    }
  }
  assert.equal(verdictOf(plain, reader), 'misread');
  assert.match(verdictOf(moved, reader), /^compatible/);
  assert.equal(verdictOf(plain, doubtful), 'unknown');
});

test('what the way of a pair depends on is told apart: whether a reader panics, whether a component was inferred', () => {
  const plain = variant('7.3.4+plain', () => {});
  const quiet = variant('7.3.4+quiet', ({ components }) => {
    for (const { reader } of Object.values(components)) if (reader) reader.onRefused = 'component-absent';
  });
  const renamed = variant('7.3.4+renamed', ({ components: { kho } }) => {
    const subtree = kho?.fdt.find(({ path }) => path === '/<subtree>') ?? assert.fail('no subtree');
    for (const property of subtree.properties) property.name = `new-${property.name}`;
  });
  const inferred = variant('7.3.4+inferred', ({ components: { rxe } }) => {
    if (rxe) Object.assign(rxe, { available: 'buildable', isInferred: true });
  });
  const described = variant('7.3.4+described', ({ components: { rxe } }) => {
    if (rxe) rxe.available = 'buildable';
  });
  const all = [plain, quiet, renamed, described, inferred];
  const effects = new Set<unknown>();
  for (const name of ['memory', 'carried']) {
    const profile = profileNamed(name);
    const input = { target: 'x86_64-4k' as const, errata, reviews, erratumApplies: appliesTo };
    const judge = new PairJudge(all, { ...input, profile });
    for (const outgoing of all) {
      for (const incoming of all) {
        const pair = judgePair({ ...input, profile, outgoing, incoming });
        const { verdict, effect, decidedBy, conditions } = pair;
        const told = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
        assert.deepEqual(judge.judge(outgoing, incoming), told, pair.summary);
        if (outgoing === renamed) effects.add(effect);
      }
    }
  }
  assert.ok(effects.has('boot-panic') && effects.has('component-absent'), [...effects].join());
});
