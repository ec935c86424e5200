import type { KhoAvailability } from './availability.ts';
import type { CaptureFinding } from './capture.ts';
import type { Availability, CapturedRole, OptionState } from './component-state.ts';
import type { Doubt } from './doubt.ts';
import type { Agreement, EvidenceDocument, PairEvidence } from './evidence.ts';
import type { Fidelity } from './fidelity.ts';
import type { Finding, Impact, Level, PairVerdict } from './finding.ts';
import type { ConstantValue, Layout } from './layout.ts';
import type { FeatureBits } from './marker.ts';
import type { Provenance } from './provenance.ts';
import type { StateAnswer } from './state.ts';
import type { ShownUapi } from './uapi.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

// The JSON that commands print for other programs (CLI.md). Numbers beyond 2^53 are decimal strings.

/** One row of `list --format json`. */
export interface ListedRelease {
  release: string;
  base: string;
  vendor: string | null;
  date: string | null;
  source: string;
  /** Whether it can hand over at all. */
  kho: KhoAvailability;
  markers: { [name: string]: string | number | null };
  /** How many recorded tests it took part in. */
  tests: number;
}

export interface ListOutput {
  releases: ListedRelease[];
}

export interface ShownMarker {
  kind: string;
  name?: string;
  writes: FeatureBits | number | string | null;
  accepts: (FeatureBits | number | string)[];
  guardedBy?: string;
  macro?: string;
  where?: string;
}

export interface ShownComponent {
  /** Where each kind of fact comes from. */
  fidelity: Fidelity;
  marker: ShownMarker | null;
  available: Availability;
  reason?: string;
  options: OptionState[];
  needs: string[];
  layouts: { [name: string]: Layout & { where?: string } };
  constants: { [name: string]: ConstantValue };
  roles: { [name: string]: CapturedRole };
  fdt: { [name: string]: { [name: string]: string } };
  unchecked: string[];
  /** What was concluded rather than read. */
  inferred: string[];
  /** What the capture could not see or settle. */
  doubts: Doubt[];
  where: { [name: string]: string };
}

/** `show --format json`. */
export interface ShowOutput {
  release: string;
  base: string;
  vendor: string | null;
  date: string | null;
  target: string;
  origin: string;
  provenance: Provenance;
  findings: CaptureFinding[];
  components: { [name: string]: ShownComponent };
  /** What programs may ask of it; null where that was not captured. Absent where one component alone is shown. */
  uapi?: ShownUapi | null;
  /** Tests in which the kernel wrote or read, those of changed kernels among them. */
  evidence?: EvidenceDocument[];
}

/** `check --format json`. */
export interface CheckOutput extends PairVerdict {
  rollback?: CheckOutput;
  /** What becomes of the devices that `--state` names. */
  state?: StateAnswer;
  /** What is recorded of tests of the pair; without a record it is a prediction only. */
  evidence?: PairEvidence;
}

export type PairClass = 'main+1' | 'stable+2' | 'stable-sequential';

export interface MatrixPair {
  outgoing: string;
  incoming: string;
  class: PairClass[];
  verdict: Verdict;
  effect: Effect | null;
  decidedBy: { component: string; rule: string; subject: string } | null;
  /** What the verdict depends on: `panics if 6.19.11 runs with liveupdate=on`. */
  conditions?: string[];
  /** What the outgoing kernel writes as the marker of the component that decided; only in a matrix with `groups`. */
  marker?: string;
  /** What the recorded tests of the pair say of the verdict; absent where it is a prediction only. */
  tested?: Exclude<Agreement, 'untested'>;
}

/** Kernels of one series that write the same marker. */
export interface MatrixGroup {
  series: string;
  /** The component whose marker it is. */
  component: string;
  /** `pci-v2`, `pci 1`, `no marker`. */
  marker: string;
  releases: string[];
}

export interface ClassCount {
  pairs: number;
  safe: number;
  verdicts: Partial<Record<Verdict, number>>;
}

