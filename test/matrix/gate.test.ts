import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isNamedBy } from '../../src/matrix/waiver.ts';
import { bareState } from '../../src/model/bare-state.ts';
import { fingerprintFindings } from '../../src/model/fingerprint.ts';
import type { GateReport } from '../../src/model/gate.ts';
import type { PolicyDocument, PolicyWaiver } from '../../src/model/policy.ts';
import type { Profile } from '../../src/model/profile.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { propertyRuns } from '../formats/property.ts';
import { documentOf, edited, judge, profileNamed, shipped } from '../support/shipped.ts';
import { BITMAP, gate, onlyPair, policyOf, waiver } from './gate-fixture.ts';

const MAIN_PLUS_1: PolicyDocument = {
  schemaVersion: 1,
  kernels: { ranges: ['>=6.17 <=7.3.4'] },
  pairs: { classes: ['main+1'] },
  profiles: ['memory'],
};

function rulesOf({ problems }: GateReport): string[] {
  return problems.map(({ rule }) => rule);
}

function fingerprintOf(report: GateReport, rule: string): string {
  const found = report.findings.find((finding) => finding.rule === rule);
  assert.ok(found, rule);
  return found.fingerprint;
}

test('main+1 for memory fails, and names the misread of 6.17 -> 6.18', () => {
  const report = gate(MAIN_PLUS_1);
  assert.equal(report.outcome, 'failed');
  const [first] = report.findings;
  assert.equal(first?.rule, 'marker-not-bumped');
  assert.equal(first?.status, 'failing');
  assert.equal(first?.pairs[0]?.outgoing, '6.17.8');
});

test('with a waiver that accepts corruption it passes and shows it; expired, it fails again', () => {
  const policy: PolicyDocument = {
    ...MAIN_PLUS_1,
    allow: ['compatible', 'compatible-with-notes', 'refused'],
    waivers: [waiver({ ...BITMAP, expires: '2026-11-30' })],
  };
  const report = gate(policy, { today: '2026-11-30' });
  assert.equal(report.outcome, 'passed', report.summary);
  assert.equal(report.counts.waived, 1);
  assert.equal(report.pairs[0]?.verdict, 'misread');
  assert.equal(report.findings[0]?.status, 'waived');
  assert.equal(report.waivers[0]?.status, 'used');
  const later = gate(policy, { today: '2026-12-01' });
  assert.equal(later.outcome, 'failed');
  assert.equal(later.counts.failed, 1);
  assert.deepEqual(rulesOf(later), ['waiver-expired']);
});

test('a misread is not waived without accept-corruption', () => {
  const report = gate(
    policyOf(['6.17.8 6.18.5'], { waivers: [waiver({ ...BITMAP, 'accept-corruption': false })] }),
  );
  assert.equal(onlyPair(report).status, 'failed');
  assert.deepEqual(rulesOf(report), ['waiver-powerless']);
});

test('a fingerprint stays when a release moves, and is another one when a fact changes', () => {
  const printOf = (incoming: string | ReturnType<typeof edited>): string | undefined => {
    const { components } = judge({ outgoing: '6.17.8', incoming, profile: 'memory' });
    const kho = components.find(({ id }) => id === 'kho');
    assert.ok(kho);
    const prints = fingerprintFindings(kho);
    return [...prints].find(([{ rule }]) => rule === 'marker-not-bumped')?.[1];
  };
  const known = printOf('6.18.5');
  assert.match(known ?? '', /^[0-9a-f]{32}$/);
  assert.equal(printOf('6.18.15'), known);
  const other = edited('6.18.5', ({ components }) => {
    const constant = components.kho?.constants.PRESERVE_BITS;
    assert.ok(constant);
    constant.value = { all: 16384 };
  });
  assert.notEqual(printOf(other), known);
});

test('a waiver by fingerprint covers the parts that the finding sums up', () => {
  const fingerprint = fingerprintOf(gate(policyOf(['6.17.8 6.18.5'])), 'marker-not-bumped');
  const waivers = [waiver({ fingerprint, 'accept-corruption': true })];
  const report = gate(policyOf(['6.17.8 6.18.5', '6.17.8 6.18.15'], { waivers }));
  assert.equal(report.outcome, 'passed');
  assert.deepEqual(
    report.findings.filter(({ status }) => status === 'waived').map(({ rule }) => rule),
    ['marker-not-bumped', 'struct-size-changed', 'array-length-changed', 'constant-changed'],
  );
});

