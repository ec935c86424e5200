import { createHash } from 'node:crypto';
import type { DeclaredMacro, DeclaredStruct, Unit } from '../cdecl/index.ts';
import { drawn } from '../components/index.ts';
import { attempt, ToolError } from '../errors.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import type { Layout, Member } from '../model/layout.ts';
import { TARGETS } from '../model/target.ts';
import { findingOf } from './component.ts';
import { covered, coveredFiles } from './covered.ts';
import { withDoubts } from './doubts.ts';
import type { DeclarationReader } from './reader.ts';
import type { UncoveredDeclaration } from './uncovered-declaration.ts';

// Structs and marker macros in the folder of the ABI headers that no component covers. Each is in doubt for the components
// that embed it, point to it or are declared beside it; else for those whose headers include its own; else for KHO, which
// hands over whatever there is.

/** What no component covers, and the headers that could not be read. */
export interface UncoveredSearch {
  uncovered: UncoveredDeclaration[];
  findings: CaptureFinding[];
}

const MARKER_MACRO = /_(?:COMPATIBLE|VERSION)$/;

const codeFiles = drawn((): readonly string[] => [...coveredFiles()].filter((path) => path.endsWith('.c')));

/**
 * Looks through the ABI headers of a kernel.
 * @param code every file of it with code that could hand something over; undefined where that is not known
 */
export function findUncovered(
  headers: readonly string[],
  reader: DeclarationReader,
  code?: readonly string[],
): UncoveredSearch {
  const search: UncoveredSearch = { uncovered: [], findings: [] };
  const isUsed = (name: string, path: string): boolean =>
    !code || [...code, ...headers].some((file) => file !== path && reader.mentions(file, name));
  for (const path of headers) {
    try {
      search.uncovered.push(...uncoveredIn(path, reader, isUsed));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      search.findings.push(findingOf(path, error));
      // What a component names and cannot read makes the component unknown by itself.
      if (!coveredFiles().has(path)) search.uncovered.push(unreadable(path, error));
    }
  }
  const includes = search.uncovered.length > 0 ? includesAmong(headers, reader) : new Map<string, string[]>();
  for (const declaration of search.uncovered) declaration.includedBy = includes.get(declaration.file) ?? [];
  return search;
}

function uncoveredIn(
  path: string,
  reader: DeclarationReader,
  isUsed: (name: string, path: string) => boolean,
): UncoveredDeclaration[] {
  const unit = reader.unit(path, TARGETS[0]);
  if (!unit) return [];
  const structs = unit.declaredStructs().filter(({ name }) => !covered().has(name));
  const macros = unit
    .declaredMacros()
    .filter(({ name, functionLike }) => !functionLike && MARKER_MACRO.test(name) && !covered().has(name))
    // A marker that no code speaks of nobody writes.
    .filter(({ name }) => isUsed(name, path));
  return [
    ...structs.map((struct) => uncoveredStruct(struct, path, reader)),
    ...macros.map((macro) => uncoveredMacro(macro, path, unit)),
  ];
}

function uncoveredStruct(
  { kind, name, where }: DeclaredStruct,
  path: string,
  reader: DeclarationReader,
): UncoveredDeclaration {
  const layouts = attempt(() => [
    ...reader.byTarget(path, TARGETS, (unit) => unit?.layout(`${kind} ${name}`)?.layout).values(),
  ]);
  const isKnown = layouts?.every((layout) => layout !== undefined) === true;
  const members = layouts?.flatMap((layout) => layout?.members ?? []) ?? [];
  // Beside what components know, and spoken of by no code: nothing hands it over.
  const isIdle = coveredFiles().has(path) && !codeFiles().some((file) => reader.mentions(file, name));
  return declared(`${kind} ${name}`, {
    name,
    isIdle,
    where: `${where.file}:${where.line}`,
    file: path,
    names: wordsOf(members),
    ...(isKnown && { reading: hashOf(layouts), order: namesOf(layouts[0]?.members ?? []) }),
  });
}

function uncoveredMacro({ name, where }: DeclaredMacro, path: string, unit: Unit): UncoveredDeclaration {
  const value = attempt(() => unit.constant(name)?.value);
  const place = `${where.file}:${where.line}`;
  return declared(name, {
    name,
    where: place,
    file: path,
    names: [],
    ...(value !== undefined && { reading: String(value) }),
  });
}

function declared(
  what: string,
  {
    name,
    where,
    file,
    names,
    reading,
    order,
    isIdle = false,
  }: {
    name: string;
    where: string;
    file: string;
    names: string[];
    reading?: string;
    order?: string[];
    isIdle?: boolean;
  },
): UncoveredDeclaration {
  const message = `${what} is declared among the handed-over data, and no component covers it`;
  const condition = `${what} means the same to both kernels`;
  const doubt: FoundDoubt = {
    code: 'uncovered-declaration',
    subject: name,
    message,
    ...(reading !== undefined && { reading, condition }),
    ...(order && { order }),
    ...(isIdle && { isNote: true, condition: 'no data is handed over in it' }),
    where,
  };
  return { name, doubt, file, includedBy: [], names };
}

