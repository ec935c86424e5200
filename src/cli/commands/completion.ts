import { ToolError } from '../../errors.ts';
import { withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand } from '../command.ts';
import type { CompletedCommand } from '../completion.ts';
import { completionOf, SHELLS } from '../completion.ts';

/** Names that are safe on a command line, which are all that a document may have. */
const SAFE_NAME = /^[0-9A-Za-z][0-9A-Za-z._+~-]*$/;

export const command = defineCommand({
  usage: 'completion <shell>',
  summary: 'A script that completes commands, options and releases in bash, fish or zsh.',
  example: 'luo-abi completion bash > ~/.local/share/bash-completion/completions/luo-abi',
  options: [CATALOG_OPTION],
  async run([shell = ''], options, io) {
    // Not for people: what the scripts ask, in every shell.
    if (shell === 'releases') return printReleases(options, io);
    io.out(await scriptFor(shell, io.commands));
    return 0;
  },
});

async function scriptFor(shell: string, entries: Io['commands']): Promise<string> {
  switch (shell) {
    case 'bash':
      return (await import('../completion-bash.ts')).bashCompletion(await completions(entries));
    case 'fish':
      return (await import('../completion-fish.ts')).fishCompletion(await completions(entries));
    case 'zsh':
      return (await import('../completion-zsh.ts')).zshCompletion(await completions(entries));
    default:
      throw new ToolError('USAGE', `completion ${shell}: known shells are ${SHELLS.join(', ')}`);
  }
}

/** What can follow each command. */
async function completions(entries: Io['commands'] = []): Promise<CompletedCommand[]> {
  return Promise.all(entries.map(async (entry) => completionOf(entry, (await entry.load()).command)));
}

async function printReleases(options: OptionValues, io: Io): Promise<number> {
  return withCatalog(options, io, async (catalog) => {
    const names = catalog.kernels().map(({ release }) => release);
    for (const name of names) if (SAFE_NAME.test(name)) io.out(`${name}\n`);
    return 0;
  });
}