test('one part alone covers nothing of the rest; all parts cover their sum', () => {
  const all = gate(policyOf(['6.17.8 6.18.5'])).findings.filter(({ impact }) => impact === 'misread');
  const parts = all
    .filter(({ rule }) => rule !== 'marker-not-bumped')
    .map(({ fingerprint }) => waiver({ fingerprint, 'accept-corruption': true }));
  assert.equal(gate(policyOf(['6.17.8 6.18.5'], { waivers: parts.slice(1) })).outcome, 'failed');
  assert.equal(gate(policyOf(['6.17.8 6.18.5'], { waivers: parts })).outcome, 'passed');
});

test('what lies behind a waived misread is judged', () => {
  const broken = edited('6.18.5', (document) => {
    document.release = '6.18.5+broken';
    const marker = document.components.memblock?.marker;
    assert.ok(marker);
    marker.writes = 'memblock-v9';
    marker.accepts = [{ value: 'memblock-v9' }];
  });
  const report = gate(policyOf(['6.17.8 6.18.5+broken'], { waivers: [waiver(BITMAP)] }), { extra: [broken] });
  const pair = onlyPair(report);
  assert.equal(pair.status, 'failed');
  assert.equal(pair.remaining?.verdict, 'refused');
  assert.match(pair.reasons.join(), /^memblock is refused/);
});

test('behind a waived refusal nothing is read: what is left is nothing, and is not called compatible', () => {
  const refusal = {
    rule: 'marker-changed',
    subject: 'KHO_FDT_COMPATIBLE',
    outgoing: '7.0',
    incoming: '7.1.x',
  };
  const report = gate(policyOf(['7.0 7.1.13'], { profiles: ['memfd'], waivers: [waiver(refusal)] }));
  const pair = onlyPair(report);
  assert.deepEqual([pair.status, pair.remaining, pair.verdict], ['waived', null, 'refused']);
});

test('what the policy allows does not hide a misread below it', () => {
  const report = gate(policyOf(['6.17.8 6.18.5'], { profiles: ['pci'], allow: ['unsupported'] }));
  const pair = onlyPair(report);
  assert.equal(pair.verdict, 'unsupported');
  assert.equal(pair.status, 'failed');
  assert.equal(pair.remaining?.verdict, 'misread');
});

test('an allowed verdict passes; a verdict without a finding fails with a rule of its own', () => {
  const allowed = gate(policyOf(['7.2.12 7.3.4'], { profiles: ['pci'], allow: ['unsupported'] }));
  assert.equal(allowed.outcome, 'passed');
  const refused = gate(policyOf(['7.2.12 7.3.4'], { profiles: ['pci'] }));
  assert.equal(refused.outcome, 'failed');
  assert.deepEqual(rulesOf(refused), ['verdict-not-allowed']);
});

test('notes fail where only compatible is allowed, and can be waived one by one', () => {
  const strict = policyOf(['6.19.8 6.19.11'], { profiles: ['memfd'], allow: ['compatible'] });
  const report = gate(strict);
  assert.equal(onlyPair(report).verdict, 'compatible-with-notes');
  assert.equal(onlyPair(report).status, 'failed');
  const prints = report.findings.map(({ fingerprint }) => waiver({ fingerprint }));
  const waived = gate({ ...strict, waivers: prints });
  assert.equal(onlyPair(waived).status, 'waived', JSON.stringify(waived.pairs));
});

test('unknown fails unless it is allowed, and what rests on it is judged either way', () => {
  const unknown = edited('7.3.4', (document) => {
    document.release = '7.3.4+dark';
    const { kho, memblock } = document.components;
    assert.ok(kho && memblock?.marker);
    kho.available = 'unknown';
    memblock.marker.writes = 'memblock-v9';
    memblock.marker.accepts = [{ value: 'memblock-v9' }];
  });
  const policy = policyOf(['7.2.12 7.3.4+dark']);
  const closed = onlyPair(gate(policy, { extra: [unknown] }));
  assert.equal(closed.status, 'failed');
  // KHO may accept, and then memblock refuses: what is known to fail is the worse of the two.
  assert.equal(closed.verdict, 'refused');
  assert.deepEqual(closed.conditions, ['loses this state (memblock) if kho accepts']);
  const open = onlyPair(gate({ ...policy, unknown: 'allow' }, { extra: [unknown] }));
  assert.equal(open.status, 'failed');
  assert.match(open.reasons.join(), /^memblock is refused/);
});

