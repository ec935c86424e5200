import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
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
/** Entries of trees kept at a time: the folders that a capture looks at have some 3,000, and 512 revisions are read in one go. */
const ENTRY_LIMIT = 2_000_000;
/** Bytes of files kept at a time. */
const BYTE_LIMIT = 256 << 20;

/** Trees of which it is kept what was found below them. */
const FOUND_LIMIT = 4096;

/** What a tree says of one name. */
export interface GitEntry {
  kind: 'file' | 'folder' | 'link' | 'other';
  oid: string;
}

/** The names directly in a tree. */
export interface GitFolder {
  readonly size: number;
  /** Whether one of them is a link. */
  readonly hasLinks: boolean;
  get(name: string): GitEntry | undefined;
  entries(): Iterable<readonly [name: string, entry: GitEntry]>;
}

/** A commit as it stands in the repository, grafts left aside. */
export interface GitCommit {
  oid: string;
  tree: string;
  /** Of the committer, YYYY-MM-DD in UTC; undefined where the object has none that can be read. */
  date?: string;
  author: string;
  /** First line of the message. */
  title: string;
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
  readonly #found = new Map<string, Map<string, GitEntry | null>>();
  #entries = 0;
  #bytes = 0;

  /** @param folder where git runs */
  constructor(folder: string, format: 'sha1' | 'sha256') {
    this.#folder = folder;
    this.#idSize = format === 'sha256' ? 32 : 20;
  }

  commits(oids: readonly string[]): GitCommit[] {
    const contents = this.#read(oids, 'commit');
    return oids.map((oid) => parseCommit(oid, contents.get(oid) as Buffer));
  }

