import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tree } from '../accuracy/edit-declarations.ts';

// Repositories for tests, written through `git fast-import`: no working tree, the same ids every time.

/** One commit: the files as they are after it. */
export interface MadeCommit {
  title: string;
  tree: ReadonlyMap<string, string>;
  /** Numbers of other commits from 0; the one before it where left out. */
  parents?: readonly number[];
  /** The tree is only what may differ from the parent; other files stay. */
  isPartial?: true;
  tag?: string;
}

const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  LC_ALL: 'C',
};

/** Runs git for a test; its output. */
export function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, '-C', folder, ...args], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** A folder that goes when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-git-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A bare repository with some commits on `main`; the ids of the commits, in order. */
export function makeRepository(
  folder: string,
  commits: readonly MadeCommit[],
  { format = 'sha1' }: { format?: 'sha1' | 'sha256' } = {},
): string[] {
  git('.', 'init', '--quiet', '--bare', '--initial-branch=main', `--object-format=${format}`, folder);
  const stream = Buffer.concat(commits.flatMap((commit, index) => commitText(commit, index, commits)));
  const { status, stderr } = spawnSync(
    'git',
    ['-C', folder, 'fast-import', '--quiet', '--export-marks=marks'],
    {
      input: stream,
      env: ENVIRONMENT,
    },
  );
  if (status !== 0) throw new Error(`git fast-import: ${stderr}`);
  const marks = git(folder, 'rev-list', '--all', '--count');
  if (Number(marks) > commits.length) throw new Error('more commits than were made');
  return readMarks(folder, commits.length);
}

function readMarks(folder: string, count: number): string[] {
  const text = spawnSync('cat', [join(folder, 'marks')], { encoding: 'utf8' }).stdout;
  const byMark = new Map(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  return Array.from({ length: count }, (_, index) => byMark.get(`:${index + 1}`) ?? '');
}

function commitText(commit: MadeCommit, index: number, commits: readonly MadeCommit[]): Buffer[] {
  const { title, tree, tag } = commit;
  const parents = commit.parents ?? (index === 0 ? [] : [index - 1]);
  const [first, ...merged] = parents;
  const before: ReadonlyMap<string, string> =
    first === undefined ? new Map() : (commits[first]?.tree ?? new Map());
  const date = `Test <test@example.org> ${1_700_000_000 + index * 60} +0000`;
  const head = [
    'commit refs/heads/main',
    `mark :${index + 1}`,
    `author ${date}`,
    `committer ${date}`,
    data(title),
    ...(first === undefined ? [] : [`from :${first + 1}`]),
    ...merged.map((parent) => `merge :${parent + 1}`),
  ];
  const changed = [...tree].filter(([path, text]) => before.get(path) !== text);
  const gone = commit.isPartial ? [] : [...before.keys()].filter((path) => !tree.has(path));
  const files = [
    ...gone.map((path) => `D ${path}`),
    ...changed.flatMap(([path, text]) => [`M 100644 inline ${path}`, data(text)]),
  ];
  const tagged = tag === undefined ? [] : ['', `reset refs/tags/${tag}`, `from :${index + 1}`];
  return [Buffer.from(`${[...head, ...files, ...tagged, ''].join('\n')}\n`)];
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** A tree after some edits; the given one stays as it is. */
export function edited(tree: ReadonlyMap<string, string>, ...edits: ((tree: Tree) => void)[]): Tree {
  const copy = new Map(tree);
  for (const edit of edits) edit(copy);
  return copy;
}
