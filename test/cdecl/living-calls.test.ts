import assert from 'node:assert/strict';
import { test } from 'node:test';
import { livingCall, optionsAsked } from '../../src/cdecl/index.ts';

const body = (text: string): string => `int around(int x)\n{\n${text}\n}\n`;

const ROWS: readonly (readonly [name: string, text: string, line: number | undefined])[] = [
  ['a call', body('call(x);'), 3],
  ['a call in a condition', body('if (call(x))\nreturn 1;'), 3],
  ['behind a return', body('return 0;\ncall(x);'), undefined],
  ['behind a return that a condition decides', body('if (x)\nreturn 0;\ncall(x);'), 5],
  ['behind a return in a block', body('if (x) {\nreturn 0;\n}\ncall(x);'), 6],
  ['behind a return, at a label', body('return 0;\nout:\ncall(x);'), 5],
  ['in another case', body('switch (x) {\ncase 1:\nreturn 0;\ncase 2:\ncall(x);\n}'), 7],
  ['in the next function', `${body('return 0;')}${body('call(x);')}`, 7],
  ['where a condition never holds', body('if (0)\ncall(x);'), undefined],
  ['in a block whose condition never holds', body('if (false) {\nx++;\ncall(x);\n}'), undefined],
  ['behind what never holds', body('if (0)\nx++;\ncall(x);'), 5],
  ['with an option that is off', body('if (IS_ENABLED(CONFIG_OFF) && x)\ncall(x);'), undefined],
  ['with an option or something else', body('if (IS_ENABLED(CONFIG_OFF) || x)\ncall(x);'), 4],
  ['without an option', body('if (!IS_ENABLED(CONFIG_OFF))\ncall(x);'), 4],
  ['with an option that is on', body('if (IS_ENABLED(CONFIG_ON))\ncall(x);'), 4],
  ['in #if 0', body('#if 0\ncall(x);\n#endif'), undefined],
  ['in #ifdef of an option that is off', body('#ifdef CONFIG_OFF\ncall(x);\n#endif'), undefined],
  ['in its #else', body('#ifdef CONFIG_OFF\nx++;\n#else\ncall(x);\n#endif'), 6],
  ['in #if !IS_ENABLED()', body('#if !IS_ENABLED(CONFIG_OFF)\ncall(x);\n#endif'), 4],
  ['in an #elif', body('#if defined(CONFIG_OFF)\n#elif defined(CONFIG_ON)\ncall(x);\n#endif'), 5],
  ['a declaration', 'int call(int x);\n', undefined],
  ['a definition', 'int call(int x)\n{\n\treturn x;\n}\n', undefined],
  ['in a comment and a text', body('/* call(x) */ puts("call(x)");'), undefined],
];

for (const [name, text, line] of ROWS)
  test(`a call that is come to: ${name}`, () => {
    assert.equal(
      livingCall({ path: 'a.c', text }, 'call', (option) => option === 'CONFIG_ON'),
      line,
    );
  });

test('the options that a file asks for', () => {
  const text = '#ifdef CONFIG_A\nint a = IS_ENABLED(CONFIG_B);\n#endif\n/* CONFIG_C */\n';
  assert.deepEqual(optionsAsked({ path: 'a.c', text }), ['CONFIG_A', 'CONFIG_B']);
});
