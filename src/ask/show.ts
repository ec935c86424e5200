import type { Catalog } from '../catalog/catalog.ts';
import { isTested } from '../catalog/own-kernel.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { ShowOutput } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { shownDocument } from '../report/shown.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { resolveKernel } from './kernels/resolve.ts';
import { sharedTarget } from './kernels/targets.ts';

export interface ShowOptions extends Asking {
  catalog: Catalog;
  /** Default: the first that the kernel was captured for, `x86_64-4k` where it is for all. */
  target?: Target | undefined;
  /** The id of one component (default: all, with the records of tests). */
  component?: string | undefined;
}

/**
 * What one kernel writes and reads: what `luo-abi show --format json` prints.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, TARGET_UNKNOWN, COMPONENT_UNKNOWN
 */
export function show(input: KernelInput, options: ShowOptions): Promise<ShowOutput> {
  return working(options, async () => {
    const { catalog, component } = options;
    const resolved = await resolveKernel(input, options);
    const target = sharedTarget(options.target, [resolved.kernel]);
    const document = resolved.document();
    if (component !== undefined) checkComponent(component, document);
    const evidence = component === undefined ? testsOf(kernelOf(document), target, catalog) : [];
    return { ...shownDocument(document, target, component), evidence };
  });
}

/** The tests of a kernel, and not of another that bears its name. */
function testsOf(kernel: Kernel, target: Target, catalog: Catalog): EvidenceDocument[] {
  const { release } = kernel;
  return catalog.evidence().filter((record) => {
    if (record.target !== target) return false;
    return (['outgoing', 'incoming'] as const).some(
      (side) => record[side] === release && isTested(kernel, record.images?.[side], catalog),
    );
  });
}

function checkComponent(id: string, document: CaptureDocument): void {
  if (document.components[id]) return;
  const known = Object.keys(document.components).join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `${id}: no such component; known: ${known}`);
}
