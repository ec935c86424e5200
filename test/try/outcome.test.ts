import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConsole } from '../../src/try/console.ts';
import type { OutcomeQuestion } from '../../src/try/outcome.ts';
import { observe } from '../../src/try/outcome.ts';

// Each case is what a real update wrote on the console, cut down to the lines that tell.

const SAVED = [
  '[    1.564051] try: hop 0 kernel 7.3.4 #1 PREEMPT',
  '[    1.564052] try: hop 0 open /dev/liveupdate ok',
  '[    4.548238] try: hop 0 saved sessions 63/63 files 164/164 regions 0/0',
  '[    4.668245] try: hop 0 load ok',
  '[    4.668246] try: hop 0 kexec',
];
const BOOTED = ['[    0.000000] Linux version 7.3.4', '[    1.452048] try: hop 1 kernel 7.3.4 #1 PREEMPT'];

function observed(lines: readonly string[], options: Partial<OutcomeQuestion> = {}) {
  const [outgoing, incoming] = readConsole(lines.join('\r\n'), 1);
  assert.ok(outgoing && incoming);
  const question = { outgoing, incoming, end: 'ended', hasSessions: true, writesSeals: true } as const;
  return observe({ ...question, ...options });
}

function after(...lines: string[]) {
  return observed([...SAVED, ...lines]);
}

test('all that came back is works, and the line says how much', () => {
  const seen = after(
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 164/164 regions 0/0',
    '[ 2.4] try: hop 1 end',
  );
  assert.equal(seen.outcome, 'works');
  assert.equal(seen.line, 'restored sessions 63/63 files 164/164 regions 0/0');
});

test('a marker that KHO refuses drops the state, also where the next kernel has no LUO', () => {
  const refused = "[    0.000000] KHO: setup: handover FDT (0x3fe00000) is incompatible with 'kho-v4': 1";
  const dropped = ['[    0.000001] KHO: disabling KHO revival', ...BOOTED];
  for (const open of ['ok', 'ENOENT']) {
    const seen = after(
      refused,
      ...dropped,
      `[ 1.5] try: hop 1 open /dev/liveupdate ${open}`,
      '[ 2.3] try: hop 1 session kinds retrieve ENOENT',
      '[ 2.3] try: hop 1 restored sessions 0/63 files 0/164 regions 0/0',
    );
    assert.equal(seen.outcome, 'state-dropped');
    assert.match(seen.line ?? '', /incompatible with 'kho-v4'/);
  }
});

test('a memory map under another name drops the state', () => {
  const seen = after(
    '[ 0.0] KHO: failed to get preserved memory map',
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 2.3] try: hop 1 restored sessions 0/63 files 0/164 regions 0/0',
  );
  assert.equal(seen.outcome, 'state-dropped');
});

test('the panic that LUO makes on purpose is a boot-panic, any other is corruption', () => {
  const purpose =
    'Kernel panic - not syncing: The incoming tree failed to initialize properly [-EINVAL], disabling live update';
  assert.equal(after('[ 0.5] Linux version 7.3.4', `[ 0.6] ${purpose}`).outcome, 'boot-panic');
  const fatal = 'Kernel panic - not syncing: Fatal exception in interrupt';
  assert.equal(after('[ 0.5] Linux version 7.3.4', `[ 0.6] ${fatal}`).outcome, 'corruption');
});

test('a crash before a panic decides, whatever the panic says', () => {
  const seen = after(
    '[ 0.5] BUG: unable to handle page fault for address: ffffea0010000034',
    '[ 0.5] Oops: Oops: 0002 [#1] PREEMPT NOPTI',
    '[ 0.6] Kernel panic - not syncing: Attempted to kill the idle task!',
  );
  assert.equal(seen.outcome, 'corruption');
  assert.match(seen.line ?? '', /^BUG: unable/);
});

test('an unknown handler that closes /dev/liveupdate for good loses all sessions', () => {
  const seen = after(
    "[ 0.7] luo_file: No registered handler for compatible 'memfd-v2'",
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate EIO',
    '[ 2.3] try: hop 1 restored sessions 0/0 files 0/0 regions 0/0',
  );
  assert.equal(seen.outcome, 'all-sessions-lost');
  assert.match(seen.line ?? '', /No registered handler/);
});

