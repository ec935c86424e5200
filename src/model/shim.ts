import type { Target } from './target.ts';

// What `shim` writes: the code that a kernel needs to read what another one wrote, and what people must decide for it.

/** What is done where there is no counterpart, or where the meaning changed. */
export type ShimAnswer = 'copy' | 'default' | 'drop' | 'refuse';

/**
 * One answer: `drop` (what was written is not used), `refuse` (data that holds it is refused), `copy` (the bytes are right as
 * they are: somebody looked), or the value that a member gets that was not written.
 */
export type ShimDecision = 'copy' | 'drop' | 'refuse' | { default: number | string };

/** The answers to the questions of a shim, by subject; written by people. */
export interface ShimDecisionsDocument {
  /** Where an editor finds this schema. */
  $schema?: string;
  /**
   * The version of the form: 1.
   * @minimum 1
   * @maximum 1
   * @asType integer
   */
  schemaVersion: number;
  /** The kernel that wrote, as `list` prints it. */
  outgoing: string;
  /** The kernel that reads. */
  incoming: string;
  component: string;
  /** From what the outgoing kernel wrote to what the incoming one reads. */
  decisions: { [subject: string]: ShimDecision };
  /** The way back, for `--both`. */
  back?: { [subject: string]: ShimDecision };
}

/** Something that no comparison answers. */
export interface ShimQuestion {
  /** `STRUCT.MEMBER` by the names of the kernel that has it, `struct NAME`, `constant NAME`, `function NAME`, `erratum ID`, `marker`. */
  subject: string;
  question: string;
  /** The answers that it takes. */
  answers: ShimAnswer[];
  /** Null until a decision file says it; the code does not compile before. */
  decision: ShimDecision | null;
}

/** What becomes of one member. */
export interface ShimMember {
  /** In the struct that was written; null where it has no counterpart. */
  from: string | null;
  /** In the struct that is read. */
  to: string | null;
  /**
   * `copied`; `checked`: copied where the value fits, else refused; `renamed`: copied, and the pairing is a guess; `marker`: set
   * to what the reader wants; `elements`: rows that follow the struct, each converted by its own function; `asked`: see the
   * question of its name; `reserved`: holds nothing.
   */
  how: 'asked' | 'checked' | 'copied' | 'elements' | 'marker' | 'renamed' | 'reserved';
  /** What is checked, in words. */
  check?: string;
}

/** A struct and how it is converted. */
export interface ShimStruct {
  /** The name in the kernel that wrote. */
  outgoing: string;
  /** The name that the generated code gives it. */
  name: string;
  incoming: string;
  /** In bytes. */
  sizes: { outgoing: number; incoming: number };
  converter: string;
  members: ShimMember[];
}

/** A node or property of an FDT, of which no code is generated. */
export interface ShimTreeRow {
  path: string;
  /** Null for the node itself. */
  property: string | null;
  outgoing: string | null;
  incoming: string | null;
}

/** One direction of a shim. */
export interface ShimDirection {
  outgoing: string;
  incoming: string;
  structs: ShimStruct[];
  questions: ShimQuestion[];
}

/** `shim --format json`. */
export interface ShimOutput {
  component: string;
  outgoing: string;
  incoming: string;
  target: Target;
  /** The targets on which the very same code is right. */
  targets: Target[];
  markers: { outgoing: string; incoming: string };
  /** Nothing differs: no shim is needed, and none is written. */
  isNeeded: boolean;
  directions: ShimDirection[];
  /** The component's nodes and properties, where it has some. */
  tree: ShimTreeRow[];
  /** What the generated code does not do, in words. */
  notGenerated: string[];
  /** Why no overlay can say that the shim is there; null where one does. */
  overlay: { release: string } | { reason: string };
  /** Names of the files, with `-o` written there. */
  files: string[];
}
