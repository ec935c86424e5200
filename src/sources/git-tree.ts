import { posix } from 'node:path';
import { ToolError } from '../errors.ts';
import type { CallerHeaders } from './git-beside.ts';
import type { GitEntry, GitObjects } from './git-objects.ts';
import type { ReadOptions } from './source.ts';

/** Folders below folders, deeper than any kernel's. */
const DEPTH_LIMIT = 32;
const LINK_DEPTH = 8;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]/gm;
/** Files read ahead for one that was asked for. */
const AHEAD_LIMIT = 4000;

/** What holds names and the objects behind them: a commit's tree, or the index. */
export interface GitNames {
  /** undefined where nothing has that path. */
  entry(path: string): GitEntry | undefined;
  /** Paths of all files below a folder, at any depth. */
  below(folder: string): string[];
  /** Paths of the files directly in a folder, which ends in a slash. */
  directlyIn(folder: string): string[];
  hasFolder(path: string): boolean;
  /** Equal for folders with equal content and no links; undefined where that cannot be told. */
  folderMark(path: string): string | undefined;
}

/** The names of a commit's tree; folders are read when they are asked for. */
export class TreeNames implements GitNames {
  readonly #objects: GitObjects;
  readonly #root: string;
  readonly #folders = new Map<string, string | undefined>();

  constructor(objects: GitObjects, root: string) {
    this.#objects = objects;
    this.#root = root;
  }

  entry(path: string): GitEntry | undefined {
    return this.#objects.entryAt(this.#root, path);
  }

  below(folder: string): string[] {
    const oid = this.folderOid(folder.replace(/\/+$/, ''));
    return oid === undefined ? [] : this.#walk(oid, folder.replace(/\/*$/, folder === '' ? '' : '/'), 0);
  }

  directlyIn(folder: string): string[] {
    const oid = this.folderOid(folder.replace(/\/+$/, ''));
    if (oid === undefined) return [];
    return [...this.#objects.tree(oid).entries()].flatMap(([name, { kind }]) =>
      kind === 'file' || kind === 'link' ? [folder + name] : [],
    );
  }

  hasFolder(path: string): boolean {
    return this.folderOid(path) !== undefined;
  }

  folderMark(path: string): string | undefined {
    const oid = this.folderOid(path);
    if (oid === undefined) return 'absent';
    return this.#objects.tree(oid).hasLinks ? undefined : oid;
  }

  /** The tree of a folder; undefined where there is no such folder. */
  folderOid(path: string): string | undefined {
    if (path === '') return this.#root;
    if (this.#folders.has(path)) return this.#folders.get(path);
    const entry = this.entry(path);
    const oid = entry?.kind === 'folder' ? entry.oid : undefined;
    this.#folders.set(path, oid);
    return oid;
  }

  #walk(oid: string, prefix: string, depth: number): string[] {
    if (depth > DEPTH_LIMIT) return [];
    return [...this.#objects.tree(oid).entries()].flatMap(([name, entry]) => {
      if (entry.kind === 'folder') return this.#walk(entry.oid, `${prefix}${name}/`, depth + 1);
      return entry.kind === 'other' ? [] : [prefix + name];
    });
  }
}

/** Trees that are so few that each is worth a run of git of its own. */
const FEW = 2;

/**
 * Reads the folders that lead to some paths, for many trees at once: one run of git for each level, or where they are few for
 * each tree.
 */
export function loadFolders(objects: GitObjects, roots: Iterable<string>, prefixes: readonly string[]): void {
  const wanted = pathNames(prefixes);
  const distinct = new Set(roots);
  if (distinct.size <= FEW) for (const root of distinct) objects.loadTreesBelow(root, foldersIn(wanted));
  let level = new Map<PathNames, Set<string>>([[wanted, distinct]]);
  while (level.size > 0) {
    objects.loadTrees([...level.values()].flatMap((oids) => [...oids]));
    const next = new Map<PathNames, Set<string>>();
    for (const [{ folders }, oids] of level) {
      for (const [name, below] of folders) {
        const found = [...oids].flatMap((oid) => {
          const entry = objects.tree(oid).get(name);
          return entry?.kind === 'folder' ? entry.oid : [];
        });
        if (found.length > 0) next.set(below, new Set(found));
      }
    }
    level = next;
  }
}

