import type { ConstantRole, Placement } from './component-state.ts';
import type { MarkerKind } from './marker.ts';
import type { Target } from './target.ts';
import type { Effect } from './verdict-kind.ts';

// What a component is made of, as its file says it: schemas/component.schema.json is generated from here. Data alone; no text
// of it is run, and none is a pattern.

/** A declaration by which something is recognized. Any one of `files` may hold it. */
export interface Anchor {
  /**
   * Paths in the kernel tree.
   * @minItems 1
   */
  files: readonly string[];
  /** A macro or enumerator; without `macro` and `struct` and `tokens`, that one of the files exists is enough. */
  macro?: string;
  struct?: string;
  tokens?: TokenAnchor;
}

/** A sequence of tokens inside the body of a function: for behaviour that no declaration shows. */
export interface TokenAnchor {
  function: string;
  /** @minItems 1 */
  sequence: readonly string[];
}

export interface StructFacts {
  /** Where it lies, and so whether it may grow: only what stands alone, a `blob`, may do so without moving what follows. */
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
  /** Counted from 0. */
  at: number;
}

/** The member whose array is as long as a constant says, in elements or in bits: there a build without macros shows it. */
export interface ShownBy {
  /**
   * `struct.member`.
   * @pattern ^\w+\.\w+$
   */
  member: string;
  unit: 'bits' | 'elements';
}

export interface ConstantFacts {
  /** What it decides. */
  role: ConstantRole;
  optional?: true;
  spelled?: SpelledName;
  /** No declaration holds it: what it is in kernels of this era, in words. Where two kernels say other things of it, it differs. */
  says?: string;
  /** The targets that have it; all where it is left out. */
  targets?: readonly Target[];
  shownBy?: ShownBy;
}

/** A name in a device tree: spelled out, or held by a macro. */
export type TreeName = { name: string } | { macro: string; prefix?: string };

/** The same in a file: one of `name` and `macro`. */
export interface WrittenName {
  name?: string;
  macro?: string;
  /** What stands before the macro's text. */
  prefix?: string;
}

interface PropertyDemands {
  /** `u32`, `u64`, `string`, `bytes`. */
  type: string;
  /** What a reader does that does not find it. */
  onMissing?: Effect;
  /** In bytes; another length is refused. */
  exactLength?: number;
  /** Functions of which one looks it up; the reader's own function where it is left out. */
  readBy?: readonly string[];
  /** Absent in some kernels of the era. */
  optional?: true;
}

export type PropertyFacts = TreeName & PropertyDemands;
export interface WrittenProperty extends WrittenName, PropertyDemands {}

interface NodeDemands {
  /** What a reader does that does not find it. */
  onMissing?: Effect;
  missingMessage?: string;
}

export type NodeFacts = TreeName & NodeDemands & { properties: readonly PropertyFacts[] };
export interface WrittenNode extends WrittenName, NodeDemands {
  properties: readonly WrittenProperty[];
}

/**
 * The variable whose member holds a handler's name; for `integer-range` without macros, the description whose members
 * `version_id` and `min_version_id` hold the two.
 */
export interface MarkerObject {
  symbol: string;
  /**
   * `struct.member`.
   * @pattern ^\w+\.\w+$
   */
  member: string;
}

export interface MarkerFacts {
  /** How a reader compares it. */
  kind: MarkerKind;
  /** The macro that holds it. */
  macro?: string;
  /** For `name-and-integer`: the macro with the name; `macro` holds the integer. */
  nameMacro?: string;
  /** For `integer-range`: the macro with the least that the reader still takes; `macro` holds what is written. */
  minimumMacro?: string;
  /** For `guarded`: the component whose marker guards this one. */
  guardedBy?: string;
  /** What bears it: `fdt:<subtree>:/`, `file-handler`, `flb`, `KHO:/<subtree>`. */
  carrier: string;
  /** The component that passes names on to their handlers: `luo-session`, `luo-flb`. */
  dispatcher?: string;
  object?: MarkerObject;
  /** Constant with the length of the array that holds the string. */
  lengthConstant?: string;
}