export interface ProfileMatrix {
  profile: string;
  target: string;
  releases: string[];
  /** All releases once more, by series and marker; where kernels of vendors or of posted series are among them. */
  groups?: MatrixGroup[];
  /**
   * All releases once more, in their order: each list holds those that have the same verdict, effect and cause with every
   * kernel of the matrix, on either side.
   */
  equivalents?: string[][];
  pairs: MatrixPair[];
  classes: Partial<Record<PairClass, ClassCount>>;
}

/** `matrix --format json` with one profile. */
export type MatrixOutput = ProfileMatrix;

/** `matrix --format json` without `--profile`. */
export interface MatricesOutput {
  matrices: ProfileMatrix[];
}

/** One row of `rules --format json`. */
export interface ListedRule {
  id: string;
  impact: Impact;
  level: Level;
  summary: string;
}

export interface RulesOutput {
  rules: ListedRule[];
}

/** What one id stands for; a few ids are both a rule and an effect. */
export interface Topic {
  kind: 'component' | 'effect' | 'error' | 'rule' | 'verdict';
  id: string;
  /** One sentence. */
  summary: string;
  /** The whole page, in Markdown. */
  page: string;
}

/** `explain --format json`. */
export interface ExplainOutput {
  topics: Topic[];
}

export interface DiffedComponent {
  id: string;
  available: { outgoing: Availability; incoming: Availability };
  markers: { outgoing: number | string | null; incoming: number | string | null };
  /** The incoming kernel takes the marker, or checks none; null where one of the kernels lacks the component. */
  accepted: boolean | null;
  /** All of them, also those behind a gate that refuses. */
  findings: Finding[];
}

/** `diff --format json`. */
export interface DiffOutput {
  outgoing: string;
  incoming: string;
  target: string;
  components: DiffedComponent[];
  /** What came and went for programs; null where one of the two was not captured. Absent where one component alone is compared. */
  uapi?: DiffedUapi | null;
}

/** One name of the uAPI that only one of two kernels offers, or that is another thing in the other. */
export interface UapiChange {
  kind: 'constant' | 'ioctl' | 'struct';
  name: string;
  change: 'added' | 'changed' | 'removed';
  /** What it is in each kernel, in words; null where it is not there. */
  outgoing: string | null;
  incoming: string | null;
}

/** How the uAPI of two kernels differs. No verdict rests on it. */
export interface DiffedUapi {
  changes: UapiChange[];
}

/** A marker that stands for several layouts: two kernels may agree on it and not read each other. */
export interface ReusedMarker {
  component: string;
  /** As people write it: `pci-v1`, `pci 1`. */
  marker: string;
  /** The component whose marker it is, where that is another one. */
  guardedBy?: string;
  /** What the marker stands for, one entry a layout, in the order of the kernels. */
  layouts: {
    /** The kernels that write it, in their order. */
    releases: string[];
    /** Bytes of each struct. */
    sizes: { [name: string]: number };
  }[];
}

/** `list --reused-markers --format json`. */
export interface ReusedMarkersOutput {
  target: string;
  markers: ReusedMarker[];
}

/** How a component of a build stands to that of the release that the build derives from. */
export interface DriftedComponent {
  id: string;
  /**
   * - `same`: all that was compared is equal
   * - `changed`: see `changes`
   * - `off`: the base can have it, the build has it switched off or taken out
   * - `added`: the build has it, the base has not
   * - `absent`: neither has it
   * - `unknown`: something could not be compared, and nothing that was differs
   */
  drift: 'absent' | 'added' | 'changed' | 'off' | 'same' | 'unknown';
  /** Why it is off; null for anything else. */
  reason: string | null;
  changes: {
    markers?: Finding[];
    layouts?: Finding[];
    constants?: Finding[];
    tree?: Finding[];
    code?: Finding[];
  };
  /** What could not be compared, or was inferred. */
  doubts: string[];
}

/** `diff --drift --format json`. */
export interface DriftOutput {
  base: string;
  build: string;
  target: string;
  components: DriftedComponent[];
}
