import { type LexedItem, lexFile } from './lexer.ts';
import type { PlacedText } from './place.ts';
import { skipGroup, type Token } from './token.ts';

// The words of a file's code as they stand there: without its comments, whatever is included, and whether it can be parsed.

/** A function's name where code uses it: called, or given on as a pointer. */
export interface NameUse {
  name: string;
  line: number;
  /** The tokens of each argument; none where it is not called. */
  args: readonly (readonly Token[])[];
}

/** Words before a call that are no type: those of Rust, which calls the same functions, among them. */
const NO_TYPES: ReadonlySet<string> = new Set(
  ['case', 'do', 'else', 'goto', 'return', 'sizeof'].concat('if', 'in', 'match', 'while'),
);

/** The code of one file. */
export class CodeWords {
  readonly #runs: readonly (readonly Token[])[];
  /** By macro, or by variable. */
  readonly #texts = new Map<string, string>();

  /** @throws ToolError C_SYNTAX */
  constructor(source: PlacedText) {
    const items = compiled(lexFile(source));
    const code = items.flatMap(({ directive, tokens }) => (directive === undefined ? tokens : []));
    const defined = items.filter(({ directive }) => directive === 'define').map(({ tokens }) => tokens);
    this.#runs = [code, ...defined.map((tokens) => tokens.slice(1))];
    for (const [name, ...value] of defined) {
      const isAlias = value.length === 1 && value[0]?.kind === 'name';
      const text = isAlias ? this.textOf(value[0]) : joined(value, (token) => this.textOf(token));
      if (name && text !== undefined) this.#texts.set(name.text, text);
    }
    for (const [name, text] of textsIn(code)) if (!this.#texts.has(name)) this.#texts.set(name, text);
  }

  /** Where names are used, in the order of the file. What declares, defines or exports them uses them not. */
  uses(isSought: (name: string) => boolean): NameUse[] {
    const found = this.#runs.flatMap((run) => {
      const inAssembler = assemblerIn(run);
      return run.flatMap(({ kind, text, line }, at) => {
        if (kind === 'string' && inAssembler.has(at))
          return (text.match(WORDS) ?? []).filter(isSought).map((name) => ({ name, line, args: [] }));
        return kind === 'name' && isSought(text) && isUse(run, at)
          ? [{ name: text, line, args: argumentsAt(run, at + 1) }]
          : [];
      });
    });
    return found.sort((one, other) => one.line - other.line);
  }

  /** The tokens of the code, without those of directives. */
  get code(): readonly Token[] {
    return this.#runs[0] ?? [];
  }

  /** The code as it counts: every token by its text, whatever stands between them. */
  get spelling(): string {
    return this.#runs.map((run) => run.map(({ text }) => text).join(' ')).join('\n');
  }

  /** The text that a token, or a macro or variable of this file, stands for. */
  textOf(token: Token | undefined): string | undefined {
    if (token?.kind === 'string') return spelled(token);
    return token && this.#texts.get(token.text);
  }

  /**
   * What a member of a variable is set to: in its initializer; else by the only assignment to such a member in the file, or the
   * only text that is copied into one.
   */
  memberOf(variable: string, member: string): Token | undefined {
    const run = this.#runs[0] ?? [];
    const set = run.flatMap(({ text }, at) => {
      if (text !== member || !/^(?:\.|->)$/.test(run[at - 1]?.text ?? '')) return [];
      if (run[at + 1]?.text !== '=' && !isCopiedInto(run, at)) return [];
      return [{ at, value: this.#valueFrom(run, at + 2) }];
    });
    const [own] = initializersOf(run, variable).flatMap(([from, to]) =>
      set.filter(({ at }) => at > from && at < to),
    );
    return own ? own.value : set.length === 1 ? set[0]?.value : undefined;
  }

  /** What stands from an index on to the end of a value: one token, or one for the text that several come to. */
  #valueFrom(run: readonly Token[], from: number): Token | undefined {
    const end = run.findIndex(({ text }, index) => index >= from && /^[,;}]$/.test(text));
    const value = run.slice(from, end < 0 ? undefined : end);
    const [first] = value;
    if (!first) return undefined;
    const text = joined(value, (token) => this.textOf(token));
    if (text !== undefined) return { ...first, kind: 'string', text: `"${text}"` };
    return first.kind === 'string' ? undefined : first;
  }
}