/**
 * Reads what stands at some paths ahead, for many trees at once, whose folders were read by `loadFolders`. What cannot be
 * read is left for whoever asks for it.
 */
export function loadFilesAt(objects: GitObjects, roots: Iterable<string>, paths: Iterable<string>): void {
  const wanted = new Set<string>();
  const collect = (oids: Iterable<string>, { files, folders }: PathNames): void => {
    const below = new Map([...folders.keys()].map((name) => [name, new Set<string>()]));
    for (const oid of oids) {
      const tree = objects.tree(oid);
      for (const name of files) {
        const entry = tree.get(name);
        if (entry?.kind === 'file') wanted.add(entry.oid);
      }
      for (const [name, oids] of below) {
        const entry = tree.get(name);
        if (entry?.kind === 'folder') oids.add(entry.oid);
      }
    }
    for (const [name, oids] of below) collect(oids, folders.get(name) as PathNames);
  };
  collect(new Set(roots), pathNames(paths));
  objects.loadFiles(wanted, { mayLack: true });
}

/** Names of files directly in a folder, and of the folders in it. */
interface PathNames {
  files: Set<string>;
  folders: Map<string, PathNames>;
}

/** The paths of all folders, those above before those below. */
function foldersIn({ folders }: PathNames, prefix = ''): string[] {
  return [...folders].flatMap(([name, below]) => [
    `${prefix}${name}`,
    ...foldersIn(below, `${prefix}${name}/`),
  ]);
}

function pathNames(paths: Iterable<string>): PathNames {
  const root: PathNames = { files: new Set(), folders: new Map() };
  for (const path of paths) {
    const folders = path.split('/');
    const file = folders.pop();
    let at = root;
    for (const name of folders) {
      const below = at.folders.get(name) ?? { files: new Set(), folders: new Map() };
      at.folders.set(name, below);
      at = below;
    }
    if (file) at.files.add(file);
  }
  return root;
}

/** How a tree of a repository is read. */
export interface GitReadOptions extends ReadOptions {
  /** Files whose headers beside them are as good as wanted. */
  callers?: { headers: CallerHeaders; paths: Iterable<string> };
}

/** The wanted files under some names, read through the repository's objects. */
export class GitFiles {
  readonly #objects: GitObjects;
  readonly #names: GitNames;
  readonly #options: GitReadOptions;
  #beside: ReadonlySet<string> | undefined;
  #byBaseName: Map<string, string[]> | undefined;
  #hasNamed = false;

  constructor(objects: GitObjects, names: GitNames, options: GitReadOptions) {
    this.#objects = objects;
    this.#names = names;
    this.#options = options;
  }

  /** Names a file's content within the repository; undefined where it is absent or not wanted. */
  oid = (path: string): string | undefined => {
    return this.#isWanted(path) ? this.#resolve(path) : undefined;
  };

  /** Names the content of a folder as a whole; undefined where a link in it may lead elsewhere, or nothing names it. */
  folder = (path: string): string | undefined => this.#names.folderMark(path);

  read = (path: string): string | undefined => {
    const oid = this.oid(path);
    if (oid === undefined) return undefined;
    this.#readAhead(path);
    return this.#objects.file(oid).toString('utf8');
  };

  digest = (path: string): string | undefined => {
    const oid = this.oid(path);
    if (oid === undefined) return undefined;
    this.#readAhead(path);
    return this.#objects.digest(oid);
  };

