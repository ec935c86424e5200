import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ToolError, withContext } from '../../errors.ts';
import { isFdt } from '../../formats/fdt.ts';
import type { Blob } from '../../inspect/blob.ts';
import { lostBlob, openBlob } from '../../inspect/blob.ts';

/** What is handed over in one blob is some pages, a tree mostly one; a file beyond this is something else. */
const MAX_BLOB = 64 << 20;
const MAX_TREE = 4 << 20;
/** Names below kho/out and kho/in of debugfs (kernel/liveupdate/kexec_handover_debugfs.c). */
const ROOT_FILE = 'fdt';
const ENTRY_FOLDER = 'sub_fdts';
const INCOMING_FOLDER = 'in';

/**
 * The blobs of a file, or of a folder as KHO shows it in debugfs. A file that is named must be readable; of a folder, what is
 * missing and what cannot be read is among the blobs, with the reason.
 * @throws ToolError FILE_UNREADABLE, USAGE, FDT_CORRUPT, FDT_TRUNCATED
 */
export function blobsAt(path: string, component?: string): Blob[] {
  if (!existsSync(path)) throw unreadable(path, 'no such file');
  if (!statSync(path).isDirectory()) return [blobAt(path)];
  if (component !== undefined)
    throw new ToolError('USAGE', `\`component\` names what one file is; ${path} is a folder`);
  const root = join(path, ROOT_FILE);
  const isRootThere = existsSync(root);
  const own = join(path, ENTRY_FOLDER);
  if (isRootThere || existsSync(own)) return folderBlobs(root, existsSync(own) ? namesIn(own) : []);
  if (basename(resolve(path)) === ENTRY_FOLDER)
    return namesIn(path).map((name) => tolerantBlob(join(path, name)));
  const hint = existsSync(join(path, 'out')) ? `; give ${join(path, 'out')} or ${join(path, 'in')}` : '';
  throw unreadable(path, `neither ${ROOT_FILE} nor ${ENTRY_FOLDER} in it${hint}`);
}

/** KHO's tree and its entries; those that it names and the folder has not are missing. */
function folderBlobs(root: string, names: readonly string[]): Blob[] {
  const entries = join(dirname(root), ENTRY_FOLDER);
  const tree = existsSync(root) ? tolerantBlob(root) : missingRoot(root);
  const told = tree.tree?.root.children.map(({ name }) => name) ?? [];
  const missing = [...new Set(told)].filter((name) => !names.includes(name));
  return [
    tree,
    ...names.map((name) => tolerantBlob(join(entries, name))),
    ...missing.map((name) => missingEntry(join(entries, name))),
  ];
}

function missingRoot(path: string): Blob {
  const why = isIncoming(path) ? '' : ': a kernel that itself came by a live update shows no tree in out';
  const message = `not there${why}`;
  return lostBlob(path, { state: 'missing', message });
}

function missingEntry(path: string): Blob {
  return lostBlob(path, { state: 'missing', message: 'the tree leads to it, and there is no such file' });
}

/** Whether the running kernel was handed what a path shows. */
function isIncoming(path: string): boolean {
  const folder = dirname(resolve(path));
  return basename(basename(folder) === ENTRY_FOLDER ? dirname(folder) : folder) === INCOMING_FOLDER;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw unreadable(folder, (cause as Error).message, cause);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): ToolError {
  return new ToolError('FILE_UNREADABLE', `${path}: ${reason}`, {
    path,
    ...(cause !== undefined && { cause }),
  });
}

/** Files of one folder are looked at as far as they can be. */
function tolerantBlob(path: string): Blob {
  try {
    return blobAt(path);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const state = error.code === 'FILE_UNREADABLE' ? 'unreadable' : 'damaged';
    const message = error.message.startsWith(`${path}: `)
      ? error.message.slice(path.length + 2)
      : error.message;
    return lostBlob(path, {
      state,
      message: `${state === 'damaged' ? 'damaged' : 'cannot be read'}: ${message}`,
    });
  }
}

function blobAt(path: string): Blob {
  const bytes = readBlob(path);
  if (isFdt(bytes) && bytes.length > MAX_TREE)
    throw unreadable(path, `${bytes.length} bytes are too many for a devicetree`);
  try {
    return openBlob(path, bytes, { isIncoming: isIncoming(path) });
  } catch (error) {
    throw withContext(path, error);
  }
}

/** A regular file whole, however long it says it is: files of debugfs may say nothing, or grow; never without end. */
function readBlob(path: string): Uint8Array {
  try {
    if (!statSync(path).isFile()) throw unreadable(path, 'not a file');
    const file = openSync(path, 'r');
    try {
      return readAtMost(file, path);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw cause instanceof ToolError ? cause : unreadable(path, (cause as Error).message, cause);
  }
}

function readAtMost(file: number, path: string): Uint8Array {
  const pieces: Buffer[] = [];
  let length = fstatSync(file).size;
  if (length > MAX_BLOB) throw unreadable(path, `${length} bytes are too many`);
  for (length = 0; length <= MAX_BLOB; ) {
    const piece = Buffer.alloc(1 << 16);
    const read = readSync(file, piece);
    if (read === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, read));
    length += read;
  }
  throw unreadable(path, 'it goes on and on');
}
