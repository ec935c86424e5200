import type { Check, ComponentState, HandedValueState } from '../model/component-state.ts';

// How long a piece of handed-over data is, KHO's writer tells those who take it: one who demands a length goes by that, and
// nobody else does.

const SIZE_MACRO = 'KHO_SUB_TREE_SIZE_PROP_NAME';

/** Counted in pages: whatever lies there, it is told to be shorter than any struct. */
const IN_PAGES = /^(?:\/page|>>1[2-6])$/;

/** The components, with what is told of the size with those who demand one instead of with the values of KHO. */
export function withToldSizes(components: Record<string, ComponentState>): Record<string, ComponentState> {
  const { kho } = components;
  const told = kho && toldBy(kho);
  const demanding = Object.entries(components).filter(([, { checks }]) => checks.length > 0);
  if (!told || demanding.length === 0) return components;
  const values = kho.values?.filter((value) => value !== told) ?? [];
  const demands = demanding.map(([id, state]): [string, ComponentState] => {
    const checks = state.checks.map((check): Check => ({ ...check, told: told.form as string }));
    return [id, { ...state, checks }];
  });
  return { ...components, kho: { ...kho, values }, ...Object.fromEntries(demands) };
}

function toldBy({ fdt, values = [] }: ComponentState): HandedValueState | undefined {
  const property = fdt.flatMap(({ properties }) => properties).find(({ macro }) => macro === SIZE_MACRO);
  return values.find(({ at, form = '' }) => at === `=property ${property?.name}` && IN_PAGES.test(form));
}
