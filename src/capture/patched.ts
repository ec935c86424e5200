import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import type { FilePatch } from '../formats/patch.ts';
import type { ApplyBudget } from '../formats/patch-apply.ts';
import { applyHunks, createApplyBudget } from '../formats/patch-apply.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { headersBeside } from '../sources/beside.ts';
import type { TreeEvidence } from '../sources/index.ts';
import type { PatchSeries } from '../sources/patch-series.ts';
import { speaksOf } from '../sources/source.ts';
import { SOUGHT } from './sought.ts';
import { CODE_WITNESS, isWanted } from './wanted.ts';

/** What the files of a base become under a series, in memory. */
export interface PatchedTree {
  evidence: TreeEvidence;
  /** Sorted paths of the wanted files that are not as the base has them. */
  changed: readonly string[];
  /** Sorted paths of patched files that the base does not hold because it holds headers alone. */
  passedOver: readonly string[];
  /** The Makefile that the series leaves; undefined where it changes none, or none that the base holds. */
  makefile?: string;
}

/** How a series is applied. */
export interface PatchOptions {
  /** False where the base is known by its facts alone, and only files that the series creates are there. */
  hasFiles?: boolean;
  /** What a file becomes that a binary patch changes; without it such a patch is refused. */
  binary?: string;
}

const MAKEFILE = 'Makefile';
/** Where headers are; a package of headers holds nothing else that a capture reads. */
const HEADER_FOLDER = /(?:^|\/)include\//;

/** Paths whose content a series moves, step by step, to where a capture reads: a base must hold them as well. */
export function movedPaths({ patches }: PatchSeries): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const { path, source } of patches.flatMap(({ files }) => files).reverse()) {
    if (path !== source && (isWanted(path) || moved.has(path))) moved.add(source);
  }
  return moved;
}

/** Paths of which a series shows that a caller is, was or will be there: a base that is searched must hold them as well. */
export function spokenPaths({ patches }: PatchSeries): ReadonlySet<string> {
  const spoken = new Set<string>();
  for (const { path, source, hunks } of patches.flatMap(({ files }) => files)) {
    const isSpoken = hunks.some(({ before, after }) =>
      [...before, ...after].some((line) => SOUGHT.words.some((word) => line.includes(word))),
    );
    if (isSpoken) for (const each of [path, source]) if (SOUGHT.mayBe(each)) spoken.add(each);
  }
  // Whatever else the series does to such a file, before and after.
  for (const { path, source } of patches.flatMap(({ files }) => files)) {
    if (spoken.has(path) && SOUGHT.mayBe(source)) spoken.add(source);
  }
  return spoken;
}

/**
 * Applies a series to the files of a base; only those that a capture reads are looked at. `base` must give the paths
 * of `movedPaths` too. The Makefile stays that of the base, which says what was patched; the new one is given apart.
 * @throws ToolError HUNK_FAILED with the path, the line and the patch
 */
export function patchTree(base: TreeEvidence, series: PatchSeries, options: PatchOptions = {}): PatchedTree {
  const tree = new TreeUnderPatches(base, options);
  const moved = movedPaths(series);
  const callers = new Set(base.sought ? [...base.sought(), ...spokenPaths(series)] : []);
  // The Makefile only says a release, and the kernel that a series makes has a name of its own.
  const isNeeded = (path: string): boolean =>
    (isWanted(path) && path !== MAKEFILE) || moved.has(path) || callers.has(path);
  for (const { name, files } of series.patches) {
    for (const file of files) {
      if (file.path === MAKEFILE) tree.applyMakefile(file, name);
      else if (
        isNeeded(file.path) ||
        (file.kind === 'renamed' && isNeeded(file.source)) ||
        (base.sought && tree.mayLieBeside(file))
      )
        tree.apply(file, name);
    }
  }
  return tree.result();
}

/** The evidence as a capture of the base alone sees it, whatever else was opened for the patches. */
export function wantedOnly(base: TreeEvidence): TreeEvidence {
  const callers = new Set(base.sought?.());
  let beside: ReadonlySet<string> | undefined;
  const isBeside = (path: string): boolean => {
    if (!path.endsWith('.h')) return false;
    beside ??= headersBeside(callers, SOUGHT, (one) => base.read(one));
    return beside.has(path);
  };
  const isSeen = (path: string): boolean => isWanted(path) || callers.has(path) || isBeside(path);
  return {
    ...base,
    read: (path) => (isSeen(path) ? base.read(path) : undefined),
    digest: (path) => (isSeen(path) ? base.digest(path) : undefined),
    list: (folder) => base.list(folder).filter(isSeen),
  };
}

class TreeUnderPatches {
  readonly #base: TreeEvidence;
  readonly #hasFiles: boolean;
  readonly #isHeadersOnly: boolean;
  readonly #binary: string | undefined;
  #makefile: string | undefined;
  /** Text by path; undefined where the series took the file away. */
  readonly #texts = new Map<string, string | undefined>();
  readonly #passedOver = new Set<string>();
  readonly #budget: ApplyBudget = createApplyBudget();

