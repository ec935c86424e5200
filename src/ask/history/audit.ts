import { existsSync } from 'node:fs';
import { SOUGHT } from '../../capture/sought.ts';
import { wantedFolders } from '../../capture/wanted.ts';
import { ToolError } from '../../errors.ts';
import { parsePatch } from '../../formats/patch.ts';
import type { AuditRequest } from '../../history/audit.ts';
import { auditState, audit as auditSteps } from '../../history/audit.ts';
import {
  auditPatches,
  optionsFor,
  type PatchBase,
  titleOf,
  touchedCode,
} from '../../history/audit-patches.ts';
import { auditRange, readRange, unsearchedAlone } from '../../history/audit-range.ts';
import { withUnsearched } from '../../history/caller-findings.ts';
import { CallerSearch } from '../../history/caller-search.ts';
import { callersBeside, headersAmong, leading } from '../../history/callers-beside.ts';
import { changedCallers } from '../../history/changed-callers.ts';
import { KnownValues } from '../../history/known-values.ts';
import { lastReleases } from '../../history/last-releases.ts';
import { RevisionSnapshots, Snapshots } from '../../history/snapshots.ts';
import { parseGitLocator } from '../../sources/git.ts';
import { CallerHeaders } from '../../sources/git-beside.ts';
import { GitRepository, type GitTree } from '../../sources/git-repository.ts';
import { SpokenFiles } from '../../sources/git-speaking.ts';
import type { GitReadOptions } from '../../sources/git-tree.ts';
import { openSource } from '../../sources/index.ts';
import { type PatchSeries, readPatchSeries } from '../../sources/patch-series.ts';
import { working } from '../../work.ts';
import type { Audited, AuditOptions, AuditWhat } from './audited.ts';
import { captureOptions } from './open.ts';
import { otherKernels } from './other-kernels.ts';

/** An audit, which says whether anything that is handed over is touched. */
export function auditTouched(what: AuditWhat, options: AuditOptions): Promise<Audited> {
  return working(options, async () => {
    const snapshots = await Snapshots.open(captureOptions(options));
    if (what.kind === 'patches') return auditFiles(what.paths, { options, snapshots });
    if (what.kind === 'staged') return auditStaged({ options, snapshots });
    const located = parseGitLocator(what.text);
    const folder = located?.repository ?? options.repo ?? '.';
    const [revisions, range] = orNoFile(located ? undefined : what.text, () => {
      const opened = new RevisionSnapshots(GitRepository.open(folder), snapshots);
      return [opened, readRange(located?.revision ?? what.text, opened)] as const;
    });
    const others = await otherKernels(options, { revisions, tip: range.tip });
    return { what: what.text, output: await auditRange(range, revisions, new KnownValues(others)) };
  });
}

/** What was meant as a file must not be told of as a commit that git does not know. */
function orNoFile<T>(text: string | undefined, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const isName = text !== undefined && text !== 'HEAD' && !text.includes('..');
    if (!isName || !(error instanceof ToolError) || !NOT_FOUND.has(error.code)) throw error;
    const code = FILE_NAME.test(text) ? 'FILE_UNREADABLE' : error.code;
    throw new ToolError(code, `${text}: no such file; as a commit: ${error.message}`, { cause: error });
  }
}

const NOT_FOUND: ReadonlySet<string> = new Set(['NOT_A_REPOSITORY', 'REVISION_UNKNOWN']);
/** What files of patches and of kernels are called. */
const FILE_NAME = /\.(?:diff|eml|mail|mbo?x|patch|txt|tar|[gx]z|zst|deb|rpm)$|^(?:\.{0,2}|~)\//;

interface Context {
  options: AuditOptions;
  snapshots: Snapshots;
}

async function auditFiles(paths: readonly string[], context: Context): Promise<Audited> {
  const series = await readPatchSeries(...paths);
  const { base, revisions, commit } = await openBase(series, context);
  const titles = new Set(series.patches.map(titleOf));
  const others = await otherKernels(context.options, {
    revisions,
    ...(commit !== undefined && { posted: { titles, base: commit } }),
  });
  const output = await auditPatches(series, base, {
    snapshots: context.snapshots,
    values: new KnownValues(others),
    releases: () => releasesBefore(base, revisions),
  });
  return { what: series.name, output };
}

function releasesBefore({ state }: PatchBase, revisions: RevisionSnapshots | undefined) {
  const { release } = state.evidence;
  if (!revisions || release === undefined) return [];
  return lastReleases(revisions, release, revisions.repository.tags('v[0-9]*'));
}

