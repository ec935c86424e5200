import type { GateFinding, GatePair, GateReport } from '../../src/model/gate.ts';

// Reports that every format of the gate is tried on. Written out, so that no golden changes with a verdict.

function pair(rest: Partial<GatePair>): GatePair {
  return {
    outgoing: '6.17.8',
    incoming: '6.18.15',
    class: ['main+1'],
    direction: 'forward',
    profile: 'memory',
    target: 'x86_64-4k',
    verdict: 'compatible',
    effect: null,
    status: 'passed',
    remaining: { verdict: 'compatible', effect: null },
    reasons: [],
    evidence: 'untested',
    findings: [],
    ...rest,
  };
}

function finding(rest: Partial<GateFinding>): GateFinding {
  return {
    rule: 'marker-not-bumped',
    impact: 'misread',
    level: 'error',
    subject: 'KHO_FDT_COMPATIBLE',
    message: 'kho: kho-v1 on both sides, but it names two formats: kho_mem_phys_bits',
    outgoing: { writes: 'kho-v1' },
    incoming: { accepts: 'kho-v1' },
    where: [
      { file: 'kernel/kexec_handover.c', line: 31, side: 'outgoing' },
      { file: 'kernel/kexec_handover.c', line: 34, side: 'incoming' },
    ],
    fingerprint: '6cee892e7d4bd925e2ad6bb9582b7fb2',
    component: 'kho',
    status: 'failing',
    waiver: null,
    pairs: [{ outgoing: '6.17.8', incoming: '6.18.15', profiles: ['memory'], targets: ['x86_64-4k'] }],
    ...rest,
  };
}

function report(rest: Partial<GateReport>): GateReport {
  return {
    outcome: 'passed',
    summary: 'gate passed: of 1 checks 0 failed, 0 pass by a waiver, 1 pass',
    policy: 'ci/policy.yaml',
    today: '2026-11-01',
    counts: { pairs: 1, passed: 1, waived: 0, failed: 0 },
    pairs: [pair({})],
    findings: [],
    waivers: [],
    problems: [],
    ...rest,
  };
}

const MISREAD: Partial<GatePair> = {
  verdict: 'misread',
  effect: 'corruption',
  findings: ['6cee892e7d4bd925e2ad6bb9582b7fb2'],
};

const failed = report({
  outcome: 'failed',
  summary: 'gate failed: of 3 checks 2 failed, 0 pass by a waiver, 1 pass',
  counts: { pairs: 3, passed: 1, waived: 0, failed: 2 },
  pairs: [
    pair({
      ...MISREAD,
      status: 'failed',
      remaining: { verdict: 'misread', effect: 'corruption' },
      reasons: ['kho is misread (corruption): kho-v1 names two formats'],
    }),
    pair({
      outgoing: '7.1.13',
      incoming: '7.2.13',
      profile: 'memfd',
      target: 'arm64-64k',
      verdict: 'refused',
      effect: 'boot-panic',
      status: 'failed',
      remaining: { verdict: 'refused', effect: 'boot-panic' },
      reasons: ['luo is refused (boot-panic): luo-v4 is written, luo-v5 is read'],
      findings: ['aa829fd09fa7479ad8b88a8c5e159d7a'],
    }),
    pair({ outgoing: '7.2.13', incoming: '7.3.4', verdict: 'compatible-with-notes' }),
  ],
  findings: [
    finding({}),
    finding({
      rule: 'marker-changed',
      impact: 'refused',
      subject: 'LUO_FDT_COMPATIBLE',
      message: 'luo-v4 is written, luo-v5 is read',
      effect: 'boot-panic',
      where: [{ file: 'include/linux/kho/abi/luo.h', line: 12, side: 'outgoing' }],
      fingerprint: 'aa829fd09fa7479ad8b88a8c5e159d7a',
      component: 'luo',
      pairs: [{ outgoing: '7.1.13', incoming: '7.2.13', profiles: ['memfd'], targets: ['arm64-64k'] }],
    }),
    finding({
      rule: 'erratum-applies',
      impact: 'note',
      level: 'warning',
      subject: 'memfd-flags-early',
      message: 'Pages that were dirtied late may be lost.',
      condition: 'Nothing is written after the file was preserved.',
      where: [],
      fingerprint: '0c35f90c02d5346e92fbc808b96207a6',
      component: 'memfd',
      status: 'noted',
      pairs: [{ outgoing: '7.2.13', incoming: '7.3.4', profiles: ['memory'], targets: ['x86_64-4k'] }],
    }),
  ],
});

