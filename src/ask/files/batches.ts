import { setImmediate } from 'node:timers/promises';

/** Characters that are put together before they are written. */
const BATCH = 1 << 20;

/** Texts put together into few; between two of them the program hears of signals and of a reader that is gone. */
export async function* batched(chunks: Iterable<string>): AsyncGenerator<string> {
  let pending: string[] = [];
  let size = 0;
  for (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    if (size < BATCH) continue;
    yield pending.join('');
    pending = [];
    size = 0;
    await setImmediate();
  }
  if (size > 0) yield pending.join('');
}
