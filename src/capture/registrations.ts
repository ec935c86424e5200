import type { Era } from '../model/component-definition.ts';
import type { CodeBase, CodePiece } from './code-base.ts';
import { callsOf, withHelpers } from './code-flow.ts';

// What a component's code hands to the registration of file handlers, or of FLBs: called by its own name or that of a helper,
// by a macro that makes the function with the call and its initcall, and in a kernel that calls the registration otherwise.

/** A variable that is registered. */
export interface Registered {
  name: string;
  /** The function that registers it, or the macro that makes one. */
  by: string;
  file: string;
  /** Whether it runs at boot whatever calls it. */
  isAtBoot: boolean;
}

const REGISTERS_FILES = 'liveupdate_register_file_handler';
const REGISTERS_FLBS = 'liveupdate_register_flb';
const FILE_HANDLER = 'liveupdate_file_handler';

/** Initcalls behind those that set live update up. */
const LATER_INITCALL = /^(?:(?:device|late)_initcall(?:_sync)?|module_init)$/;

/** The variables that the component's code registers, and by which function. */
export function registeredHandlers(era: Era, base: CodeBase, kind: 'file' | 'flb' = 'file'): Registered[] {
  const register = kind === 'flb' ? REGISTERS_FLBS : filesRegisteredBy(base);
  const pieces = base.pieces(era.files);
  const called = pieces.flatMap((piece) => registeredIn(piece, register, base));
  const files = new Set(pieces.map(({ file }) => file));
  return [...called, ...[...files].flatMap((file) => registeredByMacro(file, register, base))];
}

function registeredIn(piece: CodePiece, register: string, base: CodeBase): Registered[] {
  if (!piece.code || piece.name === register) return [];
  const way = withHelpers([piece.name], base, register);
  if (!way) return [];
  return callsOf(way.root)
    .filter(({ name }) => name === register)
    .flatMap(({ args }) => {
      const last = args.at(-1);
      const [target] = last?.op === 'address' ? last.args : [];
      const { name: by, file } = piece;
      return target?.op === 'name' ? [{ name: target.text ?? '', by, file, isAtBoot: false }] : [];
    });
}

/** What is given to a macro at file level that makes a function with the registration, and an initcall of it. */
function registeredByMacro(file: string, register: string, base: CodeBase): Registered[] {
  return base.callsAtFileLevel(file).flatMap(({ name: by, argument: name }) => {
    const macro = base.find(by, file);
    if (macro?.kind !== 'macro' || base.find(name, file)?.kind !== 'variable') return [];
    const says = (isSo: (text: string) => boolean): boolean => macro.tokens.some(({ text }) => isSo(text));
    const isMade = says((text) => text === register) && says((text) => LATER_INITCALL.test(text));
    return isMade ? [{ name, by, file, isAtBoot: true }] : [];
  });
}

/** By which name this kernel registers file handlers: the one function that takes a handler and puts it on a list. */
function filesRegisteredBy(base: CodeBase): string {
  if (base.find(REGISTERS_FILES)) return REGISTERS_FILES;
  const found = base.pieces([]).filter(({ tokens, code }) => {
    const [parameter, ...others] = code?.parameters ?? [];
    const head = tokens.slice(
      0,
      tokens.findIndex(({ text }) => text === '{'),
    );
    const isIts = others.length === 0 && head.some(({ text }) => text === FILE_HANDLER);
    return parameter && isIts && tokens.some(({ text }) => /^list_(?:\w+_)?add(?:_tail)?$/.test(text));
  });
  const [only, ...more] = new Set(found.map(({ name }) => name));
  return more.length > 0 ? REGISTERS_FILES : (only ?? REGISTERS_FILES);
}

/**
 * What the component's own files do to register a file handler: `done`, whatever is handed over; `never` where the call is
 * there and nothing comes to it; `absent` where no call is there. Undefined where its code is not at hand, or cannot be followed.
 */
export function registrationOf(era: Era, base: CodeBase): 'absent' | 'done' | 'never' | undefined {
  const own = base.pieces(era.files).filter(({ file }) => era.files.includes(file));
  if (own.length === 0) return undefined;
  if (registeredHandlers(era, base).length > 0) return 'done';
  const register = filesRegisteredBy(base);
  const calling = own.filter(({ tokens }) => tokens.some(({ text }) => text === register));
  if (calling.length === 0) return 'absent';
  const ways = calling.map(({ name }) => withHelpers([name], base, register));
  if (ways.some((way) => !way)) return undefined;
  const isDone = ways.some((way) => callsOf(way?.root).some(({ name }) => name === register));
  return isDone ? 'done' : 'never';
}
