import { Chalk } from 'chalk';
import { COMMANDS } from '../../src/cli/registry.ts';
import { runProgram } from '../../src/cli/run.ts';

/** What a run of the program came to. */
export interface CliRun {
  status: number;
  stdout: string;
  stderr: string;
}

/** Where, and with what environment, the program runs; `env` comes on top of the own one. */
export interface CliPlace {
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
}

/**
 * Runs the program as src/cli/main.ts does, in this process: starting one costs more than most commands. The exit code, the
 * streams and what ends a process are those of test/cli/cli.test.ts, which starts it.
 */
export async function runCli(args: readonly string[], { env = {}, cwd }: CliPlace = {}): Promise<CliRun> {
  const run: CliRun = { status: 0, stdout: '', stderr: '' };
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    run.status = await runProgram(args, {
      out: (text) => {
        run.stdout += text;
      },
      note: (text) => {
        run.stderr += `${text}\n`;
      },
      env: { ...process.env, NO_COLOR: '1', ...env },
      commands: COMMANDS,
      render: { chalk: new Chalk({ level: 0 }), width: 120 },
    });
  } finally {
    process.chdir(before);
  }
  return run;
}
