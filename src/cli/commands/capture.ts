import { join } from 'node:path';
import type { CapturedKernel, CaptureRequest } from '../../ask/capture.ts';
import { captureKernels, captureSeries } from '../../ask/capture.ts';
import { makeFolderFor, writeAtomically } from '../../ask/files/write.ts';
import { ToolError } from '../../errors.ts';
import { canonicalJson } from '../../model/canonical.ts';
import { askingOf } from '../asking.ts';
import { CAPTURE_OPTIONS, isHistoryCapture, requestOf } from '../capture-options.ts';
import type { Io, OptionValues } from '../command.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  usage: 'capture [locators...]',
  summary:
    "A kernel's capture document from its source or its build: a tree, a release tarball, a package, an image, BTF, a configuration. What is given of one kernel together becomes one document; several kernels become several. With --on, an overlay from a patch series.",
  example: 'luo-abi capture linux-7.1.13.tar.xz -o 7.1.13.json',
  options: CAPTURE_OPTIONS,
  async run(locators, options, io) {
    const request = { ...askingOf(io), ...requestOf(options), env: io.env };
    if (typeof options.on === 'string') return overlayOf(locators, options.on, { request, options, io });
    if (isHistoryCapture(options)) {
      const { captureHistory } = await import('../capture-history.ts');
      return captureHistory(locators, { request, options, io });
    }
    if (locators.length === 0) throw new ToolError('USAGE', 'capture: <locator> is missing');
    const captured = await captureKernels(locators, request);
    deliver(captured, options, io);
    for (const { remarks } of captured) for (const remark of remarks) request.note(remark);
    return 0;
  },
});

/** The overlay of one series, printed or written. */
async function overlayOf(
  [locator = '', other]: readonly string[],
  on: string,
  { request, options, io }: { request: CaptureRequest; options: OptionValues; io: Io },
): Promise<number> {
  if (other !== undefined) throw new ToolError('USAGE', '--on takes one patch series; give one locator');
  const { overlay, notes } = await captureSeries(locator, on, request);
  if (typeof options.output === 'string') writeAtomically(options.output, canonicalJson(overlay));
  else io.out(canonicalJson(overlay));
  for (const note of notes) request.note?.(note);
  return 0;
}

/** One document is printed or written as it is; several become an array, or a file each in a folder. */
function deliver(captured: readonly CapturedKernel[], { output }: OptionValues, io: Io): void {
  const [only] = captured;
  if (captured.length > 1 && typeof output === 'string') writeAll(captured, output);
  else if (captured.length > 1) io.out(canonicalJson(captured.map(({ document }) => document)));
  else if (only && typeof output === 'string') writeAtomically(output, only.text);
  else if (only) io.out(only.text);
}

function writeAll(captured: readonly CapturedKernel[], folder: string): void {
  const releases = captured.map(({ document }) => document.release);
  const twice = releases.find((release, index) => releases.indexOf(release) !== index);
  if (twice !== undefined)
    throw new ToolError('USAGE', `${folder}: two of the locators are ${twice}, and would be one file`);
  makeFolderFor(folder);
  for (const { document, text } of captured) writeAtomically(join(folder, `${document.release}.json`), text);
}
