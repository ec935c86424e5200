import type { ComponentDefinition, Era } from '../model/component-definition.ts';
import { requiredStructs } from './build-availability.ts';
import type { BuildContext } from './build-context.ts';

/**
 * The newest form of a component that a build can have: every struct that it needs is in the BTF, with the members that tell
 * it from other forms, and the configuration knows its options. Of several, one whose marker is a string of its own where the
 * image has such a string, and one whose is not where it has none. A form without structs shows itself by its string alone.
 */
export function eraShownBy(definition: ComponentDefinition, context: BuildContext): Era | undefined {
  const shown = definition.eras.filter(
    (era) => isPossible(era, context) && isShown(definition, era, context),
  );
  const hasString = context.strings && context.strings.markers(definition).length > 0;
  return shown.find(({ marker }) => (marker.macro !== undefined) === hasString) ?? shown[0];
}

/** Whether the configuration names each option: one that the kernel does not know is in no configuration of it. */
function isPossible({ options }: Era, { facts }: BuildContext): boolean {
  return facts.config === undefined || options.every((option) => facts.config?.values.has(option));
}

function isShown(definition: ComponentDefinition, era: Era, context: BuildContext): boolean {
  const { declarations, strings } = context;
  const required = requiredStructs(era);
  if (required.length === 0) return (strings?.markers(definition).length ?? 0) > 0;
  return required.every((name) => {
    const names = era.structs[name]?.has ?? [];
    return declarations
      .layouts(name)
      .some(({ layout }) => names.every((has) => layout.members.some((member) => member.name === has)));
  });
}
