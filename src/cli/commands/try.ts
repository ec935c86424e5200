import { writeAtomically } from '../../ask/files/write.ts';
import { tryMatrix, tryUpdates } from '../../ask/try.ts';
import { ToolError } from '../../errors.ts';
import type { TriedStep } from '../../model/try.ts';
import { renderTry, renderTryMatrix } from '../../report/try-terminal.ts';
import { askingUntilStopped, withCatalog } from '../asking.ts';
import { defineCommand } from '../command.ts';
import { printResult } from '../formats.ts';
import { numberOption, TRY_OPTIONS, trialOf } from '../try-options.ts';

export const command = defineCommand({
  usage: 'try [outgoing] [incoming] [more...]',
  summary:
    'Really make the live update, in an emulated machine: boots OUTGOING, preserves a payload, goes on into INCOMING by kexec (and into the next, and so on), and holds what comes back against the prediction. Each is a kernel image or a package with one, or what build-kernel takes. Exit 0 when all came back, 1 when not, 3 when nothing was handed over or nobody could see it; with --matrix 1 when anything came out otherwise than predicted.',
  example: 'luo-abi try bzImage-7.2.12 bzImage-7.3.4 --profile memfd',
  options: TRY_OPTIONS,
  async run(operands, options, io) {
    const list = typeof options.matrix === 'string' ? options.matrix : undefined;
    const trial = trialOf(options, io);
    if (list === undefined ? operands.length < 2 : operands.length > 0) {
      throw new ToolError('USAGE', 'try: name at least two kernels, or a list of them with --matrix');
    }
    return withCatalog(options, io, async (catalog) => {
      const asked = { ...askingUntilStopped(io, 'try'), ...trial, catalog };
      if (list !== undefined) {
        const output = await tryMatrix(list, { ...asked, jobs: numberOption(options, 'jobs', 1) ?? 2 });
        printResult({ terminal: () => renderTryMatrix(output, io.render), json: () => output }, options, io);
        return output.steps.some(({ agreement }) => agreement === 'disagrees') ? 1 : 0;
      }
      const { output, console: log } = await tryUpdates(operands, asked);
      if (typeof options.log === 'string') writeAtomically(options.log, log);
      printResult({ terminal: () => renderTry(output, io.render), json: () => output }, options, io);
      return exitCode(output.steps);
    });
  },
});

function exitCode(steps: readonly TriedStep[]): number {
  const outcomes = steps.map(({ observed }) => observed.outcome);
  if (outcomes.includes('not-started')) return 3;
  return outcomes.every((outcome) => outcome === 'works') ? 0 : 1;
}
