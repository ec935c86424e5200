import { khoByDefaultIn } from '../model/availability.ts';
import { bootSwitch } from '../model/boot-switch.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/**
 * A running kernel as it writes: what is switched off, or did not start, is not there, however it was built; of what may be off,
 * that is not known. Its reader is not told by this: LUO looks at what it is handed whether or not it is switched on.
 */
export function asBooted(document: CaptureDocument, facts: BuildFacts): CaptureDocument {
  const { khoByDefault } = khoByDefaultIn(facts.config?.values, document.components);
  const components = Object.entries(document.components).map(([id, state]) => [
    id,
    state.available === 'no' ? state : stateAsBooted(state, { ...facts, khoByDefault }),
  ]);
  return { ...document, components: Object.fromEntries(components) };
}

function stateAsBooted(
  state: ComponentState,
  { commandLine, khoByDefault, khoWorks }: BuildFacts & { khoByDefault: boolean | undefined },
): ComponentState {
  if (state.boot === undefined) return state;
  const isKho = state.boot.startsWith('kho=');
  if (isKho && khoWorks?.isWorking === false) {
    return { ...state, available: 'no', reason: `KHO is built in and did not start: ${khoWorks.shownBy}` };
  }
  const set = bootSwitch(state.boot, { commandLine, khoByDefault: khoWorks?.isWorking || khoByDefault });
  if (!set || set.state === 'on') return state;
  const available = set.state === 'off' ? 'no' : 'unknown';
  return { ...state, available, reason: `the running kernel ${set.reason}` };
}
