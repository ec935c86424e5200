// What takes long over very many kernels is a generator that yields behind each of its steps: who runs it may let others have
// a turn there, or end it. Nothing here knows who that is, since the page runs it as well.

/** Work in steps, and what it comes to. */
export type Steps<T> = Generator<undefined, T>;

/** What steps come to, run without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
