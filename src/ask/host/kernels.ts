import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openKernelSource } from '../../capture/open.ts';
import { captureTogether } from '../../capture/together.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { PreflightKernel } from '../../model/preflight.ts';
import { compareReleases, parseReleaseName } from '../../model/release-name.ts';
import type { TreeEvidence } from '../../sources/index.ts';
import type { Beside } from '../kernels/resolve.ts';
import { resolveKernel } from '../kernels/resolve.ts';

export { asBooted } from '../../capture/booted.ts';

// Both sides of a preflight as documents: builds where there are builds, with the source facts of the same release out of
// the catalog for what a build does not carry.

export interface PreparedKernel {
  document: CaptureDocument;
  told: PreflightKernel;
  /** The opened builds; empty for a release of the catalog. */
  builds: readonly TreeEvidence[];
}

/** Opens what says of the kernel that runs below a root folder. Throws NOT_A_KERNEL where nothing below it says the release. */
export function openRunning(root: string | undefined): Promise<TreeEvidence> {
  return openKernelSource(root === undefined ? 'host' : `host:${root}`, { source: 'host' });
}

/** A capture document or a release as a side of a preflight. */
export async function namedKernel(text: string, asked: Beside): Promise<PreparedKernel> {
  const { document, kernel } = await resolveKernel({ locator: text }, asked);
  const { release } = kernel;
  const kind = existsSync(text) ? 'document' : 'catalog';
  return {
    document: document(),
    told: { release, evidence: [{ kind, name: basename(text) }], fallback: null },
    builds: [],
  };
}

/** Opened builds of one kernel as a side of a preflight. */
export async function prepareBuilds(
  evidence: readonly TreeEvidence[],
  catalog: Catalog,
): Promise<PreparedKernel> {
  let lender: CaptureDocument | undefined;
  const lend = (release: string): CaptureDocument | undefined => {
    lender = catalog.document(release);
    return lender;
  };
  const document = await captureTogether(evidence, { lend });
  const told = evidence.map(({ kind, name, package: packaged }) => ({
    kind,
    name,
    ...(packaged && { package: packaged }),
  }));
  return {
    document,
    told: { release: document.release, evidence: told, fallback: lender?.release ?? null },
    builds: evidence,
  };
}

/** The newest image that is installed below a root folder and does not run. Throws USAGE where there is none. */
export function newestInstalled(root: string, running: string): string {
  // What bears no kernel's name is none that is booted to run: Fedora and its kin keep `vmlinuz-0-rescue-<machine>` beside them.
  const images = [...imagesOfBoot(root), ...imagesOfModules(root)].filter(
    ({ release }) => release !== running && parseReleaseName(release),
  );
  const [newest] = images.sort((a, b) => compareReleases(b.release, a.release));
  if (newest) return newest.path;
  throw new ToolError('USAGE', `no installed kernel but ${running} below ${root}; name one with \`staged\``);
}

function imagesOfBoot(root: string): { release: string; path: string }[] {
  return namesIn(join(root, 'boot')).flatMap((name) => {
    const release = /^vmlinuz-(\d.*)$/.exec(name)?.[1];
    return release === undefined ? [] : [{ release, path: join(root, 'boot', name) }];
  });
}

function imagesOfModules(root: string): { release: string; path: string }[] {
  return namesIn(join(root, 'lib/modules')).flatMap((release) => {
    const path = join(root, 'lib/modules', release, 'vmlinuz');
    return existsSync(path) ? [{ release, path }] : [];
  });
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
