import { ToolError } from '../../errors.ts';
import type { TryOutput } from '../../model/try.ts';
import { renderTry } from '../../report/try-terminal.ts';
import { emulatorVersion } from '../../try/emulator.ts';
import { machineOf } from '../../try/machine.ts';
import { openCatalog } from '../catalog-file.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, PROFILE_OPTION } from '../command.ts';
import { printResult, writeAtomically } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { profileNamed } from '../options.ts';
import { checkTriable, payloadOf, trialSettings } from '../try-request.ts';
import { openBootable, tryKernels } from '../trying.ts';

export const command = defineCommand({
  usage: 'try <outgoing> <incoming> [more...]',
  summary:
    'Really make the live update, in an emulated machine: boots OUTGOING, preserves a payload, goes on into INCOMING by kexec (and into the next, and so on), and holds what comes back against the prediction. Each is a kernel image or a package with one. Exit 0 when all came back, 1 when not, 3 when nothing was handed over.',
  example: 'luo-abi try bzImage-7.2.12 bzImage-7.3.4 --profile memfd',
  options: [
    { ...PROFILE_OPTION, summary: 'the state that is preserved: memory or memfd (default: memfd)' },
    {
      flags: '--payload <file>',
      summary: 'what is preserved, as JSON (default: what puts the prediction to the test)',
    },
    {
      flags: '--timeout <seconds>',
      summary: 'silence on the console after which a kernel hangs (default: 30)',
    },
    { flags: '--memory <mib>', summary: 'memory of the machine (default: 1024, 512 for the profile memory)' },
    { flags: '--accel <name>', summary: 'kvm, tcg or auto (default: auto)', choices: ['auto', 'kvm', 'tcg'] },
    { flags: '--append <parameters>', summary: 'further boot parameters of every kernel' },
    { flags: '--log <file>', summary: 'write the console there' },
    FORMAT_OPTION,
    CATALOG_OPTION,
  ],
  async run(operands, options, io) {
    const profile = profileNamed(typeof options.profile === 'string' ? options.profile : 'memfd');
    checkTriable(profile);
    const catalog = await openCatalog(options, io);
    try {
      const kernels = [];
      for (const operand of operands) kernels.push(await openBootable(operand, catalog));
      const [first] = kernels;
      if (!first) throw new ToolError('USAGE', 'try: name at least two kernels');
      const machine = machineOf(first.target);
      emulatorVersion(machine);
      const settings = trialSettings(options, machine, profile);
      const payload = payloadOf(options);
      const names = kernels.map(({ kernel: { release } }) => release);
      const judging = await judgingFrom(
        catalog,
        names.filter((name) => !catalog.has(name)),
      );
      const controller = new AbortController();
      io.untilStopped?.().then(() => controller.abort());
      const { console: log, ...output } = await tryKernels({
        kernels,
        profile,
        settings,
        payload,
        judging,
        io,
        signal: controller.signal,
      });
      if (controller.signal.aborted) throw new ToolError('STOPPED', 'try: stopped before it was done');
      if (typeof options.log === 'string') writeAtomically(options.log, log);
      printResult({ terminal: () => renderTry(output, io.render), json: () => output }, options, io);
      return exitCode(output);
    } finally {
      catalog.close();
    }
  },
});

function exitCode({ steps }: TryOutput): number {
  const outcomes = steps.map(({ observed }) => observed.outcome);
  if (outcomes.includes('not-started')) return 3;
  return outcomes.every((outcome) => outcome === 'works') ? 0 : 1;
}
