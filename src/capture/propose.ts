import type { Unit } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type {
  Anchor,
  CodeFacts,
  ComponentDefinition,
  Era,
  MarkerFacts,
  NodeFacts,
  PropertyFacts,
} from '../model/component-definition.ts';
import { TARGETS } from '../model/target.ts';
import type { TreeEvidence } from '../sources/index.ts';
import type { Caller } from './caller.ts';
import { findCallers } from './callers.ts';
import { definitionFrom } from './infer.ts';
import { type Ground, groundsOf, stringMacros } from './infer-ground.ts';
import { DeclarationReader } from './reader.ts';
import { HAND_OVER, SUBTREE_FUNCTIONS } from './sought.ts';
import { TREE_FUNCTIONS, usesInTrees } from './tree-words.ts';
import { ABI_FOLDER } from './wanted.ts';

// What is inferred of a component, as a definition that somebody can go on from: by the same conventions, and with what the file
// of a component must say and a capture can do without.

const LOOKS_UP = /^(?:kho_re(?:store|trieve)_\w+|fdt_(?:getprop\w*|node_check_compatible|subnode_offset))$/;

/** The components of a tree that no definition in force speaks of. `initParser` must have settled. */
export function proposeComponents(evidence: TreeEvidence): ComponentDefinition[] {
  const reader = new DeclarationReader(evidence);
  const headers = [...evidence.list(ABI_FOLDER)].sort(byCodeUnit);
  const callers = findCallers(evidence.sought?.() ?? [], reader, (path) => evidence.digest(path));
  return groundsOf(headers, callers, reader).flatMap((ground) => proposal(ground, reader) ?? []);
}

function proposal(ground: Ground, reader: DeclarationReader): ComponentDefinition | undefined {
  const found = definitionFrom(ground, reader);
  if (!found) return undefined;
  const { id, unit, callers } = ground;
  const { isInferred: _mark, eras, ...definition } = found.definition;
  const [inferred] = eras;
  const code = sidesOf(inferred, ground, reader);
  const anchor = anchorOf(ground, inferred, code);
  const subtree = subtreeOf(callers);
  const stem = found.marker.text?.replace(/[-_]v\d+$/, '') ?? '';
  const era: Era = {
    ...inferred,
    id: 'first',
    summary: 'the form in which it was found',
    recognizedBy: [anchor],
    marker: markerOf(inferred.marker, subtree),
    fdt: subtree === undefined ? [] : [nodeOf(subtree, unit, propertiesOf(callers, reader))],
    reader: { ...readerOf(code, ground, reader), ...inferred.reader },
    code,
  };
  return {
    ...definition,
    id,
    summary: `What ${ground.header ?? unit.path} declares. Say what it is.`,
    ...(stem !== '' && /^[\w-]+$/.test(stem) && { markerStems: [stem] }),
    anchor,
    eras: [era],
  };
}

/** What shows that a kernel has it: its header, else what its file alone declares, else the call. */
function anchorOf({ header, unit }: Ground, { marker, structs }: Era, code: readonly CodeFacts[]): Anchor {
  const files = [unit.path];
  if (header !== undefined) return { files };
  if (marker.macro !== undefined) return { files, macro: marker.macro };
  const [struct] = Object.keys(structs);
  if (struct !== undefined) return { files, struct };
  for (const name of code.flatMap(({ functions }) => functions.flat())) {
    const call = unit.functionTokens(name)?.find(({ text }) => HAND_OVER.test(text))?.text;
    if (call !== undefined) return { files, tokens: { function: name, sequence: [call] } };
  }
  return { files, struct: unit.declaredStructs()[0]?.name ?? '' };
}

function subtreeOf(callers: readonly Caller[]): string | undefined {
  const own = callers.filter(({ functions }) => functions.some((name) => SUBTREE_FUNCTIONS.test(name)));
  return own.flatMap(({ names }) => names)[0]?.name;
}

function markerOf(marker: MarkerFacts, subtree: string | undefined): MarkerFacts {
  if (subtree === undefined || !/^fdt:/.test(marker.carrier)) return marker;
  return { ...marker, carrier: `fdt:${subtree}:/` };
}

function nodeOf(subtree: string, unit: Unit, properties: readonly PropertyFacts[]): NodeFacts {
  const macro = stringMacros(unit).find(({ text }) => text === subtree)?.name;
  const name = macro === undefined ? { name: `KHO:/${subtree}` } : { macro, prefix: 'KHO:/' };
  return { ...name, onMissing: 'component-absent', properties };
}

/** The properties that files put into a tree or look up, with what shows of their types. */
function propertiesOf(callers: readonly Caller[], reader: DeclarationReader): PropertyFacts[] {
  const types = new Map<string, string>();
  for (const { file } of callers) {
    for (const { name, call } of usesInTrees(file, reader)) {
      if (/_node$|_offset$/.test(call)) continue;
      const width = /_(u32|u64|string)$/.exec(call)?.[1];
      if (width !== undefined || !types.has(name)) types.set(name, width ?? 'bytes');
    }
  }
  return [...types]
    .sort(([one], [other]) => byCodeUnit(one, other))
    .map(([name, type]): PropertyFacts => ({ name, type }));
}

/** The functions of an inferred component, by whether they write, read or both. */
function sidesOf({ code }: Era, ground: Ground, reader: DeclarationReader): CodeFacts[] {
  const sides = new Map<CodeFacts['side'], string[]>();
  for (const name of new Set(code.flatMap(({ functions }) => functions.flat()))) {
    const side = sideOf(wordsOf(name, ground, reader));
    sides.set(side, [...(sides.get(side) ?? []), name].sort(byCodeUnit));
  }
  return (['writer', 'both', 'reader'] as const).flatMap((side) => {
    const functions = sides.get(side);
    return functions ? [{ side, functions }] : [];
  });
}

function sideOf(words: readonly string[]): CodeFacts['side'] {
  const calls = words.filter(
    (word) => HAND_OVER.test(word) || TREE_FUNCTIONS.test(word) || LOOKS_UP.test(word),
  );
  const reads = calls.some((word) => LOOKS_UP.test(word));
  const writes = calls.some((word) => !LOOKS_UP.test(word));
  if (reads === writes) return 'both';
  return reads ? 'reader' : 'writer';
}

function wordsOf(name: string, { callers }: Ground, reader: DeclarationReader): string[] {
  return callers.flatMap(({ file }) => {
    const tokens = attempt(() => reader.unit(file, TARGETS[0])?.functionTokens(name));
    return (tokens ?? []).map(({ text }) => text);
  });
}

/** The function that looks the subtree up and compares its marker, where one does both. */
function readerOf(
  code: readonly CodeFacts[],
  ground: Ground,
  reader: DeclarationReader,
): { function?: string } {
  const names = code.flatMap(({ side, functions }) => (side === 'writer' ? [] : functions.flat()));
  const compares = names.find((name) => wordsOf(name, ground, reader).includes('fdt_node_check_compatible'));
  return compares === undefined ? {} : { function: compares };
}