/** The call that a reader makes of what may be empty. */
export interface MaybeEmpty {
  function: string;
  /** The member that holds the address. */
  path: string;
}

export interface ReaderFacts {
  /** The function that compares the marker. */
  function?: string;
  /** The initcall that calls it: where its refusal leads is read there. */
  initcall?: string;
  /** Takes an address that is 0 where nothing was preserved, and the member that holds it. */
  maybeEmpty?: MaybeEmpty;
  /** What opens the device: where an unknown name leads is read there. */
  opener?: string;
  /** What it does with a marker that it does not know. */
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

interface CodeSide {
  side: 'both' | 'reader' | 'writer';
  /** Every kernel of the era has them: one that is not found is a doubt. */
  required?: true;
}

export interface CodeFacts extends CodeSide {
  /** Entry points: each by its name, or by every name that it had, first the one that it is known by. */
  functions: readonly (string | readonly [string, ...string[]])[];
}

export interface WrittenCode extends CodeSide {
  /** Entry points: each by its name, or by every name that it had, first the one that it is known by. */
  functions: readonly (string | readonly string[])[];
}

/** How a component looked over a range of kernels. */
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
  structs: { readonly [name: string]: StructFacts };
  constants: { readonly [name: string]: ConstantFacts };
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
  markerStems?: readonly string[];
  entryPoints?: readonly string[];
  anchor: Anchor;
  boot?: string;
  /** Nobody described it: no claim of it is held against the code. */
  isInferred?: true;
  /** Newest first. */
  eras: readonly Era[];
}

/** An era as a file has it: what is empty may be left out. */
export interface ComponentEra {
  /**
   * @pattern ^[a-z0-9][a-z0-9_-]*$
   */
  id: string;
  /** Where and when, for people. */
  summary: string;
  /**
   * Every anchor must be there. Eras are tried in order; the first that is recognized is the kernel's.
   * @minItems 1
   */
  recognizedBy: readonly Anchor[];
  /**
   * Where declarations are looked for, in this order: paths in the kernel tree.
   * @minItems 1
   */
  files: readonly string[];
  /** Components on which it rests. */
  needs?: readonly string[];
  /** The options of the kernel without which it is not built. */
  options?: readonly string[];
  /** What guards it. */
  marker: MarkerFacts;
  /** The structs that are handed over, by name. */
  structs?: { readonly [name: string]: StructFacts };
  /** Macros and enumerators that decide what the data mean, by name. */
  constants?: { readonly [name: string]: ConstantFacts };
  /** Nodes and properties of its device tree. */
  fdt?: readonly WrittenNode[];
  /** What the reader checks beside the marker. */
  checks?: readonly CheckFacts[];
  /** What it does with what it does not accept. */
  reader: ReaderFacts;
  /** The functions that write and read it. */
  code?: readonly WrittenCode[];
}

/** One piece of handed-over state: its declarations, marker, checks and effects, by era. */
export interface ComponentDocument {
  /** Where an editor finds this schema. */
  $schema?: string;
  /**
   * The version of the form: 1.
   * @minimum 1
   * @maximum 1
   * @asType integer
   */
  schemaVersion: number;
  /**
   * Its name in verdicts.
   * @pattern ^[a-z0-9][a-z0-9_-]*$
   */
  id: string;
  title: string;
  summary: string;
  /** What its marker strings begin with, before `-v1` or `_v1`: by this an image's strings are searched for it. */
  markerStems?: readonly string[];
  /** Functions that no compiler can inline: initcalls, file operations and others that are called through a pointer. */
  entryPoints?: readonly string[];
  /** What shows that the kernel has it at all, whatever its era. */
  anchor: Anchor;
  /** The boot parameter that it needs. */
  boot?: string;
  /**
   * How it looked over time, newest first.
   * @minItems 1
   */
  eras: readonly ComponentEra[];
}

/** The version of the component file that this program reads. */
export const COMPONENT_SCHEMA_VERSION = 1;
