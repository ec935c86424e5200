#!/usr/bin/env node
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { Chalk } from 'chalk';
import { batched } from '../ask/files/batches.ts';
import type { Io } from './command.ts';
import { ProgressBar } from './progress.ts';
import { COMMANDS } from './registry.ts';
import { runProgram } from './run.ts';

// The one place that knows `process` (beside signals.ts): its arguments, streams, signals and exit code.

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
    stream: async (chunks) => {
      for await (const text of batched(chunks)) {
        if (!process.stdout.write(text)) await once(process.stdout, 'drain');
      }
    },
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

// A reader that closes the pipe early (head) ends the output, not the program with an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
process.exitCode = await runProgram(process.argv.slice(2), createIo());
