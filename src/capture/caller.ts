import type { CaptureFinding } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';

// What is found of a caller, apart from what finds it: answers that are kept hold it.

/** A name under which a caller hands something over. */
export interface CalledName {
  /** A macro where its text is not at hand. */
  name: string;
  /** A component speaks of the macro. */
  isKnown?: true;
}

/** A file that calls functions of the hand-over. */
export interface Caller {
  file: string;
  sha256: string;
  /** Of the first call. */
  line: number;
  functions: string[];
  names: CalledName[];
  /** It hands over, or makes known, under a name that whoever calls it gives. */
  isForOthers?: true;
  /** Paths of the headers of its own that are at hand. */
  headers?: string[];
  /** SHA-256 of the code of the file and of those headers, without comments; undefined for files of components. */
  whole?: string;
  /** Why its calls could not be read; then any call may stand in it. */
  unread?: string;
}

/** A component that was made up for this kernel. */
export interface InferredComponent {
  id: string;
  state: ComponentState;
  findings: CaptureFinding[];
  /** Files with code that hands it over or takes it. */
  callers: string[];
}
