import { CodeWords, type Unit } from '../cdecl/index.ts';
import type { ComponentDefinition, ConstantFacts, Era, StructFacts } from '../components/define.ts';
import { COMPONENTS } from '../components/index.ts';
import { attempt } from '../errors.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { ComponentState, ConstantState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import type { Caller, InferredComponent } from './caller.ts';
import { captureComponent } from './component.ts';
import { COVERED, COVERED_FILES } from './covered.ts';
import { withDoubts } from './doubts.ts';
import { CALLED_A_MARKER, type InferredMarker, markerFor } from './infer-marker.ts';
import type { DeclarationReader } from './reader.ts';
import { HAND_OVER } from './sought.ts';
import { isLiveUpdateCode } from './wanted.ts';

// A component that nobody has described, by the conventions of the field: a header of its own among those of the ABI, or a file
// that hands something over under a name. What such a header declares, and what such a file lays out and names in its tree,
// is taken for its data. It is captured by the same code as every other component, and bears the mark `inferred`.

/** More than any kernel has that nobody has described; what is beyond is told of by its file alone. */
const COUNT_LIMIT = 8;

const KNOWN_IDS: ReadonlySet<string> = new Set<string>(COMPONENTS.map(({ id }) => id));

/** What stands for the nodes and properties that an inferred component's code names. */
const TREE_NAMES = 'names in its tree';

/** What a component is made of. */
interface Ground {
  id: string;
  header: string | undefined;
  unit: Unit;
  callers: readonly Caller[];
}

/** The components of a kernel that its ABI headers and its callers show and that no definition speaks of. */
export function inferComponents(
  headers: readonly string[],
  callers: readonly Caller[],
  reader: DeclarationReader,
): InferredComponent[] {
  const strangers = callers.filter(({ file, names, unread }) => {
    const isOwn = COVERED_FILES.has(file) || isLiveUpdateCode(file);
    return unread === undefined && !(isOwn && names.length === 0) && names.every(({ isKnown }) => !isKnown);
  });
  const grounds = new Map<string, Ground>();
  const add = (ground: Ground): void => {
    if (!grounds.has(ground.id)) grounds.set(ground.id, ground);
  };
  const taken = new Set<Caller>();
  for (const header of headers.filter((path) => path.endsWith('.h') && !COVERED_FILES.has(path))) {
    const unit = attempt(() => reader.unit(header, TARGETS[0]));
    if (!unit) continue;
    const own = strangers.filter((caller) => speaksOf(unit, caller, reader));
    // Without either it is part of whatever leads to it.
    const hasMarker = stringMacros(unit).some(({ name }) => CALLED_A_MARKER.test(name));
    if (own.length === 0 && !hasMarker) continue;
    for (const caller of own) taken.add(caller);
    add({ id: idOf(header.replace(/^.*\/|\.h$/g, '')), header, unit, callers: own });
  }
  for (const caller of strangers) {
    const [first] = caller.names;
    const unit = attempt(() => reader.unit(caller.file, TARGETS[0]));
    if (!first || !unit || taken.has(caller)) continue;
    const id = idOf(first.name.replace(/[-_]v\d+$/, ''));
    const known = grounds.get(id);
    if (known) grounds.set(id, { ...known, callers: [...known.callers, caller] });
    else add({ id, header: undefined, unit, callers: [caller] });
  }
  return [...grounds.values()].slice(0, COUNT_LIMIT).flatMap((ground) => inferred(ground, reader) ?? []);
}

function idOf(stem: string): string {
  const id = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return KNOWN_IDS.has(id) || id === '' ? `${id}-inferred` : id;
}

/** Whether a file uses what a header declares, or hands over under a name that the header holds. */
function speaksOf(unit: Unit, { file, names }: Caller, reader: DeclarationReader): boolean {
  const texts = new Set(stringMacros(unit).map(({ text }) => text));
  if (names.some(({ name }) => texts.has(name))) return true;
  const own = [...ownStructs(unit), ...stringMacros(unit).map(({ name }) => name)];
  return own.some((name) => reader.mentions(file, name));
}

