import { movedPaths, patchTree, spokenPaths } from '../capture/patched.ts';
import { SOUGHT } from '../capture/sought.ts';
import { isWanted, wantedFolders } from '../capture/wanted.ts';
import { withContext } from '../errors.ts';
import type { FilePatch } from '../formats/patch.ts';
import type { AuditOutput } from '../model/audit.ts';
import type { TreeEvidence } from '../sources/index.ts';
import type { PatchSeries, SeriesPatch } from '../sources/patch-series.ts';
import { releaseOfMakefile } from '../sources/release.ts';
import { type ReadOptions, speaksOf } from '../sources/source.ts';
import { each } from '../work.ts';
import type { AuditRequest } from './audit.ts';
import { audit, auditState, unreadAcross } from './audit.ts';
import { unsearchedAlone } from './audit-range.ts';
import type { AuditState } from './audit-state.ts';
import type { AuditStep } from './audit-step.ts';
import { withUnsearched } from './caller-findings.ts';
import { isOwnHeader } from './callers-beside.ts';
import type { Snapshots, TreeState } from './snapshots.ts';

/** What patches are applied to: the tree, opened for what `optionsFor` says, and its name. */
export interface PatchBase {
  name: string;
  state: TreeState;
  /** Files that the series touches and that are not at hand, so that nobody can look for callers in them. */
  missing?: readonly string[];
  /** Callers that include headers which the series touches, beside those that it touches itself. */
  callers?: readonly string[];
}

/**
 * What must be read of a tree for a series: what a capture wants, what the series moves to there, and whatever it touches
 * that may hand something over.
 */
export function optionsFor(
  series: PatchSeries,
  { missing = [], callers = [] }: Pick<PatchBase, 'callers' | 'missing'> = {},
): ReadOptions {
  const more = new Set([...movedPaths(series), ...touchedCode(series), ...callers]);
  for (const path of missing) more.delete(path);
  return {
    wanted: (path) => isWanted(path) || more.has(path),
    folders: [...wantedFolders(), ...more],
  };
}

/** Files that a series touches and that may hand something over. */
export function touchedCode({ patches }: PatchSeries): string[] {
  const touched = patches.flatMap(({ files }) => files.flatMap(({ path, source }) => [path, source]));
  return [...new Set(touched)].filter(SOUGHT.mayBe).sort();
}

/** A state that was opened for a series, with the callers among the files that the series touches. */
function searched(
  { state: { evidence, ...state }, callers = [] }: PatchBase,
  series: PatchSeries,
): TreeState {
  const speaks = (path: string): boolean => {
    const text = evidence.read(path);
    return text !== undefined && speaksOf(Buffer.from(text), SOUGHT, path);
  };
  const found = [...new Set([...touchedCode(series), ...callers])].filter(speaks).sort();
  return { ...state, evidence: { ...evidence, isSearchedInPart: true, sought: () => found } };
}

/** Judges the patches of a series one by one, each on those before it. Undefined where none touches what is read. */
export async function auditPatches(
  series: PatchSeries,
  opened: PatchBase,
  rest: Pick<AuditRequest, 'releases' | 'values'> & { snapshots: Snapshots },
): Promise<AuditOutput | undefined> {
  const { snapshots, values, releases } = rest;
  const base = { ...opened, state: searched(opened, series) };
  const callers = new Set([...(base.state.evidence.sought?.() ?? []), ...spokenPaths(series)]);
  const moved = movedPaths(series);
  const isBeside = (path: string): boolean => (base.callers ?? []).length > 0 && isOwnHeader(path);
  const wanted = (path: string): boolean =>
    isWanted(path) || moved.has(path) || callers.has(path) || isBeside(path);
  const touches = ({ files }: SeriesPatch): boolean =>
    files.some(({ path, source }) => wanted(path) || wanted(source));
  const { missing = [] } = base;
  if (!series.patches.some(touches)) return unsearchedAlone(series.name, base.name, missing);
  const states = await statesOf(series, base, snapshots);
  const [first] = states;
  const last = states.at(-1);
  if (!first || !last) return undefined;
  const steps = series.patches.map((patch, index) => stepOf(series, patch, { index, states }));
  const output = await audit({
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
  return withUnsearched(output, missing);
}

/** The state before the first patch, and that behind each. */
async function statesOf(series: PatchSeries, base: PatchBase, snapshots: Snapshots): Promise<AuditState[]> {
  const states: AuditState[] = [];
  for await (const count of each('auditing patches', [...series.patches.keys(), series.patches.length])) {
    const state = patched({ ...series, patches: series.patches.slice(0, count) }, base.state);
    try {
      const document = snapshots.capture(state);
      states.push(auditState(document, (path) => state.evidence.read(path)));
    } catch (error) {
      throw withContext(count === 0 ? base.name : (series.patches[count - 1]?.name ?? series.name), error);
    }
  }
  return states;
}

/** Stands for what a binary patch makes of a header: a capture can read it as little as the kernel's compiler can. */
const UNREADABLE = '#error changed by a binary patch\n';

/** A tree under the first patches of a series. */
function patched(series: PatchSeries, { evidence, mark }: TreeState): TreeState {
  const tree = patchTree(evidence, series, { binary: UNREADABLE });
  const changed = new Set(tree.changed);
  const callers = new Set(tree.evidence.sought?.());
  const release = releaseUnder(evidence, tree.makefile);
  const own: TreeEvidence = { ...tree.evidence, ...(release !== undefined && { release }) };
  return {
    evidence: own,
    mark: (path) => {
      if (!changed.has(path)) return isWanted(path) || callers.has(path) ? mark(path) : undefined;
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
