import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/schema/package-root.ts';

/** Bundles a file of this folder as the command line is bundled, so that what is measured starts as fast. */
export async function bundleScript(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [join(packageRoot(), 'test/bench', name)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['lz4-napi', 'xz-decompress', 'zstddec'],
    minifySyntax: true,
    minifyWhitespace: true,
  });
}
