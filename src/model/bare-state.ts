import type { ComponentState } from './component-state.ts';

/** Why a component is not known that a document has no word of. */
export const NOT_SPOKEN_OF = 'the document of this kernel says nothing of it';

/** A component of which nothing is declared: not there, or not known, with the reason. */
export function bareState({
  available,
  reason,
  boot,
  needs,
}: {
  available: 'no' | 'unknown';
  reason: string;
  boot?: string | undefined;
  needs: readonly string[];
}): ComponentState {
  return {
    available,
    reason,
    options: [],
    ...(boot !== undefined && { boot }),
    needs: [...needs],
    structs: {},
    constants: {},
    fdt: [],
    checks: [],
    code: [],
    unchecked: [],
    places: {},
  };
}
