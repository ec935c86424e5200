import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import type { KnownKernels } from '../matrix/gate-selection.ts';
import { namesIn } from '../matrix/gate-selection.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Io } from './command.ts';
import { resolveKernel } from './resolve.ts';

/** The kernels that a policy names. */
export interface GateKernels extends KnownKernels {
  /** Releases that are not the catalog's own: files of the policy. */
  strangers: string[];
  kernelOf(release: string): Kernel | undefined;
}

/**
 * Finds what each name of a policy stands for; a path is relative to the policy's folder. A name that stands for nothing is
 * left to the gate to report.
 * @throws ToolError DOCUMENT_INVALID for a document that is damaged, or two of one release.
 */
export async function gateKernels(
  policy: PolicyDocument,
  path: string,
  { catalog, io }: { catalog: Catalog; io: Io },
): Promise<GateKernels> {
  const named = new Map<string, string | undefined>();
  const files = new Map<string, { kernel: Kernel; file: string }>();
  const folder = dirname(path);
  for (const name of namesIn(policy)) {
    const file = resolve(folder, name);
    const isFile = policy.kernels?.files?.includes(name) === true || (!catalog.has(name) && existsSync(file));
    const kernel = await kernelNamed(isFile ? file : name, isFile, { catalog, io });
    named.set(name, kernel?.release);
    if (!kernel || !isFile) continue;
    const other = files.get(kernel.release);
    if (other && other.file !== file) {
      throw new ToolError(
        'DOCUMENT_INVALID',
        `${path}: two documents of ${kernel.release}: ${other.file}, ${file}`,
        { path },
      );
    }
    files.set(kernel.release, { kernel, file });
  }
  const kernels = new Map<string, Kernel | undefined>();
  return {
    releases: catalog.kernels().map(({ release }) => release),
    named,
    strangers: [...files.keys()].filter((release) => !catalog.has(release)),
    kernelOf(release) {
      const file = files.get(release);
      if (file) return file.kernel;
      if (!kernels.has(release)) kernels.set(release, catalog.kernel(release));
      return kernels.get(release);
    },
  };
}

async function kernelNamed(
  text: string,
  isFile: boolean,
  { catalog, io }: { catalog: Catalog; io: Io },
): Promise<Kernel | undefined> {
  if (isFile && !existsSync(text)) return undefined;
  try {
    return (await resolveKernel(text, catalog, io)).kernel;
  } catch (error) {
    if (error instanceof ToolError && error.code === 'RELEASE_UNKNOWN') return undefined;
    throw error;
  }
}
