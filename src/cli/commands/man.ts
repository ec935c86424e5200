import { packageVersion } from '../../ask/program.ts';
import { defineCommand } from '../command.ts';
import { manPage } from '../man-page.ts';

export const command = defineCommand({
  usage: 'man',
  summary: 'The manual page of all commands, in roff.',
  example: 'luo-abi man | man -l -',
  options: [],
  async run(_args, _options, io) {
    const described = (io.commands ?? []).map(async ({ name, summary, load }) => {
      return { name, summary, definition: (await load()).command };
    });
    io.out(manPage(await Promise.all(described), packageVersion()));
    return 0;
  },
});
