import { dataIn, declaresFor } from '../capture/caller-headers.ts';
import { coveredFiles } from '../capture/covered.ts';
import { CALLS, SOUGHT } from '../capture/sought.ts';
import { ABI_FOLDER, isWanted } from '../capture/wanted.ts';
import { attempt } from '../errors.ts';
import { headersBeside } from '../sources/beside.ts';
import type { GitRepository } from '../sources/git-repository.ts';

// A commit may change what a driver hands over in a header of the driver's own alone. The driver is not among the files that it
// changes then, and is looked for where such headers are included from.

/** What was found for some headers that change. */
export interface CallersBeside {
  /** Callers that include some of them. */
  callers: readonly string[];
  /** Those headers. */
  headers: readonly string[];
  /** Headers of which nobody could tell, since this clone lacks files that may include them. */
  missing: readonly string[];
}

/** Whether a file is a header that a driver may have for itself. */
export function isOwnHeader(path: string): boolean {
  return path.endsWith('.h') && SOUGHT.mayBe(path) && !isWanted(path);
}

/** Whether it is one that every driver can include, and no component's: what it declares may be handed over. */
function isSharedHeader(path: string): boolean {
  const isOpen = path.startsWith('include/') && path.endsWith('.h') && !coveredFiles().has(path);
  return isOpen && isWanted(path) && !path.startsWith(`${ABI_FOLDER}/`);
}

/** The callers of a commit that include some of the headers in quotes, or use the data that others of them declare. */
export function callersBeside(
  changed: Iterable<string>,
  commit: string,
  repository: GitRepository,
): CallersBeside {
  const [opened] = repository.objects.commits([commit]);
  const files = repository.files(opened as NonNullable<typeof opened>, { wanted: () => true });
  const textOf = (path: string): string | undefined => attempt(() => files.textOf(path));
  const { own, data } = headersAmong(changed, textOf);
  if (own.length === 0 && data.length === 0) return { callers: [], headers: [], missing: [] };
  const found = repository.speaking(commit, SOUGHT, data.length > 0 ? [] : foldersOf(own));
  if (!found) return { callers: [], headers: [], missing: [...own, ...data].sort() };
  return { ...leading(found, { own, data }, textOf), missing: [] };
}

/** Headers of which a caller may rest on: those that it may have for itself, and those that declare data for others. */
interface OwnAndShared {
  own: readonly string[];
  data: readonly string[];
}

/** Such headers among some files. */
export function headersAmong(
  changed: Iterable<string>,
  textOf: (path: string) => string | undefined,
): OwnAndShared {
  const paths = [...changed];
  const data = paths.filter((path) => isSharedHeader(path) && dataIn(textOf(path)).length > 0);
  return { own: paths.filter(isOwnHeader), data };
}

/** Which of the files that were found rest on such headers, and on which of their own. */
export function leading(
  found: Iterable<string>,
  { own, data }: OwnAndShared,
  textOf: (path: string) => string | undefined,
): Omit<CallersBeside, 'missing'> {
  const sought = new Set(own);
  const headers = new Set<string>();
  const callers = [...found].filter((caller) => {
    const beside = [...headersBeside([caller], SOUGHT, textOf)].filter((path) => sought.has(path));
    for (const header of beside) headers.add(header);
    const text = textOf(caller) ?? '';
    return beside.length > 0 || (CALLS.test(text) && data.some((path) => declaresFor(text, textOf(path))));
  });
  return { callers: callers.sort(), headers: [...headers].sort() };
}

/** Where files that include some headers in quotes lie: beside them, below, or one folder above. */
function foldersOf(headers: readonly string[]): string[] {
  const folders = headers.map((path) => {
    const above = path.split('/').slice(0, -1);
    return above.slice(0, Math.max(2, above.length - 1)).join('/');
  });
  return folders.includes('') ? [] : [...new Set(folders)].sort();
}
