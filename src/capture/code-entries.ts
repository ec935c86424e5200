import { COMPONENTS } from '../components/index.ts';
import { COVERED } from './covered.ts';

/** Every name of an entry point of some component, and what it is called in all kernels: the first of its names. */
export const ENTRY_NAMES: ReadonlyMap<string, string> = new Map(
  COMPONENTS.flatMap(({ eras }) =>
    eras.flatMap(({ code }) =>
      code.flatMap(({ functions }) =>
        functions.flatMap((names) => {
          const all = typeof names === 'string' ? [names] : names;
          return all.map((name) => [name, all[0] as string] as const);
        }),
      ),
    ),
  ),
);

/** Names whose value is compared by itself: in code they stand for themselves. */
export const CANONICAL_NAMES: ReadonlySet<string> = COVERED;

/** Structs whose members lie where their layout says, whatever they are called. */
export const ABI_STRUCT_NAMES: ReadonlySet<string> = new Set(
  COMPONENTS.flatMap(({ eras }) => eras.flatMap(({ structs }) => Object.keys(structs))),
);
