import type { WalkStep, Way } from '../verdict/walk.ts';
import { endOf, goOn, isAsked, UNREACHED, wayBegun } from '../verdict/walk.ts';

// The walks of very many pairs with the same steps come through few states: how far a way has come, and with what. Each is
// worked out once, with where each code leads from it, so that a pair only goes from number to number.

/** Codes of the walk: six bits. */
const CODES = 64;

let count = 0;

/** Not worked out yet. */
export const OPEN = -1;

/** The ways through some steps, for outgoing kernels that have the same of their components. */
export class Ways {
  /** Tells it from all others. */
  readonly number = ++count;
  readonly #steps: readonly WalkStep[];
  readonly #isWritten: readonly boolean[];
  readonly #ways: Way[] = [];
  readonly #numbers = new Map<string, number>();
  /** By state: the step that asks next, -1 at the end. */
  readonly asking: number[] = [];
  /** By state: the rank that an end comes to. */
  readonly ranks: number[] = [];
  /** By state * 64 + code: the state behind it, or OPEN. */
  readonly next: number[] = [];

  /** `isWritten`: by step, whether the outgoing kernels have it. Its first state is 0. */
  constructor(steps: readonly WalkStep[], isWritten: readonly boolean[]) {
    this.#steps = steps;
    this.#isWritten = isWritten;
    this.#enter(wayBegun(), 0);
  }

  /** The state behind one, where its step comes to a code. */
  behind(state: number, own: number): number {
    const at = this.asking[state] as number;
    const way = { ...(this.#ways[state] as Way) };
    this.#take(way, at, own);
    const found = this.#enter(way, at + 1);
    this.next[state * CODES + own] = found;
    return found;
  }

  /** Goes on to a step that asks, or to the end; the state there. */
  #enter(way: Way, from: number): number {
    const steps = this.#steps;
    let at = from;
    for (; at < steps.length && way.lacking < 0; at += 1) {
      if (isAsked(steps[at] as WalkStep, way, this.#isWritten[at] === true)) break;
      this.#take(way, at, UNREACHED);
    }
    const isEnd = at === steps.length || way.lacking >= 0;
    const { ended, unsupported, lacking, rank, isOpen, isTelling } = way;
    const key = [isEnd ? OPEN : at, ended, unsupported, lacking, rank, isOpen, isTelling].join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const state = this.#ways.push(way) - 1;
    this.#numbers.set(key, state);
    this.asking[state] = isEnd ? OPEN : at;
    this.ranks[state] = endOf(way).rank;
    for (let own = 0; own < CODES; own += 1) this.next.push(OPEN);
    return state;
  }

  #take(way: Way, at: number, own: number): void {
    const isWritten = this.#isWritten[at] === true;
    goOn(way, this.#steps[at] as WalkStep, { at, own, isWritten });
  }
}
