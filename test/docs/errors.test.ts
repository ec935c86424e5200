import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { spelled } from '../../src/cli/spelled.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import { TARGETS } from '../../src/model/target.ts';

test('docs/errors.md lists every error code with its exit code and hint, sorted', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d) \| (.*) \|$/gm)].map(([, code, exit, hint]) => [
    code,
    exit,
    hint,
  ]);
  const expected = Object.entries(ERROR_CODES).map(([code, { exit, hint }]) => [
    code,
    String(exit),
    spelled(hint),
  ]);
  assert.deepEqual(rows, expected);
});

test('who names a target that is none is told which there are', () => {
  assert.equal(ERROR_CODES.TARGET_UNKNOWN.hint, `the targets are ${TARGETS.join(', ')}`);
});
