// Bundles src/ into dist/: one entry for the command line, one for the library, shared chunks between them.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { inAscii } from './bundle-ascii.mjs';
import { builtinsAsked } from './bundle-builtins.mjs';
import { levelGiven } from './bundle-chalk.mjs';
import { loadedTogether } from './bundle-chunks.mjs';
import { readComponents } from './bundle-components.mjs';
import { asFunctions } from './bundle-functions.mjs';
import { libraryEntries, libraryFace } from './bundle-library.mjs';
import { precompiledValidators, writeValidators } from './bundle-validators.mjs';
import { bundlePage } from './page-bundle.mjs';

/** What holds WASM or native code, or is needed by few commands, stays a package; small libraries go into the bundle. */
const PACKAGES = [
  '@fastify/.*',
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
];

await rm('dist', { recursive: true, force: true });
const bundle = await rolldown({
  input: { program: 'src/cli/program.ts', ...libraryEntries() },
  platform: 'node',
  external: [/\.node$/, ...PACKAGES.map((name) => new RegExp(`^${name}(/|$)`))],
  plugins: [levelGiven, precompiledValidators, readComponents, builtinsAsked, inAscii, asFunctions],
  // On a machine with other work a build says nothing of itself by its times.
  checks: { pluginTimings: false },
});
await bundle.write({
  dir: 'dist/cli',
  format: 'cjs',
  // V8 gives a script with compiled code no way to `import()`.
  dynamicImportInCjs: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // Names of functions stay: an internal error tells where it was.
  minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: true } },
  comments: { legal: true },
  codeSplitting: loadedTogether,
});
await bundle.close();
await writeFile('dist/cli/package.json', '{ "type": "commonjs" }\n');
await copyFile('src/cli/load.cjs', 'dist/cli/load.js');
await writeFile(
  'dist/cli/main.js',
  "#!/usr/bin/env node\nrequire('./load.js').load(__dirname + '/program.js').main(process.argv.slice(2));\n",
);
await chmod('dist/cli/main.js', 0o755);
// The library is an ES module by its face.
await writeFile('dist/index.js', libraryFace());
// The decoder runs in worker threads, which load a file of its own beside the chunk that starts them.
await copyFile('src/formats/decompress-xz-worker.mjs', 'dist/cli/chunks/decompress-xz-worker.mjs');
// Their names do not change with their content, so the parse cache has the schema's hash in its keys.
await writeValidators();
// The page of `report` and `serve`, into which the data is put when it is asked for.
await mkdir('dist/page', { recursive: true });
await writeFile('dist/page/index.html', await bundlePage());
execFileSync(process.execPath, ['src/dev/code-cache.mjs'], {
  stdio: 'pipe',
  env: { ...process.env, XDG_CACHE_HOME: resolve('node_modules/.cache') },
});
