import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ToolError } from '../errors.ts';
import { isMbox, splitMbox } from '../formats/mbox.ts';
import type { FilePatch } from '../formats/patch.ts';
import { parsePatch } from '../formats/patch.ts';
import type { PatchMail } from '../formats/patch-mail.ts';
import { readPatchMail } from '../formats/patch-mail.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { unreadable } from './file-source.ts';
import type { SeriesMail } from './patch-order.ts';
import { orderSeries } from './patch-order.ts';
import { readHead } from './tarball.ts';

/** Largest mbox, unpacked, and largest sum of a folder's patches: the longest threads are some MB. */
const SIZE_LIMIT = 64 << 20;
const PATCH_FILE = /\.(?:patch|diff)$/;

/** More messages than any thread has. */
const MESSAGE_LIMIT = 20_000;

/** One patch of a series. */
export interface SeriesPatch {
  /** What messages call it: `v7 3/24 PCI: liveupdate: Add a header`. */
  name: string;
  /** Its Message-ID, or the commit that it was made from; undefined where it tells neither. */
  id?: string;
  files: readonly FilePatch[];
}

/** Patches in the order in which they are applied. */
export interface PatchSeries {
  /** Base name of the mbox or folder. */
  name: string;
  /** Of the cover letter, else of the first patch. */
  title: string;
  version: number;
  /** Message-ID of the cover letter, else what names the first patch. */
  id?: string;
  /** YYYY-MM-DD of the newest patch. */
  date?: string;
  patches: readonly SeriesPatch[];
}

/** Whether a locator looks like a series: an mbox, or a folder that holds patches. */
export async function isPatchSeries(locator: string): Promise<boolean> {
  if (isFolder(locator)) return readdirSync(locator).some((name) => PATCH_FILE.test(name));
  const head = await readHead(locator);
  return PATCH_FILE.test(locator) || (head !== undefined && isMbox(head));
}

/**
 * Reads a series: an mbox (gzip or not), one patch, a folder of *.patch and *.diff files, or several files in their
 * order. Cover letters, answers and older versions of the series are left out.
 * @throws ToolError FILE_UNREADABLE, PATCH_SYNTAX, SERIES_INCOMPLETE, SERIES_AMBIGUOUS
 */
export async function readPatchSeries(...locators: readonly string[]): Promise<PatchSeries> {
  const [locator = '', ...others] = locators;
  const name = basename(resolve(locator)) + (others.length > 0 ? ` and ${others.length} more` : '');
  const files = await Promise.all(locators.map((path) => readFiles(path, basename(resolve(path)))));
  const mails: SeriesMail[] = [];
  for (const { bytes, label } of files.flat()) {
    const messages = splitMbox(bytes);
    if (mails.length + messages.length > MESSAGE_LIMIT) throw tooLong(name);
    for (const [index, message] of messages.entries()) {
      const called = messages.length > 1 ? `${label} message ${index + 1}` : label;
      const mail = await readPatchMail(message.bytes, called);
      // What quotes a diff may have broken it; it is not applied anyway.
      const files = mail.isReply || mail.number === 0 ? [] : parsePatch(mail.text, nameOf(mail));
      mails.push({ ...mail, ...(message.commit !== undefined && { commit: message.commit }), files });
    }
  }
  return seriesOf(name, mails);
}

function seriesOf(name: string, mails: readonly SeriesMail[]): PatchSeries {
  const { cover, patches } = orderSeries(name, mails);
  const [first] = patches;
  if (!first) throw new ToolError('PATCH_SYNTAX', `${name}: holds no patch`, { path: name });
  const { title, version } = cover ?? first;
  const id = cover?.messageId ?? idOf(first);
  const date = patches
    .flatMap((patch) => patch.date ?? [])
    .sort(byCodeUnit)
    .at(-1);
  return {
    name,
    title,
    version,
    ...(id !== undefined && { id }),
    ...(date !== undefined && { date }),
    patches: patches.map((patch): SeriesPatch => {
      const own = idOf(patch);
      return { name: nameOf(patch), files: patch.files, ...(own !== undefined && { id: own }) };
    }),
  };
}

function idOf({ messageId, commit }: SeriesMail): string | undefined {
  return messageId ?? commit;
}

/** What messages call a patch. */
export function nameOf({ title, version, number, total }: PatchMail): string {
  return number === undefined ? title : `v${version} ${number}/${total} ${title}`;
}

async function readFiles(locator: string, name: string): Promise<{ bytes: Uint8Array; label: string }[]> {
  if (!isFolder(locator)) return [{ bytes: await readOne(locator, name), label: name }];
  const files = readdirSync(locator)
    .filter((file) => PATCH_FILE.test(file))
    .sort(byCodeUnit);
  const read: { bytes: Uint8Array; label: string }[] = [];
  let total = 0;
  for (const file of files) {
    const bytes = await readOne(join(locator, file), file);
    total += bytes.byteLength;
    if (total > SIZE_LIMIT) throw tooLong(name);
    read.push({ bytes, label: file });
  }
  return read;
}

async function readOne(path: string, name: string): Promise<Uint8Array> {
  const bytes = await bytesOf(path, name);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: SIZE_LIMIT });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(name);
    throw new ToolError('ARCHIVE_CORRUPT', `${name}: gzip: damaged or not complete`, { path: name, cause });
  }
}

async function bytesOf(path: string, name: string): Promise<Uint8Array> {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new ToolError('FILE_UNREADABLE', `${name}: not a regular file`, { path: name });
    if (stat.size > SIZE_LIMIT) throw tooLong(name);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw unreadable(name, error);
  }
}

function tooLong(name: string): ToolError {
  return new ToolError(
    'FILE_UNREADABLE',
    `${name}: more than ${SIZE_LIMIT} bytes or ${MESSAGE_LIMIT} messages`,
    {
      path: name,
    },
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