function unreadable(path: string, error: ToolError): UncoveredDeclaration {
  const message = `${path} may declare handed-over data, and could not be read: ${error.message}`;
  const doubt: FoundDoubt = { code: 'uncovered-declaration', subject: path, message, where: `${path}:1` };
  return { name: path, doubt, file: path, includedBy: [], names: [] };
}

/** A hash of layouts without the names of members, which are not on the wire. */
function hashOf(layouts: readonly (Layout | undefined)[]): string {
  const known = new Set(layouts.map((layout) => JSON.stringify(layout, withoutNames)));
  return createHash('sha256')
    .update([...known].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

function withoutNames(key: string, value: unknown): unknown {
  return key === 'name' || key === 'type' || key === 'where' ? undefined : value;
}

/** By header: those among some that include it, whatever lies between. */
function includesAmong(headers: readonly string[], reader: DeclarationReader): Map<string, string[]> {
  const includedBy = new Map<string, string[]>();
  for (const path of headers) {
    const reached = attempt(() => reader.unit(path, TARGETS[0])?.consultedFiles()) ?? [];
    for (const other of new Set(reached)) {
      if (other !== path) includedBy.set(other, [...(includedBy.get(other) ?? []), path]);
    }
  }
  return includedBy;
}

/** The names of members, of what is within them as well, by their places. */
function namesOf(members: readonly Member[], prefix = ''): string[] {
  return members.flatMap(({ name, members: inner = [] }) => [
    prefix + name,
    ...namesOf(inner, `${prefix}${name}.`),
  ]);
}

/** The words of the members' types: every struct that they embed or point to is among them. */
function wordsOf(members: readonly Member[]): string[] {
  const words = members.flatMap(({ type, members: inner = [] }) => [
    ...(type.match(/\w+/g) ?? []),
    ...wordsOf(inner),
  ]);
  return [...new Set(words)].sort();
}

/** Components with the doubts that what nobody covers leaves on them. */
export function withUncovered(
  components: Readonly<Record<string, ComponentState>>,
  uncovered: readonly UncoveredDeclaration[],
): Record<string, ComponentState> {
  const states = new Map(Object.entries(components));
  const placesOf = (all: readonly ComponentState[]): Set<string> =>
    new Set(
      all.flatMap(({ places }) =>
        Object.entries(places).flatMap(([key, place]) =>
          /^(?:struct|constant) |^marker$/.test(key) ? [place] : [],
        ),
      ),
    );
  const described = Object.entries(components).filter(([, { isInferred }]) => !isInferred);
  const captured = placesOf(described.map(([, state]) => state));
  const inferred = placesOf(Object.values(components).filter(({ isInferred }) => isInferred));
  for (const declaration of uncovered) {
    // What a component's structs embed or point to is captured with them.
    if (declaration.doubt.where !== undefined && captured.has(declaration.doubt.where)) continue;
    const isInferred = declaration.doubt.where !== undefined && inferred.has(declaration.doubt.where);
    const surroundings = { components: Object.fromEntries(described), uncovered };
    // What is inferred is judged by itself; what a described component embeds or leads to is in doubt for it all the same.
    for (const id of touchedBy(declaration, surroundings) ?? (isInferred ? [] : ['kho'])) {
      const state = states.get(id);
      if (state) states.set(id, withDoubts(state, [declaration.doubt]));
    }
  }
  return Object.fromEntries(states);
}

interface Surroundings {
  components: Readonly<Record<string, ComponentState>>;
  uncovered: readonly UncoveredDeclaration[];
}

/** The components that a declaration touches; undefined where it touches none. */
function touchedBy(
  declaration: UncoveredDeclaration,
  { components, uncovered }: Surroundings,
): string[] | undefined {
  const there = Object.entries(components).filter(([, { available }]) => available !== 'no');
  const names = namersOf(declaration, uncovered);
  const close = there.filter(([, state]) => mentions(state, names) || declaresIn(state, [declaration.file]));
  const near = there.filter(([, state]) => declaresIn(state, declaration.includedBy));
  const touched = close.length > 0 ? close : near;
  return touched.length > 0 ? touched.map(([id]) => id) : undefined;
}

/** A declaration's name, and those of the uncovered ones that embed or point to it, directly or not. */
function namersOf({ name }: UncoveredDeclaration, uncovered: readonly UncoveredDeclaration[]): Set<string> {
  const names = new Set([name]);
  // What is added on the way is walked as well.
  for (const known of names) {
    for (const other of uncovered) if (other.names.includes(known)) names.add(other.name);
  }
  return names;
}

function mentions({ structs }: ComponentState, names: ReadonlySet<string>): boolean {
  const layouts = Object.values(structs).flatMap(({ layout }) => Object.values(layout) as Layout[]);
  return layouts.some(({ members }) => wordsOf(members).some((word) => names.has(word)));
}

function declaresIn({ places }: ComponentState, files: readonly string[]): boolean {
  return Object.values(places).some((place) => files.includes(place.replace(/:\d+$/, '')));
}
