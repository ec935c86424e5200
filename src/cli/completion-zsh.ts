import type { CompletedCommand, CompletedOption, WordKind } from './completion.ts';

// A script for zsh, in the language of its own _arguments.

/** The script that completes the commands. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const rows = commands.map(
    ({ name, summary }) => `    ${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  );
  return `#compdef luo-abi
# Completion of luo-abi for zsh: luo-abi completion zsh > "\${fpath[1]}/_luo-abi"
_luo_abi_release() {
  local -a releases
  releases=(\${(f)"$(command luo-abi completion releases 2>/dev/null)"})
  _alternative 'releases:known kernel:compadd -a releases' 'files:path:_files'
}

_luo-abi() {
  local -a commands
  commands=(
${rows.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local name=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $name in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _luo-abi ]]; then
  _luo-abi "$@"
elif (( $+functions[compdef] )); then
  compdef _luo-abi luo-abi
fi
`;
}

function commandCase({ name, options, operands, others }: CompletedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...operands.map((kind, at) => `${at + 1}: :${actionOf(kind)}`),
    ...(others === undefined ? [] : [`*: :${actionOf(others)}`]),
  ];
  return `    ${name})\n      _arguments -S ${specs.map(quote).join(' \\\n        ')}\n      ;;`;
}

function optionSpecs({ long, short, summary, value }: CompletedOption): string[] {
  const told = summary.replace(/[\\[\]:]/g, (character) => `\\${character}`);
  const after = value === undefined ? '' : `: :${actionOf(value)}`;
  const flags = [`--${long}`, ...(short ? [`-${short}`] : [])];
  return flags.map((flag) => `*${flag}[${told}]${after}`);
}

function actionOf(kind: WordKind): string {
  if (kind === 'release') return '_luo_abi_release';
  if (kind === 'path') return '_files';
  return kind === 'any' ? ' ' : `(${kind.words.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
