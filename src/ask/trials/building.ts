import { join } from 'node:path';
import { userFolder } from '../../catalog/user-folder.ts';
import { ToolError } from '../../errors.ts';
import type { Target } from '../../model/target.ts';
import type { BuiltKernel, Workshop } from '../../try/build-kernel.ts';
import { buildKernel, openWorkshop } from '../../try/build-kernel.ts';
import { task } from '../../work.ts';
import type { Environment } from '../open-catalog.ts';
import { kernelSource } from './kernel-sources.ts';

/** How kernels are built for trials. */
export interface BuildSettings {
  /** The folder where sources of releases are (default: the current one). */
  sources?: string;
  /** Lines of a configuration over the one for trials. */
  fragment?: string;
  /** What the kernel is built for (default: the machine that this is, with pages of 4 KiB). */
  target?: Target | undefined;
  /** Where the folder is looked for in which kernels are kept. */
  env?: Environment;
  /** See BuildRequest. */
  workshop?: Workshop;
}

/** For kernels that are built one after the other. @throws ToolError FILE_UNWRITABLE */
export function kernelWorkshop(env: Environment): Workshop {
  return openWorkshop(kernelCache(env));
}

function kernelCache(env: Environment): string {
  const home = userFolder('XDG_CACHE_HOME', env);
  if (home !== undefined) return join(home, 'kernels');
  throw new ToolError('FILE_UNWRITABLE', 'no home to keep kernels in; set XDG_CACHE_HOME');
}

/** A kernel's image out of the cache, or built into it. @throws ToolError as buildKernel and kernelSource, HOME_MISSING */
export async function builtKernel(
  locator: string,
  settings: BuildSettings,
): Promise<BuiltKernel & { name: string }> {
  const { sources = '.', fragment = '', target, workshop, env = {} } = settings;
  const cache = kernelCache(env);
  const source = await kernelSource(locator, sources);
  const bar = task(`building ${source.name}`, 0);
  let lines = 0;
  try {
    const onLine = (): void => bar.at(++lines);
    const request = { source, fragment, target, cache, workshop, onLine };
    return { ...(await buildKernel(request)), name: source.name };
  } finally {
    bar.end();
  }
}
