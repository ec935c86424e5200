import { renderBlame } from '../../report/blame-terminal.ts';
import { askingOf } from '../asking.ts';
import { COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'blame <subject> [range]',
  summary:
    'The commits that changed a struct, STRUCT.member, constant or marker: the state that each left, and whether the marker was raised with it. RANGE is A..B or REPO#A..B; without it all that HEAD stands on.',
  example: 'luo-abi blame memfd_luo_ser.flags v6.18..HEAD',
  options: [
    { flags: '--repo <folder>', summary: 'the git repository (default: the current folder)' },
    COMPONENTS_OPTION,
    FORMAT_OPTION,
  ],
  async run([subject = '', range], options, io) {
    const { blame } = await import('../../ask/blame.ts');
    const asked = { ...askingOf(io), repo: textOf(options.repo), env: io.env };
    const output = await blame(subject, range, asked);
    printResult({ terminal: () => renderBlame(output, io.render), json: () => output }, options, io);
    return 0;
  },
});
