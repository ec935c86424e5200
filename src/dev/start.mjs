// `npm start`: builds dist/ unless it is newer than all that it is made of, then shows the overview in the same process; it is to
// be a first look and no wait.
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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

const program = new URL('../../dist/cli/main.js', import.meta.url);
process.argv.splice(1, 1, fileURLToPath(program), 'overview');
await import(program.href);