const waived = report({
  summary: 'gate passed: of 2 checks 0 failed, 2 pass by a waiver, 0 pass',
  counts: { pairs: 2, passed: 0, waived: 2, failed: 0 },
  pairs: [
    pair({ ...MISREAD, status: 'waived', remaining: { verdict: 'compatible-with-notes', effect: null } }),
    pair({
      outgoing: '7.0',
      incoming: '7.1.13',
      verdict: 'refused',
      effect: 'state-dropped',
      status: 'waived',
      remaining: null,
      findings: ['0123456789abcdef0123456789abcdef'],
    }),
  ],
  findings: [
    finding({ status: 'waived', waiver: 0 }),
    finding({
      rule: 'marker-changed',
      impact: 'refused',
      message: 'kho-v1 is written, kho-v3 is read',
      effect: 'state-dropped',
      fingerprint: '0123456789abcdef0123456789abcdef',
      status: 'waived',
      waiver: 1,
      pairs: [{ outgoing: '7.0', incoming: '7.1.13', profiles: ['memory'], targets: ['x86_64-4k'] }],
    }),
  ],
  waivers: [
    {
      rule: 'marker-not-bumped',
      subject: 'KHO_FDT_COMPATIBLE',
      outgoing: '6.17.x',
      incoming: '6.18.x',
      reason: 'rebooted, never updated',
      owner: 'kernel team',
      expires: '2026-12-31',
      acceptsCorruption: true,
      line: 12,
      status: 'used',
      matches: ['6cee892e7d4bd925e2ad6bb9582b7fb2'],
    },
    {
      fingerprint: '0123456789abcdef0123456789abcdef',
      reason: 'the state of these hosts may go',
      owner: 'fleet team',
      acceptsCorruption: false,
      line: null,
      status: 'used',
      matches: ['0123456789abcdef0123456789abcdef'],
    },
  ],
});

/** Text that means something to some format: markup, separators, line ends, what XML cannot hold. */
const HOSTILE =
  'a|b <b>"x"</b> & 100% ::error::, `c` *d* [e](f)\r\nnext\u0000\u001b[31m \u00fc \ud83d\ude80 ]]>';

const hostile = report({
  outcome: 'failed',
  summary: 'gate failed: of 1 checks 1 failed, 0 pass by a waiver, 0 pass, 2 problems of the gate itself',
  policy: 'ci/my policy:1,2.yaml',
  counts: { pairs: 1, passed: 0, waived: 0, failed: 1 },
  pairs: [pair({ status: 'failed', verdict: 'unknown', reasons: [HOSTILE], profile: HOSTILE })],
  findings: [
    finding({
      impact: 'unknown',
      subject: HOSTILE,
      message: HOSTILE,
      where: [{ file: 'a b/c%,d:e.h', line: 7, side: 'incoming' }],
    }),
  ],
  problems: [
    { rule: 'capture-missing', level: 'error', message: HOSTILE, line: null },
    { rule: 'waiver-expired', level: 'error', message: 'its last day was 2026-10-31', line: 9 },
    { rule: 'waiver-unused', level: 'warning', message: 'matches no finding', line: 20 },
  ],
});

const empty = report({
  outcome: 'failed',
  summary: 'gate failed: of 0 checks 0 failed, 0 pass by a waiver, 0 pass, 1 problem of the gate itself',
  counts: { pairs: 0, passed: 0, waived: 0, failed: 0 },
  pairs: [],
  problems: [
    { rule: 'selection-empty', level: 'error', message: 'the policy selects no pair at all', line: null },
  ],
});

/** The reports by name. */
export const GATE_SAMPLES = { empty, failed, hostile, passed: report({}), waived } as const;
