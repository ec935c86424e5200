// What a command line makes of the parameters without which KHO and LUO do nothing.

/** A value that switches a boot parameter on, and one that switches it off (kstrtobool in lib/kstrtox.c looks at its beginning alone). */
const ON = /^(?:[1tye]|on)/i;
const OFF = /^(?:[0fnd]|of)/i;

/** What is known of how a kernel was booted. */
export interface Booted {
  /** As in /proc/cmdline; undefined where it is not known. */
  commandLine?: string | undefined;
  /** Whether KHO was switched on or off, where only that is known, or it is known better. */
  kho?: 'off' | 'on' | undefined;
  /** Whether KHO runs where the command line says nothing; undefined where no configuration says it. */
  khoByDefault?: boolean | undefined;
}

/** Whether something runs, and why not, or why that is not known: words behind the name of a machine. */
export type Switch = { state: 'on' } | { state: 'off' | 'unknown'; reason: string };

/** Whether what needs a parameter such as `kho=on` runs; of a command line that is not known, nothing is said. */
export function bootSwitch(
  parameter: string,
  { commandLine, kho, khoByDefault }: Booted,
): Switch | undefined {
  const [name = ''] = parameter.split('=');
  const isKhoKnown = name === 'kho' && kho !== undefined;
  if (commandLine === undefined && !isKhoKnown) return undefined;
  const words = [...parametersOf(commandLine ?? ''), ...(isKhoKnown ? [`kho=${kho}`] : [])];
  const given = words
    .filter((word) => word.startsWith(`${name}=`) && isRead(word.slice(name.length + 1)))
    .at(-1);
  if (given !== undefined) {
    if (ON.test(given.slice(name.length + 1))) return { state: 'on' };
    return { state: 'off', reason: `has ${name === 'kho' ? 'KHO' : 'LUO'} switched off by ${given}` };
  }
  const wanted = parameter.split(' ')[0] ?? '';
  if (name !== 'kho') return { state: 'off', reason: `was booted without ${wanted}` };
  if (khoByDefault === true) return { state: 'on' };
  if (khoByDefault === false) return { state: 'off', reason: `was booted without ${wanted}` };
  const reason = `was booted without ${wanted}, and nothing says whether that is its default`;
  return { state: 'unknown', reason };
}

/** A value of `kho=` as the kernel reads it; undefined where it reads nothing in it. */
export function readSwitch(value: string): 'off' | 'on' | undefined {
  if (ON.test(value)) return 'on';
  return OFF.test(value) ? 'off' : undefined;
}

/** A value that kstrtobool does not know leaves things as they were. */
function isRead(value: string): boolean {
  return readSwitch(value) !== undefined;
}

/** The words of a command line that the kernel takes: those behind `--` go to init. */
function parametersOf(commandLine: string): string[] {
  const words = commandLine.replaceAll('"', '').split(/\s+/);
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}
