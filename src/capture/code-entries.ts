import { drawn } from '../components/index.ts';
import type { CodeFacts, Era } from '../model/component-definition.ts';

/** Every name of an entry point of some component, and what it is called in all kernels: the first of its names. */
export const entryPoints = drawn(
  (all): ReadonlyMap<string, string> =>
    new Map(
      all.flatMap(({ eras }) =>
        eras.flatMap(({ code }) =>
          code.flatMap(({ functions }) =>
            functions.flatMap((names) => {
              const own = entryNames(names);
              return own.map((name) => [name, own[0] as string] as const);
            }),
          ),
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

/** Structs whose members lie where their layout says, whatever they are called. */
export const abiStructNames = drawn(
  (all): ReadonlySet<string> =>
    new Set(all.flatMap(({ eras }) => eras.flatMap(({ structs }) => Object.keys(structs)))),
);
