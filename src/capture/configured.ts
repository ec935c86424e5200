import type { ComponentState } from '../model/component-state.ts';
import { configured } from '../model/overlay.ts';

/** A component as a whole configuration has it: an option that the configuration does not name is not set. */
export function withBuildConfig(state: ComponentState, values: ReadonlyMap<string, string>): ComponentState {
  return configured(state, new Map(state.options.map(({ name }) => [name, values.get(name) ?? 'n'])));
}
