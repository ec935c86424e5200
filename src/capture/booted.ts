import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/** A value that switches a boot parameter on (kstrtobool in lib/kstrtox.c looks at its beginning alone). */
const ON = /^(?:[1ty]|on)/i;

/**
 * A running kernel as it writes: what its command line left off is not there, however it was built. Its reader is not
 * told by this: LUO looks at what it is handed whether or not it is switched on.
 */
export function asBooted(document: CaptureDocument, facts: BuildFacts): CaptureDocument {
  const components = Object.entries(document.components).map(([id, state]) => {
    const isOff = state.boot !== undefined && state.available !== 'no' && isLeftOff(state.boot, facts);
    return [id, isOff ? leftOff(state) : state] as const;
  });
  return { ...document, components: Object.fromEntries(components) };
}

function leftOff({ boot, ...state }: ComponentState): ComponentState {
  return {
    ...state,
    ...(boot !== undefined && { boot }),
    available: 'no',
    reason: `the running kernel was booted without ${boot}`,
  };
}

/** Whether a parameter such as `kho=on` was not given; false where the command line is not known. */
function isLeftOff(parameter: string, { commandLine, config, handedOver }: BuildFacts): boolean {
  const [name = ''] = parameter.split('=');
  if (commandLine === undefined) return false;
  const given = parametersOf(commandLine).filter((word) => word.startsWith(`${name}=`));
  if (ON.test(given.at(-1)?.slice(name.length + 1) ?? '')) return false;
  const isDefault = config?.values.get('CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT') === 'y' && given.length === 0;
  return name !== 'kho' || !(isDefault || handedOver);
}

/** The words of a command line that the kernel takes: those behind `--` go to init. */
function parametersOf(commandLine: string): string[] {
  const words = commandLine.replaceAll('"', '').split(/\s+/);
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}
