import type { Era } from '../components/define.ts';
import { TARGETS } from '../model/target.ts';
import { COVERED } from './covered.ts';
import type { DeclarationReader } from './reader.ts';
import { ABI_FOLDER } from './wanted.ts';

// Where one name is missing and the ABI headers of the component declare exactly one thing of its kind that nobody speaks
// of, the one is taken for the other under a new name. The comparison confirms the guess, or reports both.

export interface Renamed {
  /** The name that the registry knows. */
  from: string;
  /** The name that this kernel has. */
  to: string;
}

type Kind = 'constant' | 'struct';

function isMissing(era: Era, reader: DeclarationReader, kind: Kind): (name: string) => boolean {
  return (name) => reader.fileOf(kind, era.files, name) === undefined;
}

function pair(missing: readonly string[], strangers: () => readonly string[]): Renamed | undefined {
  const [from, ...others] = missing;
  if (from === undefined || others.length > 0) return undefined;
  const [to, ...rest] = strangers().filter((name) => !COVERED.has(name));
  return to === undefined || rest.length > 0 ? undefined : { from, to };
}

function abiUnits({ files }: Era, reader: DeclarationReader) {
  const headers = files.filter((path) => path.startsWith(`${ABI_FOLDER}/`));
  return headers.flatMap((path) => reader.unit(path, TARGETS[0]) ?? []);
}

/** The struct of an era that goes by another name in this kernel. */
export function renamedStruct(era: Era, reader: DeclarationReader): Renamed | undefined {
  const missing = Object.keys(era.structs).filter(isMissing(era, reader, 'struct'));
  return pair(missing, () =>
    abiUnits(era, reader).flatMap((unit) => unit.declaredStructs().map(({ name }) => name)),
  );
}

/** The macro that holds an era's marker, where it goes by another name: it alone holds a text that begins like the component's. */
export function renamedMarker(
  { macro, stems }: { macro: string; stems: readonly string[] },
  era: Era,
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
  const required = Object.entries(era.constants).filter(([, { optional }]) => optional !== true);
  const missing = required.map(([name]) => name).filter(isMissing(era, reader, 'constant'));
  return pair(missing, () =>
    abiUnits(era, reader).flatMap((unit) => {
      const macros = unit.declaredMacros().filter(({ functionLike }) => !functionLike);
      const names = [...macros, ...unit.declaredEnumerators()].map(({ name }) => name);
      return names.filter((name) => !COVERED.has(name) && typeof unit.constant(name)?.value === 'number');
    }),
  );
}
