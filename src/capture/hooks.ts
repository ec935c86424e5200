import { callsBeside, isObeyed, livingCall, optionsAsked } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import type { FoundDoubt } from '../model/doubt.ts';
import { TARGETS } from '../model/target.ts';
import type { CodeBase } from './code-base.ts';
import { HOOKS, type Hook } from './hook-table.ts';
import type { DeclarationReader } from './reader.ts';

// Where the rest of the kernel calls live update: what is handed over is written on the way into the next kernel, and taken
// on the way up. A function that nobody calls any more writes or takes nothing, whatever it does.

/** Whether a component has functions that the rest of the kernel must call. */
export function isHooked(component: string): boolean {
  return HOOKS.some((hook) => hook.component === component);
}

/** Doubts of a component about functions that the rest of the kernel does not call, or only with some option. */
export function uncalled(component: string, base: CodeBase, reader: DeclarationReader): FoundDoubt[] {
  return HOOKS.filter((hook) => hook.component === component).flatMap((hook) => doubtsOf(hook, base, reader));
}

function doubtsOf(hook: Hook, base: CodeBase, reader: DeclarationReader): FoundDoubt[] {
  const { calls, side, files, declaredIn, architecture, isHereAlone } = hook;
  const there = files.filter((path) => reader.exists(path));
  const speaks = (path: string): boolean => reader.mentions(path, calls);
  const isKernels = base.find(calls) !== undefined || [...there, declaredIn ?? []].flat().some(speaks);
  if (there.length === 0 || !isKernels) return [];
  const own = TARGETS.filter((target) => architecture && target.startsWith(architecture));
  const told = { subject: calls, ...(side && { side }), ...(architecture && { targets: own }) };
  // What calls it may have moved; the places of another architecture are none of this one.
  const others = new Set(HOOKS.filter((one) => one.calls === calls).flatMap((one) => one.files));
  const elsewhere = isHereAlone ? [] : reader.speaking().filter((path) => !others.has(path));
  const places = [...there, ...elsewhere];
  const callers = places.filter((path) => path.endsWith('.c') && isCalledIn(path, calls, reader));
  const [first = ''] = there;
  if (callers.length === 0) {
    const message = `nothing in ${there.join(' or ')} calls ${calls}(): what it does is not done`;
    return [{ code: 'check-not-confirmed', ...told, message, where: `${first}:1` }];
  }
  const isIgnored = hook.isObeyed && !callers.some((path) => isObeyedIn(path, calls, reader));
  if (isIgnored) {
    const message = `the error of ${calls}() does not stop who calls it: what was not written is handed over`;
    return [{ code: 'check-not-confirmed', ...told, message, where: `${callers[0]}:1` }];
  }
  const late = (hook.before ?? []).find((other) =>
    callers.every((path) => isBehind(path, calls, other, reader)),
  );
  if (late !== undefined) {
    const message = `${calls}() is called behind ${late}(): what it does comes too late`;
    const { side, ...either } = told;
    return [{ code: 'check-not-confirmed', ...either, message, where: `${callers[0]}:1` }];
  }
  if (reader.config) return [];
  return callers.length > 1
    ? []
    : optionsThatDecide(callers[0] as string, calls, reader).map((option) => ({
        code: 'config-dependent',
        ...told,
        message: `${calls}() is called with ${option} alone`,
        reading: option,
        condition: `both are built with the same ${option}`,
        where: `${callers[0]}:1`,
      }));
}

function isCalledIn(path: string, name: string, reader: DeclarationReader, off?: string): boolean {
  if (!reader.mentions(path, name)) return false;
  const source = reader.placed(path);
  return attempt(() => source && livingCall(source, name, optionsOf(reader, off))) !== undefined;
}

/** Whether each function of a file that calls one and another calls the other first. */
function isBehind(path: string, name: string, other: string, reader: DeclarationReader): boolean {
  const source = reader.placed(path);
  const both = attempt(() => source && callsBeside(source, name, optionsOf(reader)))?.filter((calls) =>
    calls.includes(other),
  );
  return (
    both !== undefined && both.length > 0 && both.every((calls) => calls.indexOf(other) < calls.indexOf(name))
  );
}

function isObeyedIn(path: string, name: string, reader: DeclarationReader): boolean {
  const source = reader.placed(path);
  const obeys = (isOn: (option: string) => boolean) => attempt(() => source && isObeyed(source, name, isOn));
  // Ways that lead into each other's blocks are not followed: without any option there are fewer.
  return obeys(optionsOf(reader)) ?? obeys(() => false) ?? false;
}

/** Which options are on: those of the configuration, else all but one. */
function optionsOf({ config }: DeclarationReader, off?: string): (option: string) => boolean {
  return (option) => (config ? ['y', 'm'].includes(config.get(option) ?? 'n') : option !== off);
}

/** Options of nobody's component without which a file calls a function no longer. */
function optionsThatDecide(path: string, name: string, reader: DeclarationReader): string[] {
  const source = reader.placed(path);
  const asked = attempt(() => source && optionsAsked(source)) ?? [];
  return asked.filter((option) => !reader.isSupposed(option) && !isCalledIn(path, name, reader, option));
}
