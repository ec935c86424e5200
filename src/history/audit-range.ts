import { SOUGHT } from '../capture/sought.ts';
import { ABI_FOLDER, wantedFolders } from '../capture/wanted.ts';
import { drawn } from '../components/index.ts';
import { ToolError } from '../errors.ts';
import type { FilePatch } from '../formats/patch.ts';
import { parsePatch } from '../formats/patch.ts';
import type { AuditOutput } from '../model/audit.ts';
import type { GitChange } from '../sources/git-repository.ts';
import { SpokenFiles } from '../sources/git-speaking.ts';
import { Ancestry } from './ancestry.ts';
import { audit, auditState, unreadAcross } from './audit.ts';
import type { AuditState } from './audit-state.ts';
import type { AuditStep } from './audit-step.ts';
import { withUnsearched } from './caller-findings.ts';
import { CallerSearch } from './caller-search.ts';
import { changedCallers } from './changed-callers.ts';
import type { KnownValues } from './known-values.ts';
import { lastReleases } from './last-releases.ts';
import type { RevisionSnapshots } from './snapshots.ts';
import { walkedChanges } from './walk.ts';

/** Where declarations and code of components have been: what moves among these is shown as such. */
const patched = drawn(() =>
  wantedFolders().filter((path) => path === `${ABI_FOLDER}/` || !path.endsWith('/')),
);

/** A range of a repository: what came in with it, and where it begins and ends. */
export interface CommitRange {
  /** As it was asked for. */
  text: string;
  /** Undefined for a root commit. */
  base: string | undefined;
  tip: string;
}

/** `A..B`, `A..`, `A...B` (from where they part), or one commit: itself against its parent. */
export function readRange(text: string, { repository }: RevisionSnapshots): CommitRange {
  const [, from, dots, to] = /^(.*?)(\.\.\.?)(.*)$/.exec(text) ?? [];
  if (dots === undefined || from === undefined) {
    const tip = repository.commitOf(text);
    const [change] = repository.withParents([tip]);
    const [base] = change?.parents ?? [];
    if (base === undefined && repository.isShallow) {
      throw new ToolError('GIT_OBJECT_MISSING', `${text}: its parent is not in this shallow clone`);
    }
    return { text, base, tip };
  }
  const tip = repository.commitOf(to || 'HEAD');
  const start = repository.commitOf(from || 'HEAD');
  return { text, base: dots === '..' ? start : repository.mergeBase(start, tip), tip };
}

/** Judges the commits of a range. */
export async function auditRange(
  range: CommitRange,
  snapshots: RevisionSnapshots,
  values: KnownValues,
): Promise<AuditOutput | undefined> {
  const { repository } = snapshots;
  const { base, tip, text } = range;
  if (base === undefined) return undefined;
  const { changes, graph, missing } = searchRanges([range], snapshots);
  if (changes.length === 0) return unsearchedAlone(text, base, missing);
  snapshots.preload([base, tip]);
  const ancestry = new Ancestry(() => graph);
  const steps = await stepsOf(changes, { snapshots, ancestry });
  const output = await audit({
    what: text,
    base: stateOf(base, snapshots),
    baseName: base.slice(0, 12),
    tip: stateOf(tip, snapshots),
    looked: changes.length,
    steps,
    values,
    releases: () => lastReleases(snapshots, snapshots.capture(base).release, repository.tags('v[0-9]*')),
  });
  return withUnsearched(output, missing);
}

/** What a range holds that may matter. */
interface SearchedRange {
  /** Its commits that touch what a capture may read, or a caller. */
  changes: GitChange[];
  /** The callers among what it changes. */
  callers: readonly string[];
  graph: readonly GitChange[];
  /** Files that could not be looked at. */
  missing: readonly string[];
}

/**
 * From here on captures tell of the callers among the files that some ranges change.
 * @returns what the first of them holds
 */
export function searchRanges(
  [range, ...others]: readonly [CommitRange, ...CommitRange[]],
  snapshots: RevisionSnapshots,
): SearchedRange {
  const { repository } = snapshots;
  const graph = repository.graph(limitsOf(range));
  const beside = others.flatMap((other) => repository.graph(limitsOf(other)));
  // Of one without a parent nothing can be said.
  const oids = [...graph, ...beside].flatMap(({ oid, parents }) => (parents.length > 0 ? oid : []));
  const spoken = new SpokenFiles(repository, SOUGHT);
  const { paths, missing } = changedCallers(repository.changedFiles(oids), spoken, {
    repository,
    commit: range.tip,
  });
  snapshots.searchWith(new CallerSearch(repository, { among: paths, spoken }));
  snapshots.unsearched = missing;
  const changes = repository.changes(limitsOf(range), [...wantedFolders(), ...paths]);
  return { changes, callers: paths, graph, missing };
}

/** The answer where nothing was found: undefined, or what could not be looked at. */
export function unsearchedAlone(
  what: string,
  base: string,
  missing: readonly string[],
): AuditOutput | undefined {
  if (missing.length === 0) return undefined;
  const whole = { components: [], findings: [] };
  const output = { what, base: base.slice(0, 12), looked: 0, patches: [], whole, pairs: [] };
  return withUnsearched(output, missing);
}

/** A range as `rev-list` takes it. */
export function limitsOf({ base, tip }: Pick<CommitRange, 'base' | 'tip'>): string[] {
  return base === undefined ? ['--max-count=1', tip] : [tip, `^${base}`];
}

interface Walk {
  snapshots: RevisionSnapshots;
  ancestry: Ancestry;
}

async function stepsOf(changes: readonly GitChange[], walk: Walk): Promise<AuditStep[]> {
  const steps: AuditStep[] = [];
  for await (const change of walkedChanges('auditing commits', changes, walk.snapshots)) {
    const step = stepOf(change, walk);
    if (step) steps.push(step);
  }
  return steps;
}

/** A step, where the commit changes what captures give. */
function stepOf({ oid, parents }: GitChange, { snapshots, ancestry }: Walk): AuditStep | undefined {
  const { repository } = snapshots;
  if (parents.length === 0 && repository.isShallow) {
    throw new ToolError('GIT_OBJECT_MISSING', `${oid.slice(0, 12)}: its parent is not in this shallow clone`);
  }
  const after = stateOf(oid, snapshots);
  const before = parents.map((parent) => stateOf(parent, snapshots));
  const isOther = before.every(({ document }) => document.components !== after.document.components);
  const isTouched = isOther || unreadAcross({ before, after }).length > 0;
  const [first] = parents;
  if (!isTouched || first === undefined) return undefined;
  const { title } = snapshots.commit(oid);
  const step: AuditStep = {
    id: oid,
    name: oid.slice(0, 12),
    title,
    before,
    after,
    patch: (paths): FilePatch[] => {
      const text = repository.patch(first, oid, [...patched(), ...paths]);
      return parsePatch(text, oid.slice(0, 12));
    },
    isBelow: (other) => ancestry.isBelow(oid, other.id),
  };
  return step;
}

function stateOf(oid: string, snapshots: RevisionSnapshots): AuditState {
  const textOf = (path: string): string | undefined => {
    const label = oid.slice(0, 12);
    return snapshots.state(oid, label).evidence.read(path);
  };
  return auditState(snapshots.capture(oid), textOf);
}
