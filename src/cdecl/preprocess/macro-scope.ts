import { builtinType } from '../expression/ctype.ts';
import type { Token } from '../lex/token.ts';
import { optionState } from './config.ts';
import { type MacroScope, numberToken } from './expand.ts';
import type { FileView } from './file-view.ts';
import type { Macro } from './macro.ts';
import type { World } from './world.ts';

/** Names that no header defines, so that the search for them would go through every header in vain. */
const KEYWORDS = new Set([
  'sizeof',
  'typeof',
  '__typeof__',
  '__typeof',
  '_Alignof',
  '__alignof__',
  '_Static_assert',
  '__attribute__',
  '__packed__',
  '__aligned__',
  '__mode__',
  '__unused__',
  '__always_inline__',
  '__const__',
  '__inline__',
  '__volatile__',
  '_Generic',
  'struct',
  'union',
  'enum',
  'int',
  'char',
  'long',
  'short',
  'unsigned',
  'signed',
  'const',
  'volatile',
  'void',
  'static',
  'typedef',
  'return',
  'if',
  'for',
  'while',
  'switch',
  '__extension__',
  '_Bool',
]);

/** A name at a place of a file, of which the macro is asked for. */
export interface MacroQuery {
  readonly view: FileView;
  readonly at: number;
  readonly name: string;
  /** Look into headers too, else only into the file and the builtins. */
  readonly isDeep: boolean;
  readonly line?: number;
  /** Of the file's own includes only those before this item count. */
  readonly before?: number;
}

/** What answers for the macros of all files. */
export interface MacroSource {
  readonly world: World;
  /** The macro that a name means at a place. */
  macro(query: MacroQuery): Macro | undefined;
  isDefined(view: FileView, at: number, name: string): boolean;
  /** Whether the target defines the name, whatever a file says. */
  isFixed(name: string): boolean;
  /** Whether the target decides over an option. */
  isSettled(option: string): boolean;
}

/** From a token on, the macro event that is the last one there, see FileView.macroAt. */
export interface Mark {
  readonly from: number;
  readonly at: number;
}

export interface MacroScopeOptions {
  readonly space: MacroSource;
  readonly view: FileView;
  readonly at: number;
  /**
   * Which names are looked for in headers: `shaped` only those that look like macros (no lower case letter, leading
   * underscores, or followed by a parenthesis), because a member's name is seldom one and the search is not free;
   * `always` every name; `never` none.
   */
  readonly depth: 'shaped' | 'always' | 'never';
  /** The file's own enumerators, which no header is looked into for where the depth is `shaped`. */
  readonly enumerators?: { has(name: string): boolean };
  /** For a condition: of the file's own includes only those before this item count. */
  readonly before?: number;
  /** Where the place changes within the tokens. */
  readonly marks?: readonly Mark[];
}

/** The macros in force at a place of a file. */
export function macroScope(options: MacroScopeOptions): MacroScope {
  const { space, view, at, depth, enumerators, before, marks = [] } = options;
  let here = at;
  return {
    moveTo(index) {
      for (const mark of marks) if (mark.from <= index) here = mark.at;
    },
    macro(name, isCall, line) {
      if (KEYWORDS.has(name) || name.startsWith('__builtin_') || builtinType(name)) return undefined;
      const isShaped = isCall || name.startsWith('__') || !/[a-z]/.test(name);
      const isDeep = depth === 'always' || (depth === 'shaped' && isShaped && !enumerators?.has(name));
      return space.macro({ view, at: here, name, isDeep, line, ...(before !== undefined && { before }) });
    },
    special(name, argument, line) {
      if (name === '__LINE__') return [numberToken(line, line)];
      if (name === '__COUNTER__') return [numberToken(0, line)];
      if (name === '_Pragma') return argument ? [] : undefined;
      return optionTest(space, view, name, argument, line);
    },
  };
}

function optionTest(
  space: MacroSource,
  view: FileView,
  test: string,
  argument: readonly Token[] | undefined,
  line: number,
): Token[] | undefined {
  const option = argument?.length === 1 ? argument[0]!.text : undefined;
  if (!option?.startsWith('CONFIG_')) return undefined;
  view.noteOption(option, line);
  const isSet =
    space.isFixed(option) || (!space.isSettled(option) && optionState(space.world.config, test, option));
  return [numberToken(isSet ? 1 : 0, line)];
}
