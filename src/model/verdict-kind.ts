/** What a failed gate does to the machine (SEMANTICS, section 3), worst first. */
export const EFFECTS = [
  'corruption',
  'boot-panic',
  'all-sessions-lost',
  'state-dropped',
  'component-absent',
  'file-lost',
  'ignored',
] as const;

export type Effect = (typeof EFFECTS)[number];

/** The verdicts of a pair (SEMANTICS, section 5), worst first; `refused` with `boot-panic` ranks before other `refused`. */
export const VERDICTS = [
  'misread',
  'refused',
  'unknown',
  'unsupported',
  'compatible-with-notes',
  'compatible',
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** A component's part in a pair: a verdict, or `unreached` where something below it failed first. */
export type ComponentVerdictKind = Verdict | 'unreached';

/** Position in the order of badness: 0 is the worst. */
export function badness(verdict: Verdict, effect: Effect | null): number {
  if (verdict === 'refused') return effect === 'boot-panic' ? 1 : 2;
  return VERDICTS.indexOf(verdict) + (verdict === 'misread' ? 0 : 1);
}
