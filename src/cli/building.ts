import { join } from 'node:path';
import { userFolder } from '../catalog/user-folder.ts';
import { ToolError } from '../errors.ts';
import type { BuiltKernel } from '../try/build-kernel.ts';
import { buildKernel } from '../try/build-kernel.ts';
import type { Io } from './command.ts';
import { kernelSource } from './kernel-sources.ts';

/** How kernels are built for trials. */
export interface BuildSettings {
  /** Where sources of releases are. */
  sources: string;
  /** Lines of a configuration over the one for trials. */
  fragment: string;
  io: Io;
  signal?: AbortSignal;
}

/** A kernel's image out of the cache, or built into it. @throws ToolError as buildKernel and kernelSource, HOME_MISSING */
export async function builtKernel(
  locator: string,
  settings: BuildSettings,
): Promise<BuiltKernel & { name: string }> {
  const { io, sources, fragment, signal } = settings;
  const home = userFolder('XDG_CACHE_HOME', io.env);
  if (home === undefined)
    throw new ToolError('FILE_UNWRITABLE', 'no home to keep kernels in; set XDG_CACHE_HOME');
  const source = await kernelSource(locator, sources);
  const bar = io.progress?.(`building ${source.name}`, 0);
  let lines = 0;
  try {
    const onLine = (): void => bar?.at(++lines);
    const request = { source, fragment, cache: join(home, 'kernels'), onLine, ...(signal && { signal }) };
    return { ...(await buildKernel(request)), name: source.name };
  } finally {
    bar?.end();
  }
}
