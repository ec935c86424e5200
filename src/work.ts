import { AsyncLocalStorage } from 'node:async_hooks';
import { Stopped } from './errors.ts';

// Long work tells how far it is, and ends where that is asked for. It finds who asks here, wherever it is done: nothing
// between a question and its loops hands a signal on.

/** A task under way. */
export interface Progress {
  /** How much of the total is done, in the unit of the total. */
  at(done: number): void;
  /** Nothing more is told of it. */
  end(): void;
}

/** Begins to show a task; `total` in any unit, 0 where it is not known. */
export type ShowProgress = (label: string, total: number) => Progress;

/** Who hears of work, and what ends it. */
export interface Asker {
  /** Shows how far a long task has come. */
  progress?: ShowProgress | undefined;
  /** Ends the work at its next pause; the question rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

interface Work extends Asker {
  /** A task is shown; what it consists of is not. */
  isShowing: boolean;
  /** A pause has ended it, whatever became of the error. */
  isStopped: boolean;
}

const underWay = new AsyncLocalStorage<Work>();

/**
 * Runs a question for who asks it, with all that it starts. It rejects with the reason of the signal where that is aborted,
 * before the work or at one of its pauses, once nothing of it goes on.
 */
export async function working<T>({ signal, progress }: Asker, run: () => T): Promise<Awaited<T>> {
  signal?.throwIfAborted();
  const outer = underWay.getStore();
  // A question that another one asks is a part of its work.
  if (outer ? signal === undefined || signal === outer.signal : !signal && !progress) return await run();
  const work: Work = { signal, progress, isShowing: false, isStopped: false };
  try {
    const answer = await underWay.run(work, run);
    // What is made behind a pause that was passed over is not whole.
    if (work.isStopped) throw new Stopped();
    return answer;
  } catch (error) {
    throw work.isStopped || error instanceof Stopped ? signal?.reason : error;
  }
}

/** A pause of the work: ends it here where that was asked for. */
export function pause(): void {
  const work = underWay.getStore();
  if (!work?.signal?.aborted) return;
  work.isStopped = true;
  throw new Stopped();
}

/** The same, and who else waits has a turn: the request may come from outside. */
export async function rest(): Promise<void> {
  if (underWay.getStore()?.signal) await new Promise((resolve) => setImmediate(resolve));
  pause();
}

/** Calls back where the work is to end while nothing of it runs here: a program is at work. Call what it returns behind that. */
export function onStop(end: () => void): () => void {
  const { signal } = underWay.getStore() ?? {};
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  return () => signal?.removeEventListener('abort', end);
}

/** Begins a task of the work, which is shown unless it is part of one that is; each `at` is a pause. */
export function task(label: string, total: number): Progress {
  const work = underWay.getStore();
  const shown = work?.isShowing === false ? work.progress?.(label, total) : undefined;
  if (work && shown) work.isShowing = true;
  return {
    at: (done) => {
      shown?.at(done);
      pause();
    },
    end: () => {
      shown?.end();
      if (work && shown) work.isShowing = false;
    },
  };
}

/** The items of a task one after the other, each behind a rest. */
export async function* each<T>(label: string, items: readonly T[]): AsyncGenerator<T> {
  const { at, end } = task(label, items.length);
  try {
    for (const [done, item] of items.entries()) {
      at(done);
      await rest();
      yield item;
    }
  } finally {
    end();
  }
}

/** Milliseconds of work between two rests, where steps take less. */
const SPELL = 5;

/** What a generator comes to that pauses at each step of a task, and rests where it has worked for a while. */
export async function inSteps<T>(label: string, total: number, steps: Iterator<unknown, T>): Promise<T> {
  const { at, end } = task(label, total);
  let rested = Number.NEGATIVE_INFINITY;
  try {
    for (let done = 0; ; done += 1) {
      at(done);
      if (performance.now() - rested >= SPELL) {
        await rest();
        rested = performance.now();
      }
      const step = steps.next();
      if (step.done) return step.value;
    }
  } finally {
    end();
  }
}

/** All parts of a work at a time; where one fails, once none of the others goes on. */
export async function together<const T extends readonly unknown[]>(
  parts: T,
): Promise<{ -readonly [At in keyof T]: Awaited<T[At]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
