import type { KnownCommit } from './commits.ts';
import type { ComponentState } from './component-state.ts';
import type { Erratum } from './erratum.ts';
import type { EvidenceDocument } from './evidence.ts';
import type { Fidelity } from './fidelity.ts';
import type { ListedRule } from './outputs.ts';
import type { Profile } from './profile.ts';
import type { Provenance } from './provenance.ts';
import type { ReviewDocument } from './review.ts';
import type { Target } from './target.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

// What the page with the matrix is made from. Facts that kernels share stand once; a page judges the pair that is looked at
// from them, by the same engine as `check`, so that no text of a finding is stored.

/** Who a kernel is from: upstream, somebody's build, or a series as it was posted. */
export type KernelKind = 'downstream' | 'series' | 'upstream';

/** A kernel; what it shares with others as positions in the lists of the document. */
export interface PageKernel {
  release: string;
  base: string;
  vendor: string | null;
  kind: KernelKind;
  date: string | null;
  origin: 'captured' | 'transcribed';
  /** The position in `provenances`. */
  provenance: number;
  targets: Target[];
  fidelity?: { [name: string]: Fidelity };
  /** As its document has it. */
  khoByDefault?: boolean;
  /** The position in `contents`. */
  content: number;
}

/** What kernels say that share it: by component the position in `facts`, then that in `places`. */
export type PageContent = { [name: string]: [number, number] };

/** What a pair comes to, as the matrix shows it. */
export interface PageAnswer {
  verdict: Verdict;
  effect: Effect | null;
  decidedBy: { component: string; rule: string; subject: string } | null;
  /** What it depends on; they speak of `the outgoing kernel`, since pairs share them. */
  conditions?: string[];
}

/** The answers of a profile on one target. */
export interface PageMatrix {
  profile: string;
  target: Target;
  /** By kernel: the number of its class of equals; -1 for a kernel that was not captured for the target. */
  classOf: number[];
  /** How many classes there are. */
  classes: number;
  /** Positions in `answers`, by outgoing class * classes + incoming class. */
  cells: number[];
}

/** The data of the page, embedded in it as JSON. */
export interface PageDocument {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  /** The newest release date among the kernels: how old the picture is. */
  date: string | null;
  profiles: Profile[];
  targets: Target[];
  /** Oldest first. */
  kernels: PageKernel[];
  provenances: Provenance[];
  contents: PageContent[];
  /** What components say, without places. */
  facts: Omit<ComponentState, 'places'>[];
  /** Where facts stand: `path:line` by fact. */
  places: { [name: string]: string }[];
  matrices: PageMatrix[];
  answers: PageAnswer[];
  errata: Erratum[];
  /** By id of an erratum: the positions of the kernels that have it. */
  faulty: { [name: string]: number[] };
  reviews: ReviewDocument[];
  evidence: EvidenceDocument[];
  /** Commits that touched what is handed over, in the order in which they came. */
  commits: KnownCommit[];
  rules: ListedRule[];
}

/** The version of the page's data that this program writes. */
export const PAGE_SCHEMA_VERSION = 2;

/** The version of a matrix by classes that this program writes. */
export const CLASS_MATRIX_SCHEMA_VERSION = 1;

/** A matrix by classes of kernels that answer alike in every pair: in `reports/`, and of `matrix --format classes`. */
export interface ClassMatrix {
  $schema: string;
  /**
   * @minimum 1
   * @asType integer
   */
  schemaVersion: number;
  profile: string;
  target: Target;
  /** Each the kernels of one class, oldest first. */
  classes: string[][];
  answers: PageAnswer[];
  /** Positions in `answers`: a row for each outgoing class, in it a number for each incoming one. */
  cells: number[][];
}
