import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser, livingTokens, slicesOf } from '../../src/cdecl/index.ts';

// What code that is about other things does with a few names.

before(initParser);

function hashesOf(text: string): string[] {
  const tokens = livingTokens({ path: 'mm/a.c', text }, () => true);
  const slices = slicesOf(
    tokens,
    (word) => word.startsWith('kho_'),
    () => false,
  );
  return slices.map(({ hash }) => hash);
}

/** A function whose test of KHO decides more than can be followed. */
function longOf(last: string): string {
  const steps = Array.from({ length: 800 }, (_, at) => `\t\tstep(${at});\n`).join('');
  return `void f(void)\n{\n\tif (kho_is_enabled()) {\n${steps}\t\t${last}\n\t}\n}\n`;
}

test('what is too long to be followed is the same only where it is written alike', () => {
  const [plain] = hashesOf(longOf('last(1);'));
  assert.deepEqual(hashesOf(`\n/* elsewhere */\n${longOf('last(1);')}`), [plain]);
  const [other] = hashesOf(longOf('last(2);'));
  assert.notEqual(other, plain);
});