function ownStructs(unit: Unit): string[] {
  return unit.declaredStructs().flatMap(({ name }) => (COVERED.has(name) ? [] : name));
}

function ownMacros(unit: Unit): string[] {
  const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
  return macros.flatMap(({ name }) => (COVERED.has(name) ? [] : name));
}

function stringMacros(unit: Unit): { name: string; text: string }[] {
  return ownMacros(unit).flatMap((name) => {
    const text = attempt(() => unit.constant(name)?.value);
    return typeof text === 'string' && text !== '' && !/^-?\d+$/.test(text) ? [{ name, text }] : [];
  });
}

function inferred(ground: Ground, reader: DeclarationReader): InferredComponent | undefined {
  const { id, unit, header, callers } = ground;
  const marker = markerFor({
    id,
    strings: stringMacros(unit),
    callers,
    numbers: header ? ownMacros(unit) : [],
  });
  const structs = structsOf(ground);
  const trees = callers.map(({ file }) => treeNames(file, reader)).filter((names) => names !== '');
  const hasData = Object.keys(structs).length > 0 || trees.length > 0;
  if (!hasData) return undefined;
  const era: Era = {
    id: 'inferred',
    summary: 'by the conventions of the field',
    recognizedBy: [{ files: [unit.path] }],
    files: [unit.path, ...callers.map(({ file }) => file).filter((file) => file !== unit.path)],
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
  const definition: ComponentDefinition = {
    id,
    title: id,
    summary: 'Inferred.',
    anchor: { files: [unit.path] },
    isInferred: true,
    eras: [era],
  };
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
function marked(state: ComponentState, { text }: InferredMarker, trees: readonly string[]): ComponentState {
  const { marker, constants } = state;
  const names = [...new Set(trees.flatMap((tree) => tree.split(' ')))].sort(byCodeUnit).join(' ');
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

function structsOf({ unit, header }: Ground): Record<string, StructFacts> {
  const names = ownStructs(unit);
  const layouts = new Map(names.map((name) => [name, attempt(() => unit.layout(name))] as const));
  // What a driver has in its own file is handed over where it is packed, or called so.
  const isData = (name: string): boolean =>
    header !== undefined || /_ser$/.test(name) || layouts.get(name)?.layout.packed === true;
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
  const enumerators = unit.declaredEnumerators().flatMap(({ name }) => (COVERED.has(name) ? [] : name));
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

const TREE_FUNCTIONS =
  /^fdt_(?:property\w*|setprop\w*|appendprop\w*|begin_node|getprop\w*|subnode_offset|path_offset)$/;

/** The names that a file gives nodes and properties, or looks them up by; '' where it has none. */
function treeNames(file: string, reader: DeclarationReader): string {
  const text = reader.text(file);
  const words = text === undefined ? undefined : attempt(() => new CodeWords({ path: file, text }));
  if (!words) return '';
  const names = words
    .uses((name) => TREE_FUNCTIONS.test(name))
    .flatMap(({ args }) =>
      args.flatMap((arg) => (arg.length === 1 ? (words.textOf(arg[0]) ?? []) : [])).slice(0, 1),
    );
  return [...new Set(names)]
    .filter((name) => name !== 'compatible' && name !== '')
    .sort(byCodeUnit)
    .join(' ');
}

/** The functions that hand over or take, and those that use what is handed over. */
function codeOf({ unit, callers }: Ground, reader: DeclarationReader): string[] {
  const names = new Set([...ownStructs(unit), ...stringMacros(unit).map(({ name }) => name)]);
  const isAbout = (text: string): boolean =>
    HAND_OVER.test(text) || TREE_FUNCTIONS.test(text) || names.has(text);
  return callers.flatMap(({ file }) => {
    const functions = attempt(() => reader.unit(file, TARGETS[0])?.code.functions);
    return [...(functions ?? [])].flatMap(([name, { tokens, body }]) =>
      tokens.slice(body).some(({ kind, text }) => kind === 'name' && isAbout(text)) ? name : [],
    );
  });
}
