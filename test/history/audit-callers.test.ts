import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { capture } from '../../src/capture/capture.ts';
import { readRange } from '../../src/history/audit-range.ts';
import { blame } from '../../src/history/blame.ts';
import { captureRange, captureTags } from '../../src/history/capture-revisions.ts';
import { findFirstBad } from '../../src/history/first-bad.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import type { AuditOutput } from '../../src/model/audit.ts';
import { PROFILES } from '../../src/model/profile.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import { runCli } from '../support/run-cli.ts';
import { fixtureTree } from './generated-history.ts';
import type { MadeCommit } from './made-repository.ts';
import { edited, git, makeRepository, scratchFolder } from './made-repository.ts';

// Callers that no component covers, in histories: the commit that brings one, changes its file or takes it away is told of.

const scratch = scratchFolder();
const snapshots = await Snapshots.open();

const PATH = 'drivers/hv/keep.c';
const KEEPER = `#include <linux/kexec_handover.h>
static int keep(void *fdt)
{
	return kho_preserve_folio(fdt) || kho_add_subtree("keeper_pages", fdt, 64);
}
`;
const QUIET = 'drivers/hv/quiet.c';

const write =
  (path: string, text: string): Edit =>
  (tree) =>
    tree.set(path, text);
const remove =
  (path: string): Edit =>
  (tree) =>
    tree.delete(path);

/** 7.3.4, and the life of a caller behind it. */
const COMMITS: readonly { title: string; edits: readonly Edit[]; tag?: string }[] = [
  { title: 'nothing', edits: [write(QUIET, 'int quiet;\n')] },
  { title: 'bring', edits: [write(PATH, KEEPER)], tag: 'v7.3.5' },
  { title: 'change', edits: [write(PATH, KEEPER.replace('64', '128'))], tag: 'v7.3.6' },
  {
    title: 'a call in a file of a component',
    edits: [
      (tree) =>
        tree.set(
          'mm/memfd_luo.c',
          `${tree.get('mm/memfd_luo.c')}\nstatic void *more(long p)\n{\n\treturn kho_restore_folio(p);\n}\n`,
        ),
    ],
  },
  { title: 'take out', edits: [remove(PATH)], tag: 'v7.3.7' },
];

