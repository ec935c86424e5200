import type { Anchor, ComponentDefinition, Era } from '../model/component-definition.ts';
import { TARGETS } from '../model/target.ts';
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
 * The form of a component whose file alone shows that it is there, where that file goes by another name: an ABI header that no
 * component names declares by what the form is recognized.
 */
export function movedEra({ anchor, eras }: ComponentDefinition, reader: DeclarationReader): Era | undefined {
  const { files, macro, struct, tokens } = anchor;
  if (macro !== undefined || struct !== undefined || tokens || files.some((path) => reader.exists(path)))
    return undefined;
  const strange = reader.below(ABI_FOLDER).filter((path) => path.endsWith('.h') && !coveredFiles().has(path));
  if (strange.length === 0) return undefined;
  const isMoved = (own: Anchor): boolean =>
    !own.tokens &&
    (own.macro ?? own.struct) !== undefined &&
    (own.macro === undefined || reader.fileOfConstant(strange, own.macro) !== undefined) &&
    (own.struct === undefined || reader.fileOfStruct(strange, own.struct) !== undefined);
  return eras.find(
    ({ recognizedBy }) =>
      recognizedBy.some(isMoved) && recognizedBy.every((own) => isMoved(own) || reader.holds(own) === true),
  );
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
    abiUnits(era, reader).flatMap((unit) =>
      unit
        .declaredMacros()
        .filter(({ name, functionLike }) => !functionLike && isLike(unit.constant(name)?.value))
        .map(({ name }) => name),
    ),
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
