import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { packageRoot } from '../schema/package-root.ts';

/**
 * The page without data, for `renderPage`: the one of the build, or bundled now where the program runs from its sources.
 * @throws ToolError INTERNAL where the build lacks it
 */
export async function pageTemplate(): Promise<string> {
  if (import.meta.url.endsWith('.ts')) {
    const script = new URL('../dev/page-bundle.mjs', import.meta.url).href;
    const { bundlePage } = (await import(script)) as { bundlePage(): Promise<string> };
    return bundlePage();
  }
  const path = join(packageRoot(), 'dist/page/index.html');
  if (!existsSync(path)) throw new ToolError('INTERNAL', `${path}: the page was not built`, { path });
  return readFileSync(path, 'utf8');
}
