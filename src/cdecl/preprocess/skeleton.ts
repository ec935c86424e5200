import type { LexedItem } from '../lex/lexer.ts';
import { errorAt, MAX_DEPTH, type PlacedText } from '../lex/place.ts';

import { spellTokens } from '../lex/token.ts';

/** One branch of a conditional: what stands between `#if` or `#elif` or `#else` and the next of them. */
export interface Branch {
  /** The item that opens it. */
  readonly at: number;
  /** The branch around its conditional; undefined at the top. */
  readonly parent: Branch | undefined;
  /** The branch before it in the same conditional. */
  readonly previous: Branch | undefined;
  /** How many conditionals are open in it. */
  readonly depth: number;
}

/** An `#include` as it stands in a file. */
export interface PlacedInclude extends IncludeLine {
  readonly at: number;
  readonly line: number;
  /** How many conditionals enclose it. */
  readonly depth: number;
}

/** What the directives of a text are, before any condition is evaluated: the same for every target. */
export interface Skeleton {
  readonly items: readonly LexedItem[];
  /** The branch that each item stands in; for `#if` and its like, the branch around the conditional. */
  readonly branchOf: readonly (Branch | undefined)[];
  /** The branch that an item opens. */
  readonly opened: ReadonlyMap<number, Branch>;
  /** The name of the include guard: the first directive tests it, the second defines it. */
  readonly guard: string | undefined;
  /** Macro name to the items that define or undefine it, ascending. */
  readonly events: ReadonlyMap<string, readonly number[]>;
  readonly includes: readonly PlacedInclude[];
  readonly faults: readonly { readonly message: string; readonly line: number }[];
}

/** Throws C_DEPTH where conditionals nest deeper than MAX_DEPTH. */
export function outline(items: readonly LexedItem[], source: PlacedText): Skeleton {
  return new Outliner(items, source).run();
}

class Outliner {
  readonly #items: readonly LexedItem[];
  readonly #source: PlacedText;
  readonly #open: { line: number; branch: Branch }[] = [];
  readonly #branchOf: (Branch | undefined)[] = [];
  readonly #opened = new Map<number, Branch>();
  readonly #events = new Map<string, number[]>();
  readonly #includes: PlacedInclude[] = [];
  readonly #faults: { message: string; line: number }[] = [];

  constructor(items: readonly LexedItem[], source: PlacedText) {
    this.#items = items;
    this.#source = source;
  }

  run(): Skeleton {
    for (const [at, item] of this.#items.entries()) {
      this.#branchOf.push(this.#open.at(-1)?.branch);
      if (item.directive !== undefined) this.#directive(item, item.directive, at);
    }
    const last = this.#open.at(-1);
    if (last) this.#faults.push({ message: 'a conditional never ends', line: last.line });
    return {
      items: this.#items,
      branchOf: this.#branchOf,
      opened: this.#opened,
      guard: guardOf(this.#items),
      events: this.#events,
      includes: this.#includes,
      faults: this.#faults,
    };
  }

  #directive(item: LexedItem, directive: string, at: number): void {
    switch (directive) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        this.#enter(item, at);
        break;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        this.#otherwise(item, at);
        break;
      case 'endif':
        if (!this.#open.pop()) this.#faults.push({ message: '#endif without #if', line: item.line });
        break;
      case 'define':
      case 'undef':
        this.#event(item, at);
        break;
      case 'include':
      case 'include_next':
      case 'import':
        this.#include(item, at);
        break;
      default:
        break;
    }
  }

  #enter({ line }: LexedItem, at: number): void {
    const depth = this.#open.length + 1;
    if (depth > MAX_DEPTH)
      throw errorAt('C_DEPTH', `conditionals nest deeper than ${MAX_DEPTH}`, this.#source, line);
    const branch = { at, parent: this.#open.at(-1)?.branch, previous: undefined, depth };
    this.#opened.set(at, branch);
    this.#open.push({ line, branch });
  }

  #otherwise({ line, directive }: LexedItem, at: number): void {
    const open = this.#open.at(-1);
    if (!open) {
      this.#faults.push({ message: `#${directive} without #if`, line });
      return;
    }
    const { parent, depth } = open.branch;
    open.branch = { at, parent, previous: open.branch, depth };
    this.#opened.set(at, open.branch);
  }

  #event({ tokens: [name] }: LexedItem, at: number): void {
    const key = name?.kind === 'name' ? name.text : '';
    const known = this.#events.get(key);
    if (known) known.push(at);
    else this.#events.set(key, [at]);
  }

  #include({ tokens, line }: LexedItem, at: number): void {
    const match = /^([<"])([^>"]+)[>"]/.exec(spellTokens(tokens).trim());
    if (!match) return;
    const depth = this.#open.length;
    this.#includes.push({ spelled: match[2]!, isAngled: match[1] === '<', at, line, depth });
  }
}

function guardOf(items: readonly LexedItem[]): string | undefined {
  const [first, second] = firstDirectives(items);
  const name = first?.tokens.find((token) => token.kind === 'name' && token.text !== 'defined')?.text;
  const isTest =
    first?.directive === 'ifndef' || (first?.directive === 'if' && first.tokens[0]?.text === '!');
  return isTest && second?.directive === 'define' && second.tokens[0]?.text === name ? name : undefined;
}

function firstDirectives(items: readonly LexedItem[]): LexedItem[] {
  const found: LexedItem[] = [];
  for (const item of items) {
    if (item.directive !== undefined) found.push(item);
    if (found.length === 2) break;
  }
  return found;
}

/** An `#include` as it is written. */
export interface IncludeLine {
  readonly spelled: string;
  readonly isAngled: boolean;
}
