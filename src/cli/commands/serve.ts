import type { Catalog } from '../../ask/open-catalog.ts';
import { ToolError } from '../../errors.ts';
import { withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand } from '../command.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8642;

export const command = defineCommand({
  usage: 'serve',
  summary:
    'The page of the matrix and a read-only HTTP API, on this machine alone unless --host says otherwise.',
  example: 'luo-abi serve --port 8642',
  options: [
    {
      flags: '--port <number>',
      summary: `the port to listen at; 0 for any that is free (default: ${DEFAULT_PORT})`,
    },
    { flags: '--host <address>', summary: `the address to listen at (default: ${DEFAULT_HOST})` },
    { flags: '--page', summary: 'print the page instead, as one HTML file' },
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const port = portOf(options);
    const host = typeof options.host === 'string' ? options.host : DEFAULT_HOST;
    return withCatalog(options, io, async (catalog) => {
      if (options.page === true) {
        const { page } = await import('../../ask/page.ts');
        io.out(await page({ catalog }));
      } else await serve(catalog, { host, port }, io);
      return 0;
    });
  },
});

async function serve(catalog: Catalog, place: { host: string; port: number }, io: Io): Promise<void> {
  const { createServer, listen } = await import('../../server/server.ts');
  const { pageMadeAside } = await import('../page-aside.ts');
  const { program } = io;
  const ending = new AbortController();
  const { signal } = ending;
  const page = program && { page: () => pageMadeAside(catalog, { program, signal }) };
  const app = await createServer({ catalog, ...page });
  const stopped = io.untilStopped?.();
  tell(io, await listen(app, place), catalog.kernels().length);
  if (!isLoopback(place.host)) io.note('luo-abi: other machines can reach it, and there is no log-in');
  // The page is wanted soon; whoever asks for it first should not wait for all of it.
  if (page) void app.inject('/');
  await stopped;
  ending.abort();
  await app.close();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function tell(io: Io, address: string, kernels: number): void {
  io.note(`luo-abi: serving ${kernels} kernels at ${address}/ until it is interrupted`);
}

function portOf({ port }: OptionValues): number {
  if (port === undefined) return DEFAULT_PORT;
  const number = Number(port);
  if (/^\d{1,5}$/.test(String(port)) && number <= 65_535) return number;
  throw new ToolError('USAGE', `--port ${String(port)}: give a number from 0 to 65535`);
}
