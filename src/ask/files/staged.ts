import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { unwritable } from '../../catalog/make-folder.ts';
import { holdSignals } from './signals.ts';

/** Files of a folder that are written beside those that are there and then take their place, all of them or none. */
export class StagedFiles {
  readonly #folder: string;
  readonly #suffix = `.${randomUUID()}.partial`;
  readonly #names: string[] = [];
  readonly #release: () => void;

  constructor(folder: string) {
    this.#folder = folder;
    this.#release = holdSignals(() => this.#undo());
  }

  /** Writes a file beside the one that is there. A request to end is heard before the next one. */
  async write(name: string, text: string): Promise<void> {
    this.#names.push(name);
    this.#try(name, () => writeFileSync(this.#partial(name), text));
    await setImmediate();
  }

  /** Puts all of them into place. */
  publish(): void {
    for (const name of this.#names)
      this.#try(name, () => renameSync(this.#partial(name), join(this.#folder, name)));
    this.#release();
  }

  #try(name: string, step: () => void): void {
    try {
      step();
    } catch (cause) {
      this.#undo();
      this.#release();
      throw unwritable(join(this.#folder, name), cause);
    }
  }

  #undo(): void {
    for (const name of this.#names) rmSync(this.#partial(name), { force: true });
  }

  #partial(name: string): string {
    return join(this.#folder, name) + this.#suffix;
  }
}
