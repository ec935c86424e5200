import { ToolError } from '../../errors.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand } from '../command.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8642;

export const command = defineCommand({
  usage: 'serve',
  summary: 'The page of the matrix and a read-only HTTP API, on this machine alone unless --host says otherwise.',
  example: 'luo-abi serve --port 8642',
  options: [
    { flags: '--port <number>', summary: `the port to listen at; 0 for any that is free (default: ${DEFAULT_PORT})` },
    { flags: '--host <address>', summary: `the address to listen at (default: ${DEFAULT_HOST})` },
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const port = portOf(options);
    const host = typeof options.host === 'string' ? options.host : DEFAULT_HOST;
    const catalog = await openCatalog(options, io);
    try {
      const { createServer, listen } = await import('../../server/server.ts');
      const { commandsOver } = await import('../serve-answers.ts');
      const app = await createServer({ catalog, commands: commandsOver(catalog, io) });
      const stopped = io.untilStopped?.();
      const address = await listen(app, { host, port });
      tell(io, address, catalog.kernels().length);
      await stopped;
      await app.close();
      return 0;
    } finally {
      catalog.close();
    }
  },
});

function tell(io: Io, address: string, kernels: number): void {
  io.note(`luo-abi: serving ${kernels} kernels at ${address}/ until it is interrupted`);
}

function portOf({ port }: OptionValues): number {
  if (port === undefined) return DEFAULT_PORT;
  const number = Number(port);
  if (/^\d{1,5}$/.test(String(port)) && number <= 65_535) return number;
  throw new ToolError('USAGE', `--port ${String(port)}: give a number from 0 to 65535`);
}
