import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../../errors.ts';
import { readTextFile } from '../../schema/validate.ts';
import { builtKernel } from '../building.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  usage: 'build-kernel <source>',
  summary:
    'A small kernel with KHO and LUO for `try`, from a tree, a tarball, REPO#REV, or a release whose source is in --sources. Kept in the cache for each source and configuration.',
  example: 'luo-abi build-kernel linux-7.3.4.tar.xz -o images',
  options: [
    { flags: '--config <file>', summary: 'further lines of a configuration (CONFIG_NAME=y)' },
    {
      flags: '--sources <dir>',
      summary: 'where the trees and tarballs of releases are (default: the current folder)',
    },
    {
      flags: '-o, --output <dir>',
      summary: 'where bzImage-NAME and config-NAME are put (default: the current folder)',
    },
  ],
  async run([source = ''], options, io) {
    const fragment = typeof options.config === 'string' ? readTextFile(options.config) : '';
    const sources = typeof options.sources === 'string' ? options.sources : '.';
    const output = typeof options.output === 'string' ? options.output : '.';
    const controller = new AbortController();
    io.untilStopped?.().then(() => controller.abort());
    const built = await builtKernel(source, { sources, fragment, io, signal: controller.signal });
    const image = join(output, `${process.arch === 'arm64' ? 'Image' : 'bzImage'}-${built.name}`);
    put(built.image, image, output);
    put(built.config, join(output, `config-${built.name}`), output);
    io.out(`${image}${built.isFromCache ? ' (built before)' : ''}\n`);
    return 0;
  },
});

function put(from: string, to: string, folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    copyFileSync(from, to);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${to}: cannot be written (${reason})`, { path: to, cause });
  }
}
