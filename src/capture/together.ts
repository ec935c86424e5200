import { components as definitions } from '../components/index.ts';
import { ToolError } from '../errors.ts';
import { khoByDefaultIn } from '../model/availability.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentDefinition } from '../model/component-definition.ts';
import { CALLERS_ID, type ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { Fidelity } from '../model/fidelity.ts';
import { fidelityOf } from '../model/fidelity.ts';
import type { Provenance, ProvenanceFile } from '../model/provenance.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { BuildFacts } from '../sources/build-facts.ts';
import type { TreeEvidence } from '../sources/index.ts';
import { NOT_TOLD, shownOptions } from './build-availability.ts';
import { candidateOf, componentOfBuild } from './build-component.ts';
import type { BuildContext, BuiltComponent } from './build-context.ts';
import { BuildDeclarations } from './build-declarations.ts';
import { BuildStrings, stringsOf } from './build-strings.ts';
import { targetsOfBuild } from './build-target.ts';
import { withDefinition } from './defined.ts';
import { headOf } from './document-head.ts';
import { withDoubtFindings, withDoubts } from './doubts.ts';
import type { CaptureOptions } from './from-source.ts';
import { checkSameKernel } from './same-kernel.ts';
import { CODE_WITNESS } from './wanted.ts';

// Several pieces of evidence of one kernel as one document: its source says what it declares, its build what it is.

/** A piece of evidence: an opened source or build, or what was captured from the source before. */
export type Evidence = TreeEvidence | CaptureDocument;

const isDocument = (evidence: Evidence): evidence is CaptureDocument => 'components' in evidence;

/** Whether there are files of a kernel tree in it. */
function hasTree(evidence: Evidence): evidence is TreeEvidence {
  if (isDocument(evidence)) return false;
  return evidence.list('include/linux').length > 0 || evidence.read(CODE_WITNESS) !== undefined;
}

/**
 * Sorts evidence by the kernel that it is of. What belongs to the same upstream release is one kernel as soon as a build is
 * among it; sources alone stay apart. What a build left behind without its name belongs to the only one that has a name.
 */
export function groupEvidence(all: readonly Evidence[]): Evidence[][] {
  const named = new Set(all.flatMap((evidence) => keyOf(evidence) ?? []));
  const [only] = named.size === 1 ? named : [];
  const groups = new Map<string, Evidence[]>();
  for (const [index, evidence] of all.entries()) {
    const key = keyOf(evidence) ?? (isBuild(evidence) ? only : undefined) ?? `unnamed ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), evidence]);
  }
  return [...groups.values()].flatMap((group) =>
    group.some(isBuild) ? [group] : group.map((evidence) => [evidence]),
  );
}

function keyOf({ release }: Evidence): string | undefined {
  return release === undefined ? undefined : (parseReleaseName(release)?.base ?? release);
}

function isBuild(evidence: Evidence): evidence is TreeEvidence & { build: BuildFacts } {
  return !isDocument(evidence) && evidence.build !== undefined;
}

/**
 * The document of one kernel. Errors: RELEASE_UNNAMED, those of `captureEvidence`, USAGE for two kernels or two sources,
 * NOT_A_KERNEL for a machine that has no KHO, BTF_CORRUPT.
 */
export async function captureTogether(
  given: readonly Evidence[],
  options: CaptureOptions,
): Promise<CaptureDocument> {
  const builds = given.filter(isBuild);
  const [only] = given;
  const group = builds.length === 0 ? given : await withLender(given, options);
  if (builds.length === 0 && only) return isDocument(only) ? only : captureTree(only, options);
  checkSameKernel(builds, group.filter((evidence) => !isBuild(evidence)).map(nameOf));
  const facts = mergedFacts(
    builds.map(({ build }) => build),
    options,
  );
  const targets = targetsOfBuild(facts);
  if (targets.length === 0) {
    throw new ToolError('NOT_A_KERNEL', `built for ${facts.machine}, for which nothing is handed over`);
  }
  const release = options.release ?? releaseOf(group, builds);
  const source = await sourceOf(group, { ...options, release }, facts);
  const context = contextOf({ facts, targets, source, lender: lenderOf(group) });
  return assembleBuild({ group, builds, context, release, source });
}

/** What is asked of a build for every component, searched for once. */
function contextOf({
  facts,
  targets,
  source,
  lender,
}: Pick<BuildContext, 'facts' | 'targets'> & {
  source: CaptureDocument | undefined;
  lender: string | undefined;
}): BuildContext {
  const names = Object.values(source?.components ?? {}).flatMap(stringsOf);
  const identity = identityOf(facts);
  const context: BuildContext = {
    facts,
    targets,
    declarations: new BuildDeclarations(facts),
    strings: facts.strings && new BuildStrings(facts.strings, names),
    shownOptions: new Set(),
    ...(identity !== undefined && { identity }),
    ...(lender !== undefined && { lender }),
  };
  if (facts.config) return context;
  const candidates = definitions().map((definition) =>
    candidateOf(definition, context, source?.components[definition.id]),
  );
  return { ...context, shownOptions: shownOptions(candidates, context) };
}

/** What two documents of one build have in common and those of two builds have not: the linker's build ID, else the image itself. */
function identityOf({ buildId, strings, files }: BuildFacts): string | undefined {
  if (buildId !== undefined) return `build ${buildId}`;
  const [file] = strings ? files : [];
  return file && `file ${file.sha256}`;
}

/** What source facts beside a build are called: the release of a document, or the name of a source. */
function lenderOf(group: readonly Evidence[]): string | undefined {
  const document = group.find(isDocument);
  return document?.release ?? group.find(hasTree)?.name;
}

/** Evidence of a build with what is lent to it, where no source is among it. */
async function withLender(
  group: readonly Evidence[],
  { lend }: CaptureOptions,
): Promise<readonly Evidence[]> {
  if (!lend || group.some((evidence) => isDocument(evidence) || hasTree(evidence))) return group;
  const [release] = group.flatMap(({ release }) => release ?? []);
  const base = release === undefined ? undefined : parseReleaseName(release)?.base;
  const lender = base === undefined ? undefined : await lend(base);
  return lender ? [...group, lender] : group;
}

function nameOf(evidence: Evidence): { name: string; release?: string } {
  const { release } = evidence;
  const name = isDocument(evidence) ? evidence.release : evidence.name;
  return { name, ...(release !== undefined && { release }) };
}

/** A build alone needs no reader of C. */
async function captureTree(evidence: TreeEvidence, options: CaptureOptions): Promise<CaptureDocument> {
  const { captureSource } = await import('./from-source.ts');
  return captureSource(evidence, options);
}

const KHO_OPTION = 'CONFIG_KEXEC_HANDOVER';

/** The build's own name; a source beside it bears the upstream one. */
function releaseOf(group: readonly Evidence[], builds: readonly TreeEvidence[]): string {
  const named = [...builds, ...group].flatMap(({ release }) => release ?? []);
  const release = named.find((name) => parseReleaseName(name)?.vendor) ?? named[0];
  if (release !== undefined) return release;
  const config = builds.find(({ build }) => build?.config?.values.get(KHO_OPTION) === 'y');
  if (config) {
    const base = `KHO is built; give the base: capture ${config.name} 7.0`;
    throw new ToolError('RELEASE_UNNAMED', `${config.name}: ${base}, or whatever release or source it is of`);
  }
  const names = group.map((evidence) => (isDocument(evidence) ? evidence.release : evidence.name));
  throw new ToolError('RELEASE_UNNAMED', `${names.join(', ')}: nothing in it says the release`);
}

async function sourceOf(
  group: readonly Evidence[],
  options: CaptureOptions,
  { config }: BuildFacts,
): Promise<CaptureDocument | undefined> {
  const documents = group.filter(isDocument);
  const trees = group.filter(hasTree);
  if (documents.length + trees.length > 1) {
    const names = [...documents.map(({ release }) => release), ...trees.map(({ name }) => name)];
    throw new ToolError('USAGE', `${names.join(' and ')}: two sources of one kernel; give one of them`);
  }
  const [tree] = trees;
  if (!tree) return documents[0];
  return captureTree(tree, { ...options, ...(config && { config: config.values }) });
}

/** What several pieces of one build say together; the first that says a thing is the one that counts, a configuration that was asked for before any. */
function mergedFacts(all: readonly BuildFacts[], { config }: CaptureOptions): BuildFacts {
  const first = <Key extends keyof BuildFacts>(key: Key): Pick<BuildFacts, Key> | undefined =>
    all.find((facts) => facts[key] !== undefined);
  const of = <Key extends keyof BuildFacts>(key: Key): Partial<BuildFacts> => {
    const facts = first(key);
    return facts ? { [key]: facts[key] } : {};
  };
  return {
    ...of('machine'),
    ...of('unameRelease'),
    ...of('config'),
    ...(config && { config: { values: config, from: 'file' as const, path: 'the configuration given' } }),
    ...of('btf'),
    ...of('liveupdate'),
    ...of('buildId'),
    ...of('memory'),
    ...of('symbols'),
    ...of('handedOver'),
    ...of('khoWorks'),
    ...of('commandLine'),
    ...of('strings'),
    moduleBtf: all.flatMap(({ moduleBtf }) => moduleBtf),
    files: all.flatMap(({ files }) => files),
  };
}

interface Assembly {
  group: readonly Evidence[];
  builds: readonly (TreeEvidence & { build: BuildFacts })[];
  context: BuildContext;
  release: string;
  source: CaptureDocument | undefined;
}

function assembleBuild({ group, builds, context, release, source }: Assembly): CaptureDocument {
  const components: Record<string, ComponentState> = {};
  const fidelity: Record<string, Fidelity> = {};
  const contradicted = configConflicts(builds.map(({ build }) => build));
  for (const definition of definitions()) {
    const { state, fidelity: origins } = componentOf(definition, context, source);
    const conflicts = state.options.flatMap((option) => contradicted.get(option.name) ?? []);
    components[definition.id] = withDefinition(definition.id, withDoubts(state, conflicts));
    fidelity[definition.id] = origins;
  }
  // Whether it was built no build shows.
  const callers = source?.components[CALLERS_ID];
  if (callers) components[CALLERS_ID] = callers;
  const dates = builds.flatMap(({ date }) => date ?? []);
  const date = dates.sort(byCodeUnit).at(-1) ?? source?.date;
  return {
    ...headOf(release, date),
    provenance: provenanceOf(group, builds, source),
    targets: [...context.targets],
    fidelity: sortKeys(fidelity),
    ...khoByDefaultIn(context.facts.config?.values, components),
    ...(source?.uapi && { uapi: { ...source.uapi, ...lentBy(source, group) } }),
    components: sortKeys(withoutGround(components)),
    findings: withDoubtFindings(source?.findings ?? [], components),
  };
}

/** A header is the build's own where its tree was given with it; else it is told whose it is. */
function lentBy({ release, uapi }: CaptureDocument, group: readonly Evidence[]): { from?: string } {
  return group.some(hasTree) ? {} : { from: uapi?.from ?? release };
}

/** What nothing of a build says is not there where something that it needs is not there. */
function withoutGround(components: Record<string, ComponentState>): Record<string, ComponentState> {
  const missing = (id: string, seen: readonly string[] = []): string | undefined => {
    const state = components[id];
    if (!state || seen.includes(id)) return undefined;
    if (state.available === 'no') return id;
    return state.needs.map((need) => missing(need, [...seen, id])).find((found) => found !== undefined);
  };
  const grounded = Object.entries(components).map(([id, state]): [string, ComponentState] => {
    const isOpen = state.available === 'unknown' && (!state.era || state.reason === NOT_TOLD);
    const need = isOpen ? missing(id) : undefined;
    if (need === undefined) return [id, state];
    const reason = `${need}, which it needs, is not there: ${components[need]?.reason ?? 'not built'}`;
    const { places, ...facts } = state;
    return [id, { ...facts, available: 'no', reason, inferred: [`${id} is not there`], places }];
  });
  return Object.fromEntries(grounded);
}

function componentOf(
  definition: ComponentDefinition,
  context: BuildContext,
  source: CaptureDocument | undefined,
): BuiltComponent {
  const state = source?.components[definition.id];
  if (!source || !state) return componentOfBuild(definition, context);
  return componentOfBuild(definition, context, { state, fidelity: fidelityOf(source, definition.id) });
}

/** Options of which two configurations say different things. */
function configConflicts(builds: readonly BuildFacts[]): Map<string, FoundDoubt> {
  const [first, ...others] = builds.flatMap(({ config }) => config ?? []);
  const conflicts = new Map<string, FoundDoubt>();
  for (const other of first ? others : []) {
    for (const option of new Set([...(first?.values.keys() ?? []), ...other.values.keys()])) {
      const [here, there] = [first?.values.get(option) ?? 'n', other.values.get(option) ?? 'n'];
      if (here === there) continue;
      const message = `${option} is ${here} in ${first?.path} and ${there} in ${other.path}`;
      conflicts.set(option, { code: 'source-disagrees', subject: option, message });
    }
  }
  return conflicts;
}

function provenanceOf(
  group: readonly Evidence[],
  builds: readonly (TreeEvidence & { build: BuildFacts })[],
  source: CaptureDocument | undefined,
): Provenance {
  const [main] = builds;
  const others = group.filter((evidence) => evidence !== main).map(origin);
  const notes = builds.flatMap(({ build }) => build.notes ?? []);
  const files = new Map<string, ProvenanceFile>();
  for (const { build } of builds) for (const file of build.files) files.set(file.path, file);
  for (const file of source?.provenance.files ?? []) files.set(file.path, file);
  return {
    ...origin(main as Evidence),
    files: [...files.values()].sort((a, b) => byCodeUnit(a.path, b.path)),
    ...(others.length > 0 && { others }),
    ...(notes.length > 0 && { note: notes.join('; ') }),
  };
}

function origin(evidence: Evidence): Pick<Provenance, 'kind' | 'name' | 'package'> {
  const { kind, name, package: packaged } = isDocument(evidence) ? evidence.provenance : evidence;
  return { kind, name, ...(packaged && { package: packaged }) };
}
