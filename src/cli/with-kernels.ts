import { existsSync } from 'node:fs';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Io, OptionDefinition, OptionValues } from './command.ts';
import type { ResolvedKernel } from './resolve.ts';
import { resolveBeside } from './resolve.ts';

/** Kernels beside those of the catalog. */
export const WITH_OPTION: OptionDefinition = {
  flags: '--with <file>',
  summary:
    'a further document or overlay, known by its release; an overlay of INCOMING stands in its place; may be repeated',
  repeatable: true,
};

/** The kernels of a pair, and those of which they may speak. */
export interface PairBeside {
  from: Kernel;
  to: Kernel;
  /** Finds a kernel among those that were named, not those of the catalog. */
  named(release: string): Kernel | undefined;
}

interface Given {
  catalog: Catalog;
  options: OptionValues;
  io: Io;
}

/**
 * Finds both kernels of a pair, among the documents that --with names as well; an overlay may stand on one that is named before
 * it.
 * @throws ToolError as the readers of kernels do; USAGE for a document that has nothing to do with the pair
 */
export async function resolvePair(
  { outgoing, incoming }: { outgoing: string; incoming: string },
  { catalog, options, io }: Given,
): Promise<PairBeside> {
  const others = new Map<string, CaptureDocument>();
  const given: ResolvedKernel[] = [];
  const early = new Map<string, ResolvedKernel>();
  // An overlay may stand on a file that is named as one of the pair.
  for (const path of [outgoing, incoming].filter(existsSync)) {
    const resolved = await resolveBeside(path, { catalog, io, others });
    others.set(resolved.kernel.release, resolved.document());
    early.set(path, resolved);
  }
  for (const path of [options.with ?? []].flat().map(String)) {
    const resolved = await resolveBeside(path, { catalog, io, others });
    others.set(resolved.kernel.release, resolved.document());
    given.push(resolved);
  }
  const beside = { catalog, io, others };
  const { kernel: from } = early.get(outgoing) ?? (await resolveBeside(outgoing, beside));
  const { kernel: read } = early.get(incoming) ?? (await resolveBeside(incoming, beside));
  const to = given.findLast(({ standsOn }) => standsOn === read.release)?.kernel ?? read;
  const used = new Set([from, to, read].map(({ release }) => release));
  for (const { kernel, standsOn } of [...given].reverse()) {
    if (!used.has(kernel.release)) throw unused(kernel.release, { from, read });
    if (standsOn !== undefined) used.add(standsOn);
  }
  const known = new Map([...given.map(({ kernel }) => kernel), from, to].map((own) => [own.release, own]));
  return { from, to, named: (release) => known.get(release) };
}

function unused(release: string, { from, read }: { from: Kernel; read: Kernel }): ToolError {
  const words = `is neither ${from.release} nor ${read.release}, and neither stands on it`;
  return new ToolError('USAGE', `check: --with names ${release}, which ${words}`);
}
