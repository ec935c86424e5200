import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { captureSeriesOnFiles } from '../../src/capture/overlay-from.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { captureRange } from '../../src/history/capture-revisions.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import type { AuditOutput } from '../../src/model/audit.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { readPatchSeries } from '../../src/sources/patch-series.ts';
import { runCli } from '../support/run-cli.ts';
import { fixtureTree } from './generated-history.ts';
import type { MadeCommit } from './made-repository.ts';
import { git, makeRepository, scratchFolder } from './made-repository.ts';

// A commit that changes a driver's own header alone: the driver is found, its record is read, and what becomes of it judged.

const scratch = scratchFolder();
const snapshots = await Snapshots.open();
await initParser();

const HEADER = 'drivers/inner.h';
const record = (members: string) => `struct foo_record {\n\tunsigned long size;\n${members}};\n`;
const DRIVER = {
  'drivers/foo/foo.c':
    '#include "foo.h"\nstatic struct liveupdate_file_handler h = { .compatible = "foo-v1" };\nint init(void) { return liveupdate_register_file_handler(&h); }\nvoid *keep(void) { return kho_alloc_preserve(sizeof(struct foo_record)); }\n',
  'drivers/foo/foo.h': '#include "../inner.h"\n',
  [HEADER]: record(''),
  'drivers/foo/keep.c':
    '#include "keep.h"\nint keep_page(void *page) { return kho_preserve_pages(page, KEPT); }\n',
  'drivers/foo/keep.h': '#define KEPT 4\n',
  'drivers/foo/far.c':
    '#include <linux/far.h>\nvoid *far(void) { return kho_alloc_preserve(sizeof(struct far_record)); }\n',
  'include/linux/far.h': 'struct far_record {\n\tint one;\n} __packed;\n',
  'drivers/foo/quiet.h': '#define QUIET 4\n',
};

const base = new Map([...fixtureTree(), ...Object.entries(DRIVER)]);
const changed = (path: string, text: string): Map<string, string> => new Map([...base, [path, text]]);
const COMMITS: MadeCommit[] = [
  { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
  { title: 'grow', tree: changed(HEADER, record('\tunsigned long more;\n')), tag: 'grown' },
  { title: 'keep more', tree: changed('drivers/foo/keep.h', '#define KEPT 8\n'), parents: [0], tag: 'kept' },
  { title: 'quiet', tree: changed('drivers/foo/quiet.h', '#define QUIET 5\n'), parents: [0], tag: 'quiet' },
];
COMMITS.push({
  title: 'far',
  tree: changed('include/linux/far.h', 'struct far_record {\n\tlong one;\n} __packed;\n'),
  parents: [0],
  tag: 'far',
});
const bare = join(scratch, 'headers.git');
makeRepository(bare, COMMITS);

async function audit(args: readonly string[], cwd = bare): Promise<string[]> {
  const run = await runCli(['audit', ...args, '--no-catalog', '--format', 'json'], {
    cwd,
    env: { XDG_CACHE_HOME: scratch },
  });
  assert.equal(run.stderr, '');
  const { patches, whole }: AuditOutput = JSON.parse(run.stdout);
  return [...patches.flatMap(({ findings }) => findings), ...(patches.length > 0 ? [] : whole.findings)].map(
    ({ rule, level, subject }) => `${rule} ${level} ${subject}`,
  );
}

const EXPECTED: readonly [tag: string, findings: readonly string[]][] = [
  ['grown', ['marker-not-bumped error foo']],
  ['kept', ['uncovered-caller error drivers/foo/keep.c']],
  ['quiet', []],
  ['far', ['uncovered-caller error drivers/foo/far.c']],
];

for (const [tag, findings] of EXPECTED) {
  test(`${tag}: a commit, patches on a commit and on a folder, and what is staged say the same`, async () => {
    assert.deepEqual(await audit([`v7.3.4..${tag}`]), findings, 'range');
    const mbox = join(scratch, `${tag}.mbox`);
    writeFileSync(mbox, `${git(bare, 'format-patch', '--stdout', `v7.3.4..${tag}`)}\n`);
    assert.deepEqual(await audit([mbox, '--on', 'v7.3.4']), findings, 'patches');
    const work = join(scratch, `work-${tag}`);
    git('.', 'clone', '--quiet', bare, work);
    git(work, 'checkout', '--quiet', 'v7.3.4');
    assert.deepEqual(await audit([mbox, '--on', `${work}/`], work), findings, 'folder');
    for (const [path, text] of COMMITS.find((commit) => commit.tag === tag)?.tree ?? []) {
      if (base.get(path) === text) continue;
      mkdirSync(dirname(join(work, path)), { recursive: true });
      writeFileSync(join(work, path), text);
    }
    git(work, 'add', '-A');
    assert.deepEqual(await audit(['--staged'], work), findings, 'staged');
    const { overlay } = await captureSeriesOnFiles(await readPatchSeries(mbox), `${bare}#v7.3.4`);
    const ids = Object.keys(overlay.components ?? {});
    assert.deepEqual(ids, { grown: ['foo'], kept: ['callers'], far: ['callers'] }[tag] ?? [], 'series');
  });
}

test('a range is captured with the headers of each revision', async () => {
  const states = await captureRange(
    'v7.3.4..grown',
    new RevisionSnapshots(GitRepository.open(bare), snapshots),
    { firstParent: false },
  );
  const sizes = states.map(({ components }) => components.foo?.structs.foo_record?.layout.all?.size);
  assert.deepEqual(sizes, [8, 16]);
});