/** The text that strings in a row come to, or names of strings among them, in parentheses or not; undefined where they are more. */
function joined(tokens: readonly Token[], textOf: (token: Token) => string | undefined): string | undefined {
  const parts = tokens.filter(({ text }) => text !== '(' && text !== ')');
  if (!parts.some(({ kind }) => kind === 'string')) return undefined;
  const texts = parts.map(textOf);
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** The variables that stand for a text, where nothing else is given to one of their name. */
function textsIn(code: readonly Token[]): Map<string, string> {
  const texts = new Map<string, string | undefined>();
  for (const [at, { text }] of code.entries()) {
    if (text !== '=') continue;
    const name = code[nameBefore(code, at)];
    if (name?.kind !== 'name') continue;
    const strings: Token[] = [];
    for (let next = at + 1; code[next]?.kind === 'string'; next += 1) strings.push(code[next] as Token);
    const isText = strings.length > 0 && code[at + 1 + strings.length]?.text === ';';
    texts.set(name.text, isText && !texts.has(name.text) ? strings.map(spelled).join('') : undefined);
  }
  return new Map([...texts].flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** The index of what a value is given to, with or without dimensions. */
function nameBefore(code: readonly Token[], equals: number): number {
  let at = equals - 1;
  if (code[at]?.text !== ']') return at;
  while (at > 0 && code[at]?.text !== '[') at -= 1;
  return at - 1;
}

const COPIES = /^(?:strscpy|strcpy|strlcpy|strncpy|memcpy)(?:_pad)?$/;

/** Whether what ends at an index is the first argument of a call that copies the second into it. */
function isCopiedInto(run: readonly Token[], at: number): boolean {
  const open = run.findLastIndex(({ text }, index) => index < at && text === '(');
  return run[at + 1]?.text === ',' && COPIES.test(run[open - 1]?.text ?? '');
}

/** Without what stands in `#if 0`, the one condition that needs no configuration. */
function compiled(items: readonly LexedItem[]): LexedItem[] {
  const open: boolean[] = [];
  return items.filter(({ directive, tokens }) => {
    if (directive === 'if' || directive === 'ifdef' || directive === 'ifndef')
      open.push(directive === 'if' && tokens.length === 1 && tokens[0]?.text === '0');
    else if (directive === 'else' || directive === 'elif') open[open.length - 1] = false;
    else if (directive === 'endif') open.pop();
    return !open.includes(true);
  });
}

const ASSEMBLER = /^(?:asm|__asm|__asm__)$/;
const WORDS = /[A-Za-z_]\w*/g;

/** Where in a run of tokens the text of assembler stands. */
function assemblerIn(run: readonly Token[]): Set<number> {
  const found = new Set<number>();
  for (const [at, { text }] of run.entries()) {
    if (!ASSEMBLER.test(text)) continue;
    const open = run.findIndex(({ text: next }, index) => index > at && !QUALIFIES.test(next));
    if (run[open]?.text !== '(') continue;
    const end = skipGroup(run, open);
    for (let index = open + 1; index < end; index += 1) found.add(index);
  }
  return found;
}

const QUALIFIES = /^(?:volatile|__volatile__|goto|inline)$/;

function isUse(run: readonly Token[], at: number): boolean {
  const [before, previous] = [run[at - 2], run[at - 1]];
  if (previous?.text === '(' && /^EXPORT_SYMBOL|^SYMBOL_/.test(before?.text ?? '')) return false;
  if (run[at + 1]?.text !== '(') return true;
  // `int name(` and `struct page *name(` declare it.
  const type = previous?.text === '*' ? before : previous;
  return type?.kind !== 'name' || NO_TYPES.has(type.text);
}

function argumentsAt(run: readonly Token[], open: number): Token[][] {
  if (run[open]?.text !== '(') return [];
  const args: Token[][] = [[]];
  let depth = 0;
  for (const token of run.slice(open + 1)) {
    if (token.text === ')' && depth === 0) return args;
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    if (token.text === ',' && depth === 0) args.push([]);
    else args.at(-1)?.push(token);
  }
  return args;
}

/** From the brace that opens to that which closes. */
function initializersOf(run: readonly Token[], variable: string): [number, number][] {
  return run.flatMap(({ text }, at): [number, number][] => {
    if (text !== variable) return [];
    const equals = run.findIndex((token, index) => index > at && !'[]'.includes(token.text));
    if (run[equals]?.text !== '=' || run[equals + 1]?.text !== '{') return [];
    let depth = 0;
    for (let end = equals + 1; end < run.length; end++) {
      if (run[end]?.text === '{') depth += 1;
      if (run[end]?.text === '}') depth -= 1;
      if (depth === 0) return [[equals + 1, end]];
    }
    return [];
  });
}

function spelled({ text }: Token): string {
  return text.slice(text.indexOf('"') + 1, -1);
}