test('a waiver by rule that matches two findings fails as too broad', () => {
  const broad = { rule: 'marker-changed', subject: 'KHO_FDT_COMPATIBLE', outgoing: '*', incoming: '*' };
  const report = gate(policyOf(['7.0 7.1.13', '7.1.13 7.2.12'], { waivers: [waiver(broad)] }));
  assert.equal(report.outcome, 'failed');
  assert.deepEqual(rulesOf(report), ['waiver-too-broad']);
});

test('the same finding on other page sizes is not too broad', () => {
  const targets = ['x86_64-4k', 'arm64-16k', 'arm64-64k'] as const;
  const report = gate(policyOf(['6.17.8 6.18.5'], { targets: [...targets], waivers: [waiver(BITMAP)] }));
  assert.equal(report.outcome, 'passed', report.summary);
  assert.equal(report.counts.waived, 3);
});

test('a waiver that matches nothing is a warning, or a failure if the policy says so', () => {
  const unused = policyOf(['7.2.12 7.3.4'], { waivers: [waiver(BITMAP)] });
  const report = gate(unused);
  assert.deepEqual([report.outcome, rulesOf(report)], ['passed', ['waiver-unused']]);
  assert.equal(gate({ ...unused, unusedWaivers: 'fail' }).outcome, 'failed');
});

test('what is selected and comes to nothing fails', () => {
  const empty = gate({ ...MAIN_PLUS_1, kernels: { ranges: ['>=90'] } });
  assert.equal(empty.outcome, 'failed');
  assert.ok(rulesOf(empty).every((rule) => rule === 'selection-empty'));
  const missing = gate(policyOf(['7.2.12 7.3.4', '7.3.4 9.9.9']));
  assert.equal(missing.outcome, 'failed');
  assert.deepEqual(rulesOf(missing), ['capture-missing', 'selection-empty']);
  assert.equal(missing.counts.passed, 1);
  const alone = gate({ ...MAIN_PLUS_1, kernels: { releases: ['6.18.5', '6.18.15', '6.19.11'] } });
  assert.match(alone.problems.map(({ message }) => message).join(), /6\.18\.5 is named .* stands in no pair/);
});

test('a kernel that was not captured for a target fails', () => {
  const narrow = edited('7.3.4', (document) => {
    document.release = '7.3.4+narrow';
    document.targets = ['x86_64-4k'];
  });
  const policy = policyOf(['7.2.12 7.3.4+narrow'], { targets: ['x86_64-4k', 'arm64-64k'] });
  const report = gate(policy, { extra: [narrow] });
  assert.deepEqual([report.outcome, rulesOf(report)], ['failed', ['capture-missing']]);
  assert.equal(report.counts.passed, 1);
});

test('evidence: required without a test fails, a disagreement always fails', () => {
  const policy = policyOf(['7.2.12 7.3.4'], { evidence: 'required' });
  assert.deepEqual(rulesOf(gate(policy)), ['evidence-missing']);
  const agrees = gate(policy, { evidenceFor: () => ({ agreement: 'agrees', disagreements: [] }) });
  assert.equal(agrees.outcome, 'passed');
  const report = gate(policyOf(['7.2.12 7.3.4']), {
    evidenceFor: () => ({ agreement: 'disagrees', disagreements: ['a panic was seen'] }),
  });
  assert.deepEqual([report.outcome, rulesOf(report)], ['failed', ['evidence-disagrees']]);
  assert.equal(onlyPair(report).status, 'failed');
});

test('both directions check the way back of every pair', () => {
  const report = gate({ ...MAIN_PLUS_1, direction: 'both' });
  assert.ok(report.pairs.some(({ outgoing, incoming }) => outgoing === '6.18.15' && incoming === '6.17.8'));
  assert.equal(report.counts.pairs % 2, 0);
});

