import type { PerTarget } from './target.ts';

/**
 * How a reader decides whether it can read the data (SEMANTICS, section 2).
 * - `fdt-string`: equal to one entry of the node's `compatible` list
 * - `struct-string`: strncmp over a char array inside the struct
 * - `name`: strcmp with the name of each registered handler or FLB; none matches = nobody reads it
 * - `name-and-integer`: the name as above, then an integer that must be equal
 * - `integer`: equal, or the data is not used
 * - `integer-range`: not above the reader's own, and not below the least that it still takes
 * - `composite`: a string of parts joined by ';', equal as a whole
 * - `feature-bits`: every required bit must be known to the reader
 * - `guarded`: no marker of its own; another component's marker answers for it (`guardedBy`)
 * - `none`: nothing is checked
 */
export type MarkerKind =
  | 'fdt-string'
  | 'struct-string'
  | 'name'
  | 'name-and-integer'
  | 'integer'
  | 'integer-range'
  | 'composite'
  | 'feature-bits'
  | 'guarded'
  | 'none';

/** Sets of feature bits, each a decimal string of an unsigned 64-bit number. */
export interface FeatureBits {
  /** Bits that this kernel knows. */
  supported: string;
  /** Bits that the writer demands from its reader. */
  required: string;
  /** Bits that the writer uses. */
  active: string;
}

export type MarkerValue = string | number | FeatureBits;

/** One marker that a reader takes. */
export interface AcceptedMarker {
  value: MarkerValue;
  /** True where the reader compares no more than this beginning, and takes every text that has it. */
  isPrefix?: true;
  /** The release whose layouts this marker names; without it, the accepting kernel's own. */
  layoutOf?: string;
  /** True where the kernel lists it among what it accepts, and how it reads it was not seen: no verdict can rest on it. */
  asWritten?: true;
  /**
   * The name that is looked up before an integer, where it is another than the marker's own; null where the value is the name.
   */
  name?: string | null;
  /** What the data must be like to be taken, or what of it is lost, in words: a reader that converts does not take all. */
  conditions?: string[];
}

export interface Marker {
  kind: MarkerKind;
  /** For `name-and-integer`: the name that is looked up before the integer counts. */
  name?: string;
  /** What this kernel writes; absent for `none` and `guarded`. */
  writes?: MarkerValue;
  /** What this kernel reads; upstream accepts only what it writes. */
  accepts: AcceptedMarker[];
  /** True where the reader compares the marker with nothing: it takes whatever is there. */
  acceptsAny?: true;
  /** The macro that holds the value. */
  macro?: string;
  /** For `guarded`: the component whose marker answers for this one. */
  guardedBy?: string;
  /** What the marker lies in: `fdt:KHO:/`, `fdt:LUO:/luo-session`, `struct:luo_ser.compatible`, `file-handler`, `flb`. */
  carrier: string;
  /** The component that looks up the name, for `name` and `name-and-integer`: `luo-session`, `luo-flb`. */
  dispatcher?: string;
  /** Bytes of the array that holds the string, where it has one. */
  length?: PerTarget<number>;
}

/** What sets a kind of marker apart, wherever markers are compared or looked for. */
export interface MarkerRule {
  /** What a marker is in the bytes that bear it. */
  holds: 'bits' | 'nothing' | 'number' | 'text';
  /** Whether a reader takes what is written by a value of its list. */
  takes(accepted: MarkerValue, written: MarkerValue): boolean;
  /** It is looked for at the reader's own offset of a struct. */
  isAtOffset?: true;
}

export const MARKER_RULES: Readonly<Record<MarkerKind, MarkerRule>> = {
  'fdt-string': { holds: 'text', takes: isEntry },
  'struct-string': { holds: 'text', takes: isSame, isAtOffset: true },
  name: { holds: 'text', takes: isSame },
  'name-and-integer': { holds: 'text', takes: isSame },
  integer: { holds: 'number', takes: isSame },
  'integer-range': { holds: 'number', takes: isSame },
  composite: { holds: 'text', takes: isSame },
  'feature-bits': { holds: 'bits', takes: knowsRequired },
  guarded: { holds: 'nothing', takes: isSame },
  none: { holds: 'nothing', takes: isSame },
};

/** Whether a reader takes what is written, by one entry of what it accepts. */
export function takesBy(
  kind: MarkerKind,
  { value, isPrefix }: AcceptedMarker,
  written: MarkerValue,
): boolean {
  if (isPrefix && typeof written === 'string') return written.startsWith(String(value));
  return MARKER_RULES[kind].takes(value, written);
}

/** Equal to an entry of the list that the property holds, each ended by a NUL. */
function isEntry(accepted: MarkerValue, written: MarkerValue): boolean {
  if (typeof written !== 'string') return isSame(accepted, written);
  return accepted === written || written.split('\0').includes(String(accepted));
}

/** Equality; a composite text counts as a whole, and bits are bits whatever the kind. */
function isSame(accepted: MarkerValue, written: MarkerValue): boolean {
  return typeof written === 'object' ? knowsRequired(accepted, written) : accepted === written;
}

/** Whether a reader knows every bit that the writer demands. */
function knowsRequired(accepted: MarkerValue, written: MarkerValue): boolean {
  if (typeof accepted !== 'object' || typeof written !== 'object') return false;
  const sets = [written.required, accepted.supported];
  if (!sets.every((set) => /^\d+$/.test(set))) return false;
  const [required = 0n, known = 0n] = sets.map(BigInt);
  return (required & ~known) === 0n;
}
