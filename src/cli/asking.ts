import type { Asking } from '../ask/asking.ts';
import type { Catalog, OpenCatalogOptions } from '../ask/open-catalog.ts';
import { openCatalog } from '../ask/open-catalog.ts';
import { ToolError } from '../errors.ts';
import type { Io, OptionValues } from './command.ts';

/** What every question takes of the terminal. */
export interface Asked extends Pick<Asking, 'progress'> {
  note(text: string): void;
}

/** Remarks go to stderr, in the name of the program. */
export function askingOf(io: Io): Asked {
  return { note: (text) => io.note(`luo-abi: ${text}`), progress: io.progress };
}

/** The same for what may take minutes: it ends where the user asks for that, and says so. `what` was stopped then. */
export function askingUntilStopped(io: Io, what: string): Asked & { signal: AbortSignal } {
  const controller = new AbortController();
  const stopped = new ToolError('STOPPED', `${what}: stopped before it was done`);
  io.untilStopped?.().then(() => controller.abort(stopped));
  return { ...askingOf(io), signal: controller.signal };
}

/** Opens the catalog that --catalog names, or the shipped one, for as long as something is asked of it. */
export async function withCatalog<T>(
  { catalog: path }: OptionValues,
  io: Io,
  ask: (catalog: Catalog) => Promise<T>,
  settings: Pick<OpenCatalogOptions, 'evidence' | 'unwritten'> = {},
): Promise<T> {
  const named = typeof path === 'string' ? { path } : {};
  const catalog = await openCatalog({ ...named, ...askingOf(io), env: io.env, ...settings });
  try {
    return await ask(catalog);
  } finally {
    catalog.close();
  }
}
