import type { CompletedCommand, WordKind } from './completion.ts';

// A script for bash: tables of each command's words, and one function that looks at where the cursor is. Nothing of a table is
// ever expanded by the shell, so that no name can be run.

/** The script that completes the commands. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of luo-abi for bash: source <(luo-abi completion bash)
_luo_abi_table() {
  options=() operands=() others=none value=none
  case $1 in
${commands.map(commandCase).join('\n')}
  esac
}

_luo_abi_value() {
  value=none
  case "$1 $2" in
${commands.flatMap(valueCases).join('\n')}
  esac
}

_luo_abi_offer() {
  local word
  local -a words=()
  case $1 in
    release)
      mapfile -t words < <(command luo-abi completion releases 2>/dev/null)
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      compopt -o filenames 2>/dev/null
      ;;
    path)
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      compopt -o filenames 2>/dev/null
      ;;
    words:*) read -ra words <<<"\${1#words:}" ;;
  esac
  for word in "\${words[@]}"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

_luo_abi() {
  local cur=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} name=\${COMP_WORDS[1]-}
  local -a options operands
  local others value word index=2 count=0
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _luo_abi_offer 'words:${names.join(' ')} --help --version'
    return
  fi
  _luo_abi_table "$name"
  _luo_abi_value "$name" "$previous"
  if [[ $value != none ]]; then
    _luo_abi_offer "$value"
    return
  fi
  if [[ $cur == -* ]]; then
    _luo_abi_offer "words:\${options[*]}"
    return
  fi
  while ((index < COMP_CWORD)); do
    word=\${COMP_WORDS[index]}
    _luo_abi_value "$name" "$word"
    if [[ $value != none ]]; then
      ((index++))
    elif [[ $word != -* ]]; then
      ((count++))
    fi
    ((index++))
  done
  _luo_abi_offer "\${operands[count]-$others}"
}

complete -F _luo_abi luo-abi
`;
}

function commandCase({ name, options, operands, others }: CompletedCommand): string {
  const flags = options.flatMap(({ long, short }) => [`--${long}`, ...(short ? [`-${short}`] : [])]);
  const kinds = operands.map((kind) => quote(kindText(kind))).join(' ');
  const rest = others === undefined ? 'none' : kindText(others);
  return `    ${name}) options=(${flags.join(' ')}) operands=(${kinds}) others=${quote(rest)} ;;`;
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ long, short, value }) => {
    if (value === undefined) return [];
    const patterns = [`--${long}`, ...(short ? [`-${short}`] : [])].map((flag) => quote(`${name} ${flag}`));
    return [`    ${patterns.join(' | ')}) value=${quote(kindText(value))} ;;`];
  });
}

function kindText(kind: WordKind): string {
  return typeof kind === 'string' ? kind : `words:${kind.words.join(' ')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
