import type { CodeFacts, Era } from '../components/define.ts';
import { COMPONENTS } from '../components/index.ts';
import { COVERED } from './covered.ts';

/** Every name of an entry point of some component, and what it is called in all kernels: the first of its names. */
export const ENTRY_NAMES: ReadonlyMap<string, string> = new Map(
  COMPONENTS.flatMap(({ eras }) =>
    eras.flatMap(({ code }) =>
      code.flatMap(({ functions }) =>
        functions.flatMap((names) => {
          const all = entryNames(names);
          return all.map((name) => [name, all[0] as string] as const);
        }),
      ),
    ),
  ),
);

/** Every name that an entry point had. */
export function entryNames(names: CodeFacts['functions'][number]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

/** An entry point that every kernel of an era has, by every name that it had. */
export interface RequiredEntry {
  side: CodeFacts['side'];
  names: readonly string[];
}

/** The entry points that every kernel of an era has. */
export function requiredEntries({ code }: Pick<Era, 'code'>): RequiredEntry[] {
  return code
    .filter(({ required }) => required)
    .flatMap(({ side, functions }) => functions.map((names) => ({ side, names: entryNames(names) })));
}

/** Names whose value is compared by itself: in code they stand for themselves. */
export const CANONICAL_NAMES: ReadonlySet<string> = COVERED;

/** Structs whose members lie where their layout says, whatever they are called. */
export const ABI_STRUCT_NAMES: ReadonlySet<string> = new Set(
  COMPONENTS.flatMap(({ eras }) => eras.flatMap(({ structs }) => Object.keys(structs))),
);
