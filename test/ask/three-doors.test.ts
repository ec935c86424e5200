import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as library from '../../src/index.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { createServer } from '../../src/server/server.ts';
import { runCli } from '../support/run-cli.ts';
import { documentOf } from '../support/shipped.ts';
import { catalogQuestions } from './catalog-questions.ts';
import type { Question } from './doors.ts';
import { fileQuestions } from './file-questions.ts';

// Each question through every door that it has: the library, the command line with --format json, the server. The same bytes.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-doors-'));
const path = join(folder, 'catalog.sqlite');
const catalog = await library.openCatalog({ cache: path, evidence: join(folder, 'evidence') });
const few = join(folder, 'few');
mkdirSync(few);
for (const release of ['6.19.11', '7.2.12', '7.3.4']) {
  writeFileSync(join(few, `${release}.json`), canonicalJson(documentOf(release)));
}
library.buildCatalogFile(join(folder, 'small.sqlite'), { versions: few });
const small = await library.openCatalog({ path: join(folder, 'small.sqlite') });
const servers = await Promise.all([createServer({ catalog }), createServer({ catalog: small })]);
after(async () => {
  for (const server of servers) await server.close();
  catalog.close();
  small.close();
  rmSync(folder, { recursive: true, force: true });
});

const setting = { catalog, small, path, folder };
const QUESTIONS: Readonly<Record<string, Question>> = {
  ...catalogQuestions(setting),
  ...fileQuestions(setting),
};

const textOf = (answer: unknown): string => (typeof answer === 'string' ? answer : canonicalJson(answer));

test('every function of the library is asked', () => {
  const asked = new Set(Object.keys(QUESTIONS).map((name) => name.split(' ')[0]));
  const functions = Object.entries(library).flatMap(([name, value]) =>
    typeof value === 'function' && !['ToolError', 'openCatalog'].includes(name) ? [name] : [],
  );
  assert.deepEqual([...asked].sort(), functions.sort());
});

for (const [name, { ask, argv, url, options = {}, written }] of Object.entries(QUESTIONS)) {
  test(`${name}: every door gives the same bytes`, async () => {
    const answer = textOf(await ask());
    if (Array.isArray(argv)) {
      const format = options.isText ? [] : ['--format', 'json'];
      const place = options.isWithoutCatalog ? [] : ['--catalog', options.isSmall ? small.path : path];
      const { stdout, stderr } = await runCli([...argv, ...format, ...place]);
      if (!written) assert.equal(stdout || stderr, answer, stderr);
    }
    if (written) assert.equal(textOf(written()), answer);
    if (typeof url !== 'string') return;
    const [server, ofFew] = servers;
    const { statusCode, payload } = await (options.isSmall ? ofFew : server).inject({ url });
    assert.equal(statusCode, 200, payload);
    assert.equal(payload, answer);
  });
}
