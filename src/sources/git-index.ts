import type { GitEntry } from './git-objects.ts';
import type { GitNames } from './git-tree.ts';

// `git ls-files --stage -z`: MODE SP OID SP STAGE TAB PATH NUL; stages beside 0 are sides of a merge not yet resolved.

const KIND_BY_MODE: Readonly<Record<string, GitEntry['kind']>> = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'link',
};

/** The names that are staged for the next commit. */
export class IndexNames implements GitNames {
  readonly #entries = new Map<string, GitEntry>();

  /** @param listing what `git ls-files --stage -z` prints */
  constructor(listing: Buffer) {
    for (const line of listing.toString('utf8').split('\0')) {
      const [, mode = '', oid = '', path] = /^(\d+) ([0-9a-f]+) 0\t(.+)$/s.exec(line) ?? [];
      if (path !== undefined) this.#entries.set(path, { kind: KIND_BY_MODE[mode] ?? 'other', oid });
    }
  }

  entry(path: string): GitEntry | undefined {
    return this.#entries.get(path);
  }

  below(folder: string): string[] {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    return [...this.#entries].flatMap(([path, { kind }]) =>
      path.startsWith(prefix) && kind !== 'other' ? [path] : [],
    );
  }

  directlyIn(folder: string): string[] {
    return this.below(folder).filter((path) => !path.slice(folder.length).includes('/'));
  }

  hasFolder(path: string): boolean {
    return [...this.#entries.keys()].some((own) => own.startsWith(`${path}/`));
  }

  folderMark(): undefined {
    return undefined;
  }
}
