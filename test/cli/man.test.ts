import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { DescribedCommand } from '../../src/cli/man-page.ts';
import { manPage } from '../../src/cli/man-page.ts';
import { COMMANDS } from '../../src/cli/registry.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import { packageRoot, packageVersion } from '../../src/schema/package-root.ts';

let described: DescribedCommand[];
let page: string;

before(async () => {
  const loading = COMMANDS.map(async ({ name, summary, load }) => {
    return { name, summary, definition: (await load()).command };
  });
  described = await Promise.all(loading);
  page = manPage(described, packageVersion());
});

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

test('the committed page is what the commands give', () => {
  assert.equal(readFileSync(join(packageRoot(), 'man/luo-abi.1'), 'utf8'), page);
});

test('it has every command, option and error code, in ASCII', () => {
  for (const { definition } of described) {
    for (const { flags } of definition.options) {
      assert.ok(page.includes(`.B ${flags.replaceAll('-', '\\-')}\n`), `${definition.usage}: ${flags}`);
    }
  }
  for (const code of Object.keys(ERROR_CODES)) assert.ok(page.includes(`.B ${code}\n`), code);
  assert.match(page, /^[\n -~]*$/);
});

test('what looks like a request or an escape stays text', () => {
  const definition = {
    usage: 'x <a\\b>',
    summary: '.so /etc/passwd is no request. \'nor this. \\*X "quoted" é｜…',
    example: ".SH 'x'",
    options: [{ flags: '--o', summary: "'br" }],
    run: async () => 0,
  };
  const text = manPage([{ name: 'x', summary: 'y', definition }], '1');
  assert.ok(!/^\.so/m.test(text) && !/^'/m.test(text) && !/^\.SH 'x'/m.test(text));
  assert.ok(text.includes('\\e*X'));
  assert.ok(text.includes('\\[u00E9] | ...'));
});

test('groff has no warning', { skip: isThere('groff') ? false : 'groff is not installed' }, () => {
  const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-z'], { input: page, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});

test('mandoc has no complaint but the missing date', {
  skip: isThere('mandoc') ? false : 'mandoc is not installed',
}, () => {
  const { stdout } = spawnSync('mandoc', ['-Tlint'], { input: page, encoding: 'utf8' });
  const complaints = stdout
    .split('\n')
    .filter((line) => line !== '' && !/missing date|longer than 80 bytes/.test(line));
  assert.deepEqual(complaints, []);
});
