import { ToolError } from '../errors.ts';
import { helpText, parseArguments } from './arguments.ts';
import type { Io } from './command.ts';
import { COMMANDS } from './registry.ts';
import { spelled } from './spelled.ts';

/** Runs one command as the arguments say; what goes wrong is a line of `io.note`. Returns the exit code. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await runCommand(argv, io);
  } catch (error) {
    return report(error, io);
  }
}

async function runCommand([name = '--help', ...rest]: readonly string[], io: Io): Promise<number> {
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) return runWithoutCommand(name, io);
  const { command } = await entry.load();
  const { operands, options, wantsHelp } = parseArguments(command, rest);
  const run = (): Promise<number> => command.run(operands, options, io);
  if (!wantsHelp && typeof options.components === 'string') {
    const { withOwnComponents } = await import('../ask/files/components.ts');
    return withOwnComponents(options.components, run);
  }
  if (!wantsHelp) return run();
  io.out(helpText(command));
  return 0;
}

async function runWithoutCommand(name: string, io: Io): Promise<number> {
  if (name === '--version' || name === '-V') {
    const { packageVersion } = await import('../ask/program.ts');
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

function report(error: unknown, { note, env }: Io): number {
  const known = error instanceof ToolError ? error : undefined;
  const code = known?.code ?? 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const hint = known?.hint ?? 'this is a fault of luo-abi; please report it with the command line';
  note(`luo-abi: ${code}: ${spelled(message.replaceAll('\n', ' '))} (${spelled(hint)})`);
  if (!known && env.LUO_ABI_DEBUG !== undefined && error instanceof Error) note(`${error.stack}`);
  return known?.exitCode ?? 3;
}
