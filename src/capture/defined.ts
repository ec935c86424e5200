import { ownDefinitions } from '../components/index.ts';
import type { ComponentState } from '../model/component-state.ts';

/** A component with the file of its definition, where that did not come with the program. */
export function withDefinition(id: string, state: ComponentState): ComponentState {
  const definition = ownDefinitions().get(id);
  if (!definition) return state;
  const { places, ...facts } = state;
  return { ...facts, definition: { ...definition }, places };
}
