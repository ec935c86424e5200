import type { Unit } from '../cdecl/index.ts';
import { drawn } from '../components/index.ts';
import { attempt } from '../errors.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { ComponentDefinition, ConstantFacts, Era, StructFacts } from '../model/component-definition.ts';
import type { ComponentState, ConstantState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import type { Caller, InferredComponent } from './caller.ts';
import { keptStructs } from './caller-headers.ts';
import { captureComponent } from './component.ts';
import { covered, coveredFiles } from './covered.ts';
import { withDoubts } from './doubts.ts';
import { CALLED_A_MARKER, type InferredMarker, markerFor } from './infer-marker.ts';
import type { DeclarationReader } from './reader.ts';
import { HAND_OVER } from './sought.ts';
import { namesInTrees, TREE_FUNCTIONS } from './tree-words.ts';
import { ABI_FOLDER, isLiveUpdateCode } from './wanted.ts';

// A component that nobody has described, by the conventions of the field: a header of its own among those of the ABI, or a file
// that hands something over under a name. What such a header declares, and what such a file lays out and names in its tree,
// is taken for its data. It is captured by the same code as every other component, and bears the mark `inferred`.

/** More than any kernel has that nobody has described; what is beyond is told of by its file alone. */
const COUNT_LIMIT = 8;

const knownIds = drawn((all): ReadonlySet<string> => new Set(all.map(({ id }) => id)));

/** What stands for the nodes and properties that an inferred component's code names. */
const TREE_NAMES = 'names in its tree';

/** What a component is made of that nobody has described. */
export interface Ground {
  id: string;
  header: string | undefined;
  unit: Unit;
  /** The headers of the callers' own, beside the unit. */
  beside: readonly Unit[];
  callers: readonly Caller[];
}

/** The components of a kernel that its ABI headers and its callers show and that no definition speaks of. */
export function inferComponents(
  headers: readonly string[],
  callers: readonly Caller[],
  reader: DeclarationReader,
): InferredComponent[] {
  return groundsOf(headers, callers, reader).flatMap((ground) => inferred(ground, reader) ?? []);
}

/** What such components are made of. */
export function groundsOf(
  headers: readonly string[],
  callers: readonly Caller[],
  reader: DeclarationReader,
): Ground[] {
  const strangers = callers.filter(({ file, names, unread }) => {
    const isOwn = coveredFiles().has(file) || isLiveUpdateCode(file);
    return unread === undefined && !(isOwn && names.length === 0) && names.every(({ isKnown }) => !isKnown);
  });
  const grounds = new Map<string, Ground>();
  const add = (ground: Ground): void => {
    if (!grounds.has(ground.id)) grounds.set(ground.id, ground);
  };
  const taken = new Set<Caller>();
  for (const header of headers.filter((path) => path.endsWith('.h') && !coveredFiles().has(path))) {
    const unit = attempt(() => reader.unit(header, TARGETS[0]));
    if (!unit) continue;
    const own = strangers.filter((caller) => speaksOf(unit, caller, reader));
    // Without either it is part of whatever leads to it.
    const hasMarker = stringMacros(unit).some(({ name }) => CALLED_A_MARKER.test(name));
    if (own.length === 0 && !hasMarker) continue;
    for (const caller of own) taken.add(caller);
    const beside = headersOf(own, reader);
    add({ id: idOf(header.replace(/^.*\/|\.h$/g, '')), header, unit, beside, callers: own });
  }
  for (const caller of strangers) {
    const [first] = caller.names;
    const unit = attempt(() => reader.unit(caller.file, TARGETS[0]));
    if (!first || !unit || taken.has(caller)) continue;
    const id = idOf(first.name.replace(/[-_]v\d+$/, ''));
    const known = grounds.get(id);
    const beside = headersOf([caller], reader);
    if (known) {
      const all = [...new Set([...known.beside, ...beside, unit])];
      grounds.set(id, { ...known, beside: all, callers: [...known.callers, caller] });
      continue;
    }
    const holding = beside.find((one) => holdsName(one, caller));
    const others = holding ? [unit, ...beside.filter((one) => one !== holding)] : beside;
    add({ id, header: holding?.path, unit: holding ?? unit, beside: others, callers: [caller] });
  }
  return [...grounds.values()].slice(0, COUNT_LIMIT);
}

/** The callers' own headers, opened. */
function headersOf(callers: readonly Caller[], reader: DeclarationReader): Unit[] {
  const paths = new Set(callers.flatMap(({ headers = [] }) => headers));
  return [...paths].flatMap((path) => attempt(() => reader.unit(path, TARGETS[0])) ?? []);
}

function holdsName(unit: Unit, { names }: Caller): boolean {
  return stringMacros(unit).some(({ name, text }) =>
    names.some((one) => one.name === text || one.name === name),
  );
}

function idOf(stem: string): string {
  const id = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return knownIds().has(id) || id === '' ? `${id}-inferred` : id;
}

/** Whether a file uses what a header declares, or hands over under a name that the header holds. */
function speaksOf(unit: Unit, { file, names }: Caller, reader: DeclarationReader): boolean {
  const texts = new Set(stringMacros(unit).map(({ text }) => text));
  if (names.some(({ name }) => texts.has(name))) return true;
  const own = [...ownStructs(unit), ...stringMacros(unit).map(({ name }) => name)];
  return own.some((name) => reader.mentions(file, name));
}

function ownStructs(unit: Unit): string[] {
  return unit.declaredStructs().flatMap(({ name }) => (covered().has(name) ? [] : name));
}

function ownMacros(unit: Unit): string[] {
  const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
  return macros.flatMap(({ name }) => (covered().has(name) ? [] : name));
}

/** The macros that hold a text, and the text. */
export function stringMacros(unit: Unit): { name: string; text: string }[] {
  return ownMacros(unit).flatMap((name) => {
    const text = attempt(() => unit.constant(name)?.value);
    return typeof text === 'string' && text !== '' && !/^-?\d+$/.test(text) ? [{ name, text }] : [];
  });
}

/** A component as it is taken to be, with what no definition holds of it. */
export interface InferredDefinition {
  definition: ComponentDefinition & { eras: readonly [Era] };
  marker: InferredMarker;
  /** The names in its tree, by file. */
  trees: readonly (readonly string[])[];
}

/** What is concluded of a component; undefined where nothing shows of its data. */
export function definitionFrom(ground: Ground, reader: DeclarationReader): InferredDefinition | undefined {
  const { id, unit, beside, header, callers } = ground;
  const marker = markerFor({
    id,
    strings: [unit, ...beside].flatMap(stringMacros),
    callers,
    numbers: header ? ownMacros(unit) : [],
  });
  const structs = structsOf(ground, reader);
  const trees = callers.map(({ file }) => namesInTrees(file, reader)).filter((names) => names.length > 0);
  const hasData = Object.keys(structs).length > 0 || trees.length > 0;
  if (!hasData) return undefined;
  const era: Era = {
    id: 'inferred',
    summary: 'by the conventions of the field',
    recognizedBy: [{ files: [unit.path] }],
    files: [...new Set([unit.path, ...callers.map(({ file }) => file), ...beside.map(({ path }) => path)])],
    needs: marker.needs,
    options: [],
    marker: marker.facts,
    structs,
    constants: header === undefined ? {} : constantsOf(unit, marker),
    fdt: [],
    checks: [],
    reader: { onRefused: marker.onRefused },
    code: [{ side: 'both', functions: codeOf(ground, reader) }],
  };
  const definition = {
    id,
    title: id,
    summary: 'Inferred.',
    anchor: { files: [unit.path] },
    isInferred: true as const,
    eras: [era] as const,
  };
  return { definition, marker, trees };
}

function inferred(ground: Ground, reader: DeclarationReader): InferredComponent | undefined {
  const { id, unit, callers } = ground;
  const found = definitionFrom(ground, reader);
  if (!found) return undefined;
  const { definition, marker, trees } = found;
  const { state, findings } = captureComponent(definition, reader);
  const files = callers.map(({ file }) => file);
  const doubted = withDoubts(marked(state, marker, trees), [undescribed(id, unit.path)]);
  return { id, state: doubted, findings, callers: files };
}

/** That it is inferred is to be known of every pair of it. */
function undescribed(id: string, file: string): FoundDoubt {
  return {
    code: 'uncovered-declaration',
    subject: id,
    message: `${id} is inferred from ${file}: no component describes it`,
    reading: 'inferred',
    condition: 'what is inferred of it is all that is handed over',
    where: `${file}:1`,
  };
}

/** A component with the mark, its marker's text, and what its code names in a tree of its own. */
function marked(
  state: ComponentState,
  { text }: InferredMarker,
  trees: InferredDefinition['trees'],
): ComponentState {
  const { marker, constants } = state;
  const names = [...new Set(trees.flat())].sort(byCodeUnit).join(' ');
  const shown = text === undefined ? {} : { writes: text, accepts: [{ value: text }] };
  return {
    ...state,
    isInferred: true,
    ...(marker && { marker: { ...marker, ...shown } }),
    ...(names !== '' && {
      constants: sortKeys({
        ...constants,
        [TREE_NAMES]: { role: 'shape' as const, value: everywhere(names) },
      }),
    }),
  };
}

function everywhere(text: string): ConstantState['value'] {
  return foldTargets(new Map(TARGETS.map((target) => [target, text])));
}

function structsOf(
  { unit, beside, header, callers }: Ground,
  reader: DeclarationReader,
): Record<string, StructFacts> {
  const units = [unit, ...beside];
  const holder = new Map(units.flatMap((one) => ownStructs(one).map((name) => [name, one] as const)));
  const names = [...holder.keys()];
  const layouts = new Map(
    names.map((name) => [name, attempt(() => holder.get(name)?.layout(name))] as const),
  );
  const kept = new Set(callers.flatMap(({ file }) => keptStructs(file, reader)));
  const isOfAbi = (name: string): boolean =>
    header?.startsWith(`${ABI_FOLDER}/`) === true && holder.get(name) === unit;
  // What a driver has in files of its own is handed over where it is packed, called so, or asks kept memory for itself.
  const isData = (name: string): boolean =>
    isOfAbi(name) || /_ser$/.test(name) || kept.has(name) || layouts.get(name)?.layout.packed === true;
  const within = new Set([...layouts.values()].flatMap((fact) => fact?.within.map(({ name }) => name) ?? []));
  return Object.fromEntries(
    names
      .filter(isData)
      .map((name) => [name, { placement: within.has(name) ? ('embedded' as const) : ('element' as const) }]),
  );
}

function constantsOf(unit: Unit, { macros }: InferredMarker): Record<string, ConstantFacts> {
  const isNumber = (name: string): boolean =>
    ['number', 'bigint'].includes(typeof attempt(() => unit.constant(name)?.value));
  const numbers = ownMacros(unit).filter(isNumber);
  const enumerators = unit.declaredEnumerators().flatMap(({ name }) => (covered().has(name) ? [] : name));
  const texts = stringMacros(unit).map(({ name }) => name);
  return {
    ...Object.fromEntries(numbers.map((name) => [name, { role: roleOf(name), optional: true as const }])),
    ...Object.fromEntries(
      enumerators.map((name) => [name, { role: 'flag' as const, optional: true as const }]),
    ),
    ...Object.fromEntries(
      texts
        .filter((name) => !macros.includes(name))
        .map((name) => [name, { role: 'gate' as const, optional: true as const }]),
    ),
  };
}

function roleOf(name: string): ConstantFacts['role'] {
  if (/LEN(?:GTH)?(?:_|$)|SIZE|COUNT|(?:^|_)(?:NR|NUM|MAX)(?:_|$)/.test(name)) return 'length';
  return /MAGIC|VERSION|SHIFT|DEPTH|WIDTH|LOG2/.test(name) ? 'shape' : 'flag';
}

/** The functions that hand over or take, and those that use what is handed over. */
function codeOf({ unit, beside, callers }: Ground, reader: DeclarationReader): string[] {
  const units = [unit, ...beside];
  const names = new Set(
    units.flatMap((one) => [...ownStructs(one), ...stringMacros(one).map(({ name }) => name)]),
  );
  const isAbout = (text: string): boolean =>
    HAND_OVER.test(text) || TREE_FUNCTIONS.test(text) || names.has(text);
  return callers.flatMap(({ file }) => {
    const functions = attempt(() => reader.unit(file, TARGETS[0])?.code.functions);
    return [...(functions ?? [])].flatMap(([name, { tokens, body }]) =>
      tokens.slice(body).some(({ kind, text }) => kind === 'name' && isAbout(text)) ? name : [],
    );
  });
}
