import type { Outcome } from '../model/evidence.ts';
import type { Observation } from '../model/try.ts';
import type { GuestLine, HopLog } from './console.ts';
import { saidOf } from './console.ts';

/** How a trial ended: by itself, by a limit of time without a line, of all time, or of the console's size. */
export type TrialEnd = 'ended' | 'flooded' | 'silent' | 'too-long';

/** What is known of an update beside its console. */
export interface OutcomeQuestion {
  outgoing: HopLog;
  incoming: HopLog;
  /** Of the whole trial; it was during this update where no later kernel wrote anything. */
  end: TrialEnd;
  /** The payload has sessions, so the incoming kernel must have /dev/liveupdate. */
  hasSessions: boolean;
  /** The outgoing kernel writes the seals of a memfd; without them nobody can get them back. */
  writesSeals: boolean;
}

/** KHO lets go of all that was handed over (kernel/liveupdate/kexec_handover.c, until 6.18 kernel/kexec_handover.c). */
const DROPPED =
  /KHO: .*(?:incompatible with|is invalid)|disabling KHO revival|failed to get preserved memory (?:map|bitmaps)/;
/** KHO finds no room for itself. */
const DISABLED = /disabling kexec handover/;
/** Where LUO ends the boot on purpose (luo_restore_fail in kernel/liveupdate/luo_core.c). */
const LUO_PANIC = /Kernel panic - not syncing: .*(?:incoming tree failed|live update)/;
const PANIC = /Kernel panic - not syncing: /;
/** The kernel found no program to run: it could not have come to the handed-over data. */
const NO_ROOT = /Kernel panic - not syncing: (?:VFS: Unable to mount|No working init|Requested init)/;
const CRASH =
  /BUG: |Oops: |Oops\b.*#\d|general protection fault|Internal error: |Unable to handle kernel|divide error|invalid opcode|KASAN: /;
/** A warning out of the code that reads what was handed over. */
const WARNING = /WARNING: .*(?:kho|luo|liveupdate|kexec_handover|memfd)/;
const NO_HANDLER = /No registered handler for compatible/;
/** reserve_mem= found its region among what was handed over (mm/memblock.c). */
const REVIVED = /Revived memory reservation/;
const EIO = 'open /dev/liveupdate EIO';

/** What the incoming kernel of an update made of it, by the lines on the console. Pure. */
export function observe(question: OutcomeQuestion): Observation {
  return notHandedOver(question) ?? crashed(question) ?? refused(question) ?? restored(question);
}

/** The outgoing kernel did not come to hand over what was asked for. */
function notHandedOver({ outgoing, incoming, end, hasSessions }: OutcomeQuestion): Observation | undefined {
  if (outgoing.guest.length === 0) {
    if (incoming.guest.length === 0) return neverRan('outgoing', outgoing, end);
    const seen = 'the incoming kernel runs; what the outgoing one handed over is not on the console';
    return { ...observation('not-started', { line: null, seen }), lastLines: outgoing.lines.slice(-LAST) };
  }
  const open = saidOf(outgoing, 'open /dev/liveupdate');
  if (hasSessions && open !== undefined && open !== 'ok') {
    return observation('not-started', {
      line: `open /dev/liveupdate ${open}`,
      seen: 'the outgoing kernel has no /dev/liveupdate, so it preserves no file (CONFIG_LIVEUPDATE, CONFIG_KEXEC_HANDOVER)',
    });
  }
  const disabled = findLine(outgoing, [DISABLED]);
  if (disabled !== undefined)
    return observation('not-started', { line: disabled, seen: 'the outgoing kernel switched KHO off' });
  const unfound = find(outgoing, /^region .* find /);
  if (unfound)
    return observation('not-started', {
      line: unfound.text,
      seen: 'the outgoing kernel shows no such region in debugfs (CONFIG_KEXEC_HANDOVER, CONFIG_KEXEC_HANDOVER_DEBUGFS)',
    });
  const failed = find(outgoing, /^(?:file|session) .* (?:make|preserve|create) /);
  const counts = countsOf(outgoing, 'saved');
  if (failed && counts) {
    const isUnsupported = / preserve ENOENT$/.test(failed.text) && counts.files?.done === 0;
    return isUnsupported
      ? observation('unsupported', {
          line: failed.text,
          seen: 'the outgoing kernel preserves no file of this kind',
        })
      : observation('not-started', { line: failed.text, seen: 'the payload could not be preserved' });
  }
  const load = saidOf(outgoing, 'load');
  if (load !== undefined && load !== 'ok')
    return observation('not-started', {
      line: `load ${load}`,
      seen: 'the outgoing kernel did not take the incoming one',
    });
  if (outgoing.isLeft) return undefined;
  const crash = incoming.lines.length === 0 ? findLine(outgoing, [CRASH, PANIC]) : undefined;
  return {
    ...observation('not-started', {
      line: crash ?? null,
      seen: `the outgoing kernel did not come to the kexec${crash ? '' : endWords(end)}`,
    }),
    lastLines: crash ? [] : outgoing.lines.slice(-LAST),
  };
}

