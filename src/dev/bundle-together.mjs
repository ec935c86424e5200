import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { build } from 'esbuild';

// esbuild gives every set of entries that share some modules a chunk of its own: dozens of them are smaller than what it
// costs to open a file at each start. What is small and needs nothing large goes into one chunk that all entries load.

/** Bytes of a chunk from which on it stays alone. */
const SMALL = 8000;
/** What node has loaded by the time that a program of ours begins. */
const CHEAP_BUILTINS = new Set(['crypto', 'fs', 'module', 'os', 'path', 'url'].map((name) => `node:${name}`));
const TOGETHER = 'small-modules';

/** The plugin that puts small modules into one chunk, for a build with these options. */
export async function smallModulesTogether(options) {
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const outputs = Object.values(metafile.outputs);
  const entries = new Set(outputs.flatMap(({ entryPoint }) => entryPoint ?? []));
  const modules = withoutLargeImports(smallModules(outputs), metafile.inputs);
  return {
    name: TOGETHER,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^small-modules$/ }, () => ({ path: TOGETHER, namespace: TOGETHER }));
      onLoad({ filter: /.*/, namespace: TOGETHER }, () => ({
        contents: modules.map((path) => `import ${JSON.stringify(resolve(path))};`).join('\n'),
        resolveDir: '.',
      }));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!entries.has(relative('.', path))) return undefined;
        const [, shebang = '', text] = /^(#!.*\n)?([\s\S]*)$/.exec(await readFile(path, 'utf8'));
        return {
          contents: `${shebang}import '${TOGETHER}';\n${text}`,
          loader: 'ts',
          resolveDir: dirname(path),
        };
      });
    },
  };
}

function smallModules(outputs) {
  const small = outputs.filter(({ bytes, entryPoint }) => bytes < SMALL && entryPoint === undefined);
  return small.flatMap(({ inputs }) => Object.keys(inputs).filter((path) => path.startsWith('src/')));
}

/** Those that import nothing at their start beside each other and what costs nothing. */
function withoutLargeImports(modules, inputs) {
  const known = new Set(modules);
  const isCheap = ({ kind, path, external }) =>
    kind !== 'import-statement' || (external ? CHEAP_BUILTINS.has(path) : known.has(path));
  const kept = modules.filter((path) => inputs[path].imports.every(isCheap));
  return kept.length === modules.length ? kept : withoutLargeImports(kept, inputs);
}
