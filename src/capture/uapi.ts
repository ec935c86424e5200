import type { Token, Unit } from '../cdecl/index.ts';
import { ToolError } from '../errors.ts';
import { sortKeys } from '../model/canonical.ts';
import type { CaptureFinding } from '../model/capture.ts';
import type { ConstantValue, Layout } from '../model/layout.ts';
import { TARGETS } from '../model/target.ts';
import type { Uapi, UapiIoctl } from '../model/uapi.ts';
import { findingOf } from './component.ts';
import type { DeclarationReader } from './reader.ts';

// What the header of /dev/liveupdate offers to programs: its ioctls, the structs of their arguments, and its constants.

/** The header of /dev/liveupdate and of its sessions (6.19 on). */
export const UAPI_FILE = 'include/uapi/linux/liveupdate.h';

/** A header that every kernel has beside it; without it the uAPI headers are not at hand. */
const UAPI_WITNESS = 'include/uapi/linux/kexec.h';

/** The macros that make a request (include/uapi/asm-generic/ioctl.h). */
const REQUEST_MACROS: ReadonlySet<string> = new Set(
  ['', 'R', 'W', 'WR'].flatMap((way) => (way === '' ? ['_IO', '_IOC'] : [`_IO${way}`, `_IO${way}_BAD`])),
);

/** What was read; no `uapi` where the source does not hold the header's folder, or the header cannot be read. */
export interface UapiCapture {
  uapi?: Omit<Uapi, 'file'>;
  findings: CaptureFinding[];
}

/** Reads the header. Never throws a ToolError: what cannot be read is not captured, and a finding says why. */
export function captureUapi(reader: DeclarationReader): UapiCapture {
  try {
    const unit = reader.unit(UAPI_FILE, TARGETS[0]);
    if (unit) return { uapi: declaredIn(unit), findings: [] };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { component: _none, ...finding } = findingOf('', error);
    return { findings: [{ ...finding, message: `uAPI not captured: ${finding.message}` }] };
  }
  const isAtHand = reader.exists(UAPI_WITNESS);
  return { ...(isAtHand && { uapi: { ioctls: {}, structs: {}, constants: {} } }), findings: [] };
}

function declaredIn(unit: Unit): Omit<Uapi, 'file'> {
  const structs: Record<string, Layout> = {};
  for (const { name, kind } of unit.declaredStructs()) {
    const layout = unit.layout(`${kind} ${name}`)?.layout;
    if (layout)
      structs[name] = { ...layout, members: layout.members.map(({ where: _where, ...member }) => member) };
  }
  const ioctls: Record<string, UapiIoctl> = {};
  const constants: Record<string, ConstantValue> = {};
  for (const { name, where, functionLike } of unit.declaredMacros()) {
    if (functionLike) continue;
    const value = unlessRefused(() => unit.constant(name)?.value);
    const request = unlessRefused(() => unit.expansion(name, REQUEST_MACROS)) ?? [];
    if (request.some(({ text }) => REQUEST_MACROS.has(text))) {
      const argument = argumentOf(name, request, structs);
      ioctls[name] = {
        ...(typeof value === 'number' && { request: value }),
        ...(argument !== undefined && { argument }),
        line: where.line,
      };
    } else if (value !== undefined) constants[name] = value;
  }
  for (const { name } of unit.declaredEnumerators()) {
    const value = unlessRefused(() => unit.constant(name)?.value);
    if (value !== undefined) constants[name] = value;
  }
  return { ioctls: sortKeys(ioctls), structs: sortKeys(structs), constants: sortKeys(constants) };
}

/**
 * The struct that the request names; a plain `_IO` names none, and then it is the one that bears the ioctl's own name, as
 * the header's documentation has it.
 */
function argumentOf(
  name: string,
  request: readonly Token[],
  structs: { [name: string]: Layout },
): string | undefined {
  const named = request.findLast(({ text }) => structs[text] !== undefined)?.text;
  const own = name.toLowerCase();
  return named ?? (structs[own] ? own : undefined);
}

function unlessRefused<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return undefined;
  }
}
