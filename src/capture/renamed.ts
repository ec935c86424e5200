import { components } from '../components/index.ts';
import type { Anchor, ComponentDefinition, Era } from '../model/component-definition.ts';
import { TARGETS } from '../model/target.ts';
import { ownHeadersOf } from './caller-headers.ts';
import { covered, coveredFiles } from './covered.ts';
import type { DeclarationReader } from './reader.ts';
import type { Renamed } from './reading.ts';
import { ABI_FOLDER } from './wanted.ts';

// Where one name is missing and the ABI headers of the component declare exactly one thing of its kind that nobody speaks
// of, the one is taken for the other under a new name. The comparison confirms the guess, or reports both.

type Kind = 'constant' | 'struct';

function isMissing(
  era: Pick<Era, 'files'>,
  reader: DeclarationReader,
  kind: Kind,
): (name: string) => boolean {
  return (name) => reader.fileOf(kind, era.files, name) === undefined;
}

function pair(missing: readonly string[], strangers: () => readonly string[]): Renamed | undefined {
  const [from, ...others] = missing;
  if (from === undefined || others.length > 0) return undefined;
  const [to, ...rest] = strangers().filter((name) => !covered().has(name));
  return to === undefined || rest.length > 0 ? undefined : { from, to };
}

const isAbi = (path: string): boolean => path.startsWith(`${ABI_FOLDER}/`);

function abiUnits({ files }: Pick<Era, 'files'>, reader: DeclarationReader) {
  return files.filter(isAbi).flatMap((path) => reader.unit(path, TARGETS[0]) ?? []);
}

/** The struct of an era that goes by another name in this kernel. */
export function renamedStruct(era: Era, reader: DeclarationReader): Renamed | undefined {
  const missing = Object.keys(era.structs).filter(isMissing(era, reader, 'struct'));
  return pair(missing, () => strangers(era.files, missing[0] as string, reader));
}

/** Structs that nobody speaks of: those of the ABI headers, else those of other headers whose names begin like the missing one's. */
function strangers(files: readonly string[], missing: string, reader: DeclarationReader): string[] {
  const declared = (path: string): string[] =>
    (reader.unit(path, TARGETS[0])?.declaredStructs() ?? [])
      .map(({ name }) => name)
      .filter((name) => !covered().has(name));
  const found = files.filter(isAbi).flatMap(declared);
  if (found.length > 0) return found;
  const [start] = /^[a-z]+_/.exec(missing) ?? [];
  const others = files.filter((path) => path.endsWith('.h') && !isAbi(path)).flatMap(declared);
  return others.filter((name) => start !== undefined && name.startsWith(start));
}

/** Whether a declaration by which a component or an era is known is there, its struct by another name. */
function holdsRenamed(anchor: Anchor, stems: readonly string[], reader: DeclarationReader): boolean {
  const { struct, macro } = anchor;
  if (macro !== undefined && reader.holds(anchor) === false) {
    const to = renamedMarker({ macro, stems }, anchor, reader);
    return to !== undefined && reader.holds({ ...anchor, macro: to }) === true;
  }
  if (struct === undefined || reader.fileOf('struct', anchor.files, struct) !== undefined)
    return reader.holds(anchor) === true;
  const found = pair([struct], () => strangers(anchor.files, struct, reader));
  return found !== undefined && reader.holds({ ...anchor, struct: found.to }) === true;
}

/** The form of a component that a kernel without some name of it has, where all but one of its structs are there. */
export function renamedEra(
  { anchor, eras, markerStems: stems = [] }: ComponentDefinition,
  reader: DeclarationReader,
): Era | undefined {
  if (!holdsRenamed(anchor, stems, reader)) return undefined;
  return eras.find((era) => {
    const missing = Object.keys(era.structs).filter(isMissing(era, reader, 'struct'));
    return missing.length < 2 && era.recognizedBy.every((each) => holdsRenamed(each, stems, reader));
  });
}

/**
 * The form of a component that is known by its marker, where that has another name and all of its structs are there: it counts
 * before forms that are known by less.
 */