function made(name: string, changes = COMMITS): string {
  const commits: MadeCommit[] = [{ title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' }];
  for (const { title, edits, tag } of changes) {
    const { tree } = commits.at(-1) as MadeCommit;
    commits.push({ title, tree: edited(tree, ...edits), ...(tag !== undefined && { tag }) });
  }
  const folder = join(scratch, `${name}.git`);
  makeRepository(folder, commits);
  return folder;
}

const bare = made('callers');
const open = (folder = bare) => new RevisionSnapshots(GitRepository.open(folder), snapshots);

async function audit(args: readonly string[], cwd = bare): Promise<{ status: number; output: AuditOutput }> {
  const run = await runCli(['audit', ...args, '--no-catalog', '--format', 'json'], {
    cwd,
    env: { XDG_CACHE_HOME: scratch },
  });
  assert.equal(run.stderr, '');
  return { status: run.status, output: JSON.parse(run.stdout) };
}

/** What is said of callers, by the title of the commit. */
function said({ patches }: AuditOutput): string[] {
  return patches.flatMap(({ title, findings }) =>
    findings
      .filter(({ rule }) => rule === 'uncovered-caller')
      .map(({ level, subject, message, where }) => `${title}: ${level} ${subject} ${where} ${message}`),
  );
}

const JUDGED_BY_NOBODY = 'keeper_pages of drivers/hv/keep.c is handed over and not judged';
const LIFE = [
  `bring: error keeper_pages ${PATH}:4 new: ${JUDGED_BY_NOBODY}`,
  `change: error keeper_pages ${PATH}:4 ${PATH} changed: ${JUDGED_BY_NOBODY}`,
  `take out: error keeper_pages ${PATH}:4 taken out: ${JUDGED_BY_NOBODY}`,
];

test('a range tells of the commits that bring, change and take out a caller, and of no other', async () => {
  const { status, output } = await audit(['v7.3.4..main']);
  assert.equal(status, 1);
  assert.deepEqual(said(output), LIFE);
  assert.deepEqual(said({ ...output, patches: [{ ...output.whole, id: '', name: '', title: '' }] }), []);
});

test('one commit, a file of patches and what is staged say the same', async () => {
  const { output } = await audit(['v7.3.6']);
  assert.deepEqual(said(output), LIFE.slice(1, 2));
  const mbox = join(scratch, 'series.mbox');
  writeFileSync(mbox, `${git(bare, 'format-patch', '--stdout', 'v7.3.4..main')}\n`);
  assert.deepEqual(said((await audit([mbox, '--on', 'v7.3.4'])).output), LIFE);
  const work = join(scratch, 'work');
  git('.', 'clone', '--quiet', bare, work);
  assert.equal((await audit(['--staged'], work)).output.looked, 0);
  mkdirSync(dirname(join(work, PATH)), { recursive: true });
  writeFileSync(join(work, PATH), KEEPER);
  git(work, 'add', '-A');
  const staged = await audit(['--staged'], work);
  assert.equal(staged.status, 1);
  assert.deepEqual(said(staged.output), [LIFE[0]?.replace('bring', 'for the next commit')]);
});

test('the terminal names it, and does not call the range sound', async () => {
  const env = { XDG_CACHE_HOME: scratch };
  const { stdout } = await runCli(['audit', 'v7.3.5', '--no-catalog'], { cwd: bare, env });
  assert.match(stdout, /not covered: keeper_pages$/m);
  assert.match(stdout, /error\[uncovered-caller\] keeper_pages drivers\/hv\/keep\.c:4$/m);
  assert.doesNotMatch(stdout, /sound/);
});

test('what is inferred of a caller is judged in a history too', async () => {
  const code = (second: string): string => `#include <linux/kexec_handover.h>
#define MADE_COMPATIBLE "made-v1"
struct made_ser {
	unsigned int count;
	${second}
} __attribute__((packed));
static int keep(struct made_ser *ser)
{
	return kho_add_subtree(MADE_COMPATIBLE, ser, sizeof(*ser));
}
`;
  const folder = made('inferred', [
    { title: 'bring', edits: [write(PATH, code('unsigned int one;'))] },
    { title: 'remark', edits: [write(PATH, `/* a remark */\n${code('unsigned int one;')}`)] },
    { title: 'grow', edits: [write(PATH, code('unsigned long long one;'))] },
  ]);
  const { output } = await audit(['v7.3.4..main'], folder);
  const rules = output.patches.map(({ title, findings }) =>
    [title, ...findings.map(({ rule, level }) => `${rule} ${level}`)].join(': '),
  );
  assert.deepEqual(rules, [
    'bring: facts-missing error: uncovered-declaration warning: uncovered-caller error',
    'remark: uncovered-caller note',
    'grow: marker-not-bumped error: uncovered-caller note',
  ]);
});

test('a driver that moves with its header, and its record that grows in a third place, are judged', async () => {
  const header = (name: string, more = ''): Edit =>
    write(
      `include/linux/kho/abi/${name}.h`,
      `#include <linux/types.h>\n#define MADE_LUO_FH_COMPATIBLE "made-v1"\nstruct made_ser {\n\tu64 size;\n${more}} __packed;\n`,
    );
  const driver = (name: string): Edit =>
    write(
      `drivers/${name}/keep.c`,
      `#include <linux/kho/abi/${name}.h>\nstatic struct liveupdate_file_handler handler = { .compatible = MADE_LUO_FH_COMPATIBLE };\nint init(void) { return liveupdate_register_file_handler(&handler); }\nvoid *keep(void) { return kho_alloc_preserve(sizeof(struct made_ser)); }\n`,
    );
  const gone = (name: string): Edit[] => [
    remove(`include/linux/kho/abi/${name}.h`),
    remove(`drivers/${name}/keep.c`),
  ];
  const folder = made('moved', [
    { title: 'bring', edits: [header('one'), driver('one')] },
    { title: 'move', edits: [header('two'), driver('two'), ...gone('one')] },
    { title: 'move and grow', edits: [header('three', '\tu64 more;\n'), driver('three'), ...gone('two')] },
  ]);
  const { output } = await audit(['v7.3.4..main'], folder);
  const rules = output.patches.map(({ title, findings }) =>
    [title, ...findings.map(({ rule, level }) => `${rule} ${level}`)].join(': '),
  );
  assert.deepEqual(rules, [
    'bring: facts-missing error: uncovered-declaration warning: uncovered-caller error',
    'move: uncovered-caller note: uncovered-caller note',
    'move and grow: marker-not-bumped error: uncovered-caller note: uncovered-caller note',
  ]);
});

test('a merge is told of what it has as none of its parents has it', async () => {
  const base = fixtureTree();
  const one = edited(base, write(PATH, KEEPER));
  const other = edited(one, write(PATH, `${KEEPER}/* by the merge */\n`));
  const folder = join(scratch, 'merged.git');
  makeRepository(folder, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'bring', tree: one },
    { title: 'beside', tree: edited(base, write(QUIET, 'int quiet;\n')), parents: [0] },
    { title: 'merge', tree: edited(one, write(QUIET, 'int quiet;\n')), parents: [1, 2] },
    { title: 'beside again', tree: edited(base, write(QUIET, 'int more;\n')), parents: [2] },
    { title: 'merge otherwise', tree: edited(other, write(QUIET, 'int more;\n')), parents: [3, 4] },
  ]);
  const { output } = await audit(['v7.3.4..main'], folder);
  assert.deepEqual(
    said(output).map((text) => text.replace(/ keeper_pages.*$/, '')),
    ['bring: error', 'merge otherwise: error'],
  );
});

