import { join } from 'node:path';
import { userFolder } from '../catalog/user-folder.ts';
import { ToolError } from '../errors.ts';
import type { BuiltKernel, Workshop } from '../try/build-kernel.ts';
import { buildKernel, openWorkshop } from '../try/build-kernel.ts';
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
  /** See BuildRequest. */
  workshop?: Workshop;
}

/** For kernels that are built one after the other. @throws ToolError FILE_UNWRITABLE */
export function kernelWorkshop(io: Io): Workshop {
  return openWorkshop(kernelCache(io));
}

function kernelCache({ env }: Io): string {
  const home = userFolder('XDG_CACHE_HOME', env);
  if (home !== undefined) return join(home, 'kernels');
  throw new ToolError('FILE_UNWRITABLE', 'no home to keep kernels in; set XDG_CACHE_HOME');
}

/** A kernel's image out of the cache, or built into it. @throws ToolError as buildKernel and kernelSource, HOME_MISSING */
export async function builtKernel(
  locator: string,
  settings: BuildSettings,
): Promise<BuiltKernel & { name: string }> {
  const { io, sources, fragment, signal, workshop } = settings;
  const cache = kernelCache(io);
  const source = await kernelSource(locator, sources);
  const bar = io.progress?.(`building ${source.name}`, 0);
  let lines = 0;
  try {
    const onLine = (): void => bar?.at(++lines);
    const request = { source, fragment, cache, workshop, onLine, ...(signal && { signal }) };
    return { ...(await buildKernel(request)), name: source.name };
  } finally {
    bar?.end();
  }
}
