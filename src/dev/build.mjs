// Bundles src/ into dist/: one entry for the command line, one for the library, shared chunks between them.
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { readComponents } from './bundle-components.mjs';
import { smallModulesTogether } from './bundle-together.mjs';
import { precompiledValidators, writeValidators } from './bundle-validators.mjs';
import { bundlePage } from './page-bundle.mjs';

const options = {
  entryPoints: { 'cli/main': 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Small libraries that every start needs go into the bundle; what holds WASM or native code stays a package.
  external: [
    '*.node',
    '@fastify/*',
    'ajv',
    'bindings',
    'csv-parse',
    'fast-xml-parser',
    'fastify',
    'lz4-napi',
    'tap-parser',
    'tree-sitter-c',
    'web-tree-sitter',
    'xz-decompress',
    'yaml',
    'zstddec',
  ],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [precompiledValidators, readComponents],
  logLevel: 'warning',
};

await rm('dist', { recursive: true, force: true });
await build({ ...options, plugins: [...options.plugins, await smallModulesTogether(options)] });
// The decoder runs in worker threads, which load a file of its own beside the chunk that starts them.
await copyFile('src/formats/decompress-xz-worker.mjs', 'dist/chunks/decompress-xz-worker.mjs');
// Their names do not change with their content, so the parse cache has the schema's hash in its keys.
await writeValidators();
// The page of `report` and `serve`, into which the data is put when it is asked for.
await mkdir('dist/page', { recursive: true });
await writeFile('dist/page/index.html', await bundlePage());
await chmod('dist/cli/main.js', 0o755);
