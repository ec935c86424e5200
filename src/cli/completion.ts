import { readFlag } from './arguments.ts';
import type { CommandDefinition, OptionDefinition } from './command.ts';

// What can follow on a command line, from the definitions of the commands; the shells' scripts are made of it.

/** What a word may be: one of some words, a known kernel or a path, a path, or anything. */
export type WordKind = { words: readonly string[] } | 'any' | 'path' | 'release';

export interface CompletedOption {
  /** `profile`, without dashes. */
  long: string;
  short?: string;
  summary: string;
  /** What follows it; undefined where nothing does. */
  value?: WordKind;
}

export interface CompletedCommand {
  name: string;
  summary: string;
  options: CompletedOption[];
  operands: WordKind[];
  /** What every further operand is; undefined where there can be none. */
  others?: WordKind;
}

/** Shells that a script can be made for. */
export const SHELLS = ['bash', 'fish', 'zsh'] as const;

const RELEASE_WORDS = ['from', 'incoming', 'outgoing', 'release', 'to'];
const OPEN_WORDS = ['operands', 'others'];
const PATH_WORDS = ['dir', 'file', 'folder', 'locator', 'name[=file]', 'what'];

/** What can follow the name of a command. */
export function completionOf(
  { name, summary }: { name: string; summary: string },
  definition: CommandDefinition,
): CompletedCommand {
  const parameters = definition.usage
    .split(' ')
    .slice(1)
    .map((parameter) => ({ isOpen: parameter.includes('...'), word: parameter.replace(/[<>[\].]/g, '') }));
  const kinds = parameters.map(({ word }) => operandKind(word, definition));
  const open = parameters.findIndex(({ isOpen }) => isOpen);
  const others = kinds[open];
  const help = { long: 'help', short: 'h', summary: 'this page' };
  return {
    name,
    summary,
    options: [...definition.options.map(completedOption), help],
    operands: open < 0 ? kinds : kinds.slice(0, open),
    ...(others !== undefined && { others }),
  };
}

function completedOption(option: OptionDefinition): CompletedOption {
  const { long, short, takesValue, value } = readFlag(option);
  return {
    long,
    summary: option.summary,
    ...(short !== undefined && { short }),
    ...(takesValue && { value: option.choices ? { words: option.choices } : kindOf(value) }),
  };
}

function kindOf(word: string): WordKind {
  if (RELEASE_WORDS.includes(word)) return 'release';
  return PATH_WORDS.includes(word) ? 'path' : 'any';
}

function operandKind(word: string, { summary }: CommandDefinition): WordKind {
  if (word === 'shell') return { words: SHELLS };
  if (OPEN_WORDS.includes(word)) return 'path';
  if (word !== 'action') return kindOf(word.replace(/s$/, ''));
  // `build｜import FILE…｜verify: what they do`
  const [actions = ''] = summary.split(':');
  return { words: actions.split('｜').flatMap((action) => /^[a-z-]+/.exec(action) ?? []) };
}
