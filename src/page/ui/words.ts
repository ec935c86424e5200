import type { PairClass } from '../../model/outputs.ts';
import type { KernelKind, PageAnswer } from '../../model/page.ts';
import type { ComponentVerdictKind, Effect } from '../../model/verdict-kind.ts';
import type { Outcome } from '../view/count.ts';

/** What a verdict says to somebody who has never seen one. */
export const VERDICT_WORDS: Record<ComponentVerdictKind, string> = {
  misread:
    'The new kernel accepts what it is handed and reads it wrongly. No kernel reports this: it is the one failure that nothing catches.',
  refused: 'The new kernel does not take what it is handed.',
  unknown: 'A fact that is needed for an answer is missing. Do not treat this as a pass.',
  unsupported: 'The running kernel cannot preserve this state at all, so there is nothing to hand over.',
  'compatible-with-notes':
    'Everything is taken and reads the same. There is something to know; see the notes.',
  compatible: 'Everything is taken and reads the same.',
  unreached: 'Something below it failed first, so it was never looked at.',
};

/** What a failure does to the machine. */
export const EFFECT_WORDS: Record<Effect, string> = {
  corruption: 'Preserved state is taken for something else: wrong files, an oops, a hang or lost pages.',
  'boot-panic': 'The new kernel panics in early boot, also when nothing was preserved.',
  'all-sessions-lost': 'The new kernel boots, and every session is lost because of one file.',
  'state-dropped': 'The new kernel boots as after a plain kexec; everything that was preserved is gone.',
  'component-absent': 'The new kernel boots and the rest works; this part of the state is gone.',
  'file-lost': 'The new kernel boots; that file cannot be retrieved.',
  ignored: 'A warning in the log, nothing more.',
};

export const CLASS_WORDS: Record<PairClass, string> = {
  'stable-sequential': 'a release to the next of its series',
  'main+1': 'a series to the next series',
  'stable+2': 'a series to the one after the next',
};

export const KIND_WORDS: Record<KernelKind, string> = {
  upstream: 'Upstream',
  downstream: 'Downstream',
  series: 'Posted series',
};

export const OUTCOME_WORDS: Record<Outcome, string> = {
  safe: 'safe',
  misread: 'misread',
  panic: 'panic',
  refused: 'refused',
  open: 'unknown or unsupported',
};

/** `refused (state-dropped)`. */
export function answerText({ verdict, effect }: Pick<PageAnswer, 'effect'> & { verdict: string }): string {
  const words = verdict === 'compatible-with-notes' ? 'compatible, with notes' : verdict;
  return effect ? `${words} (${effect})` : words;
}

/** The CSS class by which an answer gets its colours. */
export function toneOf(verdict: ComponentVerdictKind, effect: Effect | null): string {
  if (verdict === 'refused' && effect === 'boot-panic') return 't-panic';
  return `t-${verdict}`;
}
