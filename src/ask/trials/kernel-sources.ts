import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ToolError } from '../../errors.ts';
import { parseGitLocator } from '../../sources/git.ts';
import { GitRepository } from '../../sources/git-repository.ts';
import type { KernelSource } from '../../try/build-kernel.ts';

/** Where the sources of releases are looked for: a folder, below which they bear their usual names. */
const NAMES = (release: string): string[] => [
  release,
  `linux-${release}`,
  `linux-${release}.tar.xz`,
  `linux-${release}.tar.gz`,
  `linux_${release}.orig.tar.xz`,
];

/**
 * The source of a kernel that is to be built: a tree, a tarball, a revision `REPO#REV`, or a release whose tree or tarball
 * is in `folder`. Nothing is fetched.
 * @throws ToolError NOT_A_KERNEL, RELEASE_UNKNOWN, and as git
 */
export async function kernelSource(locator: string, folder: string): Promise<KernelSource> {
  const git = existsSync(locator) ? undefined : parseGitLocator(locator);
  if (git) return fromGit(git.repository, git.revision);
  const beside = NAMES(locator).map((name) => join(folder, name));
  const path = [locator, ...beside].find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const tried = NAMES(locator).join(', ');
    throw new ToolError(
      'RELEASE_UNKNOWN',
      `${locator}: no source in ${folder} (${tried}); name its folder with \`sources\``,
    );
  }
  return statSync(path).isDirectory() ? fromTree(resolve(path)) : fromTarball(path);
}

/** Files are told apart by size and time, as make does. */
function fromTree(path: string): KernelSource {
  const release = releaseOf(path);
  const digest = createHash('sha256').update(path);
  for (const name of (readdirSync(path, { recursive: true }) as string[]).sort()) {
    const stat = statSync(join(path, name), { throwIfNoEntry: false });
    if (stat?.isFile()) digest.update(`${name} ${stat.size} ${stat.mtimeMs}\n`);
  }
  return { name: release, digest: digest.digest('hex'), unpack: () => path };
}

function releaseOf(tree: string): string {
  const makefile = join(tree, 'Makefile');
  const text = existsSync(makefile) ? readFileSync(makefile, 'utf8').slice(0, 4096) : '';
  const part = (name: string): string => new RegExp(`^${name}\\s*=[ \\t]*(\\S*)`, 'm').exec(text)?.[1] ?? '';
  const [version, patch, sub, extra] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL', 'EXTRAVERSION'].map(part);
  if (version === '' || patch === '')
    throw new ToolError('NOT_A_KERNEL', `${tree}: not the top of a kernel tree`);
  return `${version}.${patch}${sub === '0' || sub === '' ? '' : `.${sub}`}${extra}`;
}

async function fromTarball(path: string): Promise<KernelSource> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const name = /(\d+\.\d+[\w.-]*?)(?:\.orig)?\.tar/.exec(path)?.[1] ?? 'kernel';
  return { name, digest: hash.digest('hex'), unpack: (folder) => untar(folder, path) };
}

function fromGit(repository: string, revision: string): KernelSource {
  const opened = GitRepository.open(repository);
  const commit = opened.commitOf(revision);
  const unpack = (folder: string): string => {
    mkdirSync(folder, { recursive: true });
    opened.checkOut(commit, folder, `${folder}.index`);
    return folder;
  };
  return { name: commit.slice(0, 12), digest: commit, unpack };
}

/** Unpacks an archive of one folder with tar. @throws ToolError BUILD_FAILED */
function untar(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true });
  const { status, error, stderr } = spawnSync('tar', ['-xf', path, '-C', folder, '--strip-components=1']);
  if (!error && status === 0) return folder;
  throw new ToolError('BUILD_FAILED', `tar: ${error?.message ?? String(stderr).trim().split('\n').at(-1)}`);
}
