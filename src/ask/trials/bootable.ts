import { openKernelSource } from '../../capture/open.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import { readBootHeader } from '../../formats/boot-header.ts';
import type { Target } from '../../model/target.ts';
import { machineOf, targetOfImage } from '../../try/machine.ts';
import type { Options } from '../../try/needs.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { kernelOf } from '../../verdict/kernel.ts';

/** A kernel that can be booted, with what is known of it. */
export interface BootableKernel {
  /** What was asked for. */
  name: string;
  image: Uint8Array;
  sha256: string;
  target: Target;
  options: Options | undefined;
  uname: string;
  /** As verdicts see it: what the image says, and what is known of the source of its release. */
  kernel: Kernel;
  /** How it differs from the release of its name, where the user says it. */
  changed?: string;
  /** The user says that it was built from the source of that release as it is. */
  isRelease?: true;
}

/**
 * Opens an image, or a package that holds one.
 * @throws ToolError NOT_A_KERNEL, IMAGE_UNKNOWN, and as the sources
 */
export async function openBootable(locator: string, catalog: Catalog): Promise<BootableKernel> {
  const evidence = await openKernelSource(locator, { keepImage: true });
  const { build } = evidence;
  const image = build?.image;
  if (!build || !image) throw new ToolError('IMAGE_UNKNOWN', `${locator}: holds no kernel image to boot`);
  const target = targetOfImage(build.machine, build.config?.values, locator);
  checkForm(image.bytes, target, locator);
  const { prepareBuilds } = await import('../host/kernels.ts');
  const { document } = await prepareBuilds([evidence], catalog);
  return {
    name: locator,
    image: image.bytes,
    sha256: image.sha256,
    target,
    options: build.config?.values,
    uname: build.unameRelease ?? document.release,
    kernel: kernelOf(document),
  };
}

/** The form that the emulator and kexec_file_load() take. */
function checkForm(bytes: Uint8Array, target: Target, locator: string): void {
  const { uname } = machineOf(target);
  const form = readBootHeader(bytes.subarray(0, 4096))?.form;
  const wanted = uname === 'x86_64' ? 'bzimage' : 'arm64';
  if (form === wanted) return;
  const name =
    wanted === 'bzimage' ? 'a bzImage (arch/x86/boot/bzImage)' : 'an Image (arch/arm64/boot/Image)';
  throw new ToolError('IMAGE_UNKNOWN', `${locator}: cannot be booted as it is; give ${name}`);
}
