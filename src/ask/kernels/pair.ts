import { existsSync } from 'node:fs';
import { ToolError } from '../../errors.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { Beside, KernelInput, ResolvedKernel } from './resolve.ts';
import { resolveKernel } from './resolve.ts';

/** The kernels of a pair, and those of which they may speak. */
export interface PairBeside {
  from: Kernel;
  to: Kernel;
  /** Finds a kernel among those that were named; a build that bears the name of one of the catalog is not it. */
  named(release: string): Kernel | undefined;
}

/** A pair as it was asked for, and further kernels. */
export interface AskedPair {
  outgoing: KernelInput;
  incoming: KernelInput;
  /** Known by their releases; an overlay of `incoming` stands in its place. */
  guests: readonly KernelInput[];
}

/**
 * Finds both kernels of a pair, among the further ones as well; an overlay may stand on one that is named before it.
 * @throws ToolError as `resolveKernel` does; USAGE for a further kernel that has nothing to do with the pair
 */
export async function resolvePair(
  { outgoing, incoming, guests }: AskedPair,
  asked: Beside,
): Promise<PairBeside> {
  const others = new Map<string, CaptureDocument>();
  const beside = { ...asked, others };
  const given: ResolvedKernel[] = [];
  const early = new Map<KernelInput, ResolvedKernel>();
  // An overlay may stand on a document that is named as one of the pair.
  for (const input of [outgoing, incoming].filter(isAtHand)) {
    const resolved = await resolveKernel(input, beside);
    others.set(resolved.kernel.release, resolved.document());
    early.set(input, resolved);
  }
  for (const guest of guests) {
    const resolved = await resolveKernel(guest, beside);
    others.set(resolved.kernel.release, resolved.document());
    given.push(resolved);
  }
  // A build may bear the name of a release: who names the release beside it means that of the catalog, not the build again.
  const guestDocuments = new Map(given.map((guest) => [guest.kernel.release, guest.document()]));
  const byName = (input: KernelInput): Promise<ResolvedKernel> =>
    resolveKernel(input, asked.catalog.has(nameOf(input)) ? { ...asked, others: guestDocuments } : beside);
  const { kernel: from } = early.get(outgoing) ?? (await byName(outgoing));
  const { kernel: read } = early.get(incoming) ?? (await byName(incoming));
  const to = given.findLast(({ standsOn }) => standsOn === read.release)?.kernel ?? read;
  const used = new Set([from, to, read].map(({ release }) => release));
  for (const { kernel, standsOn } of [...given].reverse()) {
    if (!used.has(kernel.release)) throw unused(kernel.release, { from, read });
    if (standsOn !== undefined) used.add(standsOn);
  }
  const strangers = [from, to].filter(({ release }) => !asked.catalog.has(release));
  const known = new Map(
    [...given.map(({ kernel }) => kernel), ...strangers].map((own) => [own.release, own]),
  );
  return { from, to, named: (release) => known.get(release) };
}

function nameOf(input: KernelInput): string {
  if (typeof input === 'string') return input;
  return 'locator' in input ? input.locator : '';
}

/** A document, or a file that holds one; not what a catalog alone can tell. */
function isAtHand(input: KernelInput): boolean {
  return typeof input !== 'string' && (!('locator' in input) || existsSync(input.locator));
}

function unused(release: string, { from, read }: { from: Kernel; read: Kernel }): ToolError {
  const words = `is neither ${from.release} nor ${read.release}, and neither stands on it`;
  return new ToolError('USAGE', `check: \`with\` names ${release}, which ${words}`);
}
