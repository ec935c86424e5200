import { buildKernel } from '../../ask/build-kernel.ts';
import { askingUntilStopped } from '../asking.ts';
import { defineCommand } from '../command.ts';
import { textOf } from '../options.ts';

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
    const { image, isFromCache } = await buildKernel(source, {
      ...askingUntilStopped(io, source),
      config: textOf(options.config),
      sources: textOf(options.sources),
      output: textOf(options.output),
      env: io.env,
    });
    io.out(`${image}${isFromCache ? ' (built before)' : ''}\n`);
    return 0;
  },
});