  constructor(base: TreeEvidence, { hasFiles = true, binary }: PatchOptions) {
    this.#base = base;
    this.#binary = binary;
    this.#hasFiles = hasFiles;
    this.#isHeadersOnly = hasFiles && base.read(CODE_WITNESS) === undefined;
  }

  /** Whether a patched file is a header that a caller may have beside it, and that is at hand. */
  mayLieBeside({ kind, path, source }: FilePatch): boolean {
    const isHeader = path.endsWith('.h') && SOUGHT.mayBe(path);
    return isHeader && (kind === 'created' || this.#read(source) !== undefined);
  }

  apply(file: FilePatch, patch: string): void {
    const { kind, path, source } = file;
    if (kind === 'created' && this.#read(path) !== undefined) {
      throw new ToolError('HUNK_FAILED', `${patch}: ${path}: is to be created and is there already`, {
        path,
        line: 1,
      });
    }
    const before = kind === 'created' ? '' : this.#read(source);
    if (before === undefined) {
      this.#passOver(file, patch);
      return;
    }
    if (file.isBinary && this.#binary !== undefined && kind !== 'deleted') {
      if (kind === 'renamed') this.#texts.set(source, undefined);
      this.#texts.set(path, this.#binary);
      return;
    }
    if (file.isBinary) {
      throw new ToolError('HUNK_FAILED', `${patch}: ${path}: changed by a binary patch`, { path, line: 1 });
    }
    const text = applyHunks(before, file.hunks, { path: source, patch, budget: this.#budget });
    if (kind === 'deleted' && text !== '') {
      throw new ToolError('HUNK_FAILED', `${patch}: ${path}: is to be deleted, and lines are left`, {
        path,
        line: 1,
      });
    }
    if (kind === 'renamed') this.#texts.set(source, undefined);
    this.#texts.set(path, kind === 'deleted' ? undefined : text);
  }

  /** A Makefile that does not fit says nothing of a release, and nothing of what is handed over. */
  applyMakefile({ hunks }: FilePatch, patch: string): void {
    const before = this.#makefile ?? this.#base.read(MAKEFILE);
    if (before === undefined) return;
    try {
      this.#makefile = applyHunks(before, hunks, { path: MAKEFILE, patch, budget: this.#budget });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  }

  result(): PatchedTree {
    const base = wantedOnly(this.#base);
    const { sought } = base;
    const isCaller = (path: string, text: string | undefined): boolean =>
      text !== undefined && SOUGHT.mayBe(path) && speaksOf(Buffer.from(text), SOUGHT, path);
    const callers = [...this.#texts].filter(([path, text]) => sought && isCaller(path, text));
    const wasCaller = new Set(sought?.());
    const found = [...wasCaller]
      .filter((path) => !this.#texts.has(path))
      .concat(callers.map(([path]) => path));
    const beside = sought ? headersBeside(found, SOUGHT, (path) => this.#read(path)) : new Set<string>();
    const isSeen = (path: string): boolean => isWanted(path) || wasCaller.has(path) || beside.has(path);
    const texts = new Map([...[...this.#texts].filter(([path]) => isSeen(path)), ...callers]);
    for (const path of beside) if (!texts.has(path)) texts.set(path, this.#read(path));
    const changed = [...texts.keys()].filter((path) => texts.get(path) !== base.read(path));
    const evidence: TreeEvidence = {
      ...base,
      read: (path) => (texts.has(path) ? texts.get(path) : base.read(path)),
      digest: (path) => {
        if (!texts.has(path)) return base.digest(path);
        const text = texts.get(path);
        return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
      },
      list: (folder) => listWith(base.list(folder), texts, folder),
      ...(sought && { sought: () => [...found].sort(byCodeUnit) }),
    };
    return {
      evidence,
      changed: changed.sort(byCodeUnit),
      passedOver: [...this.#passedOver].sort(byCodeUnit),
      ...(this.#makefile !== undefined && { makefile: this.#makefile }),
    };
  }

  #read(path: string): string | undefined {
    return this.#texts.has(path) ? this.#texts.get(path) : this.#base.read(path);
  }

  /** A file that is not at hand: no fault of the series where the base holds headers alone and the file is code. */
  #passOver({ path, source, hunks }: FilePatch, patch: string): void {
    const line = hunks[0]?.outgoingStart ?? 1;
    const isCode = !HEADER_FOLDER.test(source) && !HEADER_FOLDER.test(path);
    if (this.#isHeadersOnly && isCode && !this.#texts.has(source)) {
      this.#passedOver.add(path);
      return;
    }
    const why = this.#hasFiles
      ? `${this.#base.name} has no such file`
      : `not at hand: of ${this.#base.name} only the facts are known, which is enough for new files alone`;
    throw new ToolError('HUNK_FAILED', `${patch}: ${source}:${line}: ${why}`, { path: source, line });
  }
}

function listWith(
  paths: readonly string[],
  texts: ReadonlyMap<string, string | undefined>,
  folder: string,
): string[] {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const added = [...texts].flatMap(([path, text]) =>
    text !== undefined && path.startsWith(prefix) ? path : [],
  );
  const kept = paths.filter((path) => !texts.has(path));
  return [...kept, ...added].sort(byCodeUnit);
}
