import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateProblem } from '../../src/model/gate.ts';
import type { PolicyDocument, PolicyWindow } from '../../src/model/policy.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { policyWindows, windowProblems } from '../../src/window/policy.ts';
import { gate } from '../matrix/gate-fixture.ts';
import { edited, profileNamed, shipped } from '../support/shipped.ts';

const { documents, errata, reviews = [] } = shipped();

/** 7.3.4 as a tree that somebody has changed, `tree` in the policy. */
function tree(change: (memfd: { writes: string; available: string }) => void): Kernel {
  return edited('7.3.4', (document) => {
    document.release = '7.3.4+tree';
    const memfd = document.components.memfd;
    assert.ok(memfd?.marker);
    const state = { writes: String(memfd.marker.writes), available: memfd.available as string };
    change(state);
    memfd.marker.writes = state.writes;
    memfd.marker.accepts = [{ value: state.writes }];
    memfd.available = state.available as typeof memfd.available;
  });
}

const raised = tree((memfd) => {
  memfd.writes = 'memfd-v3';
});
const unchanged = tree(() => {});

function inputOf(extra: Kernel, window: PolicyWindow, rest: Partial<PolicyDocument> = {}) {
  const policy: PolicyDocument = {
    schemaVersion: 1,
    kernels: { files: ['tree'] },
    pairs: { named: [{ outgoing: '7.3.4', incoming: 'tree' }] },
    profiles: ['memfd'],
    window,
    ...rest,
  };
  const kernelNamed = (release: string): Kernel | undefined => {
    if (release === extra.release) return extra;
    const document = documents.find((candidate) => candidate.release === release);
    return document && kernelOf(document);
  };
  const releases = documents.map(({ release }) => release);
  return {
    policy,
    profiles: policy.profiles.map(profileNamed),
    known: {
      releases,
      named: new Map([
        ...releases.map((release) => [release, release] as const),
        ['tree', extra.release] as const,
      ]),
    },
    kernelOf: kernelNamed,
    judging: { errata, reviews, erratumApplies: appliesTo, kernelNamed },
    dateOf: () => null,
  };
}

/** Upstream's releases write, whatever the policy's kernels are. */
const UPSTREAM = { kernels: { files: ['tree'], ranges: ['>=7.1'] } };

function rulesOf(problems: readonly GateProblem[]): string[] {
  return [...new Set(problems.map(({ rule }) => rule))].sort();
}

test('a tree that drops a format inside the window fails the gate, by the name of the format', () => {
  const input = inputOf(raised, { class: 'main+1' }, UPSTREAM);
  const [problem] = windowProblems(input);
  assert.equal(problem?.rule, 'format-dropped');
  assert.equal(problem?.level, 'error');
  assert.match(problem?.message ?? '', /^7\.3\.4\+tree on x86_64-4k drops memfd memfd-v2 as of 7\.3\.4/);
  const report = gate(input.policy, {
    extra: [raised],
    named: input.known.named,
    problems: windowProblems(input),
  });
  assert.equal(report.outcome, 'failed');
});

test('a tree that drops nothing passes, and what was missing before is a warning', () => {
  const problems = windowProblems(inputOf(unchanged, { class: 'stable+2' }, UPSTREAM));
  assert.deepEqual(rulesOf(problems), ['format-missing']);
  assert.ok(problems.every(({ level }) => level === 'warning'));
  assert.match(problems.map(({ message }) => message).join('\n'), /kho kho-v3 as of 7\.1\.13.*since 7\.2\.6/);
  assert.deepEqual(windowProblems(inputOf(unchanged, { class: 'main+1' }, UPSTREAM)), []);
});

test('a format that is given up with a reason is no failure; an entry that nothing needs is told', () => {
  const reasoned = { reason: 'no machine runs it', owner: 'kernel team' };
  const drops = [
    { component: 'memfd', marker: 'memfd-v2', ...reasoned },
    { component: 'memfd', marker: 'memfd-v9', ...reasoned },
  ];
  const problems = windowProblems(inputOf(raised, { class: 'main+1', drops }, UPSTREAM));
  assert.deepEqual(rulesOf(problems), ['waiver-unused']);
  assert.match(problems[0]?.message ?? '', /window\.drops\.1: memfd memfd-v9/);
});

test('what is not known to be read fails, unless the policy allows the unknown', () => {
  const bare = tree((memfd) => {
    memfd.available = 'unknown';
  });
  assert.deepEqual(rulesOf(windowProblems(inputOf(bare, { class: 'main+1' }, UPSTREAM))), ['format-dropped']);
  const allowed = inputOf(bare, { class: 'main+1' }, { ...UPSTREAM, unknown: 'allow' });
  assert.deepEqual(rulesOf(windowProblems(allowed)), ['format-missing']);
});

test('a kernel that the window names and nobody knows is a problem, never a shorter list', () => {
  const problems = windowProblems(
    inputOf(unchanged, { class: 'main+1', kernels: ['tree', '9.9'] }, UPSTREAM),
  );
  assert.deepEqual(rulesOf(problems), ['capture-missing']);
});

test('a kernel that nothing can be held against is a problem, never a pass', () => {
  const nameless = edited('7.3.4', (document) => {
    document.release = 'ours';
  });
  const without = inputOf(nameless, { class: 'stable+2' }, UPSTREAM);
  assert.deepEqual(rulesOf(windowProblems(without)), ['selection-empty']);
  const elsewhere = edited('7.3.4', (document) => {
    document.release = '7.3.4+tree';
    document.targets = ['x86_64-4k'];
  });
  const targets = inputOf(elsewhere, { class: 'main+1' }, { ...UPSTREAM, targets: ['arm64-64k'] });
  assert.deepEqual(rulesOf(windowProblems(targets)), ['capture-missing']);
});

test('without the key the pairs of the policy are its window', () => {
  const { policy, ...input } = inputOf(raised, { class: 'main+1' });
  const { window: _window, ...bare } = policy;
  const [window] = policyWindows({ policy: bare, ...input });
  const [release] = window?.releases ?? [];
  assert.equal(release?.release, '7.3.4+tree');
  assert.deepEqual(release?.droppedTooEarly, ['memfd memfd-v2 as of 7.3.4']);
  assert.equal(release?.mustRead[0]?.fallsOut.with, null);
  assert.deepEqual(windowProblems({ policy: bare, ...input }), []);
});
