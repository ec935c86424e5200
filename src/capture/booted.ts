import { KHO_BY_DEFAULT } from '../model/availability.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/** A value that switches a boot parameter on (kstrtobool in lib/kstrtox.c looks at its beginning alone). */
const ON = /^(?:[1ty]|on)/i;

/**
 * A running kernel as it writes: what is switched off, or did not start, is not there, however it was built. Its reader is not
 * told by this: LUO looks at what it is handed whether or not it is switched on.
 */
export function asBooted(document: CaptureDocument, facts: BuildFacts): CaptureDocument {
  const components = Object.entries(document.components).map(([id, state]) => {
    const reason = state.boot === undefined ? undefined : offReason(state.boot, facts);
    const isOff = reason !== undefined && state.available !== 'no';
    return [id, isOff ? { ...state, available: 'no' as const, reason } : state] as const;
  });
  return { ...document, components: Object.fromEntries(components) };
}

/** Why what needs a parameter such as `kho=on` does not run; undefined where it does, or nothing tells. */
function offReason(parameter: string, facts: BuildFacts): string | undefined {
  const { commandLine, config, khoWorks } = facts;
  const [name = ''] = parameter.split('=');
  if (name === 'kho' && khoWorks?.isWorking === false) {
    return `KHO is built in and did not start: ${khoWorks.shownBy}`;
  }
  if (commandLine === undefined) return undefined;
  const given = parametersOf(commandLine)
    .filter((word) => word.startsWith(`${name}=`))
    .at(-1);
  if (given !== undefined) {
    return ON.test(given.slice(name.length + 1))
      ? undefined
      : `the running kernel has it switched off by ${given}`;
  }
  const isDefault = config?.values.get(KHO_BY_DEFAULT) === 'y';
  if (name === 'kho' && (isDefault || khoWorks?.isWorking)) return undefined;
  return `the running kernel was booted without ${parameter.split(' ')[0]}`;
}

/** The words of a command line that the kernel takes: those behind `--` go to init. */
function parametersOf(commandLine: string): string[] {
  const words = commandLine.replaceAll('"', '').split(/\s+/);
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}
