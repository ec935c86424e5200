import type { ComponentDefinition, Era } from '../model/component-definition.ts';
import { entryNames } from './code-entries.ts';
import { type ComponentCapture, captureComponent } from './component.ts';
import type { DeclarationReader } from './reader.ts';

/** A declaration that a definition names and a kernel lacks. */
export interface MissingDeclaration {
  /** Position of the era. */
  era: number;
  kind: 'constant' | 'function' | 'marker' | 'struct';
  name: string;
  /** The definition says that some kernels lack it. */
  isOptional: boolean;
}

/** What of a component is found in a kernel. */
export interface ComponentFound extends ComponentCapture {
  /** Whether what shows that a kernel has it is there; undefined where none of its files is. */
  isThere: boolean | undefined;
  missing: MissingDeclaration[];
}

/** Looks for all that a definition names. `initParser` must have settled. */
export function findComponent(definition: ComponentDefinition, reader: DeclarationReader): ComponentFound {
  const isThere = reader.holds(definition.anchor);
  const at = definition.eras.findIndex(({ recognizedBy }) =>
    recognizedBy.every((anchor) => reader.holds(anchor) === true),
  );
  const era = definition.eras[at];
  const missing = isThere && era ? missingOf(era, at, reader) : [];
  return { isThere, missing, ...captureComponent(definition, reader) };
}

function missingOf(era: Era, at: number, reader: DeclarationReader): MissingDeclaration[] {
  const { files, structs, constants, marker, code } = era;
  const found: MissingDeclaration[] = [];
  const note = (kind: MissingDeclaration['kind'], name: string, isOptional: boolean): void => {
    found.push({ era: at, kind, name, isOptional });
  };
  for (const [name, { optional }] of Object.entries(structs))
    if (reader.fileOf('struct', files, name) === undefined) note('struct', name, optional === true);
  for (const [name, { optional, spelled, says }] of Object.entries(constants)) {
    if (spelled || says !== undefined) continue;
    if (reader.fileOf('constant', files, name) === undefined) note('constant', name, optional === true);
  }
  for (const name of [marker.macro, marker.nameMacro].flatMap((macro) => macro ?? []))
    if (reader.fileOf('constant', files, name) === undefined) note('marker', name, false);
  for (const { functions, required } of code)
    for (const names of functions) {
      const all = entryNames(names);
      if (all.some((name) => reader.fileOfFunction(files, name) !== undefined)) continue;
      note('function', all[0] ?? '', required !== true);
    }
  return found;
}
