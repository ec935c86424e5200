import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import type { Target } from '../model/target.ts';
import { readTextFile } from '../schema/validate.ts';
import { ownTarget, toolchainOf } from '../try/toolchain.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import type { Environment } from './open-catalog.ts';
import { builtKernel } from './trials/building.ts';

export interface BuildKernelOptions extends Asking {
  /** The path of further lines of a configuration (CONFIG_NAME=y). */
  config?: string | undefined;
  /** What the kernel is built for (default: the machine that this is, with pages of 4 KiB). */
  target?: Target | undefined;
  /** The folder where the trees and tarballs of releases are (default: the current one). */
  sources?: string | undefined;
  /** The folder where the image and its configuration are put (default: the current one). */
  output?: string | undefined;
  /** Where the folder is looked for in which kernels are kept. */
  env?: Environment;
}

/**
 * Builds a small kernel with KHO and LUO for trials; kept in the cache for each source, target and configuration.
 *
 * @param source a tree, a tarball, `REPO#REV`, or a release whose source is at hand
 * @throws ToolError RELEASE_UNKNOWN, NOT_A_KERNEL, BUILD_TOOLS_MISSING, BUILD_FAILED, FILE_UNWRITABLE
 */
export function buildKernel(
  source: string,
  options: BuildKernelOptions = {},
): Promise<{ image: string; isFromCache: boolean }> {
  return working(options, async () => {
    const { config, target = ownTarget(), sources = '.', output = '.', ...asking } = options;
    const fragment = config === undefined ? '' : readTextFile(config);
    const built = await builtKernel(source, { ...asking, sources, fragment, target });
    const name = target === ownTarget() ? built.name : `${built.name}-${target}`;
    const image = join(output, `${toolchainOf(target).image}-${name}`);
    put(built.image, image, output);
    put(built.config, join(output, `config-${name}`), output);
    return { image, isFromCache: built.isFromCache };
  });
}

function put(from: string, to: string, folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    copyFileSync(from, to);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${to}: cannot be written (${reason})`, { path: to, cause });
  }
}
