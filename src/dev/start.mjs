// Runs a program of dist/ in this process, built unless it is newer than all that it is made of: `npm start` is to be a first look
// and no wait.
import { readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const INPUTS = ['src', 'schemas', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

/** When something was changed last, in milliseconds; what is not there counts as changed now. */
function changedAt(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return Number.POSITIVE_INFINITY;
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = readdirSync(path).map((name) => changedAt(`${path}/${name}`));
  // A file that was taken away changes its folder alone.
  return Math.max(found.mtimeMs, ...inside);
}

const built = statSync('dist/page/index.html', { throwIfNoEntry: false });
if (!built || INPUTS.some((path) => changedAt(path) >= built.mtimeMs)) await import('./build.mjs');

const [node = '', , program = '', ...args] = process.argv;
process.argv = [node, resolve(program), ...args];
await import(pathToFileURL(resolve(program)).href);