/** What patches apply to: a commit of the repository, of another one, or any source of a kernel. */
async function openBase(
  series: PatchSeries,
  { options, snapshots }: Context,
): Promise<{ base: PatchBase; revisions?: RevisionSnapshots; commit?: string }> {
  const { on = 'HEAD' } = options;
  const located = parseGitLocator(on);
  if (!located && options.on !== undefined && existsSync(on)) {
    // Only where a header is touched does a file matter that the series leaves alone.
    const sought = touchedCode(series).some((path) => path.endsWith('.h')) ? { sought: SOUGHT } : {};
    const evidence = await openSource(on, { ...optionsFor(series), ...sought });
    const textOf = (path: string) => evidence.read(path);
    const { callers } = leading(evidence.sought?.() ?? [], headersAmong(touchedCode(series), textOf), textOf);
    const state = { evidence, mark: (path: string) => evidence.digest(path) };
    return { base: { name: evidence.name, state, callers } };
  }
  const [repository, oid] = orNoFile(located ? undefined : on, () => {
    const opened = GitRepository.open(located?.repository ?? options.repo ?? '.');
    return [opened, opened.commitOf(located?.revision ?? on)] as const;
  });
  const revisions = new RevisionSnapshots(repository, snapshots);
  revisions.preload([oid]);
  const treeFor = (read: GitReadOptions) => repository.tree(revisions.commit(oid), oid.slice(0, 12), read);
  const unread = missingOf(touchedCode(series), treeFor(optionsFor(series)), repository);
  const { callers, missing: besides } = callersBeside(touchedCode(series), oid, repository);
  const missing = [...new Set([...unread, ...besides])].sort();
  const tree = treeFor({
    ...optionsFor(series, { missing: unread, callers }),
    callers: { headers: new CallerHeaders(SOUGHT), paths: [...touchedCode(series), ...callers] },
  });
  const state = { evidence: { ...tree, kind: 'git' as const }, mark: tree.oid };
  return { base: { name: oid.slice(0, 12), state, missing, callers }, revisions, commit: oid };
}

/** Files of a tree whose content this clone does not hold. */
function missingOf(paths: readonly string[], tree: GitTree, repository: GitRepository): string[] {
  const spoken = new SpokenFiles(repository, SOUGHT);
  const contents = new Map(paths.map((path) => [path, tree.oid(path)]));
  spoken.load([...contents.values()].flatMap((oid) => oid ?? []));
  return paths.filter((path) => {
    const oid = contents.get(path);
    return oid !== undefined && spoken.speaks(oid) === undefined;
  });
}

/** What is staged, as if it were committed now. */
async function auditStaged({ options, snapshots }: Context): Promise<Audited> {
  const repository = GitRepository.open(options.repo ?? '.');
  const revisions = new RevisionSnapshots(repository, snapshots);
  const head = repository.commitOf('HEAD');
  const what = 'what is staged';
  const spoken = new SpokenFiles(repository, SOUGHT);
  const changes = [{ oid: 'staged', files: repository.stagedFiles(head) }];
  const { paths, missing } = changedCallers(changes, spoken, { repository, commit: head });
  const patchText = repository.stagedPatch(
    head,
    [...wantedFolders(), ...paths].map((path) => path.replace(/\/$/, '')),
  );
  if (patchText === '') return { what, output: unsearchedAlone(what, head, missing) };
  const search = new CallerSearch(repository, { among: paths, spoken });
  revisions.searchWith(search);
  revisions.preload([head]);
  const tree = search.stagedTree();
  const staged = { evidence: tree, mark: tree.oid };
  const before = auditState(revisions.capture(head), revisions.state(head).evidence.read);
  const after = auditState(revisions.captureState(staged), tree.read);
  const files = parsePatch(patchText, what);
  const request: AuditRequest = {
    what,
    base: before,
    baseName: head.slice(0, 12),
    tip: after,
    looked: 1,
    steps: [
      {
        id: 'staged',
        name: 'staged',
        title: 'for the next commit',
        before: [before],
        after,
        patch: (paths) => files.filter(({ path }) => paths.includes(path)),
        isBelow: () => false,
      },
    ],
    values: new KnownValues(await otherKernels(options, { revisions })),
    releases: () => releasesBefore({ name: what, state: staged }, revisions),
  };
  return { what, output: withUnsearched(await auditSteps(request), missing) };
}
