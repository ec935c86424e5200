import { parseArgs } from 'node:util';
import { ToolError } from '../errors.ts';
import type { CommandDefinition, OptionDefinition, OptionValues } from './command.ts';

// Reads a command's arguments from its definition: flags as `-o, --output <file>`, parameters as `<one> [other...]`.

/** What the text of an option says. */
export interface Flag {
  long: string;
  short?: string;
  takesValue: boolean;
  /** `file` of `--output <file>`; empty where it takes none. */
  value: string;
}

/** Reads the text of an option. @throws ToolError INTERNAL for one that is not well written */
export function readFlag({ flags }: OptionDefinition): Flag {
  const match = /^(?:-(\w), )?--([\w-]+)(?: <(.+)>)?$/.exec(flags);
  if (!match) throw new ToolError('INTERNAL', `the option ${flags} is not well written`);
  const [, short, long = '', value] = match;
  return { long, takesValue: value !== undefined, value: value ?? '', ...(short !== undefined && { short }) };
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

export interface ParsedArguments {
  operands: string[];
  /** By long name in camel case: `--fail-on` is `failOn`. */
  options: OptionValues;
  wantsHelp: boolean;
}

/** Parses what follows the command's name. @throws ToolError USAGE */
export function parseArguments(definition: CommandDefinition, args: readonly string[]): ParsedArguments {
  const { values, positionals } = parseStrictly(definition, args);
  const { help, ...rest } = values;
  const wantsHelp = help === true;
  if (!wantsHelp) checkOperands(definition, positionals);
  const options = Object.entries(rest).map(([name, value]) => [camelCase(name), value] as const);
  return { operands: positionals, options: Object.fromEntries(options) as OptionValues, wantsHelp };
}

function parseStrictly({ options }: CommandDefinition, args: readonly string[]) {
  const known = options.map((option) => {
    const { long, short, takesValue } = readFlag(option);
    const config = {
      type: takesValue ? ('string' as const) : ('boolean' as const),
      multiple: option.repeatable === true,
      ...(short !== undefined && { short }),
    };
    return [long, config] as const;
  });
  const help = { type: 'boolean' as const, short: 'h' };
  try {
    return parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(known), help },
      allowPositionals: true,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [first = message] = message.split(/\. |\n/);
    throw new ToolError('USAGE', first, { cause });
  }
}

function checkOperands({ usage }: CommandDefinition, operands: readonly string[]): void {
  const parameters = usage.split(' ').slice(1);
  const missing = parameters.filter((parameter) => parameter.startsWith('<'))[operands.length];
  if (missing) throw new ToolError('USAGE', `${usage}: ${missing} is missing`);
  const isOpen = parameters.some((parameter) => parameter.includes('...'));
  if (!isOpen && operands.length > parameters.length) {
    throw new ToolError('USAGE', `${usage}: one argument too many: ${operands[parameters.length]}`);
  }
}

/** The page that --help prints. */
export function helpText({ usage, summary, example, options }: CommandDefinition): string {
  const rows = [...options, { flags: '-h, --help', summary: 'this page' }];
  const width = Math.max(...rows.map(({ flags }) => flags.length));
  const lines = rows.map(({ flags, summary: text }) => `  ${flags.padEnd(width)}  ${text}`);
  return `luo-abi ${usage}\n\n${summary}\n\nOptions:\n${lines.join('\n')}\n\nExample:\n  ${example}\n`;
}
