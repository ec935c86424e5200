#!/usr/bin/env node
import { Chalk } from 'chalk';
import type { Command as CommanderCommand } from 'commander';
import { ToolError } from '../errors.ts';
import type { CommandDefinition, Io, OptionValues } from './command.ts';
import { COMMANDS } from './registry.ts';

// Reads argv, runs one command, and turns what comes back into output and an exit code. Nothing else knows `process`.

const DEFAULT_WIDTH = 100;

function createIo(): Io {
  const { env, stdout } = process;
  const isColoured = stdout.isTTY && env.NO_COLOR === undefined && env.TERM !== 'dumb';
  return {
    out: (text) => process.stdout.write(text),
    note: (text) => process.stderr.write(`${text}\n`),
    env,
    render: {
      chalk: isColoured
        ? new Chalk()
        : new Chalk({ level: env.FORCE_COLOR === undefined || env.NO_COLOR !== undefined ? 0 : 1 }),
      width: stdout.isTTY ? Math.max(40, stdout.columns) : DEFAULT_WIDTH,
    },
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const io = createIo();
  const [name = '--help', ...rest] = argv;
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) return runWithoutCommand(name, io);
  const { command } = await entry.load();
  return runCommand(command, rest, io);
}

async function runWithoutCommand(name: string, io: Io): Promise<number> {
  if (name === '--version' || name === '-V') {
    const { packageVersion } = await import('../schema/package-root.ts');
    io.out(`${packageVersion()}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const rows = COMMANDS.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
    const example = 'luo-abi check 6.17.8 6.18.5 --profile memory';
    io.out(
      `luo-abi COMMAND …\n\n${rows.join('\n')}\n\nluo-abi COMMAND --help tells more. Example:\n  ${example}\n`,
    );
    return 0;
  }
  const { nearest } = await import('./nearest.ts');
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  throw new ToolError('USAGE', `no command ${name}${near.length > 0 ? `; nearest: ${near.join(', ')}` : ''}`);
}

async function runCommand(definition: CommandDefinition, args: string[], io: Io): Promise<number> {
  const { Command, CommanderError } = await import('commander');
  let exitCode = 0;
  const command = describeCommand(new Command(), definition, io);
  command.action(async (...values: unknown[]) => {
    const given = values
      .slice(0, -2)
      .flat()
      .filter((value) => value !== undefined);
    exitCode = await definition.run(given as string[], command.opts<OptionValues>(), io);
  });
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return 0;
    throw new ToolError('USAGE', error.message.replace(/^error: /, '').replaceAll('\n', ' '));
  }
  return exitCode;
}

function describeCommand(command: CommanderCommand, definition: CommandDefinition, io: Io): CommanderCommand {
  const { usage, summary, example, options } = definition;
  const [name = '', ...parameters] = usage.split(' ');
  command.name(`luo-abi ${name}`).description(summary).exitOverride();
  if (parameters.length > 0) command.arguments(parameters.join(' '));
  for (const { flags, summary: text, repeatable } of options) {
    const collect = (value: string, previous: string[] = []): string[] => [...previous, value];
    if (repeatable) command.option(flags, text, collect);
    else command.option(flags, text);
  }
  command.addHelpText('after', `\nExample:\n  ${example}`);
  return command.configureOutput({ writeOut: (text) => io.out(text), writeErr: () => undefined });
}

function report(error: unknown): number {
  const known = error instanceof ToolError ? error : undefined;
  const code = known?.code ?? 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const hint = known?.hint ?? 'this is a fault of luo-abi; please report it with the command line';
  process.stderr.write(`luo-abi: ${code}: ${message.replaceAll('\n', ' ')} (${hint})\n`);
  if (!known && process.env.LUO_ABI_DEBUG !== undefined && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  return known?.exitCode ?? 3;
}

// A reader that closes the pipe early (head) ends the output, not the program with an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = report(error);
  },
);
