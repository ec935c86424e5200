import type { ConstantRole, Placement } from '../model/component-state.ts';
import type { MarkerKind } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import type { Effect } from '../model/verdict-kind.ts';

/** A declaration by which something is recognized. Any one of `files` may hold it. */
export interface Anchor {
  files: readonly string[];
  /** A macro or enumerator; without `macro` and `struct` and `tokens`, that one of the files exists is enough. */
  macro?: string;
  struct?: string;
  /** A sequence of tokens inside the body of a function: for behaviour that no declaration shows. */
  tokens?: { function: string; sequence: readonly string[] };
}

export interface StructFacts {
  placement: Placement;
  /** Absent in some kernels of the era; then the component simply does not have it. */
  optional?: true;
  /** The targets that have it; all where it is left out. */
  targets?: readonly Target[];
  /** Members by which a build's types tell this era from others that have the struct too. */
  has?: readonly string[];
}

/** A name that stands in the code alone: the writer and the reader, and which of the names that they spell out it is. */
export interface SpelledName {
  writer: string;
  reader: string;
  at: number;
}

export interface ConstantFacts {
  role: ConstantRole;
  optional?: true;
  /** No macro holds it: it is a name that code spells out. */
  spelled?: SpelledName;
  /** The targets that have it; all where it is left out. */
  targets?: readonly Target[];
  /** The member `struct.member` whose array is as long, in elements or in bits: there a build without macros shows it. */
  shownBy?: { member: `${string}.${string}`; unit: 'bits' | 'elements' };
}

/** A name in a device tree: spelled out, or held by a macro. */
export type TreeName = { name: string } | { macro: string; prefix?: string };

export type PropertyFacts = TreeName & {
  type: string;
  onMissing?: Effect;
  exactLength?: number;
  /** Functions of which one looks it up; the reader's own function where it is left out. */
  readBy?: readonly string[];
  /** Absent in some kernels of the era. */
  optional?: true;
};

export type NodeFacts = TreeName & {
  onMissing?: Effect;
  missingMessage?: string;
  properties: readonly PropertyFacts[];
};

export interface MarkerFacts {
  kind: MarkerKind;
  macro?: string;
  /** For `name-and-integer`: the macro with the name; `macro` holds the integer. */
  nameMacro?: string;
  guardedBy?: string;
  carrier: string;
  dispatcher?: string;
  /** The variable whose member holds the string, by its symbol. */
  object?: { symbol: string; member: `${string}.${string}` };
  /** Constant with the length of the array that holds the string. */
  lengthConstant?: string;
}

export interface ReaderFacts {
  function?: string;
  /** The initcall that calls it: where its refusal leads is read there. */
  initcall?: string;
  /** Takes an address that is 0 where nothing was preserved, and the member that holds it. */
  maybeEmpty?: { function: string; path: string };
  /** What opens the device: where an unknown name leads is read there. */
  opener?: string;
  onRefused: Effect;
  refusedMessage?: string;
  onUnknownName?: Effect;
  unknownNameMessage?: string;
  always?: true;
}

export interface CheckFacts {
  kind: 'minimum-size';
  struct: string;
  effect: Effect;
  message?: string;
}

export interface CodeFacts {
  side: 'both' | 'reader' | 'writer';
  /** Entry points: each by its name, or by every name that it had, first the one that it is known by. */
  functions: readonly (string | readonly [string, ...string[]])[];
  /** Every kernel of the era has them: one that is not found is a doubt. */
  required?: true;
}

/** How a component looked over a range of kernels: data alone. */
export interface Era {
  id: string;
  /** Where and when, for people. */
  summary: string;
  /** Every anchor must be there. Eras are tried in order; the first that is recognized is the kernel's. */
  recognizedBy: readonly Anchor[];
  /** Where declarations are looked for, in this order. */
  files: readonly string[];
  needs: readonly string[];
  options: readonly string[];
  marker: MarkerFacts;
  structs: Readonly<Record<string, StructFacts>>;
  constants: Readonly<Record<string, ConstantFacts>>;
  fdt: readonly NodeFacts[];
  checks: readonly CheckFacts[];
  reader: ReaderFacts;
  code: readonly CodeFacts[];
}

/** One piece of handed-over state, from its first kernel on. */
export interface ComponentDefinition {
  id: string;
  title: string;
  summary: string;
  /** What its marker strings begin with, before `-v1` or `_v1`: by this an image's strings are searched for it. */
  markerStems?: readonly string[];
  /** Functions that no compiler can inline: initcalls, file operations and others that are called through a pointer. */
  entryPoints?: readonly string[];
  /** What shows that the kernel has it at all, whatever its era. */
  anchor: Anchor;
  boot?: string;
  /** Nobody described it: no claim of it is held against the code. */
  isInferred?: true;
  /** Newest first. */
  eras: readonly Era[];
}

/** Fixes the type of a component and keeps its id a literal. */
export function defineComponent<const Id extends string>(
  component: ComponentDefinition & { id: Id },
): ComponentDefinition & { id: Id } {
  return component;
}
