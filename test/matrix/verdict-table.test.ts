import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PairJudge } from '../../src/matrix/matrix.ts';
import { RANKS, rankOf, VerdictTable } from '../../src/matrix/verdict-table.ts';
import { TARGETS } from '../../src/model/target.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

// The table must say of every pair what judgePair says of it.

const { documents, errata, reviews } = shipped();
const kernels = documents.map(kernelOf);
const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));

for (const profile of ['memory', 'memfd', 'pci', 'vm']) {
  test(`the table agrees with judgePair on every pair of shipped kernels: ${profile}`, () => {
    const target = TARGETS[profile.length % TARGETS.length] ?? 'x86_64-4k';
    const input = {
      target,
      errata,
      reviews,
      erratumApplies: appliesTo,
      kernelNamed: (release: string) => byRelease.get(release),
    };
    const table = new VerdictTable(kernels, [profileNamed(profile)], input);
    const judge = new PairJudge(kernels, { ...input, profile: profileNamed(profile) });
    for (const [at, outgoing] of kernels.entries()) {
      const row = table.row(0, at);
      for (const [to, incoming] of kernels.entries()) {
        if ((at * 31 + to) % 5 !== 0) continue;
        const pair = judgePair({ ...input, profile: profileNamed(profile), outgoing, incoming });
        assert.equal(
          RANKS[row[to] ?? 9]?.verdict,
          pair.verdict,
          `${outgoing.release} -> ${incoming.release} ${pair.summary}`,
        );
        assert.equal(row[to], rankOf(pair), `${outgoing.release} -> ${incoming.release}`);
        const { verdict, effect, decidedBy } = pair;
        assert.deepEqual(judge.judge(outgoing, incoming), { verdict, effect, decidedBy });
      }
    }
  });
}
