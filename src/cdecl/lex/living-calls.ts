import { type LexedItem, lexFile } from './lexer.ts';
import type { PlacedText } from './place.ts';
import { skipGroup, type Token } from './token.ts';

// Whether a file's code comes to a call at all: not behind a return that is always taken, not under a condition that never
// holds. The file is not parsed, and nothing that it includes is looked at.

/** What is known of an option, by its name with `CONFIG_`. */
export type OptionValue = (option: string) => boolean;

/** The line of the first call of a function that is come to; undefined where there is none. */
export function livingCall(source: PlacedText, name: string, isOn: OptionValue): number | undefined {
  const tokens = livingTokens(source, isOn);
  const walk = new Walk(tokens, isOn);
  return walk.find(name);
}

/** The tokens of a file that are compiled, without its directives. */
export function livingTokens(source: PlacedText, isOn: OptionValue): Token[] {
  return compiled(itemsOf(source), isOn);
}

/** Of files that are asked about again and again, with another option off each time. */
const lexed = new WeakMap<PlacedText, readonly LexedItem[]>();

function itemsOf(source: PlacedText): readonly LexedItem[] {
  const known = lexed.get(source) ?? lexFile(source);
  lexed.set(source, known);
  return known;
}

/** What each function of a file calls that calls a function of that name, in the order in which it stands there. */
export function callsBeside(source: PlacedText, name: string, isOn: OptionValue): string[][] {
  const bodies: string[][] = [[]];
  let depth = 0;
  const tokens = livingTokens(source, isOn);
  for (const [at, { text, kind }] of tokens.entries()) {
    if (text === '{' && depth++ === 0) bodies.push([]);
    else if (text === '}') depth -= 1;
    else if (depth > 0 && kind === 'name' && tokens[at + 1]?.text === '(') bodies.at(-1)?.push(text);
  }
  return bodies.filter((calls) => calls.includes(name));
}

/** The options that a file's conditions ask for. */
export function optionsAsked(source: PlacedText): string[] {
  const tokens = itemsOf(source).flatMap((item) => item.tokens);
  const names = tokens.flatMap(({ kind, text }) =>
    kind === 'name' && text.startsWith('CONFIG_') ? text : [],
  );
  return [...new Set(names)];
}

/** The code that is left under the conditions of the preprocessor that rest on one option, or on none. */
function compiled(items: readonly LexedItem[], isOn: OptionValue): Token[] {
  const open: { isTaken: boolean; wasTaken: boolean }[] = [];
  const code: Token[] = [];
  for (const { directive, tokens } of items) {
    const top = open.at(-1);
    if (directive === undefined) {
      if (open.every(({ isTaken }) => isTaken)) code.push(...tokens);
    } else if (/^if/.test(directive)) {
      const value = conditionOf(directive, tokens, isOn) ?? true;
      open.push({ isTaken: value, wasTaken: value });
    } else if (top && directive === 'elif') {
      top.isTaken = !top.wasTaken && (conditionOf('if', tokens, isOn) ?? true);
      top.wasTaken ||= top.isTaken;
    } else if (top && directive === 'else') top.isTaken = !top.wasTaken;
    else if (directive === 'endif') open.pop();
  }
  return code;
}

/** What a condition comes to where it is a number or rests on one option; undefined for every other. */
function conditionOf(directive: string, tokens: readonly Token[], isOn: OptionValue): boolean | undefined {
  const text = tokens.map((token) => token.text).join('');
  if (/^[01]$/.test(text)) return text === '1';
  const [, not, option] = /^(!?)(?:defined|IS_ENABLED|IS_REACHABLE)?\(?(CONFIG_\w+)\)?$/.exec(text) ?? [];
  if (option === undefined) return undefined;
  const isWanted = directive !== 'ifndef';
  return (isOn(option) === isWanted) !== (not === '!');
}

/** What ends a statement's way where it stands by itself. */
const LEAVES = /^(?:return|goto|break|continue)$/;
const BEGINS = /^[;{}:]$/;

class Walk {
  readonly #tokens: readonly Token[];
  readonly #isOn: OptionValue;

  constructor(tokens: readonly Token[], isOn: OptionValue) {
    this.#tokens = tokens;
    this.#isOn = isOn;
  }

  find(name: string): number | undefined {
    let depth = 0;
    let dead: number | undefined;
    let leaving = false;
    for (let at = 0; at < this.#tokens.length; at++) {
      const { text, line } = this.#tokens[at] as Token;
      if (text === '{') depth += 1;
      else if (text === '}') {
        depth -= 1;
        if (dead !== undefined && depth < dead) dead = undefined;
      } else if (text === ';' && leaving) {
        dead ??= depth;
        leaving = false;
      } else if (text === ':' && dead === depth && !leaving) dead = undefined;
      else if (depth > 0 && LEAVES.test(text) && BEGINS.test(this.#textAt(at - 1))) leaving = true;
      else if (depth > 0 && text === 'if' && this.#neverHolds(at + 1)) {
        at = this.#behindStatement(skipGroup(this.#tokens, at + 1)) - 1;
        continue;
      }
      if (text === name && depth > 0 && dead === undefined && this.#textAt(at + 1) === '(') return line;
    }
    return undefined;
  }

  #textAt(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  /** A condition that is 0, false, or asks, beside other things that must hold, for an option that is off. */
  #neverHolds(open: number): boolean {
    const end = skipGroup(this.#tokens, open) - 1;
    const inner = this.#tokens.slice(open + 1, end).map(({ text }) => text);
    if (inner.length === 1) return inner[0] === '0' || inner[0] === 'false';
    if (inner.includes('||') || inner.includes('?')) return false;
    return inner.some(
      (text, at) =>
        /^IS_(?:ENABLED|REACHABLE|BUILTIN)$/.test(text) &&
        inner[at - 1] !== '!' &&
        !this.#isOn(inner[at + 2] ?? ''),
    );
  }

  #behindStatement(start: number): number {
    if (this.#textAt(start) === '{') return skipGroup(this.#tokens, start);
    let at = start;
    while (at < this.#tokens.length && this.#textAt(at) !== ';')
      at = /^[({[]$/.test(this.#textAt(at)) ? skipGroup(this.#tokens, at) : at + 1;
    return at + 1;
  }
}
