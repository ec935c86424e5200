import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mainlineTable } from '../../src/dev/mainline-table.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

const text = readFileSync(join(packageRoot(), 'README.md'), 'utf8');

test('the table of README is what the documents give (npm run pictures writes it)', () => {
  const shown = /<!-- mainline pairs -->\n([\s\S]*?)<!-- end -->/.exec(text)?.[1];
  assert.equal(shown, mainlineTable());
});

test('every file that README names is there', () => {
  const names = [...text.matchAll(/\]\(([\w./-]+)\)|src(?:set)?="([\w./-]+)"/g)].map(
    ([, link, image]) => link ?? image ?? '',
  );
  const missing = names.filter((name) => !existsSync(join(packageRoot(), name)));
  assert.deepEqual(missing, []);
});
