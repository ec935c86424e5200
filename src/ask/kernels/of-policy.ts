import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { checkNameFree } from '../../catalog/own-kernel.ts';
import { releaseNamed } from '../../catalog/release-named.ts';
import { ToolError } from '../../errors.ts';
import type { KnownKernels } from '../../matrix/gate-selection.ts';
import { namesIn } from '../../matrix/gate-selection.ts';
import type { PolicyDocument } from '../../model/policy.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { Asking } from '../asking.ts';
import type { KernelInput } from './resolve.ts';
import { resolveKernel } from './resolve.ts';

/** The kernels that a policy names. */
export interface PolicyKernels extends KnownKernels {
  /** Releases that are not the catalog's own: documents of the policy. */
  strangers: string[];
  kernelOf(release: string): Kernel | undefined;
}

/** A document that a policy names. */
export interface NamedDocument {
  /** What tells it from another, and what it is called in an error. */
  file: string;
  /** Undefined where there is none. */
  input: KernelInput | undefined;
}

/** The document that a name of a policy stands for; undefined for a release of the catalog. */
export type FindDocument = (name: string) => NamedDocument | undefined;

/** A policy as it is judged: where it is from, and what its names stand for. */
export interface NamedPolicy {
  policy: PolicyDocument;
  path: string;
  documentOf: FindDocument;
}

/**
 * Finds what each name of a policy stands for. A name that stands for nothing is left to the gate to report.
 * @throws ToolError DOCUMENT_INVALID for a document that is damaged, or two of one release; RELEASE_TAKEN for one that
 *   differs from the catalog's kernel of its name.
 */
export async function policyKernels(
  { policy, path, documentOf }: NamedPolicy,
  asked: Asking & { catalog: Catalog },
): Promise<PolicyKernels> {
  const { catalog } = asked;
  const named = new Map<string, string | undefined>();
  const files = new Map<string, { kernel: Kernel; file: string }>();
  for (const name of namesIn(policy)) {
    const found = documentOf(name);
    const kernel = found ? await kernelOf(found, asked) : kernelNamed(name, catalog);
    named.set(name, kernel?.release);
    if (!kernel || !found) continue;
    const { file } = found;
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

/** Files beside a policy: those of `kernels.files`, and what looks like a path, so that no file is taken for a release. */
export function filesBeside({ kernels }: PolicyDocument, path: string): FindDocument {
  return (name) => {
    const isFile = kernels?.files?.includes(name) === true || name.includes('/') || name.endsWith('.json');
    if (!isFile) return undefined;
    const file = resolve(dirname(path), name);
    return { file, input: existsSync(file) ? { locator: file } : undefined };
  };
}

function kernelNamed(name: string, catalog: Catalog): Kernel | undefined {
  const release = releaseNamed(name, catalog.kernels());
  return release === undefined ? undefined : catalog.kernel(release);
}

async function kernelOf(
  { file, input }: NamedDocument,
  asked: Asking & { catalog: Catalog },
): Promise<Kernel | undefined> {
  if (input === undefined) return undefined;
  const { kernel } = await resolveKernel(input, asked);
  checkNameFree(kernel, file, asked.catalog);
  return kernel;
}
