import { ToolError } from '../errors.ts';
import type { FilePatch } from '../formats/patch.ts';
import type { PatchMail } from '../formats/patch-mail.ts';

/** How many missing patches a message names. */
const NAMED_LIMIT = 8;

/** A message with the commit of its separator and what its diff changes. */
export interface SeriesMail extends PatchMail {
  commit?: string;
  files: readonly FilePatch[];
}

/** A series in order. */
export interface OrderedSeries {
  cover?: SeriesMail;
  patches: SeriesMail[];
}

/**
 * Finds the series among the messages of a thread. Numbered patches decide: of several versions the newest is meant.
 * Without numbers the patches stand in the order in which they came.
 * @throws ToolError SERIES_INCOMPLETE, SERIES_AMBIGUOUS, PATCH_SYNTAX (a numbered patch without a diff)
 */
export function orderSeries(name: string, mails: readonly SeriesMail[]): OrderedSeries {
  const own = mails.filter(({ isReply }) => !isReply);
  const numbered = own.filter(({ number }) => number !== undefined);
  const loose = own.filter(({ number, files }) => number === undefined && files.length > 0);
  const version = numbered.reduce((newest, mail) => Math.max(newest, mail.version), 0);
  const series = numbered.filter((mail) => mail.version === version);
  const patches = series.filter(({ number }) => number !== 0);
  if (patches.length === 0) return { patches: withoutTwins(loose) };
  if (loose[0]) {
    throw new ToolError(
      'SERIES_AMBIGUOUS',
      `${name}: ${loose[0].title}: a patch without a number among numbered ones`,
    );
  }
  const cover = series.find(({ number }) => number === 0);
  return { ...(cover && { cover }), patches: inOrder(name, withoutTwins(series)) };
}

/** A message that came by two lists is there twice. */
function withoutTwins(mails: readonly SeriesMail[]): SeriesMail[] {
  const seen = new Set<string>();
  return mails.filter(({ number, title, text }) => {
    const key = JSON.stringify([number, title, text.trimEnd()]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function inOrder(name: string, series: readonly SeriesMail[]): SeriesMail[] {
  const [first] = series;
  const total = first?.total ?? 0;
  const byNumber = new Map<number, SeriesMail>();
  for (const mail of series) {
    const { number = 0, version, title } = mail;
    const other = byNumber.get(number);
    const what = `v${version} ${number}/${mail.total}`;
    if (mail.total !== total || number > total) {
      throw new ToolError(
        'SERIES_AMBIGUOUS',
        `${name}: ${what} ${title}: not of the same series as ${first?.title}`,
      );
    }
    if (other)
      throw new ToolError('SERIES_AMBIGUOUS', `${name}: ${what} is both ${other.title} and ${title}`);
    if (number > 0 && mail.files.length === 0) {
      throw new ToolError('PATCH_SYNTAX', `${name}: ${what} ${title}: holds no diff`, { path: name });
    }
    byNumber.set(number, mail);
  }
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !byNumber.has(number));
  if (missing.length > 0) throw incomplete(name, missing, `v${first?.version}`, total);
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

function incomplete(name: string, missing: readonly number[], version: string, total: number): ToolError {
  const named = missing.slice(0, NAMED_LIMIT).map((number) => `${version} ${number}/${total}`);
  const more = missing.length > NAMED_LIMIT ? ` and ${missing.length - NAMED_LIMIT} more` : '';
  return new ToolError('SERIES_INCOMPLETE', `${name}: missing: ${named.join(', ')}${more}`, { path: name });
}
