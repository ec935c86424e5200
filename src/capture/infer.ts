import { attempt } from '../errors.ts';
import { byCodeUnit, sortKeys } from '../model/canonical.ts';
import type { ComponentDefinition, ConstantFacts, Era, StructFacts } from '../model/component-definition.ts';
import type { ComponentState, ConstantState } from '../model/component-state.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { foldTargets, TARGETS } from '../model/target.ts';
import type { Caller, InferredComponent } from './caller.ts';
import { captureComponent } from './component.ts';
import { withDoubts } from './doubts.ts';
import {
  dataStructs,
  type Ground,
  groundsOf,
  ownStructs,
  spokenUnits,
  stringMacros,
} from './infer-ground.ts';
import { type InferredMarker, markerFor } from './infer-marker.ts';
import { stemOf } from './infer-name.ts';
import { type InferredNumbers, inferredNumbers } from './infer-numbers.ts';
import type { DeclarationReader } from './reader.ts';
import { HAND_OVER } from './sought.ts';
import { namesInTrees, TREE_FUNCTIONS } from './tree-words.ts';

// A component that nobody has described, by the conventions of the field: a header of its own among those of the ABI, or a file
// that hands something over under a name. What such a header declares, and what such a file lays out and names in its tree,
// is taken for its data. It is captured by the same code as every other component, and bears the mark `inferred`.

/** What stands for the nodes and properties that an inferred component's code names. */
const TREE_NAMES = 'names in its tree';

/** The components of a kernel that its ABI headers and its callers show and that no definition speaks of. */
export function inferComponents(
  headers: readonly string[],
  callers: readonly Caller[],
  reader: DeclarationReader,
): InferredComponent[] {
  return groundsOf(headers, callers, reader).flatMap((ground) => inferred(ground, reader) ?? []);
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
  const { id, unit, beside, callers } = ground;
  const structs = structsOf(ground, reader);
  const numbers = inferredNumbers(ground, Object.keys(structs), reader);
  const marker = markerFor({
    id,
    strings: [unit, ...beside].flatMap(stringMacros),
    callers,
    numbers: numbers.data,
  });
  const trees = callers.map(({ file }) => namesInTrees(file, reader)).filter((names) => names.length > 0);
  const hasData = Object.keys(structs).length > 0 || trees.length > 0;
  if (!hasData) return undefined;
  const files = [unit.path, ...callers.map(({ file }) => file), ...beside.map(({ path }) => path)];
  const era: Era = {
    id: 'inferred',
    summary: 'by the conventions of the field',
    recognizedBy: [{ files: [unit.path] }],
    files: [...new Set([...files, ...numbers.files])],
    needs: marker.needs,
    options: [],
    marker: marker.facts,
    structs,
    constants: constantsOf(ground, numbers, marker),
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
  const { definition } = found;
  const { state, findings } = captureComponent(definition, reader);
  const files = callers.map(({ file }) => file);
  const doubted = withDoubts(marked(state, found, callers), [undescribed(id, unit.path)]);
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

/** A component with the mark, its marker's text, its other names, and what its code names in a tree of its own. */
function marked(
  state: ComponentState,
  { marker: { text }, trees }: InferredDefinition,
  callers: readonly Caller[],
): ComponentState {
  const { marker, constants } = state;
  const inTrees = [...new Set(trees.flat())].sort(byCodeUnit).join(' ');
  const shown = text === undefined ? {} : { writes: text, accepts: [{ value: text }] };
  const names = new Set(callers.flatMap((caller) => caller.names.map(({ name }) => name)));
  // A macro whose text is not at hand says nothing.
  const others = [...names].filter((name) => name !== text && !/^[A-Z0-9_]+$/.test(name));
  return {
    ...state,
    isInferred: true,
    ...(marker && { marker: { ...marker, ...shown } }),
    constants: sortKeys({
      ...constants,
      ...Object.fromEntries(
        others.map((name) => [`name ${stemOf(name)}`, { role: 'gate' as const, value: everywhere(name) }]),
      ),
      ...(inTrees !== '' && { [TREE_NAMES]: { role: 'shape' as const, value: everywhere(inTrees) } }),
    }),
  };
}

function everywhere(text: string): ConstantState['value'] {
  return foldTargets(new Map(TARGETS.map((target) => [target, text])));
}

function structsOf(ground: Ground, reader: DeclarationReader): Record<string, StructFacts> {
  const { names, within } = dataStructs(ground, reader);
  return Object.fromEntries(
    names.map((name) => [
      name,
      { placement: within.has(name) ? ('embedded' as const) : ('element' as const) },
    ]),
  );
}

function constantsOf(
  ground: Ground,
  { data, known }: InferredNumbers,
  { macros }: InferredMarker,
): Record<string, ConstantFacts> {
  const texts = spokenUnits(ground).flatMap((unit) =>
    stringMacros(unit).flatMap(({ name }) => (macros.includes(name) ? [] : name)),
  );
  return {
    ...optional(known, () => 'helper'),
    ...optional(
      data.filter((name) => !macros.includes(name)),
      roleOf,
    ),
    ...optional(texts, () => 'gate'),
  };
}

function optional(
  names: readonly string[],
  role: (name: string) => ConstantFacts['role'],
): Record<string, ConstantFacts> {
  return Object.fromEntries(names.map((name) => [name, { role: role(name), optional: true as const }]));
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
