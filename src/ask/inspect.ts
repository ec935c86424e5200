import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import type { ComponentJudge } from '../inspect/acceptance.ts';
import type { Blob } from '../inspect/blob.ts';
import { componentAnswer } from '../inspect/component-answer.ts';
import { inspect as inspectBlobs } from '../inspect/inspect.ts';
import { gatherKnown } from '../inspect/known.ts';
import type { InspectOutput } from '../model/inspect.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgeAlone } from '../verdict/pair.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { blobsAt } from './files/blobs.ts';
import { profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { resolveKernel, strangersAmong } from './kernels/resolve.ts';
import { checkTarget } from './kernels/targets.ts';

export interface InspectOptions extends Asking {
  catalog: Catalog;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** The kernel that wrote it (default: guessed). */
  writer?: KernelInput | undefined;
  /** The kernel that may take it: `acceptance` says whether it would. */
  reader?: KernelInput | undefined;
  /** What the bytes are where nothing in them tells: `memfd`, `luo-flb.luo_flb_ser`, `A.head+B.element`. */
  component?: string | undefined;
}

/**
 * Decodes what a kernel hands over: what `luo-abi inspect --format json` prints.
 *
 * @param paths files, or one folder as KHO shows it in debugfs
 * @throws ToolError FILE_UNREADABLE, FDT_CORRUPT, FDT_TRUNCATED, TARGET_UNKNOWN, and as the readers of kernels
 */
export function inspect(paths: readonly string[], options: InspectOptions): Promise<InspectOutput> {
  return working(options, async () => {
    const { component } = options;
    return inspectOpened(
      paths.flatMap((path) => blobsAt(path, component)),
      options,
    );
  });
}

async function inspectOpened(blobs: Blob[], options: InspectOptions): Promise<InspectOutput> {
  const { catalog, target = TARGETS[0], component } = options;
  const rows = catalog.kernels();
  const kernels = catalog.allKernels();
  const upstream = new Set(rows.filter(({ vendor }) => vendor === null).map(({ release }) => release));
  const writer = await kernelOn(target, options.writer, options);
  const incoming = await kernelOn(target, options.reader, options);
  return inspectBlobs({
    blobs,
    known: gatherKnown(kernels, { upstream, target }),
    component,
    writer,
    reader: incoming && { kernel: incoming, judge: await judgeFor(incoming, { catalog, target, writer }) },
  });
}

async function kernelOn(
  target: Target,
  input: KernelInput | undefined,
  options: InspectOptions,
): Promise<Kernel | undefined> {
  if (input === undefined) return undefined;
  const { kernel } = await resolveKernel(input, options);
  checkTarget(target, [kernel]);
  return kernel;
}

/** The judgement of `check` on one component, by itself. */
async function judgeFor(
  incoming: Kernel,
  { catalog, target, writer }: { catalog: Catalog; target: Target; writer: Kernel | undefined },
): Promise<ComponentJudge> {
  const named = [incoming, ...(writer ? [writer] : [])];
  const judging = await judgingFrom(catalog, strangersAmong(named, catalog));
  const profile = profileFrom('memory');
  return (outgoing, id) => {
    const input = { ...judging, outgoing, incoming, target, profile };
    return componentAnswer(judgeAlone({ input, id }));
  };
}