/** The incoming kernel ended, or read what it should not have read. */
function crashed({ incoming, end }: OutcomeQuestion): Observation | undefined {
  const wasDropped = findLine(incoming, [DROPPED]);
  const noRoot = findLine(incoming, [NO_ROOT]);
  const crash = findLine(incoming, [CRASH]);
  if (noRoot !== undefined && crash === undefined && wasDropped === undefined)
    return observation('not-started', {
      line: noRoot,
      seen: 'the incoming kernel has no use for an initramfs',
    });
  if (crash !== undefined)
    return observation('corruption', { line: crash, seen: 'the incoming kernel crashed' });
  const onPurpose = findLine(incoming, [LUO_PANIC]);
  if (onPurpose !== undefined)
    return observation('boot-panic', { line: onPurpose, seen: 'the incoming kernel panicked on purpose' });
  const panic = findLine(incoming, [PANIC]);
  if (panic !== undefined)
    return observation('corruption', { line: panic, seen: 'the incoming kernel panicked' });
  const warning = findLine(incoming, [WARNING]);
  if (warning !== undefined)
    return observation('corruption', { line: warning, seen: 'the incoming kernel warned of what it read' });
  if (incoming.guest.length === 0) return neverRan('incoming', incoming, end);
  if (countsOf(incoming, 'restored')) return undefined;
  return {
    ...observation('corruption', {
      line: null,
      seen: `the incoming kernel stopped while the state was read back${endWords(end)}`,
    }),
    lastLines: incoming.lines.slice(-LAST),
  };
}

/** KHO or LUO of the incoming kernel refused. */
function refused({ incoming, hasSessions }: OutcomeQuestion): Observation | undefined {
  const dropped = findLine(incoming, [DROPPED]);
  if (dropped !== undefined)
    return observation('state-dropped', { line: dropped, seen: 'KHO of the incoming kernel refused' });
  if (!hasSessions) return undefined;
  const open = saidOf(incoming, 'open /dev/liveupdate');
  if (open === 'EIO') {
    const line = findLine(incoming, [NO_HANDLER, /luo.*[Ff]ailed to/]) ?? EIO;
    return observation('all-sessions-lost', { line, seen: 'opening /dev/liveupdate answers EIO for good' });
  }
  if (open !== undefined && open !== 'ok')
    return observation('component-absent', {
      line: `open /dev/liveupdate ${open}`,
      seen: 'the incoming kernel has no /dev/liveupdate',
    });
  const { sessions } = countsOf(incoming, 'restored') ?? {};
  const missing = find(incoming, /^session .* retrieve ENOENT$/);
  if (missing && sessions?.done === 0)
    return observation('state-dropped', { line: missing.text, seen: 'no session is there any more' });
  return undefined;
}

const WRONG = /^(?:file|region) .* (?:size|position|tree|wrong-pages) /;
const LOST = /^(?:file|session) .* retrieve |^session .* finish /;