test('an unknown handler where sessions can be had all the same loses files', () => {
  const seen = after(
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    "[ 1.6] luo_file: No registered handler for compatible 'memfd-v2'",
    '[ 1.7] try: hop 1 file 1 retrieve ENOENT',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 0/164 regions 0/0',
  );
  assert.equal(seen.outcome, 'file-lost');
});

test('files that are lost without an unknown handler were misread', () => {
  const seen = after(
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 1.7] try: hop 1 file 1 retrieve ENOENT',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 163/164 regions 0/0',
  );
  assert.equal(seen.outcome, 'corruption');
});

test('another size is corruption, with both numbers', () => {
  const seen = after(
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 1.7] try: hop 1 file 1 size 12345 wanted 65536',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 163/164 regions 0/0',
  );
  assert.equal(seen.outcome, 'corruption');
  assert.equal(seen.line, 'file 1 size 12345 wanted 65536');
});

test('a warning of the code that restores pages is corruption; one of other code is not', () => {
  const warning = (where: string) =>
    after(
      ...BOOTED,
      '[ 1.5] try: hop 1 open /dev/liveupdate ok',
      `[ 1.7] WARNING: ${where}`,
      '[ 2.3] try: hop 1 restored sessions 63/63 files 164/164 regions 0/0',
    ).outcome;
  assert.equal(
    warning('kernel/liveupdate/kexec_handover.c:529 at kho_restore_page+0x1e/0x130, CPU#0: init/1'),
    'corruption',
  );
  assert.equal(warning('CPU: 0 PID: 1 at kernel/kexec_handover.c:247 kho_restore_page+0x1e'), 'corruption');
  assert.equal(warning('arch/x86/kernel/cpu/bugs.c:1 at init_it+0x1, CPU#0: swapper/0'), 'works');
});

test('no /dev/liveupdate in the next kernel: the component is absent', () => {
  const seen = after(
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ENOENT',
    '[ 2.3] try: hop 1 restored sessions 0/0 files 0/0 regions 0/0',
  );
  assert.equal(seen.outcome, 'component-absent');
});

test('seals that the outgoing kernel does not write are a note, those that it writes are corruption', () => {
  const lines = [
    ...SAVED,
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 1.7] try: hop 1 file 119 seals 1 wanted 31',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 164/164 regions 0/0',
  ];
  const unwritten = observed(lines, { writesSeals: false });
  assert.equal(unwritten.outcome, 'works');
  assert.match(unwritten.notes[0] ?? '', /seals 1 wanted 31/);
  assert.equal(observed(lines).outcome, 'corruption');
});

test('a kernel that cannot preserve memfds is unsupported; one without LUO does not start', () => {
  const cannot = observed([
    '[ 1.5] try: hop 0 open /dev/liveupdate ok',
    '[ 1.6] try: hop 0 file 1 preserve ENOENT',
    '[ 2.0] try: hop 0 saved sessions 63/63 files 0/164 regions 0/0',
    '[ 2.1] try: hop 0 load ok',
    '[ 2.2] try: hop 0 kexec',
    '[ 2.2] Linux version 7.3.4',
  ]);
  assert.equal(cannot.outcome, 'unsupported');
  assert.equal(cannot.line, 'file 1 preserve ENOENT');
  const without = observed([
    '[ 1.5] try: hop 0 kernel 6.18.15',
    '[ 1.5] try: hop 0 open /dev/liveupdate ENOENT',
  ]);
  assert.equal(without.outcome, 'not-started');
});

test('an image that is not loaded, and a kernel that never runs the program, did not start', () => {
  const unloaded = observed([
    ...SAVED.slice(0, 3),
    '[ 2.1] try: hop 0 load ENOEXEC',
    '[ 2.1] try: hop 0 end',
  ]);
  assert.deepEqual([unloaded.outcome, unloaded.line], ['not-started', 'load ENOEXEC']);
  const rootless = observed([
    '[ 0.1] Linux version',
    '[ 1.1] Kernel panic - not syncing: VFS: Unable to mount root fs',
  ]);
  assert.equal(rootless.outcome, 'not-started');
  assert.match(rootless.line ?? '', /VFS/);
  const silent = observed([], { end: 'silent' });
  assert.equal(silent.outcome, 'not-started');
  assert.match(silent.seen, /wrote nothing on the console: it hung/);
});

