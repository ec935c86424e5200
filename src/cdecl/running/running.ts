import type { CodeType, Expression, Statement } from '../code/syntax.ts';
import type { Memory } from './memory.ts';
import type { RunType, Types } from './types.ts';

/** Something in memory. */
export interface Place {
  readonly at: number;
  readonly type: RunType;
}

/** A number, an address, or for a struct or a row where it lies. */
export interface Value {
  readonly value: bigint;
  readonly type: RunType;
}

/** The locals of a function that runs: where they lie, and how they are declared. */
export interface Frame {
  readonly places: Map<string, Place>;
  readonly types: Map<string, CodeType>;
}

/** The machine as expressions, and what stands in for the kernel around, see it. */
export interface Running {
  readonly memory: Memory;
  readonly types: Types;
  /** Counts what is done: code that comes to no end is given up. */
  step(): void;
  evaluate(value: Expression, frame: Frame): Value;
  placeOf(value: Expression, frame: Frame): Place;
  load(place: Place): Value;
  store(place: Place, value: bigint): void;
  /** A member of what lies somewhere. */
  inner(outer: Place, name: string): Place;
  /** Memory of whole pages, by the address that code uses. */
  allocate(bytes: number): bigint;
  initialize(place: Place, list: Expression, frame: Frame): void;
  /** A variable of the kernel at file level. */
  global(name: string): Place | undefined;
  /** A number that the kernel's headers define. */
  number(name: string): bigint | undefined;
  /** Whether something answers to a name when it is called. */
  knows(name: string): boolean;
  addressOf(name: string): bigint;
  functionAt(address: bigint): string;
  textAt(text: string): bigint;
  callIn(name: string, args: readonly Expression[], frame: Frame): Value;
  block(body: readonly Statement[], frame: Frame): Value;
}

/** A call that the kernel around answers; each argument as it stands. */
export type KernelCall = (run: Running, args: readonly Expression[], frame: Frame) => bigint | Value;

/** A macro that runs what follows it some times: what it yields for is one time. */
export type KernelLoop = (run: Running, args: readonly Expression[], frame: Frame) => Iterable<void>;