test('every verdict is the one that check gives', () => {
  const releases = ['6.17.8', '6.18.5', '6.19.11', '7.0', '7.1.13', '7.2.12', '7.3.4'];
  const pairs = releases.flatMap((from) => releases.map((to) => `${from} ${to}`));
  const report = gate(
    policyOf(pairs, { profiles: PROFILES.map(({ name }) => name), targets: ['arm64-16k'] }),
  );
  assert.equal(report.counts.pairs, pairs.length * PROFILES.length);
  for (const { outgoing, incoming, profile, target, verdict, effect } of report.pairs) {
    const expected = judge({ outgoing, incoming, profile, target });
    assert.deepEqual(
      [verdict, effect],
      [expected.verdict, expected.effect],
      `${outgoing} ${incoming} ${profile}`,
    );
  }
});

test('a profile of one’s own, with ignored components, is judged as check judges it', () => {
  const own: Profile = { ...profileNamed('memfd'), name: 'own', ignored: ['kho', 'luo-session'] };
  const pairs = ['6.17.8 6.18.5', '7.0 7.1.13', '7.1.13 7.2.12', '6.19.11 7.0'];
  const report = gate(policyOf(pairs, { profiles: ['memfd'] }), { profiles: [profileNamed('memfd'), own] });
  const { errata, reviews = [] } = shipped();
  const found = report.pairs.filter(({ profile }) => profile === 'own');
  assert.equal(found.length, pairs.length);
  for (const { outgoing, incoming, target, verdict, effect } of found) {
    const sides = { outgoing: kernelOf(documentOf(outgoing)), incoming: kernelOf(documentOf(incoming)) };
    const expected = judgePair({
      ...sides,
      profile: own,
      target,
      errata,
      reviews,
      erratumApplies: appliesTo,
    });
    assert.deepEqual([verdict, effect], [expected.verdict, expected.effect], `${outgoing} ${incoming}`);
  }
});

test('no waiver makes a misread pass unless one of them accepts corruption; a pass leaves nothing that fails', () => {
  const pairs = ['6.17.8 6.18.5', '7.0 7.1.13', '6.19.11 7.0', '7.1.13 7.2.12'];
  const policy = policyOf(pairs, { profiles: ['memory', 'memfd'] });
  const prints = gate(policy).findings.map(({ fingerprint }) => fingerprint);
  const waivers = fc.array(
    fc.record({ fingerprint: fc.constantFrom(...prints), accepts: fc.boolean(), isOld: fc.boolean() }),
  );
  fc.assert(
    fc.property(waivers, (drawn) => {
      const list = drawn.map(
        ({ fingerprint, accepts, isOld }): PolicyWaiver =>
          waiver({ fingerprint, 'accept-corruption': accepts, ...(isOld && { expires: '2020-01-01' }) }),
      );
      const report = gate({ ...policy, waivers: list });
      for (const finding of report.findings.filter(({ status }) => status === 'waived')) {
        const { acceptsCorruption, status } = report.waivers[finding.waiver ?? -1] ?? {};
        assert.equal(status, 'used');
        if (finding.impact === 'misread') assert.equal(acceptsCorruption, true);
      }
      const misread = report.pairs.filter(({ verdict }) => verdict === 'misread');
      if (!list.some((entry) => entry['accept-corruption'])) {
        assert.ok(misread.every(({ status }) => status === 'failed'));
      }
      const failing = new Set(
        report.findings.filter(({ status }) => status === 'failing').map(({ fingerprint }) => fingerprint),
      );
      for (const pair of report.pairs.filter(({ status }) => status !== 'failed')) {
        assert.ok(pair.findings.every((fingerprint) => !failing.has(fingerprint)));
      }
    }),
    propertyRuns('waivers', 60),
  );
});

test('a series in pairs.named is what it is in a waiver: every release of it', () => {
  const ofSeries = gate(policyOf(['7.1 7.1.13'])).pairs.map(({ outgoing }) => outgoing);
  const known = shipped()
    .documents.filter(({ vendor, release }) => vendor === null && release !== '7.1.13')
    .map(({ release }) => release)
    .filter((release) => isNamedBy('7.1', release));
  assert.ok(known.length > 1);
  assert.deepEqual([...ofSeries].sort(), known.sort());
  const chosen = gate(policyOf(['7.1 7.2.12'], { kernels: { releases: ['7.1.3', '7.1.13', '7.2.12'] } }));
  assert.deepEqual(
    chosen.pairs.map(({ outgoing }) => outgoing),
    ['7.1.3', '7.1.13'],
  );
  const ours = edited('7.1.13', (document) => Object.assign(document, { release: '7.1.13+ours' }));
  const beside = gate(policyOf(['7.1 7.1.13+ours'], { kernels: { files: ['7.1.13+ours'] } }), {
    extra: [ours],
    releases: shipped().documents.map(({ release }) => release),
  });
  assert.deepEqual(
    beside.pairs.map(({ outgoing }) => outgoing),
    ['7.1-rc1', '7.1.3', '7.1.8', '7.1.13'],
  );
  assert.ok(rulesOf(gate(policyOf(['9.9 7.3.4']))).includes('capture-missing'));
});

