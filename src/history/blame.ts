import { components, drawn } from '../components/index.ts';
import { markerText } from '../diff/marker-text.ts';
import { ToolError } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState, StructState } from '../model/component-state.ts';
import type { BlameOutput, BlameStep } from '../model/history.ts';
import type { Layout } from '../model/layout.ts';
import type { PerTarget } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { GitChange } from '../sources/git-repository.ts';
import { kernelOf } from '../verdict/kernel.ts';
import type { CommitRange } from './audit-range.ts';
import { limitsOf } from './audit-range.ts';
import { CallerSearch } from './caller-search.ts';
import { callerSubject } from './caller-subject.ts';
import { guardOf } from './judge-change.ts';
import type { RevisionSnapshots } from './snapshots.ts';
import { walked, walkedChanges } from './walk.ts';

// Which commits changed a struct, a member, a constant or a marker. The text of a file does not matter: a commit counts
// where what it declares reads differently.

const CHUNK = 64;
/** Commits that are looked through for something that neither end of the range declares. */
const SEARCH_LIMIT = 1000;
const namedFiles = drawn((all) => [
  ...new Set(all.flatMap(({ eras }) => eras.flatMap(({ files }) => files))),
]);

/** What is asked about, and how its state is read out of a component. */
interface Subject {
  name: string;
  kind: BlameOutput['kind'];
  component: string;
  /** Undefined where it is not declared. */
  stateOf(state: ComponentState): string | undefined;
  placeKey: string;
  /** Where it is declared, beside the files of its component's definition. */
  files?: readonly string[];
}

/** @throws ToolError SUBJECT_UNKNOWN where no end of the range declares it */
export async function blame(
  text: string,
  range: CommitRange,
  snapshots: RevisionSnapshots,
): Promise<BlameOutput> {
  const { repository } = snapshots;
  snapshots.preload([range.tip, ...(range.base === undefined ? [] : [range.base])]);
  const ends = [range.tip, ...(range.base === undefined ? [] : [range.base])].map((oid) =>
    snapshots.capture(oid),
  );
  const subject =
    ends.flatMap((document) => findSubject(text, document) ?? [])[0] ??
    searchCallers(text, range, snapshots) ??
    (await searchHistory(text, range, snapshots));
  if (!subject) throw unknownSubject(text, ends);
  const limits = range.base === undefined ? [range.tip] : limitsOf(range);
  const changes = repository.changes(limits, pathsOf(subject, ends));
  const steps: BlameStep[] = [];
  for await (const { oid, parents } of walkedChanges('reading commits', changes, snapshots)) {
    const after = tryCapture(oid, snapshots);
    const before = parents.map((parent) => tryCapture(parent, snapshots));
    const isNew = before.every((document) => stateIn(document, subject) !== stateIn(after, subject));
    const isFirst = before.length === 0 && stateIn(after, subject) === undefined;
    if (isNew && !isFirst) steps.push(stepOf(oid, { before: before[0], after, subject, snapshots }));
  }
  const { name, kind, component } = subject;
  return { subject: name, kind, component, range: range.text, steps };
}

/**
 * A caller, or what is inferred of one: looked for in every file of both ends, and from then on among the files of what is
 * found.
 */
function searchCallers(
  text: string,
  { tip, base }: CommitRange,
  snapshots: RevisionSnapshots,
): Subject | undefined {
  const { repository } = snapshots;
  snapshots.searchWith(new CallerSearch(repository));
  for (const oid of base === undefined ? [tip] : [tip, base]) {
    const document = tryCapture(oid, snapshots);
    const subject = document && (callerSubject(text, document) ?? findSubject(text, document));
    if (!subject) continue;
    const { component, kind, placeKey } = subject;
    const { places = {} } = document.components[component] ?? {};
    const keys = kind === 'caller' ? [placeKey] : Object.keys(places);
    const files = [...new Set(keys.flatMap((key) => places[key]?.replace(/:\d+$/, '') ?? []))];
    snapshots.searchWith(new CallerSearch(repository, { among: files }));
    return { ...subject, files };
  }
  snapshots.searchWith(new CallerSearch(repository, { among: [] }));
  return undefined;
}

/** The subject as some commit of the range declared it, for one that came and went: the newest commits alone. */
async function searchHistory(
  text: string,
  range: CommitRange,
  snapshots: RevisionSnapshots,
): Promise<Subject | undefined> {
  const limits = range.base === undefined ? [range.tip] : limitsOf(range);
  const changes = snapshots.repository.changes(limits, namedFiles()).slice(-SEARCH_LIMIT).reverse();
  const preload = (chunk: readonly GitChange[]) => snapshots.preload(chunk.map(({ oid }) => oid));
  for await (const { oid } of walked(`looking for ${text}`, changes, { size: CHUNK, preload })) {
    const document = tryCapture(oid, snapshots);
    const subject = document && findSubject(text, document);
    if (subject) return subject;
  }
  return undefined;
}

/** A commit before the kernel could be read (no Makefile yet, no include/linux) declares nothing. */
function tryCapture(oid: string, snapshots: RevisionSnapshots): CaptureDocument | undefined {
  try {
    return snapshots.capture(oid);
  } catch (error) {
    const isStrange = error instanceof ToolError && ['NOT_A_KERNEL', 'RELEASE_UNNAMED'].includes(error.code);
    if (isStrange) return undefined;
    throw error;
  }
}

