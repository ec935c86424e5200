import type { CaptureDocument } from '../model/capture.ts';
import { CALLERS_ID, type CallerState, type ComponentState } from '../model/component-state.ts';

/** A caller as something whose changes are asked for. */
export interface CallerSubject {
  name: string;
  kind: 'caller';
  component: string;
  stateOf(state: ComponentState): string | undefined;
  placeKey: string;
}

/** The caller that a name or a file stands for; undefined where the kernel has none. */
export function callerSubject(text: string, { components }: CaptureDocument): CallerSubject | undefined {
  const callers = components[CALLERS_ID]?.callers ?? [];
  const own = callers.find(({ file, names }) => file === text || names.includes(text));
  if (!own) return undefined;
  const stateOf = ({ callers: all = [] }: ComponentState): string | undefined => {
    const found = all.find(({ file }) => file === own.file);
    return found && wordsOf(found);
  };
  return { name: text, kind: 'caller', component: CALLERS_ID, stateOf, placeKey: `caller ${own.file}` };
}

/** `keeper_pages by kho_add_subtree(), file 0123456789ab`. */
function wordsOf({ names, functions, sha256 }: CallerState): string {
  const calls = functions.map((name) => `${name}()`).join(', ');
  return `${names.length > 0 ? `${names.join(', ')} by ` : ''}${calls}, file ${sha256.slice(0, 12)}`;
}
