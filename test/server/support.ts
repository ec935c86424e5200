import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import type { FastifyInstance } from 'fastify';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { CatalogContent } from '../../src/catalog/documents.ts';
import type { Io } from '../../src/cli/command.ts';
import { createServer } from '../../src/server/server.ts';

export interface Served {
  app: FastifyInstance;
  catalog: Catalog;
  path: string;
  close(): Promise<void>;
}

/** An Io that gathers what a command prints. */
export function gathering(): { io: Io; printed: () => string; noted: string[] } {
  const parts: string[] = [];
  const noted: string[] = [];
  const io: Io = {
    out: (text) => {
      parts.push(text);
    },
    note: (text) => {
      noted.push(text);
    },
    env: {},
    render: { chalk: new Chalk({ level: 0 }), width: 120 },
  };
  return { io, printed: () => parts.join(''), noted };
}

/** A server over a catalog of some documents; no port is opened. */
export async function serve(content: CatalogContent): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-serve-'));
  const path = join(folder, 'catalog.sqlite');
  buildCatalog(path, content);
  const catalog = Catalog.open(path);
  const app = await createServer({ catalog });
  const close = async (): Promise<void> => {
    await app.close();
    catalog.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { app, catalog, path, close };
}
