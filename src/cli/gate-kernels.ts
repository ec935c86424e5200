import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { checkNameFree } from '../catalog/own-kernel.ts';
import { releaseNamed } from '../catalog/release-named.ts';
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
 * @throws ToolError DOCUMENT_INVALID for a document that is damaged, or two of one release; RELEASE_TAKEN for one that
 *   differs from the catalog's kernel of its name.
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
    const isFile = policy.kernels?.files?.includes(name) === true || isPath(name);
    const kernel = isFile ? await kernelAt(file, { catalog, io }) : kernelNamed(name, catalog);
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

/** Only what looks like a path is one, so that a file that lies about is never taken for a release. */
function isPath(name: string): boolean {
  return name.includes('/') || name.endsWith('.json');
}

function kernelNamed(name: string, catalog: Catalog): Kernel | undefined {
  const release = releaseNamed(name, catalog.kernels());
  return release === undefined ? undefined : catalog.kernel(release);
}

async function kernelAt(
  path: string,
  { catalog, io }: { catalog: Catalog; io: Io },
): Promise<Kernel | undefined> {
  if (!existsSync(path)) return undefined;
  const { kernel } = await resolveKernel(path, catalog, io);
  checkNameFree(kernel, path, catalog);
  return kernel;
}
