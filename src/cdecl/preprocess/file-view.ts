import { type ErrorCode, ToolError } from '../../errors.ts';
import type { Where } from '../../model/layout.ts';
import type { LexedItem } from '../lex/lexer.ts';
import { errorAt } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import { isSameMacro, type Macro, parseDefine } from './macro.ts';
import type { Branch, IncludeLine, Skeleton } from './skeleton.ts';
import type { SourceText } from './source.ts';

/** Something that went wrong in a file and did not stop the rest of it. */
export interface Diagnostic {
  code: ErrorCode;
  message: string;
  where: Where;
  /** The text of the line. */
  source?: string;
}

/** A `#define` (macro) or `#undef` (no macro) in an active branch; `at` orders the events of a file. */
export interface MacroEvent {
  readonly at: number;
  readonly line: number;
  readonly macro: Macro | undefined;
}

/** A run of text in an active branch. */
export interface TextRun {
  readonly tokens: readonly Token[];
  readonly at: number;
  /** `#pragma pack` in force, in bytes; undefined for none. */
  readonly pack: number | undefined;
}

/** What the directives of a file ask of the rest of the tree. */
export interface DirectiveHost {
  /** Whether the name is a macro, seen from this place in the file. */
  isDefined(view: FileView, at: number, name: string): boolean;
  /** The truth of an `#if`. Throws ToolError. */
  evaluate(view: FileView, at: number, tokens: readonly Token[], line: number): boolean;
}

interface Events {
  readonly found: MacroEvent[];
  /** How many of the name's items were looked at. */
  next: number;
}

/**
 * A file as its directives make it; nothing is expanded yet. A conditional is evaluated when something that stands in
 * it is asked for, so that a header opened for one macro costs the conditionals around that macro and no others.
 */
export class FileView {
  readonly path: string;
  readonly source: SourceText;
  readonly text: string;
  readonly skeleton: Skeleton;
  readonly diagnostics: Diagnostic[] = [];
  /** The options that the evaluated conditionals tested, with the first line that does. */
  readonly testedOptions = new Map<string, number>();
  readonly #host: DirectiveHost;
  readonly #isActiveByBranch = new Map<Branch, boolean>();
  readonly #wasTakenByBranch = new Map<Branch, boolean>();
  readonly #events = new Map<string, Events>();
  #runs: TextRun[] | undefined;
  #isFollowed = false;

  /** Throws ToolError only when the file as a whole cannot be read. */
  constructor(path: string, source: SourceText, host: DirectiveHost) {
    this.path = path;
    this.source = source;
    this.text = source.text;
    this.skeleton = source.skeleton(path);
    this.#host = host;
  }

  /** The macro of that name as it stands after event `at`: null where the file undefined it, undefined where it is silent. */
  macroAt(name: string, at: number): Macro | null | undefined {
    const events = this.#eventsUntil(name, at);
    for (let index = events.length - 1; index >= 0; index -= 1) {
      if (events[index]!.at <= at) return events[index]!.macro ?? null;
    }
    return undefined;
  }

  /** The macros that stand at the end of the file. */
  macros(): Macro[] {
    return [...this.skeleton.events.keys()].flatMap((name) => this.macroAt(name, Infinity) ?? []);
  }

  /** Whether the file includes that in an active branch, before item `before`. */
  includes({ spelled, isAngled }: IncludeLine, before: number): boolean {
    return this.skeleton.includes.some(
      (include) =>
        include.spelled === spelled &&
        include.isAngled === isAngled &&
        include.at < before &&
        this.#isActive(this.skeleton.branchOf[include.at]),
    );
  }

  /** The text of all active branches. */
  get runs(): readonly TextRun[] {
    this.#runs ??= this.#collectRuns();
    return this.#runs;
  }

  /** Evaluates every conditional and reads every definition, so that `diagnostics` is complete, by line. */
  followAll(): void {
    if (this.#isFollowed) return;
    this.#isFollowed = true;
    for (const branch of this.skeleton.opened.values()) this.#isActive(branch);
    for (const name of this.skeleton.events.keys()) this.#eventsUntil(name, Infinity);
    for (const { message, line } of this.skeleton.faults)
      this.report(errorAt('C_SYNTAX', message, this, line), line);
    this.diagnostics.sort((one, other) => one.where.line - other.where.line);
  }

  /** Remembers that a configuration option decides what this file says. */
  noteOption(name: string, line: number): void {
    if (!name.startsWith('CONFIG_')) return;
    const option = name.endsWith('_MODULE') ? name.slice(0, -'_MODULE'.length) : name;
    this.testedOptions.set(option, Math.min(line, this.testedOptions.get(option) ?? line));
  }

  /** Notes an error and goes on. */
  report(error: ToolError, line: number): void {
    const { source } = error.details;
    const where = { file: this.path, line: error.details.line ?? line };
    this.diagnostics.push({
      code: error.code,
      message: error.message,
      where,
      ...(source === undefined ? {} : { source }),
    });
  }

  #note(error: unknown, line: number): void {
    if (!(error instanceof ToolError)) throw error;
    this.report(error, line);
  }

