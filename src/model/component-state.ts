import type { Doubt } from './doubt.ts';
import type { ConstantValue, Layout } from './layout.ts';
import type { Marker } from './marker.ts';
import type { PerTarget, Target } from './target.ts';
import type { Effect } from './verdict-kind.ts';

/**
 * - `yes`: the build's configuration has it on
 * - `buildable`: the source has it; no configuration is known
 * - `no`: the source lacks it, or the configuration has it off (`reason` says which)
 * - `unknown`: it should be there and could not be read (`reason` says why)
 */
export type Availability = 'yes' | 'buildable' | 'no' | 'unknown';

/**
 * How a struct lies in memory, which decides what a change of its size does.
 * - `blob`: alone, so a longer tail disturbs nothing
 * - `element`: one of several in a row
 * - `header`: followed at once by other data
 * - `embedded`: inside another struct only
 * - `page`: in a page of its own, however many of its elements are declared
 * - `reached`: what a pointer in a struct of the component leads to, and no component speaks of
 */
export type Placement = 'blob' | 'element' | 'embedded' | 'header' | 'page' | 'reached';

export interface StructState {
  placement: Placement;
  layout: PerTarget<Layout>;
  /** True where the layout was not read from the kernel's own declaration. */
  inferred?: boolean;
}

/**
 * Why a constant matters.
 * - `shape`: it shapes data (bitmap size, tree depth, block size)
 * - `length`: an array length on the wire
 * - `flag`: a bit in a flags member
 * - `helper`: only what other constants yield from it matters
 * - `gate`: by it the reader finds the data at all; another value is a refusal
 */
export type ConstantRole = 'flag' | 'gate' | 'helper' | 'length' | 'shape';

/** `undescribed`: it stands among the handed-over data, and no definition says what it decides. */
export type CapturedRole = ConstantRole | 'undescribed';

export interface ConstantState {
  role: CapturedRole;
  value: PerTarget<ConstantValue>;
  /** What the kernel's own reader goes by, where that is another value than the writer's. */
  reads?: PerTarget<ConstantValue>;
}

export interface FdtProperty {
  /** The name in the tree; `<name>` where each region has its own. */
  name: string;
  /** `u64`, `string`, … as the writer stores it. */
  type: string;
  /** Whether the reader fails without it, and with what effect. */
  onMissing?: Effect;
  /**
   * The exact length that the reader demands, in bytes.
   * @minimum 0
   * @asType integer
   */
  exactLength?: number;
  /** The macro that holds the name. */
  macro?: string;
}

export interface FdtNode {
  /** `/`, `/luo-session`, `/<region>`; counted from the root of the component's own tree. */
  path: string;
  /** What the reader does without this node; absent where it does not look for it or goes on. */
  onMissing?: Effect;
  /** What the kernel prints then. */
  missingMessage?: string;
  /** True where this kernel's writer leaves the node out although its reader knows it. */
  notWritten?: boolean;
  properties: FdtProperty[];
}

/** The reader refuses a blob shorter than its own sizeof of a struct; a longer one is fine. */
export interface MinimumSizeCheck {
  kind: 'minimum-size';
  struct: string;
  effect: Effect;
  /** What the kernel prints then. */
  message?: string;
  /** What this kernel's own writer makes of the size that it tells, where that is no number of bytes: `/page`, `>>12`. */
  told?: string;
}

export type Check = MinimumSizeCheck;

/** What the incoming side of a kernel does. All strings are the kernel's own messages. */
export interface Reader {
  /** The function that decides. */
  function?: string;
  /** The marker is refused. */
  onRefused: Effect;
  refusedMessage?: string;
  /** A handler or FLB name that nobody registered (for components that dispatch by name). */
  onUnknownName?: Effect;
  unknownNameMessage?: string;
  /** True where a refusal happens at boot whenever the outgoing kernel ran with the component on, used or not. */
  always?: boolean;
}

/** A configuration option that the component is built under, and its value where a configuration is known. */
export interface OptionState {
  name: string;
  /** `y`, `m`, `n`; absent where no configuration is known. */
  value?: string;
}

/** The hash of a function, macro or table of values that writes or reads the data. */
export interface CodeState {
  function: string;
  side: 'both' | 'reader' | 'writer';
  /** Of its own steps, whatever their spelling; absent where the function could not be found. */
  hash?: string;
  /** The same with its helpers in their places; absent where that is no other, or too large. */
  whole?: string;
  /** A macro or a variable with its value; a function where it is left out. */
  kind?: 'macro' | 'variable';
  /** True where the kernel comes in here; else `from` says by which such function this one is reached. */
  entry?: true;
  from?: string;
  /** The targets whose kernels have it; all where it is left out. */
  targets?: Target[];
  /** What the build has for the options that its steps ask for (`IS_ENABLED()`), where its configuration is known. */
  options?: { [name: string]: string };
}

/** How the kernel around live update calls into it. */
export interface CallState {
  /** What is called, or runs at boot. */
  function: string;
  /** `initcall`: `hash` is its level, as `late`; `entered`: `hash` is of what it does, and of the calls and tables that name it. */
  kind: 'call' | 'entered' | 'initcall';
  /** Of every statement with the name in it, the tests around it, and what its result is used for. */
  hash: string;
  /** The targets whose kernels have it; all where it is left out. */
  targets?: Target[];
}

