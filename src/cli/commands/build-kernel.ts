import { buildKernel } from '../../ask/build-kernel.ts';
import { askingUntilStopped } from '../asking.ts';
import { defineCommand, TARGET_OPTION } from '../command.ts';
import { namedTarget, textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'build-kernel <source>',
  summary:
    'A small kernel with KHO and LUO for `try`, from a tree, a tarball, REPO#REV, or a release whose source is in --sources. Kept in the cache for each source, target and configuration.',
  example: 'luo-abi build-kernel linux-7.3.4.tar.xz -o images',
  options: [
    { flags: '--config <file>', summary: 'further lines of a configuration (CONFIG_NAME=y)' },
    {
      ...TARGET_OPTION,
      summary:
        'what it is built for (default: this machine, 4 KiB pages); another machine needs its compiler',
    },
    {
      flags: '--sources <dir>',
      summary: 'where the trees and tarballs of releases are (default: the current folder)',
    },
    {
      flags: '-o, --output <dir>',
      summary: 'where bzImage-NAME (arm64: Image-NAME) and config-NAME are put (default: the current folder)',
    },
  ],
  async run([source = ''], options, io) {
    const { image, isFromCache } = await buildKernel(source, {
      ...askingUntilStopped(io, source),
      config: textOf(options.config),
      target: namedTarget(options),
      sources: textOf(options.sources),
      output: textOf(options.output),
      env: io.env,
    });
    io.out(`${image}${isFromCache ? ' (built before)' : ''}\n`);
    return 0;
  },
});
