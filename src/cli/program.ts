import { Chalk } from 'chalk';
import type { Progress } from '../ask/asking.ts';
import type { Io } from './command.ts';
import { ProgressBar } from './progress.ts';
import { COMMANDS } from './registry.ts';
import { runProgram } from './run.ts';
import { isWrittenDirectly, streamOut, terminalColumns, writeOut } from './standard-output.ts';

// The one place that knows `process` (beside hold-signals.ts): its arguments, streams, signals and exit code.

const DEFAULT_WIDTH = 120;

function createIo(): Io {
  const { env } = process;
  const columns = terminalColumns();
  return {
    out: writeOut,
    stream: streamOut,
    note: (text) => process.stderr.write(`${text}\n`),
    env,
    progress: isWrittenDirectly(2) ? untold : (label, total) => new ProgressBar(process.stderr, label, total),
    untilStopped,
    commands: COMMANDS,
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    render: {
      chalk: new Chalk({ level: isColoured(env, columns !== undefined) ? 1 : 0 }),
      width: columns === undefined ? DEFAULT_WIDTH : Math.max(40, columns),
    },
  };
}

/** Nobody looks at a terminal, and Node's stream need not be loaded to find that out. */
function untold(): Progress {
  return { at: () => {}, end: () => {} };
}

/** The sixteen colours that every terminal has are all that is used. */
function isColoured({ NO_COLOR, FORCE_COLOR, TERM }: Io['env'], isTerminal: boolean): boolean {
  if (NO_COLOR !== undefined || FORCE_COLOR === '0') return false;
  return FORCE_COLOR !== undefined || (isTerminal && TERM !== 'dumb');
}

/** A second request to end is not waited for. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Runs the program with its arguments on this process's streams, and sets its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runProgram(args, createIo());
}
