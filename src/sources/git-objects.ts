import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import { LimitedMap } from '../model/limited-map.ts';
import { runGit } from './git-program.ts';

// Objects of a repository through `git cat-file --batch`, many in one run:
//
//   OID SP TYPE SP SIZE LF CONTENT LF      for each name that was asked for, in that order
//   OID SP missing LF                      where the repository has none
//
// A tree's content is MODE SP NAME NUL ID, one after the other; ID has 20 bytes, or 32 with SHA-256.

/** Objects asked for in one run: their sum stays far below what one answer may have. */
const BATCH = 2000;
/** Largest file; no header or source of a kernel that anyone wants comes near. */
const FILE_LIMIT = 16 << 20;
/** Largest tree or commit. */
const OBJECT_LIMIT = 64 << 20;
/** Most bytes of which one text is made; V8 takes twice as many. */
const TEXT_LIMIT = 256 << 20;
/** Bytes of trees kept at a time: the folders that a capture looks at have some 100 KB, and 1,024 revisions are read in one go. */
const TREE_LIMIT = 128 << 20;
/** Bytes of files kept at a time. */
const BYTE_LIMIT = 256 << 20;

/** Trees of which it is kept what was found below them. */
const FOUND_LIMIT = 4096;

/** More than any title of a commit that is shown has. */
const TITLE_BYTES = 4096;

/** What a tree says of one name. */
export interface GitEntry {
  kind: 'file' | 'folder' | 'link' | 'other';
  oid: string;
}

/** The names directly in a tree. */
export interface GitFolder {
  /** Bytes. */
  readonly size: number;
  /** Whether one of them is a link. */
  readonly hasLinks: boolean;
  get(name: string): GitEntry | undefined;
  entries(): Iterable<readonly [name: string, entry: GitEntry]>;
}

/** A commit as it stands in the repository, grafts left aside. */
export interface GitCommit {
  readonly oid: string;
  readonly tree: string;
  /** Of the committer, YYYY-MM-DD in UTC; undefined where the object has none that can be read. */
  readonly date?: string;
  readonly author: string;
  /** First line of the message. */
  readonly title: string;
}

const KIND_BY_MODE: Readonly<Record<string, GitEntry['kind']>> = {
  '40000': 'folder',
  '100644': 'file',
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
};

/** The objects of one repository. Each is read once, as long as there is room for it. */
export class GitObjects {
  readonly #folder: string;
  readonly #idSize: 20 | 32;
  readonly #folders = new Map<string, GitFolder>();
  readonly #files = new Map<string, Buffer>();
  readonly #digests = new Map<string, string>();
  /** Paths that were asked for below a tree. */
  readonly #found = new LimitedMap<string, Map<string, GitEntry | null>>(FOUND_LIMIT);
  #treeBytes = 0;
  #bytes = 0;

  /** @param folder where git runs */
  constructor(folder: string, format: 'sha1' | 'sha256') {
    this.#folder = folder;
    this.#idSize = format === 'sha256' ? 32 : 20;
  }

  commits(oids: readonly string[]): GitCommit[] {
    const contents = this.#read(oids, 'commit', { cut: cutText });
    return oids.map((oid) => parseCommit(oid, contents.get(oid) as string));
  }

