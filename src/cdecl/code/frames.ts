import type { Expression, Statement } from './syntax.ts';

/** Where a function's call leaves its result. */
export type Result =
  | { kind: 'ignored' }
  | { kind: 'assigned'; target: Expression }
  | { kind: 'tested'; yes: Frame; no: Frame }
  | { kind: 'returned' };

/** What is still to be done, innermost first; frames are shared, so that equal rests are one. */
export type Frame = { readonly id: number; readonly next: Frame | undefined } & (
  | { readonly kind: 'code'; readonly list: readonly Statement[]; readonly at: number }
  | { readonly kind: 'loop'; readonly head: Frame; readonly loop: Statement }
  | { readonly kind: 'again' }
  | { readonly kind: 'exit' }
  | { readonly kind: 'call'; readonly name: string; readonly result: Result }
);

type Part =
  | { kind: 'code'; list: readonly Statement[]; at: number }
  | { kind: 'loop'; head: Frame; loop: Statement }
  | { kind: 'again' }
  | { kind: 'exit' }
  | { kind: 'call'; name: string; result: Result };

/** Makes frames, each once. */
export class Frames {
  readonly #frames = new Map<string, Frame>();
  readonly #codes = new Map<readonly Statement[], Map<number, Frame>>();
  #made = 0;
  readonly #ids = new WeakMap<object, number>();
  #count = 0;

  /** A row of statements from one on. */
  code(list: readonly Statement[], at: number, next: Frame | undefined): Frame | undefined {
    if (at >= list.length) return next;
    let rows = this.#codes.get(list);
    if (!rows) {
      rows = new Map();
      this.#codes.set(list, rows);
    }
    const key = (next?.id ?? 0) * list.length + at;
    let frame = rows.get(key);
    if (!frame) {
      frame = this.#add({ kind: 'code', list, at }, next);
      rows.set(key, frame);
    }
    return frame;
  }

  /** The end of a loop's body: on with its step and its test. */
  loop(head: Frame, loop: Statement, next: Frame | undefined): Frame {
    return this.#make(`l${head.id}.${this.idOf(loop)}`, { kind: 'loop', head, loop }, next);
  }

  /** The end of the body of a loop that a macro makes. */
  again(loop: Statement, next: Frame | undefined): Frame {
    return this.#make(`a${this.idOf(loop)}`, { kind: 'again' }, next);
  }

  /** The end of what `break` leaves. */
  exit(next: Frame | undefined): Frame {
    return this.#make('x', { kind: 'exit' }, next);
  }

  call(name: string, result: Result, next: Frame | undefined): Frame {
    const what =
      result.kind === 'tested'
        ? `${result.yes.id}.${result.no.id}`
        : result.kind === 'assigned'
          ? this.idOf(result.target)
          : '';
    return this.#make(`f${name}.${result.kind}.${what}`, { kind: 'call', name, result }, next);
  }

  /** A number for an object, the same each time. */
  idOf(object: object): number {
    let id = this.#ids.get(object);
    if (id === undefined) {
      this.#count += 1;
      id = this.#count;
      this.#ids.set(object, id);
    }
    return id;
  }

  #make(text: string, part: Part, next: Frame | undefined): Frame {
    const key = `${text}>${next?.id ?? 0}`;
    let frame = this.#frames.get(key);
    if (!frame) {
      frame = this.#add(part, next);
      this.#frames.set(key, frame);
    }
    return frame;
  }

  #add(part: Part, next: Frame | undefined): Frame {
    this.#made += 1;
    return { ...part, id: this.#made, next };
  }
}
