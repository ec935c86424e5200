import type { Asker } from '../work.ts';

export type { Progress, ShowProgress } from '../work.ts';

/** What every question takes beside what it is about: who hears of its work, and what ends it. */
export interface Asking extends Asker {
  /** Hears remarks that are no part of the answer, a line each. */
  note?: ((text: string) => void) | undefined;
}
