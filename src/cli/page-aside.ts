import { execFile } from 'node:child_process';
import type { Catalog } from '../ask/open-catalog.ts';
import { page } from '../ask/page.ts';

/** Bytes of a page that are taken from another process. */
const PAGE_LIMIT = 256 << 20;

/** Another process that makes a page. */
export interface Aside {
  /** How this program is run: node, its options, the file. */
  program: readonly string[];
  /** Ends it. */
  signal: AbortSignal;
}

/** The page of a catalog, made by a process of its own, so that a server answers meanwhile; here where that one fails. */
export async function pageMadeAside(catalog: Catalog, { program, signal }: Aside): Promise<string> {
  const [node = '', ...args] = program;
  const command = [...args, 'serve', '--page', '--catalog', catalog.path];
  const html = await new Promise<string | undefined>((resolve) => {
    execFile(node, command, { maxBuffer: PAGE_LIMIT, encoding: 'utf8', signal }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
  signal.throwIfAborted();
  return html ?? page({ catalog });
}
