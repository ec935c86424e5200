// `git diff-tree --stdin -r -c --raw -z`: for each commit its id, then for each file of it
//
//   : MODE MODE OID OID STATUS NUL PATH NUL                one parent
//   :: MODE MODE MODE OID OID OID STATUSES NUL PATH NUL     two: only what is as in neither of them
//
// and for each pair of trees `TREE TREE LF` in front instead of an id.

/** A file that a change touches, by what it was and is. */
export interface ChangedFile {
  path: string;
  /** Its content in each parent that has it. */
  before: readonly string[];
  /** undefined where the change takes it away. */
  after: string | undefined;
}

/** A commit, or the second tree of a pair, with the files that it changes. */
export interface ChangedFiles {
  oid: string;
  files: ChangedFile[];
}

/** Reads what such a run printed; links and submodules are left out. */
export function changedFilesIn(output: Buffer): ChangedFiles[] {
  const changes: ChangedFiles[] = [];
  const tokens = output.toString('utf8').split('\0');
  for (let at = 0; at < tokens.length; at++) {
    const token = withoutHeads(tokens[at] ?? '', changes);
    if (token.startsWith(':')) {
      at += 1;
      const file = changedFile(token, tokens[at] ?? '');
      if (file) changes.at(-1)?.files.push(file);
    } else if (token !== '') changes.push({ oid: token.trim(), files: [] });
  }
  return changes;
}

/** The rest behind the lines that name pairs of trees. */
function withoutHeads(token: string, changes: ChangedFiles[]): string {
  let rest = token;
  for (;;) {
    const [head, oid] = /^[0-9a-f]+ ([0-9a-f]+)\n/.exec(rest) ?? [];
    if (head === undefined || oid === undefined) return rest;
    changes.push({ oid, files: [] });
    rest = rest.slice(head.length);
  }
}

function changedFile(raw: string, path: string): ChangedFile | undefined {
  const parents = /^:+/.exec(raw)?.[0].length ?? 0;
  const fields = raw.slice(parents).split(' ');
  const oids = fields.slice(0, parents + 1).map((mode, index) => {
    const isFile = mode.startsWith('100');
    return isFile ? fields[parents + 1 + index] : undefined;
  });
  const before = oids.slice(0, parents).flatMap((oid) => oid ?? []);
  const after = oids[parents];
  return before.length === 0 && after === undefined ? undefined : { path, before, after };
}