test('a line that the console repeats is not one of the next kernel', () => {
  const last = '[    4.668246] try: hop 0 kexec';
  const silent = after(last);
  assert.equal(silent.outcome, 'corruption');
  assert.match(silent.seen, /wrote nothing on the console/);
});

test('a kernel that hangs is corruption, with its last lines', () => {
  const hung = observed([...SAVED, '[ 0.1] Linux version 6.18.15', '[ 0.2] Memory: 1G'], { end: 'silent' });
  assert.equal(hung.outcome, 'corruption');
  assert.match(hung.seen, /it hung/);
  assert.deepEqual(hung.lastLines, ['Linux version 6.18.15', 'Memory: 1G']);
  const while_ = observed([...SAVED, ...BOOTED, '[ 1.5] try: hop 1 open /dev/liveupdate ok'], {
    end: 'silent',
  });
  assert.equal(while_.outcome, 'corruption');
  assert.match(while_.seen, /while the state was read back/);
});

const REGIONS = [
  '[ 1.5] try: hop 0 kernel 7.3.4',
  '[ 1.5] try: hop 0 open /dev/liveupdate ENODEV',
  '[ 2.0] try: hop 0 saved sessions 0/0 files 0/0 regions 3/3',
  '[ 2.1] try: hop 0 load ok',
  '[ 2.2] try: hop 0 kexec',
  '[ 0.1] Linux version 7.3.4',
  "[ 0.2] memblock: Revived memory reservation 'wide' from KHO",
  '[ 1.5] try: hop 1 kernel 7.3.4',
  '[ 1.5] try: hop 1 open /dev/liveupdate ENODEV',
];
const REGION_CASES: readonly [what: string, said: string, restored: number, outcome: string][] = [
  ['all that were handed over are read back', 'overwrite ok', 3, 'works'],
  ['other content', 'region wide wrong-pages 512 wanted 0', 2, 'corruption'],
  ['the tree that tells of them was overwritten', 'region wide tree ENOENT', 3, 'corruption'],
  [
    'the tree does not name one that was revived',
    'open kho/in/fdt ok\ntry: hop 1 region wide find ENOENT',
    2,
    'corruption',
  ],
  ['one that nobody may read', 'region wide read EPERM', 2, 'not-started'],
  ['one that was revived and is shown nowhere', 'region wide find ENOENT', 2, 'not-started'],
  ['fewer, without a word', 'overwrite ok', 2, 'corruption'],
];

for (const [what, said, restored, outcome] of REGION_CASES) {
  test(`reserved regions: ${what}: ${outcome}`, () => {
    const lines = [
      `[ 1.7] try: hop 1 ${said}`,
      `[ 2.0] try: hop 1 restored sessions 0/0 files 0/0 regions ${restored}/3`,
    ];
    assert.equal(observed([...REGIONS, ...lines], { hasSessions: false }).outcome, outcome);
  });
}

test('a region that the next kernel did not revive is absent', () => {
  const lines = [
    ...REGIONS.filter((line) => !line.includes('Revived')),
    '[ 1.7] try: hop 1 region wide find ENOENT',
    '[ 2.0] try: hop 1 restored sessions 0/0 files 0/0 regions 2/3',
  ];
  assert.equal(observed(lines, { hasSessions: false }).outcome, 'component-absent');
});

test('of a chain each update has its own lines', () => {
  const lines = [
    ...SAVED,
    ...BOOTED,
    '[ 1.5] try: hop 1 open /dev/liveupdate ok',
    '[ 2.3] try: hop 1 restored sessions 63/63 files 164/164 regions 0/0',
    '[ 2.4] try: hop 1 open /dev/liveupdate ok',
    '[ 4.5] try: hop 1 saved sessions 63/63 files 164/164 regions 0/0',
    '[ 4.6] try: hop 1 load ok',
    '[ 4.6] try: hop 1 kexec',
    '[ 0.6] Kernel panic - not syncing: The incoming tree failed to initialize properly [-EINVAL]',
  ];
  const [first, second, third] = readConsole(lines.join('\n'), 2);
  assert.ok(first && second && third);
  const common = { end: 'ended', hasSessions: true, writesSeals: true } as const;
  assert.equal(observe({ ...common, outgoing: first, incoming: second }).outcome, 'works');
  assert.equal(observe({ ...common, outgoing: second, incoming: third }).outcome, 'boot-panic');
});
