// Writes man/luo-abi.1 from the definitions of the commands; with --check it only compares and fails on a difference.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manPage } from '../cli/man-page.ts';
import { COMMANDS } from '../cli/registry.ts';
import { packageRoot, packageVersion } from '../schema/package-root.ts';

const path = join(packageRoot(), 'man/luo-abi.1');
const described = COMMANDS.map(async ({ name, summary, load }) => {
  return { name, summary, definition: (await load()).command };
});
const text = manPage(await Promise.all(described), packageVersion());
if (process.argv.includes('--check')) {
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    // A page that is not there yet differs from what it should be.
  }
  if (current !== text) {
    console.error('man/luo-abi.1 differs from the commands: run npm run man');
    process.exitCode = 1;
  }
} else {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
