// A build's configuration as scripts/kconfig writes it: CONFIG_NAME=value, and `# CONFIG_NAME is not set`.

const SET = /^(CONFIG_\w+)=(.*)$/;
const UNSET = /^# (CONFIG_\w+) is not set$/;

/** Option to value: `y`, `m`, `n`, a number, a quoted string as it stands. What is not in the map is not set. */
export function readConfig(text: string): ReadonlyMap<string, string> {
  const config = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = SET.exec(line.trimEnd());
    if (set) config.set(set[1] as string, set[2] as string);
    const unset = UNSET.exec(line.trimEnd());
    if (unset) config.set(unset[1] as string, 'n');
  }
  return config;
}