function stateIn(document: CaptureDocument | undefined, { component, stateOf }: Subject): string | undefined {
  const state = document?.components[component];
  return state && stateOf(state);
}

/** The files in which any era of the component, or either end of the range, declares it. */
function pathsOf(
  { component, placeKey, files: own = [] }: Subject,
  ends: readonly CaptureDocument[],
): string[] {
  const definition = components().find(({ id }) => id === component);
  const files = definition?.eras.flatMap((era) => era.files) ?? [];
  const places = ends.flatMap((document) => document.components[component]?.places[placeKey] ?? []);
  const all = [...own, ...files, ...places.map((place) => place.replace(/:\d+$/, ''))];
  return [...new Set(all)].sort(byCodeUnit);
}

interface StepFacts {
  before: CaptureDocument | undefined;
  after: CaptureDocument | undefined;
  subject: Subject;
  snapshots: RevisionSnapshots;
}

function stepOf(oid: string, { before, after, subject, snapshots }: StepFacts): BlameStep {
  const { title, author, date } = snapshots.commit(oid);
  const { component, placeKey } = subject;
  return {
    commit: oid,
    title,
    author,
    date: date ?? null,
    firstIn: snapshots.repository.firstTagWith(oid) ?? null,
    before: stateIn(before, subject) ?? null,
    after: stateIn(after, subject) ?? null,
    marker: markerOf(before, after, component),
    where: after?.components[component]?.places[placeKey] ?? null,
  };
}

function markerOf(
  before: CaptureDocument | undefined,
  after: CaptureDocument | undefined,
  component: string,
): BlameStep['marker'] {
  const [written, read] = [before, after].map((document) => {
    const guard = document && guardOf(kernelOf(document), component);
    return guard && { macro: guard.macro ?? null, value: markerText(guard.marker.writes, guard.marker) };
  });
  if (!written && !read) return null;
  const raised = written !== undefined && read !== undefined && written.value !== read.value;
  const macro = read?.macro ?? written?.macro ?? null;
  return { macro, before: written?.value ?? null, after: read?.value ?? null, raised };
}

/** A struct, `struct.member`, a constant, the macro of a marker, or the id of a component for its marker. */
function findSubject(text: string, { components }: CaptureDocument): Subject | undefined {
  const [name = '', ...path] = text.replace(/^(?:struct|union) /, '').split('.');
  for (const [component, state] of Object.entries(components)) {
    if (Object.hasOwn(state.structs, name)) return structSubject(component, name, path.join('.'), state);
    if (path.length > 0) continue;
    const isMarker = state.marker?.macro === name || (component === name && state.marker !== undefined);
    if (isMarker) return { name: text, kind: 'marker', component, stateOf: markerState, placeKey: 'marker' };
    if (!Object.hasOwn(state.constants, name)) continue;
    const stateOf = ({ constants }: ComponentState): string | undefined =>
      constants[name] && perTarget(constants[name].value);
    return { name: text, kind: 'constant', component, stateOf, placeKey: `constant ${name}` };
  }
  return undefined;
}

function markerState({ marker }: ComponentState): string | undefined {
  return marker?.writes === undefined ? undefined : markerText(marker.writes, marker);
}

function structSubject(
  component: string,
  name: string,
  member: string,
  state: ComponentState,
): Subject | undefined {
  const stateOf = ({ structs }: ComponentState): string | undefined =>
    structs[name] && (member === '' ? structWords(structs[name]) : memberWords(structs[name], member));
  if (stateOf(state) === undefined) return undefined;
  const isWhole = member === '';
  return {
    name: isWhole ? name : `${name}.${member}`,
    kind: isWhole ? 'struct' : 'member',
    component,
    stateOf,
    placeKey: isWhole ? `struct ${name}` : `${name}.${member}`,
  };
}

function structWords({ layout }: StructState): string {
  return perTarget(layout, ({ size, members }: Layout) => {
    const list = members.map(
      ({ name, type, bitOffset }) => `${type} ${name || '(unnamed)'} at ${placeWords(bitOffset)}`,
    );
    return `${size} bytes: ${list.join(', ')}`;
  });
}

function memberWords({ layout }: StructState, member: string): string | undefined {
  const words = perTarget(layout, ({ members }: Layout) => {
    const found = members.find(({ name }) => name === member);
    return found ? `${found.type} at ${placeWords(found.bitOffset)}, ${found.bitSize / 8} bytes` : '';
  });
  return words === '' ? undefined : words;
}

function placeWords(bitOffset: number): string {
  return bitOffset % 8 === 0 ? String(bitOffset / 8) : `bit ${bitOffset}`;
}

/** A fact in words: once where it is the same on every target. */
function perTarget<T>(fact: PerTarget<T>, words: (value: T) => string = (value) => String(value)): string {
  if (fact.all !== undefined) return words(fact.all);
  return TARGETS.flatMap((target) => {
    const value = fact[target];
    return value === undefined ? [] : [`${target}: ${words(value)}`];
  }).join('; ');
}

function unknownSubject(text: string, ends: readonly CaptureDocument[]): ToolError {
  const names = ends.flatMap(({ components }) =>
    Object.values(components).flatMap(({ structs, constants }) => [
      ...Object.keys(structs),
      ...Object.keys(constants),
    ]),
  );
  const near = [...new Set(names)].filter((name) => name.includes(text.split('.')[0] ?? text)).slice(0, 5);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  return new ToolError(
    'SUBJECT_UNKNOWN',
    `${text}: no struct, member, constant or marker of handed-over data${hint}`,
  );
}
