import type { Catalog } from '../../catalog/catalog.ts';
import type { ComponentJudge } from '../../inspect/acceptance.ts';
import { componentAnswer } from '../../inspect/component-answer.ts';
import { inspect } from '../../inspect/inspect.ts';
import { gatherKnown } from '../../inspect/known.ts';
import type { Target } from '../../model/target.ts';
import { renderInspect } from '../../report/inspect-terminal.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { layoutLookup } from '../../verdict/kernel.ts';
import { judgeAlone } from '../../verdict/pair.ts';
import { blobsAt } from '../blob-files.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { checkTarget, profileNamed, targetOf } from '../options.ts';
import { resolveKernel } from '../resolve.ts';

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
    const component = typeof options.component === 'string' ? options.component : undefined;
    const blobs = paths.flatMap((path) => blobsAt(path, component));
    const catalog = await openCatalog(options, io);
    try {
      const rows = catalog.kernels();
      const kernels = catalog.allKernels();
      const upstream = new Set(rows.filter(({ vendor }) => vendor === null).map(({ release }) => release));
      const writer = await kernelNamed(options.release, { catalog, io, target });
      const incoming = await kernelNamed(options.for, { catalog, io, target });
      const output = inspect({
        blobs,
        known: gatherKnown(kernels, { upstream, target }),
        component,
        writer,
        reader: incoming && {
          kernel: incoming,
          judge: await judgeFor(incoming, { catalog, target, writer }),
        },
      });
      printResult({ terminal: () => renderInspect(output, io.render), json: () => output }, options, io);
      return output.acceptance === undefined || output.acceptance.verdict === 'accepted' ? 0 : 1;
    } finally {
      catalog.close();
    }
  },
});

async function kernelNamed(
  release: OptionValues[string],
  { catalog, io, target }: { catalog: Catalog; io: Io; target: Target },
): Promise<Kernel | undefined> {
  if (typeof release !== 'string') return undefined;
  const { kernel } = await resolveKernel(release, catalog, io);
  checkTarget(target, [kernel]);
  return kernel;
}

/** The judgement of `check` on one component, by itself. */
async function judgeFor(
  incoming: Kernel,
  { catalog, target, writer }: { catalog: Catalog; target: Target; writer: Kernel | undefined },
): Promise<ComponentJudge> {
  const strangers = [incoming, ...(writer ? [writer] : [])].map(({ release }) => release);
  const judging = await judgingFrom(
    catalog,
    strangers.filter((release) => !catalog.has(release)),
  );
  const reads = layoutLookup(incoming, target);
  const profile = profileNamed('memory');
  return (outgoing, id) => {
    const input = { ...judging, outgoing, incoming, target, profile };
    const lookups = { outgoing: layoutLookup(outgoing, target), incoming: reads };
    return componentAnswer(judgeAlone({ input, id, lookups }));
  };
}