/** Everything was reached; what came back? */
function restored({ incoming, writesSeals }: OutcomeQuestion): Observation {
  const counts = countsOf(incoming, 'restored');
  const notes: string[] = [];
  const wrong = find(incoming, WRONG);
  if (wrong) return observation('corruption', { line: wrong.text, seen: 'other content came back' });
  const lost = find(incoming, LOST);
  if (lost) {
    const noHandler = findLine(incoming, [NO_HANDLER]);
    return noHandler === undefined
      ? observation('corruption', { line: lost.text, seen: 'what was taken over could not be read back' })
      : observation('file-lost', { line: noHandler, seen: 'files of one kind were lost' });
  }
  const region = find(incoming, /^region .* find /);
  if (region && findLine(incoming, [REVIVED]) === undefined)
    return observation('component-absent', {
      line: region.text,
      seen: 'a reserved region was not handed over',
    });
  if (region && saidOf(incoming, 'open kho/in/fdt') === 'ok')
    return observation('corruption', {
      line: region.text,
      seen: 'the tree that named a region was overwritten',
    });
  const seals = find(incoming, /^file .* seals /);
  if (seals && writesSeals)
    return observation('corruption', { line: seals.text, seen: 'other seals came back' });
  if (seals) notes.push(`seals are gone, which the outgoing kernel does not write: ${seals.text}`);
  // Revived, and not to be looked at: what is in it now is not known.
  const unread = region ?? find(incoming, /^region .* read /);
  if (unread)
    return observation('not-started', {
      line: unread.text,
      seen: 'the incoming kernel lets nobody look at a region (CONFIG_KEXEC_HANDOVER_DEBUGFS, CONFIG_DEVMEM, CONFIG_STRICT_DEVMEM)',
    });
  const line = incoming.guest.find(({ text }) => text.startsWith('restored '))?.text ?? null;
  const all =
    counts &&
    [counts.sessions, counts.files, counts.regions].every((count) => count && count.done === count.wanted);
  if (!all) return observation('corruption', { line, seen: 'less came back than was handed over' });
  return { ...observation('works', { line, seen: 'all came back as it was' }), notes };
}

function neverRan(side: 'incoming' | 'outgoing', log: HopLog, end: TrialEnd): Observation {
  const panic = findLine(log, [CRASH, PANIC]);
  const isSilent = log.lines.length === 0;
  const words = isSilent ? 'wrote nothing on the console' : wordsOfEarlyEnd(log);
  const seen = `the ${side} kernel ${words}${panic ? '' : endWords(end)}`;
  const outcome = side === 'outgoing' ? 'not-started' : 'corruption';
  return { ...observation(outcome, { line: panic ?? null, seen }), lastLines: log.lines.slice(-LAST) };
}

/** The early console goes off when the real one has come on, or at the end of the boot where none does. */
function wordsOfEarlyEnd({ lines }: HopLog): string {
  const isOff = /bootconsole \[\w+\] disabled/.test(lines.at(-1) ?? '');
  const isOn = lines.some((line) => /(?<!boot)console \[\w+\] enabled/.test(line));
  return isOff && !isOn
    ? 'has an early console and no other, so that nothing is seen of its first process'
    : 'did not come to its first process';
}

/** Lines that are shown of a console that ended without a word. */
const LAST = 8;

function endWords(end: TrialEnd): string {
  return {
    ended: ': the machine was reset',
    silent: ': it hung',
    'too-long': ': it did not end',
    flooded: ': it filled the console',
  }[end];
}

interface Told {
  line: string | null;
  seen: string;
}

function observation(outcome: Outcome | 'not-started', { line, seen }: Told): Observation {
  return { outcome, line, seen, missing: [], notes: [], lastLines: [] };
}

function find({ guest }: HopLog, pattern: RegExp): GuestLine | undefined {
  return guest.find(({ text }) => pattern.test(text));
}

/** The first line that matches the first pattern that has one. */
function findLine({ lines }: HopLog, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const line = lines.find((candidate) => pattern.test(candidate) && !candidate.includes('ommand line:'));
    if (line !== undefined) return line;
  }
  return undefined;
}

type Counts = Partial<Record<string, { done: number; wanted: number }>>;

/** `restored sessions 60/60 files 153/153 regions 0/0` in numbers. */
function countsOf(log: HopLog, word: 'restored' | 'saved'): Counts | undefined {
  const said = saidOf(log, word);
  if (said === undefined) return undefined;
  const counts: Counts = {};
  for (const [, name = '', done, wanted] of said.matchAll(/(\w+) (\d+)\/(\d+)/g)) {
    counts[name] = { done: Number(done), wanted: Number(wanted) };
  }
  return counts;
}
