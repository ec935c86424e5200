import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Whoever imports the library wants a few of its functions: each is loaded when it is called first, with what it needs.

const INDEX = 'src/index.ts';
const VALUES = /^export \{ ([^}]+) \} from '(\.\/[^']+)';$/gm;

/** The values that the library exports, by the module that declares them. */
function exported() {
  const text = readFileSync(INDEX, 'utf8').replaceAll(/\{\s+([^}]*?),?\s+\}/g, '{ $1 }');
  return [...text.matchAll(VALUES)].map(([, names, path]) => ({ path, names: names.split(/,\s*/) }));
}

/** The bundler's entry for a module of the library. */
const entryOf = (path) => `library/${path.slice(2).replaceAll('/', '-').replace(/\.ts$/, '')}`;

/** Entries for all of them. */
export function libraryEntries() {
  return Object.fromEntries(exported().map(({ path }) => [entryOf(path), join('src', path)]));
}

/** The text of the library's own module: functions are loaded when they are called, the rest at once. */
export function libraryFace() {
  const lines = exported().flatMap(({ path, names }) => {
    const file = `'./cli/${entryOf(path)}.js'`;
    const isQuestion = path.startsWith('./ask/');
    if (!isQuestion) return [`export const { ${names.join(', ')} } = from(${file});`];
    return names.map((name) => `export const ${name} = (...given) => from(${file}).${name}(...given);`);
  });
  return [
    "import { fileURLToPath } from 'node:url';",
    "import loader from './cli/load.js';",
    'const from = (path) => loader.load(fileURLToPath(new URL(path, import.meta.url)));',
    ...lines,
    '',
  ].join('\n');
}