test('a declaration that no component covers is told of when it changes', async () => {
  const header = (members: string): Edit =>
    write('include/linux/kho/abi/made.h', `struct made_ser {\n\tunsigned int ${members};\n};\n`);
  const folder = made('declared', [
    { title: 'bring', edits: [header('one')] },
    { title: 'grow', edits: [header('one, two')] },
  ]);
  const { status, output } = await audit(['main'], folder);
  assert.equal(status, 1);
  assert.deepEqual(
    output.patches.flatMap(({ findings }) =>
      findings.map(({ rule, level, subject }) => [rule, level, subject]),
    ),
    [['uncovered-declaration', 'error', 'made_ser']],
  );
});

test('documents of tags and of a range are those of each revision alone', async () => {
  const revisions = open();
  const { documents } = await captureTags(revisions.repository.tags('v7*'), revisions);
  for (const document of documents) {
    const tag = document.release.replace(/^.*\+/, '').replace(/^v?/, 'v');
    const alone = await capture(`${bare}#${tag}`);
    const { release: _release, vendor: _vendor, ...rest } = document;
    assert.deepEqual({ ...alone, ...rest }, alone);
  }
  assert.deepEqual(
    documents.map(({ components }) => components.callers?.callers?.map(({ file }) => file)),
    [undefined, [PATH], [PATH], undefined],
  );
  for (const firstParent of [false, true]) {
    const states = await captureRange('v7.3.4..main', open(), { firstParent });
    assert.deepEqual(
      states.map(({ components }) => components.callers?.callers?.length ?? 0),
      [0, 1, 1, 0],
    );
  }
});

test('first-bad finds the commit that brings one, blame those that touched it', async () => {
  const request = { outgoing: 'v7.3.4', incoming: 'v7.3.6', target: 'x86_64-4k' } as const;
  const profile = PROFILES.find(({ name }) => name === 'memory');
  for (const asked of [request, { ...request, ...(profile && { profile }) }]) {
    const { isSafe, firstBad } = await findFirstBad(asked, open());
    assert.equal(isSafe, false);
    assert.equal(firstBad?.title, 'bring');
    assert.deepEqual(
      firstBad?.components.map(({ id, verdict }) => [id, verdict]),
      [['callers', 'unknown']],
    );
  }
  const revisions = open();
  for (const subject of ['keeper_pages', PATH]) {
    const { kind, steps } = await blame(subject, readRange('v7.3.4..v7.3.6', revisions), revisions);
    assert.equal(kind, 'caller');
    assert.deepEqual(
      steps.map(({ title }) => title),
      ['bring', 'change'],
    );
  }
});

test('a clone that lacks files says once that they were not searched', async () => {
  const partial = join(scratch, 'partial');
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  git('.', 'clone', '--quiet', '--bare', '--filter=blob:none', `file://${bare}`, partial);
  const wanted = git(
    bare,
    'ls-tree',
    '-r',
    'v7.3.4',
    '--',
    'include',
    'kernel',
    'mm',
    'arch',
    'drivers/of',
    'init',
    'Kconfig',
    'Makefile',
  );
  for (const [, oid = ''] of wanted.matchAll(/ blob ([0-9a-f]+)\t/g)) copyBlob(oid, partial);
  const { output } = await audit(['v7.3.5'], partial);
  assert.deepEqual(output.patches, []);
  assert.deepEqual(
    output.whole.findings.map(({ rule, level, subject }) => `${rule} ${level} ${subject}`),
    [`uncovered-caller warning ${PATH}`],
  );
  const { components, findings } = await capture(`${partial}#v7.3.5`);
  assert.deepEqual(components.callers?.callers, []);
  assert.equal(findings.filter(({ code }) => code === 'uncovered-caller').length, 1);
  const revisions = open(partial);
  const { documents } = await captureTags(revisions.repository.tags('v7.3.5'), revisions);
  const [tagged] = documents;
  assert.deepEqual(tagged?.components.callers, components.callers);
});

function copyBlob(oid: string, to: string): void {
  const path = join(scratch, 'blob');
  writeFileSync(path, git(bare, 'cat-file', 'blob', oid).concat('\n'));
  if (git(to, 'hash-object', '-w', path) !== oid) throw new Error(`${oid}: another content`);
  assert.ok(readFileSync(path).byteLength > 0);
  rmSync(path);
}