test('a waiver for facts that could not be read covers those alone, on that side alone', () => {
  const lacking = (release: string, ...unchecked: string[]) =>
    edited(release, (document) => {
      document.release = `${release}+headers`;
      const kho = document.components.kho;
      assert.ok(kho);
      kho.unchecked = unchecked;
    });
  const from = lacking('7.2.12', 'b()', 'a()');
  const policy = policyOf(['7.2.12+headers 7.3.4']);
  const fingerprint = fingerprintOf(gate(policy, { extra: [from] }), 'source-incomplete');
  const waivers = [waiver({ fingerprint })];
  const answer = (outgoing: string, incoming: string, ...extra: Kernel[]): string =>
    gate(policyOf([`${outgoing} ${incoming}`], { waivers }), { extra }).outcome;
  assert.equal(answer('7.2.12+headers', '7.3.4', from), 'passed');
  assert.equal(answer('7.2.12+headers', '7.3.4', lacking('7.2.12', 'a()', 'b()', 'c()')), 'failed');
  assert.equal(answer('7.2.12', '7.3.4+headers', lacking('7.3.4', 'a()', 'b()')), 'failed');
});

test('code that nobody has reviewed fails, unless the policy lets it pass or a waiver covers it', () => {
  const changed = edited('7.3.4', (document) => {
    document.release = '7.3.4+rewritten';
    const [own] = document.components.kho?.code ?? [];
    assert.ok(own);
    own.hash = '0'.repeat(64);
  });
  const policy = policyOf(['7.3.4 7.3.4+rewritten']);
  const report = gate(policy, { extra: [changed] });
  assert.equal(onlyPair(report).verdict, 'compatible-with-notes');
  assert.equal(onlyPair(report).status, 'failed');
  assert.match(onlyPair(report).reasons.join(), /^kho is compatible-with-notes: \w+.* differs/);
  assert.equal(onlyPair(gate({ ...policy, unreviewed: true }, { extra: [changed] })).status, 'passed');
  const waivers = onlyPair(report).findings.map((fingerprint) => waiver({ fingerprint }));
  assert.equal(onlyPair(gate({ ...policy, waivers }, { extra: [changed] })).status, 'waived');
});

test('a caller that no component covers is told, and fails where the policy says so; where it is not the same it is unknown', () => {
  const withCaller = (release: string, reading: string): Kernel =>
    edited('7.3.4', (document) => {
      document.release = release;
      const { kho } = document.components;
      assert.ok(kho);
      const subject = 'made of drivers/made.c';
      document.components.callers = {
        ...bareState({ available: 'unknown', reason: 'made', needs: ['kho'] }),
        available: 'buildable',
        doubts: [
          {
            code: 'uncovered-caller',
            subject,
            message: `${subject} is handed over`,
            reading,
            condition: 'it is the same',
          },
        ],
      };
    });
  const extra = [withCaller('7.3.4+one', '1'), withCaller('7.3.4+same', '1'), withCaller('7.3.4+other', '2')];
  const answer = (incoming: string, policy: object): string[] => {
    const { status, verdict, reasons } = onlyPair(
      gate({ ...policyOf([`7.3.4+one ${incoming}`]), profiles: ['memory'], ...policy }, { extra }),
    );
    return [status, verdict, reasons.join()];
  };
  assert.deepEqual(answer('7.3.4+same', {}), ['passed', 'compatible-with-notes', '']);
  assert.deepEqual(answer('7.3.4+same', { uncovered: 'note' }), ['passed', 'compatible-with-notes', '']);
  const [status, verdict, reason] = answer('7.3.4+same', { uncovered: 'fail' });
  assert.deepEqual([status, verdict], ['failed', 'compatible-with-notes']);
  assert.match(reason ?? '', /^callers is compatible-with-notes: .*made of drivers\/made\.c is handed over/);
  assert.deepEqual(answer('7.3.4+other', {}).slice(0, 2), ['failed', 'unknown']);
});