  /** Reads trees ahead, so that `tree` need not run git for each. */
  loadTrees(oids: Iterable<string>): void {
    const wanted = [...new Set(oids)].filter((oid) => !this.#folders.has(oid));
    for (const [oid, content] of this.#read(wanted, 'tree', { cut: cutText })) this.#keepTree(oid, content);
  }

  /**
   * Reads a tree and folders of it ahead, in one run of git.
   * @param paths those above before those below; what is not there, or no folder, is left out
   */
  loadTreesBelow(root: string, paths: readonly string[]): void {
    if (this.#folders.has(root)) return;
    const nameOf = (path: string): string => `${root}:${path}`;
    const names = [root, ...paths.map(nameOf)];
    const contents = this.#read(names, 'tree', { cut: cutText, mayLack: true });
    const own = contents.get(root);
    if (own === undefined) return;
    this.#keepTree(root, own);
    for (const path of paths) {
      const content = contents.get(nameOf(path));
      // Asked for by its name, it is a folder of a folder that was read.
      const entry = content === undefined ? undefined : this.#entryIn(root, path.split('/'));
      if (content !== undefined && entry?.kind === 'folder' && !this.#folders.has(entry.oid))
        this.#keepTree(entry.oid, content);
    }
  }

  #entryIn(root: string, names: readonly string[]): GitEntry | undefined {
    return names.reduce<GitEntry | undefined>(
      (entry, name) => entry && this.#folders.get(entry.oid)?.get(name),
      { kind: 'folder', oid: root },
    );
  }

  tree(oid: string): GitFolder {
    if (!this.#folders.has(oid)) this.loadTrees([oid]);
    return this.#folders.get(oid) as GitFolder;
  }

  /** What a tree has at a path; asked again of the same tree below another root, the answer is at hand. */
  entryAt(oid: string, path: string): GitEntry | undefined {
    const slash = path.indexOf('/');
    if (slash < 0) return this.tree(oid).get(path);
    const folder = this.tree(oid).get(path.slice(0, slash));
    if (folder?.kind !== 'folder') return undefined;
    const rest = path.slice(slash + 1);
    const known = this.#found.get(folder.oid) ?? new Map<string, GitEntry | null>();
    if (known.size === 0) this.#found.set(folder.oid, known);
    const entry = known.get(rest);
    if (entry !== undefined) return entry ?? undefined;
    const found = this.entryAt(folder.oid, rest);
    known.set(rest, found ?? null);
    return found;
  }

  /**
   * Reads files ahead.
   * @param mayLack leaves out those that are missing or too large; whoever asks for one of them hears of it then
   */
  loadFiles(oids: Iterable<string>, { mayLack = false } = {}): void {
    const wanted = [...new Set(oids)].filter((oid) => !this.#files.has(oid));
    for (const [oid, content] of this.#read(wanted, 'blob', { cut: cutBytes, mayLack }))
      this.#keepFile(oid, content);
  }

  /** What is said of files that are not kept; those that are missing or too large are left out. */
  judgeFiles(oids: readonly string[], judge: (content: Buffer) => boolean): Map<string, boolean> {
    const cut: Reading<boolean>['cut'] = (output) => (start, end) => judge(output.subarray(start, end));
    const found = this.#read(oids, 'blob', { cut, mayLack: true });
    const left = oids.filter((oid) => !found.has(oid));
    if (left.length === 0) return found;
    // Old versions give up at the first that is missing: what is behind it is asked for by itself.
    return new Map([...found, ...this.#read(this.#present(left), 'blob', { cut, mayLack: true })]);
  }

  /** Those among some objects that this clone holds. */
  #present(oids: readonly string[]): string[] {
    const args = ['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname)'];
    const { output } = runGit(this.#folder, args);
    const wanted = new Set(oids);
    const length = 2 * this.#idSize;
    const found: string[] = [];
    for (let at = 0; at < output.byteLength; at += length + 1) {
      const oid = output.toString('latin1', at, at + length);
      if (wanted.has(oid)) found.push(oid);
    }
    return found;
  }

  /** Whether some file is not at hand yet. */
  lacksSome(oids: readonly string[]): boolean {
    return oids.some((oid) => !this.#files.has(oid));
  }

  file(oid: string): Buffer {
    if (!this.#files.has(oid)) this.loadFiles([oid]);
    return this.#files.get(oid) as Buffer;
  }

  /** SHA-256 of a file's bytes in hexadecimal. */
  digest(oid: string): string {
    let digest = this.#digests.get(oid);
    digest ??= createHash('sha256').update(this.file(oid)).digest('hex');
    this.#digests.set(oid, digest);
    return digest;
  }

  #keepTree(oid: string, content: string): void {
    const folder = new PackedFolder(content, this.#idSize);
    this.#folders.set(oid, folder);
    this.#treeBytes += folder.size;
    // A repository's trees as a whole have no room; whoever needs one again reads it again.
    for (const [known, { size }] of this.#folders) {
      if (this.#treeBytes <= TREE_LIMIT || known === oid) return;
      this.#folders.delete(known);
      this.#treeBytes -= size;
    }
  }

  #keepFile(oid: string, content: Buffer): void {
    if (this.#bytes + content.byteLength > BYTE_LIMIT) {
      this.#files.clear();
      this.#bytes = 0;
    }
    this.#files.set(oid, content);
    this.#bytes += content.byteLength;
  }

  #read<T>(oids: readonly string[], type: string, { cut, mayLack = false }: Reading<T>): Map<string, T> {
    const found = new Map<string, T>();
    for (let start = 0; start < oids.length; start += BATCH) {
      this.#readBatch(oids.slice(start, start + BATCH), { type, cut, mayLack, found });
    }
    return found;
  }

  #readBatch<T>(
    oids: readonly string[],
    { type, cut, mayLack, found }: Required<Reading<T>> & { type: string; found: Map<string, T> },
  ): void {
    const { status, output, complaint } = runGit(
      this.#folder,
      ['cat-file', '--batch', '--buffer'],
      `${oids.join('\n')}\n`,
    );
    const contentAt = cut(output);
    let at = 0;
    for (const oid of oids) {
      const end = output.indexOf(10, at);
      const [, actual, size] = end < 0 ? [] : output.toString('latin1', at, end).split(' ');
      const fault = faultOf({ oid, type, actual, size: Number(size) }, () =>
        missing(oid, type, status, complaint),
      );
      if (fault && !mayLack) throw fault;
      // Old versions try to fetch what is missing, are not allowed to, and give up.
      if (actual === undefined) return;
      const start = end + 1;
      at = actual === 'missing' ? start : start + Number(size) + 1;
      if (!fault) found.set(oid, contentAt(start, at - 1));
    }
  }
}

/** How objects are read. */
interface Reading<T> {
  /** What is made of one object's content in what git printed. */
  cut: (output: Buffer) => (start: number, end: number) => T;
  /** Leaves out what is missing or too large. */
  mayLack?: boolean;
}

const cutBytes: Reading<Buffer>['cut'] = (output) => (start, end) => output.subarray(start, end);

/** A character for each byte. One text a run of git, of which all contents are slices: they need no room of their own. */
const cutText: Reading<string>['cut'] = (output) => {
  if (output.byteLength > TEXT_LIMIT) return (start, end) => output.toString('latin1', start, end);
  const text = output.toString('latin1');
  return (start, end) => text.slice(start, end);
};

function faultOf(
  { oid, type, actual, size }: { oid: string; type: string; actual: string | undefined; size: number },
  missing: () => ToolError,
): ToolError | undefined {
  if (actual === undefined || actual === 'missing') return missing();
  if (actual !== type) return new ToolError('GIT_FAILED', `${oid}: is a ${actual}, not a ${type}`);
  const limit = type === 'blob' ? FILE_LIMIT : OBJECT_LIMIT;
  if (size <= limit) return undefined;
  return new ToolError('FILE_UNREADABLE', `${oid}: larger than ${limit} bytes`);
}

function missing(oid: string, type: string, status: number, complaint: string): ToolError {
  const why = status === 0 || complaint === '' ? '' : ` (${complaint})`;
  return new ToolError('GIT_OBJECT_MISSING', `the ${type} ${oid} is not in this clone${why}`);
}

const LINK_MODE = '120000';
/** Names that are looked for one by one; for more of them an index is made. */
const SCANS = 8;

/** A tree as git stores it. Of most folders one or two names are asked for, so little is made of them ahead. */
class PackedFolder implements GitFolder {
  readonly size: number;
  readonly #content: string;
  readonly #idSize: number;
  /** What was asked for; undefined where there is no such name. */
  readonly #known = new Map<string, GitEntry | undefined>();
  /** Name to where its entry begins. */
  #index: Map<string, number> | undefined;
  #hasLinks: boolean | undefined;

  /** @param content a character for each byte */
  constructor(content: string, idSize: number) {
    this.size = content.length;
    this.#content = content;
    this.#idSize = idSize;
  }

  get hasLinks(): boolean {
    this.#hasLinks ??= this.#content.includes(LINK_MODE) && this.#findLink();
    return this.#hasLinks;
  }

  get(name: string): GitEntry | undefined {
    const known = this.#known.get(name);
    if (known || this.#known.has(name)) return known;
    const start = this.#find(name);
    const entry = start === undefined ? undefined : this.#entryAt(start);
    this.#known.set(name, entry);
    return entry;
  }

  *entries(): Iterable<readonly [string, GitEntry]> {
    for (const [name, start] of this.#index ?? this.#makeIndex()) yield [name, this.#entryAt(start)];
  }

  #find(name: string): number | undefined {
    // What is no UTF-8 has another name in text than in bytes.
    if (this.#known.size >= SCANS || name.includes('\ufffd'))
      return (this.#index ?? this.#makeIndex()).get(name);
    const packed = packedName(name);
    for (let start = 0; start < this.#content.length; start = this.#endOf(start))
      if (this.#content.startsWith(packed, this.#content.indexOf(' ', start))) return start;
    return undefined;
  }

  /** Of a name that stands twice the first counts, as it does where it is looked for alone. */
  #makeIndex(): Map<string, number> {
    const index = new Map<string, number>();
    for (let start = 0; start < this.#content.length; start = this.#endOf(start)) {
      const name = this.#nameAt(start);
      if (!index.has(name)) index.set(name, start);
    }
    this.#index = index;
    return index;
  }

  #findLink(): boolean {
    for (let start = 0; start < this.#content.length; start = this.#endOf(start))
      if (this.#content.startsWith(LINK_MODE, start)) return true;
    return false;
  }

  #idAt(start: number): number {
    const space = this.#content.indexOf(' ', start);
    const id = this.#content.indexOf('\0', space) + 1;
    if (space < 0 || id === 0 || id + this.#idSize > this.#content.length)
      throw new ToolError('GIT_FAILED', `a tree is damaged at byte ${start}`, { offset: start });
    return id;
  }

  #endOf(start: number): number {
    return this.#idAt(start) + this.#idSize;
  }

  #nameAt(start: number): string {
    return nameIn(this.#content.slice(this.#content.indexOf(' ', start) + 1, this.#idAt(start) - 1));
  }

  #entryAt(start: number): GitEntry {
    const mode = this.#content.slice(start, this.#content.indexOf(' ', start));
    const id = this.#idAt(start);
    const oid = Buffer.from(this.#content.slice(id, id + this.#idSize), 'latin1').toString('hex');
    return { kind: KIND_BY_MODE[mode] ?? 'other', oid };
  }
}

const packedNames = new Map<string, string>();

/** A name between the bytes that enclose it in a tree. */
function packedName(name: string): string {
  let packed = packedNames.get(name);
  if (packed === undefined) {
    packed = ` ${Buffer.from(name).toString('latin1')}\0`;
    packedNames.set(name, packed);
  }
  return packed;
}

/** Bytes as text. */
function nameIn(bytes: string): string {
  return /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** @param content a character for each byte */
function parseCommit(oid: string, content: string): GitCommit {
  const gap = content.indexOf('\n\n');
  const lines = (gap < 0 ? content : content.slice(0, gap)).split('\n');
  const fieldOf = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const tree = fieldOf('tree');
  if (tree === undefined) throw new ToolError('GIT_FAILED', `the commit ${oid} names no tree`);
  const [, seconds] = /> (\d{1,11}) [-+]\d{4}$/.exec(fieldOf('committer') ?? '') ?? [];
  return {
    oid,
    tree,
    ...(seconds !== undefined && { date: new Date(Number(seconds) * 1000).toISOString().slice(0, 10) }),
    // Of most commits nobody asks for these.
    get author() {
      return printable(/^(.*?) ?<[^>]*>/.exec(fieldOf('author') ?? '')?.[1] ?? '');
    },
    get title() {
      const message = gap < 0 ? '' : content.slice(gap + 2, gap + 2 + TITLE_BYTES);
      return printable(message.split('\n', 1)[0] ?? '');
    },
  };
}

/** Bytes as one line without control characters: it is printed. */
function printable(bytes: string): string {
  return nameIn(bytes)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