  /** Reads trees ahead, so that `tree` need not run git for each. */
  loadTrees(oids: Iterable<string>): void {
    const wanted = [...new Set(oids)].filter((oid) => !this.#folders.has(oid));
    for (const [oid, content] of this.#read(wanted, 'tree')) this.#keepTree(oid, content);
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
    if (known.size === 0) keep(this.#found, { key: folder.oid, value: known, limit: FOUND_LIMIT });
    const entry = known.get(rest);
    if (entry !== undefined) return entry ?? undefined;
    const found = this.entryAt(folder.oid, rest);
    known.set(rest, found ?? null);
    return found;
  }

  /** Reads files ahead. */
  loadFiles(oids: Iterable<string>): void {
    const wanted = [...new Set(oids)].filter((oid) => !this.#files.has(oid));
    for (const [oid, content] of this.#read(wanted, 'blob')) this.#keepFile(oid, content);
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

  #keepTree(oid: string, content: Buffer): void {
    const folder = new PackedFolder(content, this.#idSize);
    this.#folders.set(oid, folder);
    this.#entries += folder.size;
    // A repository's trees as a whole have no room; whoever needs one again reads it again.
    for (const [known, { size }] of this.#folders) {
      if (this.#entries <= ENTRY_LIMIT || known === oid) return;
      this.#folders.delete(known);
      this.#entries -= size;
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

  #read(oids: readonly string[], type: string): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (let start = 0; start < oids.length; start += BATCH) {
      this.#readBatch(oids.slice(start, start + BATCH), type, found);
    }
    return found;
  }

  #readBatch(oids: readonly string[], type: string, found: Map<string, Buffer>): void {
    const { status, output, complaint } = runGit(
      this.#folder,
      ['cat-file', '--batch', '--buffer'],
      `${oids.join('\n')}\n`,
    );
    let at = 0;
    for (const oid of oids) {
      const end = output.indexOf(10, at);
      const [, actual, size] = end < 0 ? [] : output.toString('latin1', at, end).split(' ');
      // Old versions try to fetch what is missing, are not allowed to, and give up.
      if (actual === undefined || actual === 'missing') throw missing(oid, type, status, complaint);
      if (actual !== type) throw new ToolError('GIT_FAILED', `${oid}: is a ${actual}, not a ${type}`);
      const length = Number(size);
      if (type === 'blob' && length > FILE_LIMIT)
        throw new ToolError('FILE_UNREADABLE', `${oid}: larger than ${FILE_LIMIT} bytes`);
      found.set(oid, output.subarray(end + 1, end + 1 + length));
      at = end + 1 + length + 1;
    }
  }
}

function missing(oid: string, type: string, status: number, complaint: string): ToolError {
  const why = status === 0 || complaint === '' ? '' : ` (${complaint})`;
  return new ToolError('GIT_OBJECT_MISSING', `the ${type} ${oid} is not in this clone${why}`);
}

const LINK_MODE = '120000 ';

/** A tree as git stores it: names are found once, what stands behind one is decoded when it is asked for. */
class PackedFolder implements GitFolder {
  readonly #content: string;
  readonly #idSize: number;
  /** By name: where an entry's mode begins, or what was decoded there. */
  readonly #starts = new Map<string, GitEntry | number>();
  readonly hasLinks: boolean;

  constructor(content: Buffer, idSize: number) {
    this.#content = content.toString('latin1');
    this.#idSize = idSize;
    let hasLinks = false;
    for (let at = 0; at < this.#content.length; ) {
      const space = this.#content.indexOf(' ', at);
      const end = this.#content.indexOf('\0', space);
      if (space < 0 || end < 0 || end + 1 + idSize > this.#content.length) {
        throw new ToolError('GIT_FAILED', `a tree is damaged at byte ${at}`, { offset: at });
      }
      hasLinks ||= this.#content.startsWith(LINK_MODE, at);
      this.#starts.set(nameIn(this.#content.slice(space + 1, end)), at);
      at = end + 1 + idSize;
    }
    this.hasLinks = hasLinks;
  }

  get size(): number {
    return this.#starts.size;
  }

  get(name: string): GitEntry | undefined {
    const known = this.#starts.get(name);
    if (typeof known !== 'number') return known;
    const entry = this.#entryAt(known);
    this.#starts.set(name, entry);
    return entry;
  }

  *entries(): Iterable<readonly [string, GitEntry]> {
    for (const [name, known] of this.#starts)
      yield [name, typeof known === 'number' ? this.#entryAt(known) : known];
  }

  #entryAt(at: number): GitEntry {
    const mode = this.#content.slice(at, this.#content.indexOf(' ', at));
    const id = this.#content.indexOf('\0', at) + 1;
    const oid = Buffer.from(this.#content.slice(id, id + this.#idSize), 'latin1').toString('hex');
    return { kind: KIND_BY_MODE[mode] ?? 'other', oid };
  }
}

/** Puts a value into a map, from which the oldest goes where there is no room. */
function keep<T>(map: Map<string, T>, { key, value, limit }: { key: string; value: T; limit: number }): void {
  map.set(key, value);
  const [oldest] = map.size > limit ? map.keys() : [];
  if (oldest !== undefined) map.delete(oldest);
}

/** A name as text; git stores bytes. */
function nameIn(bytes: string): string {
  return /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

function parseCommit(oid: string, content: Buffer): GitCommit {
  const text = content.toString('utf8');
  const gap = text.indexOf('\n\n');
  const head = gap < 0 ? text : text.slice(0, gap);
  const tree = /^tree ([0-9a-f]+)$/m.exec(head)?.[1];
  if (tree === undefined) throw new ToolError('GIT_FAILED', `the commit ${oid} names no tree`);
  const [, author = ''] = /^author (.*?) ?<[^>\n]*>/m.exec(head) ?? [];
  const [, seconds] = /^committer .*> (\d{1,11}) [-+]\d{4}$/m.exec(head) ?? [];
  const [title = ''] = gap < 0 ? [] : text.slice(gap + 2).split('\n');
  return {
    oid,
    tree,
    ...(seconds !== undefined && { date: new Date(Number(seconds) * 1000).toISOString().slice(0, 10) }),
    author: printable(author),
    title: printable(title),
  };
}

/** One line without control characters: it is printed. */
function printable(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
