import type { KnownCommit } from '../../model/commits.ts';
import type { FindingPlace } from '../../model/finding.ts';
import type { MatrixPair, PairClass } from '../../model/outputs.ts';
import type { KernelKind, PageAnswer, PageDocument } from '../../model/page.ts';
import type { Target } from '../../model/target.ts';
import type { Effect, Verdict } from '../../model/verdict-kind.ts';

/** A matrix as its files show it. */
export interface SiteMatrix {
  profile: string;
  target: Target;
  /** Every kernel that is known, oldest first; ranges are told by it. */
  order: readonly string[];
  /** Those that were captured for the target. */
  releases: readonly string[];
  /** The same once more: kernels with equal answers in every pair together. */
  classes: readonly (readonly string[])[];
  /** By release: the position of its class. */
  numberOf: readonly number[];
  /** By outgoing class, then incoming class. */
  answers: readonly (readonly PageAnswer[])[];
  /** Made when they are asked for, and kept by nobody: of very many kernels they are many. */
  pairClasses(): { name: PairClass; pairs: readonly MatrixPair[] }[];
}

/** Pairs that corrupt state or panic for one reason. */
export interface KnownFailure {
  verdict: Verdict;
  effect: Effect | null;
  outgoing: string[];
  incoming: string[];
  profiles: string[];
  targets: string[];
  /** Whose kernels the example is of. */
  kinds: KernelKind[];
  /** The pair that the rest is about. */
  example: { outgoing: string; incoming: string };
  decidedBy: { component: string; rule: string; subject: string } | null;
  /** What the outgoing kernel writes as the marker of what decides; null where nothing guards it by itself. */
  marker: string | null;
  message: string;
  where: FindingPlace[];
  /** The kernel's own words on the console. */
  sees: string | null;
  /** Where the posted series among the kernels are from. */
  sources: string[];
  /** What lies between upstream's kernels of both sides, silent breaks first; none where a side has none of them. */
  commits: KnownCommit[];
  /** A recorded test of the example saw the same. */
  tested: boolean;
}

/** The marker that each kernel writes, by component. */
export interface Timeline {
  releases: string[];
  rows: { component: string; markers: (string | null)[] }[];
}

/** What the files of a report are made from. */
export interface SiteData {
  page: PageDocument;
  matrices: SiteMatrix[];
  failures: KnownFailure[];
  timeline: Timeline;
}
