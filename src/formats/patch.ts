import { ToolError } from '../errors.ts';

// A unified diff, as git writes it (extended headers, then the rest) or as diff does (the rest alone):
//
//   diff --git a/PATH b/PATH
//   new file mode 100644 | deleted file mode ... | rename from PATH | rename to PATH | similarity index ...
//   --- a/PATH | --- /dev/null
//   +++ b/PATH | +++ /dev/null
//   @@ -START,COUNT +START,COUNT @@ what encloses it
//   ' ' context, '-' taken out, '+' put in; '\' : the line before has no line end
//
// What stands between the files (the message, the statistics, the signature) is passed over.

/** One place of a file that a patch changes. Lines keep their line end. */
export interface Hunk {
  /** Line of the file before the change, from 1; 0 where the file is empty. */
  outgoingStart: number;
  /** Line of the file after the change. */
  incomingStart: number;
  /** Context and what is taken out. */
  before: readonly string[];
  /** Context and what is put in. */
  after: readonly string[];
  /** False where no context follows: such a hunk is good at the end of the file alone. */
  hasTrailingContext: boolean;
}

/** What a patch does to one file. Paths are from the top of the tree. */
export interface FilePatch {
  kind: 'changed' | 'copied' | 'created' | 'deleted' | 'renamed';
  /** The path before, for all but created ones; the path itself where both are the same. */
  source: string;
  /** The path after; for a deleted file the one that it had. */
  path: string;
  hunks: readonly Hunk[];
  /** True where its content changes and no hunk shows how. */
  isBinary: boolean;
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;
const EXTENDED =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|similarity index|dissimilarity index|index) /;
/** A line of a hunk behind its last one; '-- ' begins a signature, '--- ' a file. */
const SURPLUS = /^(?:\+|-(?!-\s*$|-- ))/;
const NOWHERE = '/dev/null';

/**
 * The files that a patch changes, in its order. Text without a diff gives none.
 * @throws ToolError PATCH_SYNTAX where a hunk is damaged, with the line of the text
 */
export function parsePatch(text: string, name: string): FilePatch[] {
  return new PatchParser(text, name).parse();
}

interface Draft {
  kind: FilePatch['kind'];
  source: string | undefined;
  path: string | undefined;
  /** How many folders in front of a path are not of the tree; undefined where its head does not tell. */
  strip: 0 | 1 | undefined;
  isBinary: boolean;
}

class PatchParser {
  readonly #lines: readonly string[];
  readonly #name: string;
  #at = 0;

  constructor(text: string, name: string) {
    this.#lines = text.split('\n');
    this.#name = name;
  }

