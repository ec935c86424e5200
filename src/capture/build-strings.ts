import { drawn } from '../components/index.ts';
import type { KernelStrings, Standing } from '../formats/kernel-strings.ts';
import type { ComponentDefinition } from '../model/component-definition.ts';
import type { ComponentState } from '../model/component-state.ts';
import { markerPattern } from './marker-strings.ts';

const anyMarker = drawn(
  (all) => markerPattern({ markerStems: all.flatMap(({ markerStems = [] }) => markerStems) }) as RegExp,
);
/** What every marker has one of in it. */
const VERSIONS = ['-v', '_v'];

/** What an image's strings say of all components: one pass over its data for their markers, one for their names. */
export class BuildStrings {
  readonly #strings: KernelStrings;
  readonly #names: readonly string[];
  #markers: readonly string[] | undefined;
  #standing: ReadonlyMap<string, Standing> | undefined;

  /** @param names the strings that `standing` will be asked for */
  constructor(strings: KernelStrings, names: readonly string[]) {
    this.#strings = strings;
    this.#names = names;
  }

  /** The strings that may be a component's marker, each as a string of its own. */
  markers(definition: Pick<ComponentDefinition, 'markerStems'>): readonly string[] {
    const pattern = markerPattern(definition);
    if (!pattern) return [];
    this.#markers ??= this.#strings.find(anyMarker(), VERSIONS);
    return this.#markers.filter((text) => pattern.test(text));
  }

  /** How a text stands in the image's data; undefined where it does not. */
  standing(text: string): Standing | undefined {
    this.#standing ??= this.#strings.standing(this.#names);
    return this.#standing.get(text);
  }
}

/** A string that writer and reader must have in common, and what it is. */
export interface NamedString {
  kind: 'name' | 'node' | 'property';
  text: string;
}

/** What stands for names that each machine has its own of: `<region>`. */
const PLACEHOLDER = /^<.*>$/;

/** The names in the device trees of a component: each must be in an image that writes or reads it. */
export function treeNames({ fdt, marker }: Pick<ComponentState, 'fdt' | 'marker'>): NamedString[] {
  const nodes = fdt.map(({ path }): NamedString => ({ kind: 'node', text: path.replace(/^.*\//, '') }));
  const properties = fdt.flatMap(({ properties }) =>
    properties.map(({ name }): NamedString => ({ kind: 'property', text: name })),
  );
  const names = marker?.name === undefined ? [] : [{ kind: 'name', text: marker.name } as const];
  const all = [...names, ...nodes, ...properties].filter(
    ({ text }) => text !== '' && !PLACEHOLDER.test(text),
  );
  return [...new Map(all.map((name) => [name.text, name])).values()];
}

/** All strings of a component that an image is searched for. */
export function stringsOf(state: Pick<ComponentState, 'fdt' | 'marker'>): string[] {
  const { writes } = state.marker ?? {};
  return [...treeNames(state).map(({ text }) => text), ...(typeof writes === 'string' ? [writes] : [])];
}
