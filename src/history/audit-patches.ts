import { movedPaths, patchTree } from '../capture/patched.ts';
import { isWanted, wantedFolders } from '../capture/wanted.ts';
import { withContext } from '../errors.ts';
import type { FilePatch } from '../formats/patch.ts';
import type { AuditOutput } from '../model/audit.ts';
import type { TreeEvidence } from '../sources/index.ts';
import type { PatchSeries, SeriesPatch } from '../sources/patch-series.ts';
import { releaseOfMakefile } from '../sources/release.ts';
import type { ReadOptions } from '../sources/source.ts';
import type { AuditRequest } from './audit.ts';
import { audit, auditState, unreadAcross } from './audit.ts';
import type { AuditState } from './audit-state.ts';
import type { AuditStep } from './audit-step.ts';
import type { Snapshots, TreeState } from './snapshots.ts';

/** What patches are applied to: the tree, opened for what `optionsFor` says, and its name. */
export interface PatchBase {
  name: string;
  state: TreeState;
}

/** What must be read of a tree for a series: what a capture wants, and what the series moves to there. */
export function optionsFor(series: PatchSeries): ReadOptions {
  const moved = movedPaths(series);
  return {
    wanted: (path) => isWanted(path) || moved.has(path),
    folders: [...wantedFolders(), ...moved],
  };
}

/** Judges the patches of a series one by one, each on those before it. Undefined where none touches what is read. */
export function auditPatches(
  series: PatchSeries,
  base: PatchBase,
  rest: Pick<AuditRequest, 'releases' | 'values'> & { snapshots: Snapshots },
): AuditOutput | undefined {
  const { snapshots, values, releases } = rest;
  const wanted = optionsFor(series).wanted;
  const touches = ({ files }: SeriesPatch): boolean =>
    files.some(({ path, source }) => wanted(path) || wanted(source));
  if (!series.patches.some(touches)) return undefined;
  const states = statesOf(series, base, snapshots);
  const [first] = states;
  const last = states.at(-1);
  if (!first || !last) return undefined;
  const steps = series.patches.map((patch, index) => stepOf(series, patch, { index, states }));
  return audit({
    what: series.name,
    base: first,
    baseName: base.name,
    tip: last,
    looked: series.patches.filter(touches).length,
    steps: steps.filter(
      (step) =>
        step.before[0]?.document.components !== step.after.document.components ||
        unreadAcross(step).length > 0,
    ),
    values,
    releases,
  });
}

/** The state before the first patch, and that behind each. */
function statesOf(series: PatchSeries, base: PatchBase, snapshots: Snapshots): AuditState[] {
  return Array.from({ length: series.patches.length + 1 }, (_, count) => {
    const state = patched({ ...series, patches: series.patches.slice(0, count) }, base.state);
    try {
      const document = snapshots.capture(state);
      return auditState(document, (path) => state.evidence.read(path));
    } catch (error) {
      throw withContext(count === 0 ? base.name : (series.patches[count - 1]?.name ?? series.name), error);
    }
  });
}

/** Stands for what a binary patch makes of a header: a capture can read it as little as the kernel's compiler can. */
const UNREADABLE = '#error changed by a binary patch\n';

/** A tree under the first patches of a series. */
function patched(series: PatchSeries, { evidence, mark }: TreeState): TreeState {
  const tree = patchTree(evidence, series, { binary: UNREADABLE });
  const changed = new Set(tree.changed);
  const release = releaseUnder(evidence, tree.makefile);
  const own: TreeEvidence = { ...tree.evidence, ...(release !== undefined && { release }) };
  return {
    evidence: own,
    mark: (path) => {
      if (!changed.has(path)) return isWanted(path) ? mark(path) : undefined;
      const digest = own.digest(path);
      return digest === undefined ? undefined : `patched ${digest}`;
    },
  };
}

/** The release that a patched Makefile says, where it says another than that of the base. */
function releaseUnder(base: TreeEvidence, makefile: string | undefined): string | undefined {
  if (makefile === undefined) return undefined;
  const release = releaseOfMakefile(makefile);
  return release === releaseOfMakefile(base.read('Makefile') ?? '') ? undefined : release;
}

/** What a commit that was made of a patch has in its first line. */
export function titleOf({ name }: SeriesPatch): string {
  return NAMED.exec(name)?.[2] ?? name;
}

const NAMED = /^(v\d+ \d+\/\d+) (.*)$/s;

function stepOf(
  series: PatchSeries,
  patch: SeriesPatch,
  { index, states }: { index: number; states: readonly AuditState[] },
): AuditStep {
  const [, place = ''] = NAMED.exec(patch.name) ?? [];
  const title = titleOf(patch);
  return {
    id: patch.id ?? patch.name,
    name: place || title.slice(0, 40),
    title,
    before: [states[index] as AuditState],
    after: states[index + 1] as AuditState,
    patch: (paths): FilePatch[] => patch.files.filter(({ path }) => paths.includes(path)),
    isBelow: (other) => series.patches.findIndex(({ id, name }) => (id ?? name) === other.id) > index,
  };
}
