#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Chalk } from 'chalk';
import { ToolError } from '../errors.ts';
import { helpText, parseArguments } from './arguments.ts';
import type { Io } from './command.ts';
import { ProgressBar } from './progress.ts';
import { COMMANDS } from './registry.ts';

// Reads argv, runs one command, and turns what comes back into output and an exit code. Nothing else knows `process`.

const DEFAULT_WIDTH = 120;

/**
 * Bytes of code that a function runs through before V8 compiles it anew: a command ends before most of what is compiled by
 * its own measure is worth it, and a third of a capture went into that.
 */
const INTERRUPT_BUDGET = 1_000_000;

function createIo(): Io {
  const { env, stdout } = process;
  const isColoured = stdout.isTTY && env.NO_COLOR === undefined && env.TERM !== 'dumb';
  return {
    out: (text) => process.stdout.write(text),
    note: (text) => process.stderr.write(`${text}\n`),
    env,
    progress: (label, total) => new ProgressBar(process.stderr, label, total),
    untilStopped,
    commands: COMMANDS,
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    render: {
      chalk: isColoured
        ? new Chalk()
        : new Chalk({ level: env.FORCE_COLOR === undefined || env.NO_COLOR !== undefined ? 0 : 1 }),
      width: stdout.isTTY ? Math.max(40, stdout.columns) : DEFAULT_WIDTH,
    },
  };
}

/** A second request to end is not waited for. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function main(argv: readonly string[]): Promise<number> {
  setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
  const io = createIo();
  const [name = '--help', ...rest] = argv;
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) return runWithoutCommand(name, io);
  const { command } = await entry.load();
  const { operands, options, wantsHelp } = parseArguments(command, rest);
  if (!wantsHelp) return command.run(operands, options, io);
  io.out(helpText(command));
  return 0;
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
  const { nearest } = await import('../model/nearest.ts');
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  throw new ToolError('USAGE', `no command ${name}${near.length > 0 ? `; nearest: ${near.join(', ')}` : ''}`);
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
