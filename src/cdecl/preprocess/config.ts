import { lexText } from '../lex/lexer.ts';
import type { Macro } from './macro.ts';
import type { CTree } from './source.ts';

/** Option to value as Kconfig writes it: `y`, `m`, a number, a quoted text. Absent: not set. */
export type Config = ReadonlyMap<string, string>;

/**
 * What include/generated/autoconf.h would define for a name such as CONFIG_X or CONFIG_X_MODULE (scripts/kconfig/
 * confdata.c: y gives 1, m gives CONFIG_X_MODULE 1, the rest its value).
 */
export function configMacro(config: Config, name: string): Macro | undefined {
  const value = config.get(name);
  if (value !== undefined && value !== 'm' && value !== 'n')
    return toMacro(name, value === 'y' ? '1' : value);
  const isModule = name.endsWith('_MODULE') && config.get(name.slice(0, -'_MODULE'.length)) === 'm';
  return isModule ? toMacro(name, '1') : undefined;
}

function toMacro(name: string, text: string): Macro {
  const source = { path: '.config', text: '' };
  return { name, parameters: undefined, variadic: undefined, body: lexText(text, 1), source, line: 1 };
}

/** The value of IS_ENABLED, IS_BUILTIN, IS_MODULE or IS_REACHABLE for an option (include/linux/kconfig.h). */
export function optionState(config: Config, test: string, option: string): boolean {
  const value = config.get(option);
  if (test === 'IS_MODULE') return value === 'm';
  return value === 'y' || (value === 'm' && test !== 'IS_BUILTIN');
}

/**
 * The options without which a .c file is not built at all: `obj-$(CONFIG_X) += name.o` in the Makefile beside it,
 * directly or through the object that it is a part of.
 */
export function optionsOfFile(tree: CTree, path: string): string[] {
  const makefilePath = makefileOf(path);
  const makefile = makefilePath && tree.read(makefilePath)?.replace(/\\\r?\n/g, ' ');
  if (makefile === undefined) return [];
  const options = new Set<string>();
  collectOptions({ makefile, options, seen: new Set() }, path.slice(path.lastIndexOf('/') + 1, -'.c'.length));
  return [...options].sort();
}

/** The Makefile that says when a .c file is built; undefined for another file. */
export function makefileOf(path: string): string | undefined {
  return path.endsWith('.c') ? `${path.slice(0, path.lastIndexOf('/') + 1)}Makefile` : undefined;
}

interface MakefileWalk {
  readonly makefile: string;
  readonly options: Set<string>;
  readonly seen: Set<string>;
}

function collectOptions(walk: MakefileWalk, object: string): void {
  if (walk.seen.has(object)) return;
  walk.seen.add(object);
  for (const match of walk.makefile.matchAll(
    /^([\w-]+?)-(?:y|objs|\$\((CONFIG_\w+)\))[ \t]*[+:]?=[ \t]*(.*)$/gm,
  )) {
    const [, target = '', option, objects = ''] = match;
    if (!objects.split(/\s+/).includes(`${object}.o`)) continue;
    if (option !== undefined) walk.options.add(option);
    if (target !== 'obj' && target !== 'lib') collectOptions(walk, target);
  }
}