/** A value on its way into handed-over data, or out of them, as the code of an entry point computes it. */
export interface HandedValueState {
  /** The entry point, its helpers put in. */
  function: string;
  side: 'both' | 'reader' | 'writer';
  /**
   * Where it goes: `=STRUCT@BIT` and `=property NAME` are written; `FUNCTION#ARGUMENT`, `.MEMBER`, `*parameter N` and `return`
   * is what is done with what was read; `at STRUCT` is where such data are looked for, `in STRUCT@BIT` which of a row.
   */
  at: string;
  /** The one thing that it is computed from, where that has a name: `STRUCT@BIT`, `property NAME`, `.MEMBER`, `FUNCTION()`. */
  from?: string;
  /** The hash of all that it is computed from. */
  of: string;
  /** What is made of that: `same`, `/page`, `*page`, `+page`, `>>N`, `<<N`, `+N`; absent where it is none of these. */
  form?: string;
  /** The hashes of what it comes to with pages of 4, 16 and 64 KiB; a single one where they are alike; absent for `same`. */
  exact?: string[];
  /** The same where what it is computed from is a multiple of a page. */
  whole?: string[];
  /** True where a multiple of a page stays what it is, as by rounding. */
  isSameWhole?: true;
  /** True where the size of a page is computed with: then `whole` counts, since rounding to a page changes nothing. */
  isPaged?: true;
  /**
   * Those of the two that count, with each step of a pointer that a struct holds as long as what it points to; absent where
   * there is no such step in it.
   */
  scaled?: string[];
}

/** The memory that an entry point sees to it is kept for the next kernel, by `kho_preserve_folio()` and its like. */
export interface KeptState {
  /** The entry point, its helpers put in. */
  function: string;
  /** How many pieces of memory, told apart by what they are known by. */
  count: number;
  /** Where it writes the address, or the number of the page, of memory that it or another one keeps: `STRUCT@BIT`, `property NAME`. */
  places: string[];
  /** What else is called with what it writes to a place, each with the place before it: such a function may keep it. */
  callsWith?: string[];
}

/** Code that was run. */
export interface RanCode {
  /** The function where it began. */
  function: string;
  /** Of all that ran, whatever its spelling, and of the numbers of the headers that it asked for. */
  hash: string;
  /** A hash of how wide the integers are that all this works with; absent where that was not looked at. */
  widths?: string;
}

/** Whether a kernel reads back what it writes, seen by running its code over made-up data with pages of 4 KiB. */
export interface RoundTripState {
  name: string;
  /** What is handed over and taken back, in words. */
  does: string;
  writer: RanCode;
  reader: RanCode;
  /** Whether all of it came back. */
  isWhole: boolean;
}

/** The id under which a document tells of code that hands over or takes and that no component covers. */
export const CALLERS_ID = 'callers';

/** A file whose code hands something over or takes it. */
export interface CallerState {
  file: string;
  /**
   * Of its bytes, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256: string;
  /** The functions of the hand-over that it calls, sorted. */
  functions: string[];
  /** The subtrees, file handlers and shared data that it names; a macro where its text is not at hand. */
  names: string[];
}

/** The file of a component's definition. */
export interface DefinitionFile {
  /** Without its folder. */
  name: string;
  /**
   * Of its bytes, in hex.
   * @pattern ^[0-9a-f]{64}$
   */
  sha256: string;
}

/**
 * What one kernel says of one component. Holds all that a verdict needs, so that a document stands alone;
 * `places` is kept apart because line numbers differ between kernels that write the same bytes.
 */
export interface ComponentState {
  available: Availability;
  /** Why it is not available or not known, in words. */
  reason?: string;
  /** The era of the component registry that the facts were read under. */
  era?: string;
  options: OptionState[];
  /** The boot parameter without which the code is there and does nothing. */
  boot?: string;
  /** Ids of the components that must work before this one is reached. */
  needs: string[];
  marker?: Marker;
  structs: { [name: string]: StructState };
  constants: { [name: string]: ConstantState };
  fdt: FdtNode[];
  /** True where the names in its tree could not be read, so that `fdt` is not all of it and nothing can be missed there. */
  fdtUnread?: boolean;
  checks: Check[];
  reader?: Reader;
  code: CodeState[];
  /** What that code makes of the values that it hands over; absent where it was not at hand. */
  values?: HandedValueState[];
  /** Of what memory that code sees to it that it is kept; absent where that was not looked at. */
  kept?: KeptState[];
  /** What came of running that code; absent where nothing of it could be run. */
  roundTrips?: RoundTripState[];
  /** How other code calls the component's; absent where that was not looked at. */
  calls?: CallState[];
  /**
   * How wide the integers are that its code works with, by function, or `struct` with the tag of one that is not handed over:
   * `count=i32, the result=i64`; absent where that was not looked at.
   */
  widths?: { [name: string]: string };
  /** What could not be checked, in words. */
  unchecked: string[];
  /** What was concluded rather than read, in words. */
  inferred?: string[];
  /** True where nobody has described this component: what it is was concluded from conventions. */
  isInferred?: true;
  /** What it was captured by, where that did not come with the program. */
  definition?: DefinitionFile;
  /** What the capture could not see or settle of it. */
  doubts?: Doubt[];
  /** Code that hands something over or takes it, and that no component covers. */
  callers?: CallerState[];
  /** `path:line` of each fact, by `marker`, `struct NAME`, `NAME.member`, `constant NAME`, `function NAME`, `call NAME`, `initcall NAME`, `fdt PATH`, `caller FILE`, `doubt CODE SUBJECT`. */
  places: { [name: string]: string };
}
