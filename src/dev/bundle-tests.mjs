// Bundles test files with what they import of src/, so that a process of theirs loads a few files instead of hundreds that
// each go through a loader.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { readComponents } from './bundle-components.mjs';

/** A module finds the files beside it where it stands, not where its bundle is. */
const ownPlace = {
  name: 'own-place',
  transform: {
    filter: { id: /\.(?:ts|mjs)$/, code: 'import.meta.url' },
    handler: (code, id) => ({
      code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
      // Lines stay where they are.
      map: null,
    }),
  },
};

/** @param entries names of bundles, and the file that each begins with */
export async function bundleTests(entries, outdir) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, resolve(path)]));
  await build({
    input,
    platform: 'node',
    // Packages, which no path names.
    external: /^[^./]/,
    plugins: [readComponents, ownPlace],
    checks: { pluginTimings: false },
    output: {
      dir: outdir,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: 'chunks/[name]-[hash].mjs',
      sourcemap: true,
    },
  });
}
