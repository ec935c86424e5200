import { inspect } from '../../ask/inspect.ts';
import type { KernelLocator } from '../../ask/kernels/resolve.ts';
import { renderInspect } from '../../report/inspect-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { located, targetOf, textOf } from '../options.ts';
import { spelled } from '../spelled.ts';

export const command = defineCommand({
  usage: 'inspect <file> [files...]',
  summary:
    "Decodes what a kernel hands over: KHO's tree, its entries, single structs; or a folder, as /sys/kernel/debug/kho/out.",
  example: 'luo-abi inspect /sys/kernel/debug/kho/out --for 7.3.4',
  options: [
    { flags: '--release <release>', summary: 'the kernel that wrote it (default: guessed)' },
    { flags: '--for <release>', summary: 'say whether that kernel would accept it; exit 1 if not' },
    {
      flags: '--component <id[.struct]>',
      summary: 'what the bytes are where nothing in them tells: memfd, luo-flb.luo_flb_ser, A.head+B.element',
    },
    TARGET_OPTION,
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(paths, options, io) {
    const target = targetOf(options);
    const [writer, reader] = [options.release, options.for].map(kernelOf);
    const component = textOf(options.component);
    return withCatalog(options, io, async (catalog) => {
      const output = await inspect(paths, { ...askingOf(io), catalog, target, writer, reader, component });
      printResult(
        { terminal: () => spelled(renderInspect(output, io.render)), json: () => output },
        options,
        io,
      );
      return output.acceptance === undefined || output.acceptance.verdict === 'accepted' ? 0 : 1;
    });
  },
});

function kernelOf(option: OptionValues[string]): KernelLocator | undefined {
  return typeof option === 'string' ? located(option) : undefined;
}