export function remarkedEra(
  { eras, markerStems = [] }: ComponentDefinition,
  known: Era,
  reader: DeclarationReader,
): Era | undefined {
  const stems = [...markerStems, ...guardsOf(eras).flatMap((guard) => guard.markerStems ?? [])];
  return eras.slice(0, eras.indexOf(known)).find((era) => {
    const required = Object.entries(era.structs).filter(([, { optional }]) => optional !== true);
    return (
      !required.map(([name]) => name).some(isMissing(era, reader, 'struct')) &&
      era.recognizedBy.every((each) =>
        each.struct === undefined && each.macro !== undefined
          ? holdsRenamed(each, stems, reader)
          : reader.holds(each) === true,
      )
    );
  });
}

/**
 * The form of a component whose header goes by another name, with the files that declare it here: an ABI header that no
 * component names, the component's own code or a header of that, or one that speaks of live update has by what the form is
 * recognized.
 */
export function movedEra({ anchor, eras }: ComponentDefinition, reader: DeclarationReader): Era | undefined {
  if (anchor.tokens || anchor.files.some((path) => reader.exists(path))) return undefined;
  const places = placesOf(eras, reader);
  const homeOf = ({ macro, struct, tokens }: Anchor): string[] | undefined => {
    if (tokens || (macro ?? struct) === undefined) return undefined;
    const homes = [
      macro === undefined ? '' : reader.fileOfConstant(places, macro),
      struct === undefined ? '' : reader.fileOfStruct(places, struct),
    ];
    return homes.includes(undefined) ? undefined : homes.flatMap((path) => path || []);
  };
  const isAlone = anchor.macro === undefined && anchor.struct === undefined;
  if (!isAlone && !homeOf(anchor)) return undefined;
  for (const era of eras) {
    const homes = era.recognizedBy.map(homeOf);
    const isHere = era.recognizedBy.every((own, at) => homes[at] || reader.holds(own) === true);
    if (!isHere || !homes.some((files) => files)) continue;
    const found = homes.flatMap((files) => files ?? []);
    return { ...era, files: [...new Set([...era.files, ...found])] };
  }
  return undefined;
}

/** The components whose markers guard some form. */
function guardsOf(eras: readonly Era[]): ComponentDefinition[] {
  const ids = eras.flatMap(({ marker }) => marker.guardedBy ?? []);
  return components().filter(({ id }) => ids.includes(id));
}

/** Files that may declare what a component's header did. */
function placesOf(eras: readonly Era[], reader: DeclarationReader): string[] {
  const all = [...eras, ...guardsOf(eras).flatMap((guard) => guard.eras)].flatMap(({ files }) => files);
  const code = [...new Set(all)].filter((path) => path.endsWith('.c') && reader.exists(path));
  const beside = code.flatMap((path) => [path, ...ownHeadersOf(path, reader)]);
  const strange = [...reader.below(ABI_FOLDER), ...reader.speaking()].filter((path) => path.endsWith('.h'));
  return [...new Set([...strange.filter((path) => !coveredFiles().has(path)), ...beside])];
}

/** The macro that holds an era's marker, where it goes by another name: it alone holds a text that begins like the component's. */
export function renamedMarker(
  { macro, stems }: { macro: string; stems: readonly string[] },
  era: Pick<Era, 'files'>,
  reader: DeclarationReader,
): string | undefined {
  if (!isMissing(era, reader, 'constant')(macro)) return undefined;
  const isLike = (value: unknown): boolean =>
    stems.some((stem) => typeof value === 'string' && new RegExp(`^${stem}[-_]v\\d`).test(value));
  const found = pair([macro], () =>
    abiUnits(era, reader).flatMap((unit) => {
      const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
      const texts = [...unit.code.variables.values()].filter(({ isText }) => isText);
      return [...macros, ...texts]
        .map(({ name }) => name)
        .filter((name) => isLike(unit.constant(name)?.value));
    }),
  );
  return found?.to;
}

/** The number of an era, none of the optional ones, that goes by another name in this kernel. */
export function renamedConstant(era: Era, reader: DeclarationReader): Renamed | undefined {
  const required = Object.entries(era.constants).filter(
    ([, { optional, says }]) => optional !== true && says === undefined,
  );
  const missing = required.map(([name]) => name).filter(isMissing(era, reader, 'constant'));
  return pair(missing, () =>
    abiUnits(era, reader).flatMap((unit) => {
      const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
      const names = [...macros, ...unit.declaredEnumerators()].map(({ name }) => name);
      return names.filter((name) => !covered().has(name) && typeof unit.constant(name)?.value === 'number');
    }),
  );
}
