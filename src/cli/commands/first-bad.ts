import { renderFirstBad } from '../../report/first-bad-terminal.ts';
import { defineCommand, FORMAT_OPTION, PROFILE_OPTION, TARGET_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

export const command = defineCommand({
  usage: 'first-bad <outgoing> <incoming>',
  summary:
    'The commit between two revisions of a kernel tree that made the pair unsafe, found over captures, not builds. Exit 1 when the pair is unsafe.',
  example: 'luo-abi first-bad v6.17 v6.18',
  options: [
    { flags: '--repo <folder>', summary: 'the git repository (default: the current folder)' },
    { ...PROFILE_OPTION, summary: `${PROFILE_OPTION.summary} (default: every component)` },
    TARGET_OPTION,
    FORMAT_OPTION,
  ],
  async run([outgoing = '', incoming = ''], options, io) {
    const { firstBadOf } = await import('../history-commands.ts');
    const output = await firstBadOf(outgoing, incoming, options, io);
    printResult({ terminal: () => renderFirstBad(output, io.render), json: () => output }, options, io);
    return output.isSafe ? 0 : 1;
  },
});
