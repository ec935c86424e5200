import { ToolError } from '../errors.ts';

/** A task under way. */
export interface Progress {
  /** How much of the total is done, in the unit of the total. */
  at(done: number): void;
  /** Nothing more is told of it. */
  end(): void;
}

/** Begins to show a task; `total` in any unit, 0 where it is not known. */
export type ShowProgress = (label: string, total: number) => Progress;

/** What every question takes beside what it is about: who hears of its work, and what ends it. */
export interface Asking {
  /** Hears remarks that are no part of the answer, a line each. */
  note?: ((text: string) => void) | undefined;
  /** Shows how far a long task has come. */
  progress?: ShowProgress | undefined;
  /** Ends the work at its next pause: ToolError STOPPED. */
  signal?: AbortSignal | undefined;
}

/** A pause of the work, at which a request to end is heard. @throws ToolError STOPPED */
export function checkNotStopped({ signal }: Asking, what: string): void {
  if (signal?.aborted) throw new ToolError('STOPPED', `${what}: stopped before it was done`);
}
