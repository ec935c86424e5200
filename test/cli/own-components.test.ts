import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Catalog } from '../../src/catalog/catalog.ts';
import { createServer } from '../../src/server/server.ts';
import { fixtureTree } from '../history/generated-history.ts';
import { edited, git, makeRepository } from '../history/made-repository.ts';
import { runCli } from '../support/run-cli.ts';

// Components of a user's own through every door that a kernel comes by, beside trees: revisions, patches, a catalog that is
// served.

const root = mkdtempSync(join(tmpdir(), 'luo-abi-own-'));
after(() => rmSync(root, { recursive: true, force: true }));

const PATH = 'drivers/made/keep.c';
const code = (members: string): string => `#include <linux/kexec_handover.h>
#define MADE_SUBTREE "made_pages"
#define MADE_COMPATIBLE "made-v1"
struct made_ser {
${members}
} __packed;
static int made_keep(struct made_ser *ser)
{
	return kho_add_subtree(MADE_SUBTREE, ser, sizeof(*ser));
}
`;
const COMPONENT = `schemaVersion: 1
id: made
title: Made
summary: A made-up state.
markerStems: [made]
anchor: { files: [${PATH}], macro: MADE_COMPATIBLE }
eras:
  - id: first
    summary: the first
    recognizedBy: [{ files: [${PATH}], macro: MADE_COMPATIBLE }]
    files: [${PATH}]
    needs: [kho]
    marker: { kind: fdt-string, macro: MADE_COMPATIBLE, carrier: 'fdt:made_pages:/' }
    structs:
      made_ser: { placement: blob }
    fdt:
      - { macro: MADE_SUBTREE, prefix: 'KHO:/', onMissing: component-absent, properties: [] }
    reader: { function: made_take, onRefused: boot-panic }
`;

const repository = join(root, 'made.git');
const run = (...args: string[]) =>
  runCli([...args, '--components', 'components'], { cwd: root, env: { XDG_CACHE_HOME: root } });

before(() => {
  mkdirSync(join(root, 'components'));
  writeFileSync(join(root, 'components/made.yaml'), COMPONENT);
  const base = edited(fixtureTree(), (tree) => tree.set(PATH, code('\tu32 one;\n\tu32 two;')));
  const next = edited(base, (tree) => tree.set(PATH, code('\tu64 one;\n\tu32 two;')));
  makeRepository(repository, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'made: widen', tree: next },
  ]);
  for (const [path, text] of base) {
    mkdirSync(dirname(join(root, 'linux', path)), { recursive: true });
    writeFileSync(join(root, 'linux', path), text);
  }
  writeFileSync(join(root, 'made.mbox'), `${git(repository, 'format-patch', '--stdout', 'v7.3.4..main')}\n`);
});

test('revisions and patches are audited by it, and the caller that it covers is no other', async () => {
  for (const what of [
    ['main', '--repo', repository],
    ['made.mbox', '--on', 'linux'],
  ]) {
    const { status, stdout, stderr } = await run('audit', ...what, '--no-catalog');
    assert.equal(status, 1, stderr);
    assert.match(stdout, /error\[marker-not-bumped\] MADE_COMPATIBLE/);
    assert.match(stdout, /Raise MADE_COMPATIBLE .* from "made-v1" to "made-v2"/);
    assert.doesNotMatch(stdout, /uncovered/);
  }
});

test('documents that were captured with it answer without it, in a catalog and from a server too', async () => {
  mkdirSync(join(root, 'versions'));
  const captured = [
    ['capture', 'linux', '-o', 'versions/7.3.4.json'],
    ['capture', `${repository}#main`, '--release', '7.3.4+made', '-o', 'versions/7.3.4+made.json'],
  ];
  for (const args of captured) assert.equal((await run(...args)).status, 0);
  const env = { XDG_CACHE_HOME: root };
  const args = ['catalog', 'build', '--versions', 'versions', '--catalog', 'made.sqlite'];
  assert.equal((await runCli(args, { cwd: root, env })).status, 0);
  const catalog = Catalog.open(join(root, 'made.sqlite'));
  const server = await createServer({ catalog });
  const query = new URLSearchParams({ from: '7.3.4', to: '7.3.4+made', profile: 'memory' });
  const { verdict, decidedBy } = (await server.inject(`/api/check?${query}`)).json();
  assert.deepEqual([verdict, decidedBy.component], ['misread', 'made']);
  await server.close();
  catalog.close();
});