  #isActive(branch: Branch | undefined): boolean {
    if (!branch) return true;
    const known = this.#isActiveByBranch.get(branch);
    if (known !== undefined) return known;
    // Until it is known it counts as inactive, for a condition that asks for what it decides itself.
    this.#isActiveByBranch.set(branch, false);
    const isActive =
      this.#isActive(branch.parent) && !this.#wasTaken(branch.previous) && this.#test(branch.at);
    this.#isActiveByBranch.set(branch, isActive);
    return isActive;
  }

  /** Whether a branch or one before it in its conditional is active. */
  #wasTaken(last: Branch | undefined): boolean {
    const open: Branch[] = [];
    let branch = last;
    for (; branch && !this.#wasTakenByBranch.has(branch); branch = branch.previous) open.push(branch);
    let wasTaken = branch !== undefined && this.#wasTakenByBranch.get(branch) === true;
    for (const one of open.reverse()) {
      wasTaken ||= this.#isActive(one);
      this.#wasTakenByBranch.set(one, wasTaken);
    }
    return wasTaken;
  }

  #test(at: number): boolean {
    const item = this.skeleton.items[at]!;
    if (item.directive === 'else') return true;
    if (item.directive === 'if' || item.directive === 'elif') {
      try {
        return this.#host.evaluate(this, at, item.tokens, item.line);
      } catch (error) {
        this.#note(error, item.line);
        return false;
      }
    }
    const [name] = item.tokens;
    if (name?.kind !== 'name') {
      this.#note(errorAt('C_SYNTAX', `#${item.directive} without a name`, this, item.line), item.line);
      return false;
    }
    this.noteOption(name.text, item.line);
    const isKnownGuard = name.text === this.skeleton.guard && this.macroAt(name.text, at) === undefined;
    const isDefined = !isKnownGuard && this.#host.isDefined(this, at, name.text);
    return isDefined !== item.directive!.endsWith('ndef');
  }

  #eventsUntil(name: string, at: number): readonly MacroEvent[] {
    const items = this.skeleton.events.get(name);
    if (!items) return [];
    let events = this.#events.get(name);
    if (!events) {
      events = { found: [], next: 0 };
      this.#events.set(name, events);
    }
    while (events.next < items.length && items[events.next]! <= at) {
      const index = items[events.next]!;
      events.next += 1;
      if (this.#isActive(this.skeleton.branchOf[index])) this.#addEvent(events.found, index);
    }
    return events.found;
  }

  #addEvent(events: MacroEvent[], at: number): void {
    const { directive, tokens, line } = this.skeleton.items[at]!;
    if (directive === 'undef') {
      events.push({ at, line, macro: undefined });
      return;
    }
    try {
      const macro = parseDefine(tokens, this, line);
      const last = events.at(-1)?.macro;
      if (!last || !isSameMacro(last, macro)) events.push({ at, line, macro });
    } catch (error) {
      this.#note(error, line);
    }
  }

  #collectRuns(): TextRun[] {
    const runs: TextRun[] = [];
    const packing = new Packing();
    for (const [at, item] of this.skeleton.items.entries()) {
      const isText = item.directive === undefined;
      const isPack = item.directive === 'pragma' && item.tokens[0]?.text === 'pack';
      if ((!isText && !isPack) || !this.#isActive(this.skeleton.branchOf[at])) continue;
      if (isPack) packing.follow(item);
      else runs.push({ tokens: item.tokens, at, pack: packing.current });
    }
    return runs;
  }
}

/** `#pragma pack(N)`, `pack()`, `pack(push)`, `pack(push, N)`, `pack(pop)` (GCC manual: Structure-Layout Pragmas). */
class Packing {
  current: number | undefined;
  readonly #stack: (number | undefined)[] = [];

  follow({ tokens }: LexedItem): void {
    const words = tokens
      .slice(1)
      .filter((token) => !'(),'.includes(token.text))
      .map((token) => token.text);
    const size = words.find((word) => /^\d+$/.test(word));
    if (words[0] === 'pop') this.current = this.#stack.pop();
    else if (words[0] === 'push') this.#stack.push(this.current);
    if (size !== undefined) this.current = Number(size) || undefined;
    else if (words.length === 0) this.current = undefined;
  }
}
