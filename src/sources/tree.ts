import { createHash } from 'node:crypto';
import {
  closeSync,
  type Dirent,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, join, posix, resolve, sep } from 'node:path';
import { ToolError } from '../errors.ts';
import { headersBeside } from './beside.ts';
import type { TreeFiles } from './evidence.ts';
import { unreadable } from './file-source.ts';
import { releaseOfMakefile, releaseOfName } from './release.ts';
import { defineSource, type ReadOptions, type SoughtFiles, speaksOf } from './source.ts';

/** Largest file read; no header or source of a kernel that anyone wants comes near. */
const FILE_LIMIT = 16 << 20;
/** More bytes than most files of a kernel have. */
const GLANCE = 256 << 10;
/** Folders below folders, deeper than any kernel's. */
const DEPTH_LIMIT = 32;

/** An unpacked kernel tree. Files are read when asked for; the tree is never walked as a whole. */
export const tree = defineSource({
  kind: 'tree',
  accepts: (locator) => isFolder(locator),
  async open(locator, options) {
    if (!isFolder(locator)) throw new ToolError('FILE_UNREADABLE', 'not a folder');
    if (!isFolder(join(locator, 'include/linux'))) {
      throw new ToolError('NOT_A_KERNEL', 'no include/linux, not a kernel tree');
    }
    return openTree(locator, options);
  },
});

function openTree(locator: string, options: ReadOptions): TreeFiles {
  const folder = new TreeFolder(realpathSync(locator));
  const name = basename(resolve(locator));
  const makefile = folder.bytes('Makefile')?.toString('utf8');
  const release = (makefile === undefined ? undefined : releaseOfMakefile(makefile)) ?? releaseOfName(name);
  const { sought } = options;
  let found: ReadonlySet<string> | undefined;
  const findAll = (): ReadonlySet<string> => {
    found ??= new Set(sought ? folder.speaking(sought) : []);
    return found;
  };
  let beside: ReadonlySet<string> | undefined;
  const isBeside = (path: string): boolean => {
    if (!sought || !found || !path.endsWith('.h')) return false;
    beside ??= headersBeside(found, sought, (one) => folder.bytes(one)?.toString('utf8'));
    return beside.has(path);
  };
  const isWanted = (path: string): boolean =>
    options.wanted(path) || found?.has(path) === true || isBeside(path);
  const wantedBytes = (path: string) => (isWanted(path) ? folder.bytes(path) : undefined);
  return {
    name,
    read: (path) => wantedBytes(path)?.toString('utf8'),
    list: (path) => folder.files(path).filter(isWanted),
    ...(sought && { sought: () => [...findAll()] }),
    digest: (path) => {
      const bytes = wantedBytes(path);
      return bytes && createHash('sha256').update(bytes).digest('hex');
    },
    ...(release === undefined ? {} : { release }),
  };
}

class TreeFolder {
  readonly #root: string;
  readonly #folders = new Map<string, string | undefined>();
  readonly #bytesByPath = new Map<string, Buffer | undefined>();
  readonly #glanced = Buffer.allocUnsafeSlow(GLANCE);

  /** @param root its real path, without symbolic links */
  constructor(root: string) {
    this.#root = root;
  }

  /** The bytes of a file, undefined when there is none. Throws FILE_UNREADABLE. */
  bytes(path: string): Buffer | undefined {
    if (!this.#bytesByPath.has(path)) this.#bytesByPath.set(path, this.#load(path));
    return this.#bytesByPath.get(path);
  }

  /** Sorted paths of the files below a folder; links to folders are not entered. */
  files(folder: string): string[] {
    const start = posix.normalize(folder === '' ? '.' : folder).replace(/\/+$/, '');
    return this.#walk(start === '.' ? '' : start, 0).sort();
  }

  #walk(folder: string, depth: number): string[] {
    const real = this.#realPath(folder);
    if (real === undefined || depth > DEPTH_LIMIT) return [];
    return listFolder(real, folder).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return this.#walk(path, depth + 1);
      const isLinkToFile = entry.isSymbolicLink() && isFile(join(this.#root, path));
      return entry.isFile() || isLinkToFile ? [path] : [];
    });
  }

