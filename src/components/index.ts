import { AsyncLocalStorage } from 'node:async_hooks';
import type { ComponentDefinition } from '../model/component-definition.ts';
import type { DefinitionFile } from '../model/component-state.ts';
import { readBuiltIn } from '../schema/built-in-components.ts';

let read: readonly ComponentDefinition[] | undefined;

/** Every component that comes with the program, sorted by id: the files beside this one, read when somebody asks. */
export function builtInComponents(): readonly ComponentDefinition[] {
  read ??= readBuiltIn();
  return read;
}

/** A definition of a user's own. */
export interface OwnDefinition {
  definition: ComponentDefinition;
  file: DefinitionFile;
}

interface InForce {
  all: readonly ComponentDefinition[];
  own: ReadonlyMap<string, DefinitionFile>;
}

const scope = new AsyncLocalStorage<InForce>();
const NONE: ReadonlyMap<string, DefinitionFile> = new Map();

function inForce(): InForce {
  return scope.getStore() ?? { all: builtInComponents(), own: NONE };
}

/** The definitions in force, sorted by id: those that come with the program, and a user's own. */
export function components(): readonly ComponentDefinition[] {
  return inForce().all;
}

/** The files of the definitions in force that did not come with the program, by id. */
export function ownDefinitions(): ReadonlyMap<string, DefinitionFile> {
  return inForce().own;
}

/** Runs something, and all that it starts, with a user's own definitions beside those that are in force. */
export function withComponents<T>(own: readonly OwnDefinition[], run: () => T): T {
  const { all, own: known } = inForce();
  const added = own.map(({ definition }) => definition);
  return scope.run(
    {
      all: [...all, ...added].sort((one, other) => (one.id < other.id ? -1 : 1)),
      own: new Map([...known, ...own.map(({ definition: { id }, file }) => [id, file] as const)]),
    },
    run,
  );
}

/** What follows from the definitions in force, worked out once for each set of them. */
export function drawn<T>(draw: (all: readonly ComponentDefinition[]) => T): () => T {
  const known = new WeakMap<readonly ComponentDefinition[], { value: T }>();
  return () => {
    const all = components();
    const made = known.get(all) ?? { value: draw(all) };
    known.set(all, made);
    return made.value;
  };
}
