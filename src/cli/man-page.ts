import { ERROR_CODES } from '../errors.ts';
import { wrap } from '../report/wrap.ts';
import type { CommandDefinition } from './command.ts';

// The manual page, in the man macros that groff and mandoc both know. Made from the commands' own definitions.

/** Longest line of the source, but for single words and examples. */
const LINE_LENGTH = 76;

export interface DescribedCommand {
  name: string;
  /** What the list of commands says of it. */
  summary: string;
  definition: CommandDefinition;
}

/** The page luo-abi(1). The same commands and version give the same text. */
export function manPage(commands: readonly DescribedCommand[], version: string): string {
  return [
    '.\\" Generated from the definitions of the commands; npm run man writes it anew.',
    `.TH LUO\\-ABI 1 "" ${quoted(`luo-abi ${version}`)} "User Commands"`,
    '.SH NAME',
    'luo\\-abi \\- can a machine that runs Linux A be live\\-updated to Linux B?',
    '.SH SYNOPSIS',
    '.B luo\\-abi',
    '.I command',
    '.RI [ option "] ..."',
    '.br',
    '.B luo\\-abi',
    '.I command',
    '.B \\-\\-help',
    '.SH DESCRIPTION',
    ...paragraph(
      'Linux can replace its running kernel while memory, files and devices stay alive. What the old kernel writes, the new one must read, and nobody promises that it can. luo-abi knows what each kernel writes and reads, and says which ordered pairs are safe, down to the struct, constant or string that decides.',
    ),
    '.PP',
    ...paragraph(
      'A kernel is named by its release (7.2.12), by its series (7.2, the newest that is known), by the path of a capture document, or by anything that capture takes.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH "EXIT STATUS"',
    ...definitions([
      ['0', 'nothing at or above --fail-on was found'],
      ['1', 'something was'],
      ['2', 'usage or invalid input'],
      ['3', 'could not complete'],
    ]),
    '.SH ENVIRONMENT',
    ...definitions([
      ['XDG_CACHE_HOME', 'the catalog of the shipped documents is kept below it (default: ~/.cache)'],
      ['XDG_DATA_HOME', 'records of tests of your own are kept below it (default: ~/.local/share)'],
      ['NO_COLOR', 'no colour, also on a terminal'],
      ['FORCE_COLOR', 'colour, also where no terminal is'],
    ]),
    '.SH DIAGNOSTICS',
    ...paragraph('An error is one line: its code, what happened, and what to do.'),
    ...definitions(Object.entries(ERROR_CODES).map(([code, { hint }]) => [code, hint])),
    '.SH "SEE ALSO"',
    '.BR kexec (8)',
    '',
  ].join('\n');
}

function commandLines({ summary, definition }: DescribedCommand): string[] {
  const { usage, options, example } = definition;
  const isSame = definition.summary.toLowerCase().startsWith(summary.toLowerCase());
  return [
    `.SS ${quoted(usage)}`,
    ...(isSame ? [] : [...paragraph(`${sentence(summary)}.`), '.PP']),
    ...paragraph(definition.summary),
    ...options.flatMap((option) => ['.TP', `.B ${text(option.flags)}`, ...paragraph(option.summary)]),
    '.PP',
    'Example:',
    '.PP',
    '.in +4n',
    '.nf',
    protectedLine(text(example)),
    '.fi',
    '.in',
  ];
}

function sentence(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function definitions(rows: readonly (readonly [name: string, words: string])[]): string[] {
  return rows.flatMap(([name, words]) => ['.TP', `.B ${text(name)}`, ...paragraph(words)]);
}

/** Each sentence on lines of its own, as roff wants it. */
function paragraph(words: string): string[] {
  const sentences = words.split(/(?<=[.?!]) (?=[A-Z])/);
  return sentences.flatMap((line) => wrap(text(line), LINE_LENGTH, '').map(protectedLine));
}

/** A line that begins with a control character would be a request. */
function protectedLine(line: string): string {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

function quoted(words: string): string {
  return `"${text(words).replaceAll('"', '\\(dq')}"`;
}

/** Characters that every device of roff has, by their ASCII. */
const PLAIN: Readonly<Record<string, string>> = {
  '｜': ' | ',
  '…': '...',
  '→': '\\->',
  '\\': '\\e',
  '-': '\\-',
};

/** Text as roff reads it: hyphens that can be copied, escapes for the rest. */
function text(words: string): string {
  return Array.from(words.replaceAll('\n', ' '), (character) => {
    const plain = PLAIN[character];
    if (plain !== undefined) return plain;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x7f ? character : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}