  /** Sorted paths of the files, wherever they lie, that speak of what is sought. Throws FILE_UNREADABLE. */
  speaking(sought: SoughtFiles): string[] {
    const found: string[] = [];
    const visit = (folder: string, depth: number): void => {
      if (depth > DEPTH_LIMIT || !sought.mayHold(folder)) return;
      for (const entry of listFolder(join(this.#root, folder), folder)) {
        const path = folder + entry.name;
        if (entry.isDirectory()) visit(`${path}/`, depth + 1);
        else if (entry.isFile() && sought.mayBe(path) && this.#speaks(path, sought)) found.push(path);
      }
    };
    visit('', 0);
    return found.sort();
  }

  #speaks(path: string, sought: SoughtFiles): boolean {
    const known = this.#bytesByPath.get(path);
    if (known) return speaksOf(known, sought, path);
    try {
      const bytes = this.#glance(join(this.#root, path));
      if (!bytes || !speaksOf(bytes, sought, path)) return false;
      // Only these are read again.
      this.#bytesByPath.set(path, Buffer.from(bytes));
      return true;
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  /** What is in a file, until the next glance, for most of very many are looked at once; undefined for one over the limit. */
  #glance(file: string): Buffer | undefined {
    const size = readStart(file, this.#glanced);
    if (size < this.#glanced.length) return this.#glanced.subarray(0, size);
    return statSync(file).size > FILE_LIMIT ? undefined : readFileSync(file);
  }

  #load(path: string): Buffer | undefined {
    const real = this.#realFile(path);
    if (real === undefined) return undefined;
    try {
      const stat = statSync(real);
      if (!stat.isFile()) return undefined;
      if (stat.size <= FILE_LIMIT) return readFileSync(real);
    } catch (error) {
      throw unreadable(path, error);
    }
    const message = `${path}: larger than ${FILE_LIMIT} bytes`;
    throw new ToolError('FILE_UNREADABLE', message, { path });
  }

  /** The same as `#realPath`, for the many files of one folder: where that leads is found once. */
  #realFile(path: string): string | undefined {
    const at = path.lastIndexOf('/');
    const name = path.slice(at + 1);
    if (path.includes('\0') || name === '' || name === '.' || name === '..') return this.#realPath(path);
    const folder = path.slice(0, Math.max(0, at));
    try {
      if (!this.#folders.has(folder)) this.#folders.set(folder, this.#realPath(folder));
      const real = this.#folders.get(folder);
      if (real === undefined) return undefined;
      const inside = `${real}${sep}${name}`;
      const stat = lstatSync(inside, { throwIfNoEntry: false });
      return stat?.isSymbolicLink() ? this.#realPath(path) : stat && inside;
    } catch (error) {
      if (isAbsence(error)) return undefined;
      // What is wrong is told of the path that was asked for.
      return this.#realPath(path);
    }
  }

  /** Where a path leads, all links followed; undefined when there is nothing. Throws FILE_UNREADABLE. */
  #realPath(path: string): string | undefined {
    if (path.includes('\0')) return undefined;
    let real: string;
    try {
      real = realpathSync(join(this.#root, path));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw unreadable(path, error);
    }
    if (real === this.#root || real.startsWith(this.#root + sep)) return real;
    throw new ToolError('FILE_UNREADABLE', `${path}: leads out of the tree`, { path });
  }
}

function listFolder(real: string, folder: string): Dirent[] {
  try {
    return readdirSync(real, { withFileTypes: true });
  } catch (error) {
    if (isAbsence(error)) return [];
    throw unreadable(folder, error);
  }
}

/** Reads as much of a file as fits; how many bytes that are. */
function readStart(file: string, into: Buffer): number {
  const opened = openSync(file, 'r');
  try {
    return readSync(opened, into, 0, into.length, 0);
  } finally {
    closeSync(opened);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isAbsence(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