  parse(): FilePatch[] {
    const files: FilePatch[] = [];
    while (this.#at < this.#lines.length) {
      const draft = this.#draft();
      if (draft) files.push(this.#file(draft));
      else if (files.length > 0 && HUNK.test(this.#line)) throw this.#fault('a hunk of no file');
      else this.#at++;
    }
    return files;
  }

  get #line(): string {
    return this.#lines[this.#at] ?? '';
  }

  #fault(what: string): ToolError {
    return new ToolError('PATCH_SYNTAX', `${this.#name}: line ${this.#at + 1} of its text: ${what}`, {
      path: this.#name,
      line: this.#at + 1,
      source: this.#line,
    });
  }

  /** The head of a file, where one begins here. */
  #draft(): Draft | undefined {
    if (this.#line.startsWith('diff --git ')) return this.#gitDraft();
    const isFile = this.#hasNames() && HUNK.test(this.#lines[this.#at + 2] ?? '');
    if (!isFile) return undefined;
    return { kind: 'changed', source: undefined, path: undefined, strip: undefined, isBinary: false };
  }

  #gitDraft(): Draft {
    const named = namesOf(this.#line.slice('diff --git '.length));
    const draft: Draft = {
      kind: 'changed',
      source: named?.path,
      path: named?.path,
      strip: named?.strip,
      isBinary: false,
    };
    this.#at++;
    for (; EXTENDED.test(this.#line); this.#at++) readExtended(this.#line, draft);
    if (this.#line.startsWith('GIT binary patch') || /^Binary files .* differ$/.test(this.#line)) {
      draft.isBinary = true;
      this.#at++;
    }
    return draft;
  }

  #hasNames(): boolean {
    return this.#line.startsWith('--- ') && (this.#lines[this.#at + 1] ?? '').startsWith('+++ ');
  }

  #file(draft: Draft): FilePatch {
    const hunks: Hunk[] = [];
    if (this.#hasNames()) {
      this.#readNames(draft);
      while (HUNK.test(this.#line)) hunks.push(this.#hunk());
      if (hunks.length === 0 || SURPLUS.test(this.#line)) throw this.#fault('not what its hunk announces');
    }
    const { kind, isBinary, path, source = path } = draft;
    if (path === undefined || source === undefined)
      throw this.#fault('the diff before this line names no file');
    return { kind, source, path, hunks, isBinary };
  }

  #readNames(draft: Draft): void {
    const names = [this.#line.slice(4), this.#lines[this.#at + 1]?.slice(4) ?? ''] as const;
    const strip = draft.strip ?? stripOf(...names);
    const source = pathOf(names[0], strip);
    const path = pathOf(names[1], strip);
    if (source === undefined && path === undefined) throw this.#fault('a diff from nothing to nothing');
    if (source === undefined) draft.kind = 'created';
    if (path === undefined) draft.kind = 'deleted';
    this.#at += 2;
    // A head that says what moved says it whole.
    if (draft.kind === 'renamed' || draft.kind === 'copied') return;
    // A tool that keeps the file as it was under another name (x.c.orig) means the file itself.
    draft.path = path ?? source;
    draft.source = draft.path;
  }

  #hunk(): Hunk {
    const [, outgoing = '', outgoingCount = '1', incoming = '', incomingCount = '1'] =
      HUNK.exec(this.#line) ?? [];
    const counts = { before: Number(outgoingCount), after: Number(incomingCount) };
    const before: string[] = [];
    const after: string[] = [];
    let trailing = 0;
    this.#at++;
    while (before.length < counts.before || after.length < counts.after) {
      if (this.#at >= this.#lines.length) throw this.#fault('the hunk ends too early');
      const mark = this.#readLine(before, after);
      trailing = mark === ' ' ? trailing + 1 : 0;
      if (before.length > counts.before || after.length > counts.after) {
        this.#at--;
        throw this.#fault('not what its hunk announces');
      }
    }
    return {
      outgoingStart: Number(outgoing),
      incomingStart: Number(incoming),
      before,
      after,
      hasTrailingContext: trailing > 0,
    };
  }

  /** Takes one line of a hunk, and the note behind it that it has no line end. Gives its mark. */
  #readLine(before: string[], after: string[]): string {
    // Mailers take the space from an empty line of context.
    const line = this.#line === '' ? ' ' : this.#line;
    const mark = line.charAt(0);
    if (!' +-'.includes(mark)) throw this.#fault('not a line of a hunk');
    const hasNoEnd = (this.#lines[this.#at + 1] ?? '').startsWith('\\ ');
    const content = hasNoEnd ? line.slice(1) : `${line.slice(1)}\n`;
    if (mark !== '+') before.push(content);
    if (mark !== '-') after.push(content);
    this.#at += hasNoEnd ? 2 : 1;
    return mark;
  }
}

function readExtended(line: string, draft: Draft): void {
  const [, what, path] = /^(rename|copy) (?:from|to) (.+)$/.exec(line) ?? [];
  if (line.startsWith('new file mode ')) draft.kind = 'created';
  else if (line.startsWith('deleted file mode ')) draft.kind = 'deleted';
  if (what === undefined) return;
  draft.kind = what === 'rename' ? 'renamed' : 'copied';
  if (/^\w+ from/.test(line)) draft.source = path;
  else draft.path = path;
}

/** The one path of `a/PATH b/PATH`, or of `PATH PATH` where no prefix is written; undefined where there are two. */
function namesOf(names: string): { path: string; strip: 0 | 1 } | undefined {
  const half = (names.length - 1) / 2;
  if (!Number.isInteger(half) || names[half] !== ' ') return undefined;
  const one = names.slice(0, half);
  const other = names.slice(half + 1);
  // Folders compared outside a repository stand under a/ or b/ on both sides; no kernel has such a folder.
  if (one === other) return /^[ab]\//.test(one) ? { path: one.slice(2), strip: 1 } : { path: one, strip: 0 };
  const path = pathOf(one, 1);
  return path !== undefined && path === pathOf(other, 1) ? { path, strip: 1 } : undefined;
}

/** Whether two names of one file stand under folders that are not of the tree: a/ and b/, or two that differ. */
function stripOf(source: string, path: string): 0 | 1 {
  const names = [source, path].flatMap((name) => pathOf(name, 0) ?? []);
  const [first, other = first] = names.map((name) => /^([^/]*)\//.exec(name)?.[1]);
  return first !== other || names.every((name) => /^[ab.]\//.test(name)) ? 1 : 0;
}

/** A path without its prefix and without the date behind it; undefined for no file. */
function pathOf(name: string, strip: 0 | 1): string | undefined {
  const [path = ''] = name.split('\t');
  if (path.trimEnd() === NOWHERE) return undefined;
  return strip === 0 ? path.trimEnd() : path.trimEnd().replace(/^[^/]*\/+/, '');
}
