import type { WriteStream } from 'node:tty';
import type { Progress } from '../ask/asking.ts';

// One line on stderr that says how far a long task is:
//   luo-abi: capturing linux-7.1.13.tar.xz  [########------------]  41 %  0:07
// A library for this would cost every command its loading time; a bar is a line that is written again.

/** Where a bar is drawn. */
export type ProgressTerminal = Pick<WriteStream, 'columns' | 'isTTY' | 'write'>;

/** Milliseconds before a task is worth a bar. */
const PATIENCE = 400;
/** Milliseconds between two drawings. */
const INTERVAL = 100;
const BAR = 20;

/** The bar of one task; silent where nobody looks at a terminal, and for tasks that end soon. */
export class ProgressBar implements Progress {
  readonly #terminal: ProgressTerminal;
  readonly #label: string;
  readonly #total: number;
  readonly #now: () => number;
  readonly #begun: number;
  #due: number;
  #isShown = false;

  constructor(terminal: ProgressTerminal, label: string, total: number, now = () => performance.now()) {
    this.#terminal = terminal;
    this.#label = label;
    this.#total = total;
    this.#now = now;
    this.#begun = now();
    this.#due = this.#begun + PATIENCE;
  }

  at(done: number): void {
    if (!this.#terminal.isTTY) return;
    const now = this.#now();
    if (now < this.#due) return;
    this.#due = now + INTERVAL;
    const line = lineOf({ label: this.#label, done, total: this.#total, elapsed: now - this.#begun });
    // Some terminals do not know how wide they are.
    const width = this.#terminal.columns || 80;
    this.#terminal.write(`\r${line.slice(0, width - 1)}\u001b[K`);
    this.#isShown = true;
  }

  end(): void {
    if (this.#isShown) this.#terminal.write('\r\u001b[K');
    this.#isShown = false;
  }
}

interface Reached {
  label: string;
  done: number;
  total: number;
  /** Milliseconds. */
  elapsed: number;
}

function lineOf({ label, done, total, elapsed }: Reached): string {
  const seconds = Math.floor(elapsed / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (total <= 0) return `luo-abi: ${label}  ${time}`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(share * BAR);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`;
  return `luo-abi: ${label}  ${bar}  ${String(Math.floor(share * 100)).padStart(3)} %  ${time}`;
}
