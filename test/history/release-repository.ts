import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { captureEvidence } from '../../src/capture/from-source.ts';
import { isWanted, wantedFolders } from '../../src/capture/wanted.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { openSource } from '../../src/sources/index.ts';
import type { MadeCommit } from './made-repository.ts';
import { makeRepository } from './made-repository.ts';

// A repository out of release sources: one commit for each release, in order, each with the files that a capture reads.

/** Kernels with their code: packages, or trees in `unpacked/`; headers alone would not show all of it. */
function packagesIn(folder: string): string[] {
  const unpacked = join(folder, 'unpacked');
  const trees = existsSync(unpacked) ? readdirSync(unpacked).map((name) => join(unpacked, name)) : [];
  const withHeaders = trees.filter((tree) => existsSync(join(tree, 'include/linux')));
  if (withHeaders.length > 0) return withHeaders;
  return ['source', 'tree'].flatMap((name) => {
    const own = join(folder, name);
    const names = existsSync(own)
      ? readdirSync(own).filter((file) => /\.(?:tar\.[gx]z|deb)$/.test(file))
      : [];
    return names.map((file) => join(own, file));
  });
}

/** The files of a release that a capture looks at. */
async function consultedTree(locator: string): Promise<{ release: string; tree: Map<string, string> }> {
  const evidence = await openSource(locator, { wanted: isWanted, folders: wantedFolders() });
  const tree = new Map<string, string>();
  const read = (path: string): string | undefined => {
    const text = evidence.read(path);
    if (text !== undefined) tree.set(path, text);
    return text;
  };
  const { release } = captureEvidence({ ...evidence, read }, {});
  read('Makefile');
  return { release, tree };
}

/**
 * The repository made of the packages in a folder, kept in the cache: it takes a minute to make. Tags are `v<release>`.
 */
export async function releaseRepository(kernels: string): Promise<{ folder: string; releases: string[] }> {
  const packages = packagesIn(kernels).sort();
  const hash = createHash('sha256')
    .update(['1', ...packages].join('\n'))
    .digest('hex')
    .slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'luo-abi-tests');
  const folder = join(cache, `releases-${hash}.git`);
  if (!existsSync(folder)) await make(folder, packages);
  const { stdout } = await import('node:child_process').then(({ spawnSync }) =>
    spawnSync('git', ['-C', folder, 'tag'], { encoding: 'utf8' }),
  );
  const releases = stdout
    .trim()
    .split('\n')
    .map((tag) => tag.slice(1));
  return { folder, releases: releases.sort(compareReleases) };
}

async function make(folder: string, packages: readonly string[]): Promise<void> {
  await initParser();
  const found: { release: string; tree: Map<string, string> }[] = [];
  for (const locator of packages) found.push(await consultedTree(locator));
  found.sort((a, b) => compareReleases(a.release, b.release));
  const commits = found.map(
    ({ release, tree }): MadeCommit => ({ title: `Linux ${release}`, tree, tag: `v${release}` }),
  );
  mkdirSync(join(folder, '..'), { recursive: true });
  const partial = `${folder}.${process.pid}.partial`;
  rmSync(partial, { recursive: true, force: true });
  makeRepository(partial, commits);
  renameSync(partial, folder);
}
