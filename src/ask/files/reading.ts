import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FileRead } from '../../sources/file-source.ts';
import type { Progress, ShowProgress } from '../asking.ts';

/** Shows how much of each file is read while a task runs. */
export async function showReading<T>(progress: ShowProgress | undefined, task: () => Promise<T>): Promise<T> {
  if (!progress) return task();
  let shown: { name: string; bar: Progress; done: number } | undefined;
  const hear = (message: unknown): void => {
    const { name, size, length } = message as FileRead;
    if (shown?.name !== name) {
      shown?.bar.end();
      shown = { name, bar: progress(`reading ${name}`, size), done: 0 };
    }
    // The end of an archive may be read first, where its index is: what counts is how much was read.
    shown.done += length;
    shown.bar.at(shown.done);
  };
  subscribe('luo-abi:read', hear);
  try {
    return await task();
  } finally {
    unsubscribe('luo-abi:read', hear);
    shown?.bar.end();
  }
}
