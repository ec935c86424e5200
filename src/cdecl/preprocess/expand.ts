import { lexText } from '../lex/lexer.ts';
import { errorAt, MAX_DEPTH, MAX_EXPANSION, type PlacedText } from '../lex/place.ts';
import { appendTokens, type Token } from '../lex/token.ts';
import type { Macro } from './macro.ts';
import { substitute } from './substitute.ts';

/** Where an expansion finds its macros. */
export interface MacroScope {
  /** `isCall`: a parenthesis follows, so a function-like macro would be expanded. */
  macro(name: string, isCall: boolean, line: number): Macro | undefined;
  /** Told before each token of the file itself, where the macros in force change between them. */
  moveTo?(index: number): void;
  /** Names that the expansion answers itself, such as IS_ENABLED: the tokens, or undefined. */
  special?(name: string, argument: readonly Token[] | undefined, line: number): Token[] | undefined;
}

interface Frame {
  readonly tokens: readonly Token[];
  next: number;
  readonly macro: Macro | undefined;
}

interface Run {
  readonly busy: Set<Macro>;
  /** Characters yielded since the last token of the file itself. */
  spent: number;
  depth: number;
}

const SPECIAL = new Set([
  'IS_ENABLED',
  'IS_BUILTIN',
  'IS_MODULE',
  'IS_REACHABLE',
  '__LINE__',
  '__COUNTER__',
  '_Pragma',
]);

/**
 * Expands every macro in `tokens`, rescanning with the rule that a macro is not expanded within itself (C11 6.10.3).
 * Throws C_EXPANSION beyond MAX_EXPANSION, C_DEPTH beyond MAX_DEPTH, C_SYNTAX for an invocation that never ends.
 */
export function expandTokens(tokens: readonly Token[], scope: MacroScope, source: PlacedText): Token[] {
  return new Expansion(scope, source, { busy: new Set(), spent: 0, depth: 0 }).run(tokens);
}

class Expansion {
  readonly #scope: MacroScope;
  readonly #source: PlacedText;
  readonly #state: Run;
  readonly #frames: Frame[] = [];

  constructor(scope: MacroScope, source: PlacedText, state: Run) {
    this.#scope = scope;
    this.#source = source;
    this.#state = state;
  }

  run(tokens: readonly Token[]): Token[] {
    const output: Token[] = [];
    this.#frames.push({ tokens, next: 0, macro: undefined });
    for (let token = this.#next(); token; token = this.#next()) {
      if (this.#frames.length === 1 && this.#state.depth === 0) this.#state.spent = 0;
      if (token.kind !== 'name' || token.painted) output.push(token);
      else this.#expandName(token, output);
    }
    return output;
  }

  #expandName(token: Token, output: Token[]): void {
    const isCall = this.#peek()?.text === '(';
    if (SPECIAL.has(token.text) && this.#expandSpecial(token, isCall)) return;
    const macro = this.#scope.macro(token.text, isCall, token.line);
    if (!macro || (macro.parameters && !isCall)) {
      output.push(token);
      return;
    }
    if (this.#state.busy.has(macro)) {
      output.push({ ...token, painted: true });
      return;
    }
    const groups = macro.parameters ? this.#collectArguments(token, macro) : [];
    const body = substitute({
      macro,
      invocation: token,
      groups,
      expand: (group) => this.#expandArgument(group, token),
    });
    this.#push(body, token, macro);
  }

  #expandSpecial(token: Token, isCall: boolean): boolean {
    if (!this.#scope.special) return false;
    let argument: Token[] | undefined;
    const before = this.#frames.at(-1);
    const mark = before?.next ?? 0;
    if (isCall && token.text !== '__LINE__' && token.text !== '__COUNTER__')
      argument = this.#collectGroup(token)[0] ?? [];
    const yielded = this.#scope.special(token.text, argument, token.line);
    if (yielded) this.#push(yielded, token, undefined);
    else if (before && argument) before.next = mark;
    return yielded !== undefined;
  }

  #push(tokens: readonly Token[], invocation: Token, macro: Macro | undefined): void {
    for (const token of tokens) this.#state.spent += token.text.length + 1;
    if (this.#state.spent > MAX_EXPANSION || this.#frames.length > 4 * MAX_DEPTH) {
      throw errorAt(
        'C_EXPANSION',
        `the macro ${invocation.text} grows beyond ${MAX_EXPANSION} characters`,
        this.#source,
        invocation.line,
      );
    }
    this.#frames.push({ tokens, next: 0, macro });
    if (macro) this.#state.busy.add(macro);
  }

