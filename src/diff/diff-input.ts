import type { Erratum } from '../model/erratum.ts';
import type { ReviewedFunction } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import type { KnownMarker, SideFacts } from './rule.ts';

/** One component of a pair of kernels on one target, with all that rules may want to know. */
export interface DiffInput {
  component: string;
  target: Target;
  outgoing: SideFacts;
  incoming: SideFacts;
  errata: readonly Erratum[];
  /** Versions of this component's functions that were reviewed. */
  reviews: readonly ReviewedFunction[];
  /** Stop where a gate refuses: what lies behind it changes nothing of the verdict. */
  toFirstGate?: boolean;
  /** What this component's markers name in other kernels, oldest first, for `marker-reused`; may be left out. */
  knownMarkers?: readonly KnownMarker[];
}
