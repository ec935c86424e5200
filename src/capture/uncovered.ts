import { ToolError } from '../errors.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type { Where } from '../model/layout.ts';
import { TARGETS } from '../model/target.ts';
import { findingOf } from './component.ts';
import { COVERED } from './covered.ts';
import type { DeclarationReader } from './reader.ts';

const MARKER_MACRO = /_(?:COMPATIBLE|VERSION)$/;

/** Structs and marker macros in the folder of the ABI headers that no component covers. */
export function findUncovered(headers: readonly string[], reader: DeclarationReader): CaptureFinding[] {
  return headers.flatMap((path) => {
    try {
      return uncoveredIn(path, reader);
    } catch (error) {
      if (error instanceof ToolError) return [findingOf(path, error)];
      throw error;
    }
  });
}

function uncoveredIn(path: string, reader: DeclarationReader): CaptureFinding[] {
  const unit = reader.unit(path, TARGETS[0]);
  if (!unit) return [];
  const structs = unit
    .declaredStructs()
    .map(({ kind, name, where }) => ({ name, what: `${kind} ${name}`, where }));
  const macros = unit
    .declaredMacros()
    .filter(({ name, functionLike }) => !functionLike && MARKER_MACRO.test(name))
    .map(({ name, where }) => ({ name, what: name, where }));
  return [...structs, ...macros]
    .filter(({ name }) => !COVERED.has(name))
    .map(({ what, where }) => finding(what, where));
}

function finding(what: string, { file, line }: Where): CaptureFinding {
  return {
    code: 'uncovered-declaration',
    message: `${what} is declared among the handed-over data, and no component covers it`,
    where: `${file}:${line}`,
  };
}
