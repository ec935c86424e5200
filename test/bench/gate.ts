// A gate over 40 releases in eight series: every class with every release of a series standing for it, both ways, under four
// profiles on four targets. Kernels are the shipped ones under 40 names; every second release has facts of its own, so that
// no more is shared than among real ones. Limit: 1 s.
import { performance } from 'node:perf_hooks';
import { runGate } from '../../src/matrix/gate.ts';
import { PAIR_CLASSES, SERIES_ORDER } from '../../src/matrix/pair-classes.ts';
import type { PolicyDocument } from '../../src/model/policy.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { parseReleaseName } from '../../src/model/release-name.ts';
import { TARGETS } from '../../src/model/target.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel, KernelComponent } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { shipped } from '../support/shipped.ts';

const RELEASES_A_SERIES = 5;
const LIMIT = 1;

function synthetic(): Kernel[] {
  return SERIES_ORDER.flatMap((series) => {
    const own = shipped().documents.filter(({ release }) => parseReleaseName(release)?.series === series);
    return Array.from({ length: RELEASES_A_SERIES }, (_, index) => {
      const document = own[index % own.length];
      if (!document) throw new Error(`versions/ has nothing of ${series}`);
      const kernel = kernelOf(document);
      return { ...kernel, release: `${series}.${index + 1}`, components: variant(kernel, index) };
    });
  });
}

/** Equal facts are one object, as the catalog gives them; every second release has its own hash of the code. */
function variant({ components }: Kernel, index: number): Kernel['components'] {
  const changed = [...components].map(([id, { facts, places }]): [string, KernelComponent] => {
    const key = `${id} ${JSON.stringify(facts)} ${index % 2}`;
    const code = facts.code.map((state) => ({
      ...state,
      ...(index % 2 === 1 && { hash: `${state.hash}x` }),
    }));
    const known = shared.get(key) ?? { ...facts, code };
    shared.set(key, known);
    return [id, { facts: known, places }];
  });
  return new Map(changed);
}

const shared = new Map<string, KernelComponent['facts']>();

function measure(policy: PolicyDocument, kernels: readonly Kernel[]): number {
  const { errata, reviews = [] } = shipped();
  const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  const applies = new Map<string, boolean>();
  const start = performance.now();
  const before = process.cpuUsage();
  const report = runGate({
    policy,
    path: 'policy.yaml',
    profiles: PROFILES,
    today: '2026-01-01',
    releases: [...byRelease.keys()],
    named: new Map(),
    kernelOf: (release) => byRelease.get(release),
    judging: {
      errata,
      reviews,
      kernelNamed: (release) => byRelease.get(release),
      // The catalog answers this from a table.
      erratumApplies(erratum, release) {
        const key = `${erratum.id} ${release}`;
        const known = applies.get(key) ?? appliesTo(erratum, release);
        applies.set(key, known);
        return known;
      },
    },
  });
  const time = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const busy = (user + system) / 1e6;
  const { pairs, failed, waived, passed } = report.counts;
  const classes = policy.pairs.allReleases === true ? 'every release' : 'newest of a series';
  console.log(
    `gate, 40 releases, all classes (${classes}), both ways, 4 profiles, 4 targets: ${pairs} checks (${failed} failed, ${waived} waived, ${passed} passed) in ${time.toFixed(2)} s (${busy.toFixed(2)} s of processor time), limit ${LIMIT} s`,
  );
  return time;
}

const kernels = synthetic();
const policy: PolicyDocument = {
  schemaVersion: 1,
  kernels: { ranges: ['*'] },
  pairs: { classes: [...PAIR_CLASSES] },
  direction: 'both',
  profiles: PROFILES.map(({ name }) => name),
  targets: [...TARGETS],
  waivers: [
    {
      rule: 'marker-not-bumped',
      subject: 'KHO_FDT_COMPATIBLE',
      outgoing: '6.17.x',
      incoming: '6.18.x',
      reason: 'measured',
      owner: 'bench',
      'accept-corruption': true,
    },
  ],
};
if (measure(policy, kernels) > LIMIT) process.exitCode = 1;
measure({ ...policy, pairs: { ...policy.pairs, allReleases: true } }, kernels);