  list = (folder: string): readonly string[] => {
    const paths = this.#names.below(folder).filter((path) => this.#isWanted(path));
    return paths.filter((path) => this.#resolve(path) !== undefined).sort();
  };

  /** A file by its path, links followed, whether it is wanted or not. */
  textOf(path: string): string | undefined {
    const oid = this.#resolve(path);
    return oid === undefined ? undefined : this.#objects.file(oid).toString('utf8');
  }

  #isWanted(path: string): boolean {
    if (this.#options.wanted(path)) return true;
    const { callers } = this.#options;
    if (!callers || !path.endsWith('.h')) return false;
    this.#beside ??= this.#headersBeside(callers);
    return this.#beside.has(path);
  }

  #headersBeside({ headers, paths }: NonNullable<GitReadOptions['callers']>): ReadonlySet<string> {
    const found = [...paths];
    const oids = found.flatMap((path) => this.#resolve(path) ?? []);
    if (this.#objects.lacksSome(oids)) this.#objects.loadFiles(oids, { mayLack: true });
    return headers.of(found, { find: (path) => this.#resolve(path), textOf: (path) => this.textOf(path) });
  }

  #resolve(path: string): string | undefined {
    let at = path;
    for (let depth = 0; depth < LINK_DEPTH; depth++) {
      const entry = this.#names.entry(at);
      if (entry?.kind === 'file') return entry.oid;
      if (entry?.kind !== 'link') return undefined;
      const target = this.#objects.file(entry.oid).toString('utf8');
      at = posix.join(posix.dirname(at), target);
      if (target.startsWith('/') || at.startsWith('../')) {
        throw new ToolError('FILE_UNREADABLE', `${path}: leads out of the tree`, { path });
      }
    }
    return undefined;
  }

  /** Whoever reads a file reads what it includes: all of that comes in a few runs of git instead of one for each file. */
  #readAhead(path: string): void {
    const seen = new Set<string>([path]);
    let level = [path, ...this.#namedFiles()];
    while (level.length > 0 && seen.size < AHEAD_LIMIT) {
      const oids = level.flatMap((file) => this.oid(file) ?? []);
      if (!this.#objects.lacksSome(oids)) return;
      this.#objects.loadFiles(oids);
      const next = oids.flatMap((oid) => this.#includedBy(this.#objects.file(oid)));
      level = [...new Set(next)].filter((file) => !seen.has(file));
      for (const file of level) seen.add(file);
    }
  }

  /** The files that are wanted by their own name, and what builds a wanted folder: whoever wants one wants all of them. */
  #namedFiles(): string[] {
    if (this.#hasNamed) return [];
    this.#hasNamed = true;
    return (this.#options.folders ?? []).flatMap((prefix) =>
      prefix.endsWith('/') ? [`${prefix}Kconfig`, `${prefix}Makefile`] : prefix,
    );
  }

  /** Wanted files that an `#include` may mean, by the end of their path. */
  #includedBy(content: Buffer): string[] {
    return [...content.toString('latin1').matchAll(INCLUDE)].flatMap(([, spelled = '']) => {
      const base = spelled.slice(spelled.lastIndexOf('/') + 1);
      // An architecture without a header of its own has the generic one (scripts/Makefile.asm-headers).
      const generic = spelled.replace(/^asm\//, 'asm-generic/');
      const ends = [`/${spelled}`, `/${generic}`];
      return (this.#wantedByBaseName().get(base) ?? []).filter((path) =>
        ends.some((end) => path.endsWith(end)),
      );
    });
  }

  #wantedByBaseName(): Map<string, string[]> {
    if (this.#byBaseName) return this.#byBaseName;
    const byBaseName = new Map<string, string[]>();
    const folders = new Set((this.#options.folders ?? []).filter((prefix) => prefix.endsWith('/')));
    for (const folder of folders) {
      for (const path of this.#names.directlyIn(folder)) {
        if (!this.#options.wanted(path)) continue;
        const base = path.slice(path.lastIndexOf('/') + 1);
        byBaseName.set(base, [...(byBaseName.get(base) ?? []), path]);
      }
    }
    this.#byBaseName = byBaseName;
    return byBaseName;
  }
}
