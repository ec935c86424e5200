import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureTree } from '../history/generated-history.ts';
import { makeRepository } from '../history/made-repository.ts';

// What `capture --update` is measured on: a folder with the shipped documents of upstream's releases, and a repository with
// one kernel that is not among them.

const TAG = 'v7.3.99';

/** Makes the repository below a folder; its path. */
export function repositoryOfOne(folder: string): string {
  const path = join(folder, 'new-kernel.git');
  const tree = new Map(fixtureTree());
  tree.set('Makefile', 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 99\nEXTRAVERSION =\n');
  makeRepository(path, [{ title: 'Linux 7.3.99', tree, tag: TAG }]);
  return path;
}

/** The arguments of one run, in a fresh copy of the documents that ship with a checkout. */
export function updateArgs(
  repository: string,
  { versions, into }: { versions: string; into: string },
): string[] {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  for (const name of readdirSync(versions)) {
    if (name.endsWith('.json')) cpSync(join(versions, name), join(into, name));
  }
  return ['capture', '--update', into, '--from', repository, '--tags', TAG];
}
