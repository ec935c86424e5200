import type { CompletedCommand, WordKind } from './completion.ts';

// A script for fish: one line for each command and option.

/** The script that completes the commands. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c luo-abi -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
    ...optionLines(command),
    ...operandLines(command),
  ]);
  return `# Completion of luo-abi for fish: luo-abi completion fish > ~/.config/fish/completions/luo-abi.fish
complete -c luo-abi -f
complete -c luo-abi -n __fish_use_subcommand -l version -d 'the version of luo-abi'
${lines.join('\n')}
`;
}

function optionLines({ name, options }: CompletedCommand): string[] {
  return options.map(({ long, short, summary, value }) => {
    const flags = [`-l ${long}`, ...(short ? [`-s ${short}`] : [])].join(' ');
    const after = value === undefined ? '' : ` ${valueFlags(value)}`;
    return `complete -c luo-abi -n ${inCommand(name)} ${flags}${after} -d ${quote(summary)}`;
  });
}

function operandLines({ name, operands, others }: CompletedCommand): string[] {
  const kinds = [...operands, ...(others === undefined ? [] : [others])];
  const distinct = [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()];
  return distinct.flatMap((kind) =>
    kind === 'any' ? [] : [`complete -c luo-abi -n ${inCommand(name)} ${operandFlags(kind)}`],
  );
}

function operandFlags(kind: WordKind): string {
  if (kind === 'path') return '-F';
  return kind === 'release' ? `-F -a ${RELEASES}` : `-a ${quote(wordsOf(kind))}`;
}

function valueFlags(kind: WordKind): string {
  if (kind === 'path') return '-r -F';
  if (kind === 'release') return `-r -F -a ${RELEASES}`;
  return kind === 'any' ? '-x' : `-x -a ${quote(wordsOf(kind))}`;
}

const RELEASES = "'(command luo-abi completion releases 2>/dev/null)'";

function wordsOf(kind: WordKind): string {
  return typeof kind === 'string' ? '' : kind.words.join(' ');
}

function inCommand(name: string): string {
  return quote(`__fish_seen_subcommand_from ${name}`);
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}