  #next(): Token | undefined {
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      if (frame.next < frame.tokens.length) {
        if (this.#frames.length === 1 && this.#state.depth === 0) this.#scope.moveTo?.(frame.next);
        frame.next += 1;
        return frame.tokens[frame.next - 1];
      }
      this.#frames.pop();
      if (frame.macro) this.#state.busy.delete(frame.macro);
    }
    return undefined;
  }

  #peek(): Token | undefined {
    for (let index = this.#frames.length - 1; index >= 0; index -= 1) {
      const frame = this.#frames[index]!;
      if (frame.next < frame.tokens.length) return frame.tokens[frame.next];
    }
    return undefined;
  }

  /** The arguments between the parentheses that come next, split at commas of their own level. */
  #collectGroup(invocation: Token): Token[][] {
    this.#next();
    const groups: Token[][] = [[]];
    let depth = 0;
    for (let token = this.#next(); token; token = this.#next()) {
      if (token.text === ')' && depth === 0) return groups;
      if (token.text === '(') depth += 1;
      if (token.text === ')') depth -= 1;
      if (depth > MAX_DEPTH) throw this.#tooDeep(invocation);
      if (token.text === ',' && depth === 0) groups.push([]);
      else groups.at(-1)!.push(token);
    }
    throw errorAt('C_SYNTAX', `the arguments of ${invocation.text} never end`, this.#source, invocation.line);
  }

  #collectArguments(invocation: Token, macro: Macro): Token[][] {
    const groups = this.#collectGroup(invocation);
    const wanted = macro.parameters!.length;
    if (wanted === 0 && groups.length === 1 && groups[0]!.length === 0) return [];
    if (macro.variadic !== undefined) {
      if (groups.length === wanted - 1) groups.push([]);
      if (groups.length >= wanted) return joinRest(groups, wanted, invocation.line);
    }
    if (groups.length === wanted) return groups;
    const message = `the macro ${macro.name} takes ${wanted} arguments, not ${groups.length}`;
    throw errorAt('C_SYNTAX', message, this.#source, invocation.line);
  }

  #expandArgument(group: readonly Token[], invocation: Token): Token[] {
    if (!group.some((token) => token.kind === 'name')) return [...group];
    this.#state.depth += 1;
    if (this.#state.depth > MAX_DEPTH) throw this.#tooDeep(invocation);
    const output = new Expansion(this.#scope, this.#source, this.#state).run(group);
    this.#state.depth -= 1;
    return output;
  }

  #tooDeep(invocation: Token) {
    return errorAt(
      'C_DEPTH',
      `the arguments of ${invocation.text} nest deeper than ${MAX_DEPTH}`,
      this.#source,
      invocation.line,
    );
  }
}

function joinRest(groups: Token[][], wanted: number, line: number): Token[][] {
  const rest: Token[] = [];
  for (const [index, group] of groups.slice(wanted - 1).entries()) {
    if (index > 0) rest.push({ kind: 'punct', text: ',', line, space: false });
    appendTokens(rest, group);
  }
  return [...groups.slice(0, wanted - 1), rest];
}

/** A number as a token. */
export function numberToken(value: number, line: number): Token {
  return lexText(String(value), line)[0]!;
}
