import { ToolError } from '../errors.ts';
import { FileView } from './file-view.ts';
import type { LexedItem } from './lexer.ts';
import { isSameMacro, parseDefine } from './macro.ts';
import { errorAt, MAX_DEPTH } from './place.ts';
import type { SourceText } from './source.ts';
import { spellTokens, type Token } from './token.ts';

/** What the directives of a file ask of the rest of the tree. */
export interface DirectiveHost {
  /** Whether the name is a macro, seen from this place in the file. */
  isDefined(view: FileView, at: number, name: string): boolean;
  /** The truth of an `#if`. Throws ToolError. */
  evaluate(view: FileView, at: number, tokens: readonly Token[], line: number): boolean;
}

interface Conditional {
  readonly line: number;
  readonly isOuterActive: boolean;
  isActive: boolean;
  wasTaken: boolean;
}

/** Follows the directives of one file. Throws ToolError only when the file as a whole cannot be read. */
export function followDirectives(path: string, source: SourceText, host: DirectiveHost): FileView {
  const view = new FileView(path, source);
  return followInto(view, host);
}

/** The same into a view that its host already knows, so that headers that include each other can see it. */
export function followInto(view: FileView, host: DirectiveHost): FileView {
  new Walk(view, host).run(view.source.items(view.path));
  return view;
}

class Walk {
  readonly #view: FileView;
  readonly #host: DirectiveHost;
  readonly #conditionals: Conditional[] = [];
  readonly #packs: (number | undefined)[] = [];
  #pack: number | undefined;
  #guard: string | undefined;

  constructor(view: FileView, host: DirectiveHost) {
    this.#view = view;
    this.#host = host;
  }

  run(items: readonly LexedItem[]): void {
    this.#guard = guardOf(items);
    for (const [at, item] of items.entries()) {
      if (item.directive === undefined) {
        if (this.#isActive) this.#view.runs.push({ tokens: item.tokens, at, pack: this.#pack });
      } else if (!this.#conditional(item, at) && this.#isActive) this.#plain(item, at);
    }
    const open = this.#conditionals.at(-1);
    if (open) this.#note(errorAt('C_SYNTAX', 'a conditional never ends', this.#view, open.line), open.line);
  }

  get #isActive(): boolean {
    return this.#conditionals.at(-1)?.isActive ?? true;
  }

  #note(error: unknown, line: number): void {
    if (!(error instanceof ToolError)) throw error;
    this.#view.report(error, line);
  }

  #conditional(item: LexedItem, at: number): boolean {
    switch (item.directive) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        this.#open(item, at);
        return true;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        this.#otherwise(item, at);
        return true;
      case 'endif':
        if (!this.#conditionals.pop())
          this.#note(errorAt('C_SYNTAX', '#endif without #if', this.#view, item.line), item.line);
        return true;
      default:
        return false;
    }
  }

  #open(item: LexedItem, at: number): void {
    if (this.#conditionals.length >= MAX_DEPTH) {
      throw errorAt('C_DEPTH', `conditionals nest deeper than ${MAX_DEPTH}`, this.#view, item.line);
    }
    const isOuterActive = this.#isActive;
    const isActive = isOuterActive && this.#test(item, at);
    this.#conditionals.push({ line: item.line, isOuterActive, isActive, wasTaken: isActive });
  }

  #otherwise(item: LexedItem, at: number): void {
    const conditional = this.#conditionals.at(-1);
    if (!conditional) {
      this.#note(errorAt('C_SYNTAX', `#${item.directive} without #if`, this.#view, item.line), item.line);
      return;
    }
    const isOpen = conditional.isOuterActive && !conditional.wasTaken;
    conditional.isActive = isOpen && (item.directive === 'else' || this.#test(item, at));
    conditional.wasTaken ||= conditional.isActive;
  }

  #test(item: LexedItem, at: number): boolean {
    const [name] = item.tokens;
    if (item.directive === 'if' || item.directive === 'elif') {
      try {
        return this.#host.evaluate(this.#view, at, item.tokens, item.line);
      } catch (error) {
        this.#note(error, item.line);
        return false;
      }
    }
    if (name?.kind !== 'name') {
      this.#note(errorAt('C_SYNTAX', `#${item.directive} without a name`, this.#view, item.line), item.line);
      return false;
    }
    noteOption(this.#view, name.text, item.line);
    const isKnownGuard = name.text === this.#guard && this.#view.macroAt(name.text, at) === undefined;
    const isDefined = !isKnownGuard && this.#host.isDefined(this.#view, at, name.text);
    return isDefined !== item.directive!.endsWith('ndef');
  }

  #plain(item: LexedItem, at: number): void {
    switch (item.directive) {
      case 'define':
        this.#define(item, at);
        break;
      case 'undef':
        if (item.tokens[0]) this.#event(item.tokens[0].text, { at, line: item.line, macro: undefined });
        break;
      case 'include':
      case 'include_next':
      case 'import':
        this.#include(item);
        break;
      case 'pragma':
        if (item.tokens[0]?.text === 'pack') this.#pragmaPack(item.tokens.slice(1));
        break;
      default:
        break;
    }
  }

  #define(item: LexedItem, at: number): void {
    try {
      const macro = parseDefine(item.tokens, this.#view, item.line);
      const last = this.#view.macros.get(macro.name)?.at(-1)?.macro;
      if (!last || !isSameMacro(last, macro)) this.#event(macro.name, { at, line: item.line, macro });
    } catch (error) {
      this.#note(error, item.line);
    }
  }

  #event(
    name: string,
    event: { at: number; line: number; macro: ReturnType<typeof parseDefine> | undefined },
  ): void {
    const events = this.#view.macros.get(name);
    if (events) events.push(event);
    else this.#view.macros.set(name, [event]);
  }

  #include(item: LexedItem): void {
    const spelled = spellTokens(item.tokens).trim();
    const match = /^([<"])([^>"]+)[>"]/.exec(spelled);
    if (!match) return;
    const depth = this.#conditionals.length;
    this.#view.includes.push({ spelled: match[2]!, isAngled: match[1] === '<', line: item.line, depth });
  }

  /** `#pragma pack(N)`, `pack()`, `pack(push)`, `pack(push, N)`, `pack(pop)` (GCC manual: Structure-Layout Pragmas). */
  #pragmaPack(tokens: readonly Token[]): void {
    const words = tokens.filter((token) => !'(),'.includes(token.text)).map((token) => token.text);
    const size = words.find((word) => /^\d+$/.test(word));
    if (words[0] === 'pop') this.#pack = this.#packs.pop();
    else if (words[0] === 'push') this.#packs.push(this.#pack);
    if (size !== undefined) this.#pack = Number(size) || undefined;
    else if (words.length === 0) this.#pack = undefined;
  }
}

/** The name of the include guard: the first directive tests it, the second defines it. */
function guardOf(items: readonly LexedItem[]): string | undefined {
  const directives = items.filter((item) => item.directive !== undefined);
  const [first, second] = directives;
  const name = first?.tokens.find((token) => token.kind === 'name' && token.text !== 'defined')?.text;
  const isTest =
    first?.directive === 'ifndef' || (first?.directive === 'if' && first.tokens[0]?.text === '!');
  return isTest && second?.directive === 'define' && second.tokens[0]?.text === name ? name : undefined;
}

/** Remembers that a configuration option decides what this file says. */
export function noteOption(view: FileView, name: string, line: number): void {
  if (!name.startsWith('CONFIG_')) return;
  const option = name.endsWith('_MODULE') ? name.slice(0, -'_MODULE'.length) : name;
  if (!view.testedOptions.has(option)) view.testedOptions.set(option, line);
}
