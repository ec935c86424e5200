import type {
  CallState,
  Check,
  CodeState,
  ComponentState,
  ConstantState,
  FdtNode,
  FdtProperty,
  HandedValueState,
  Placement,
  RoundTripState,
} from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { Finding, FindingSide, Impact, Level } from '../model/finding.ts';
import type { ConstantValue, Layout } from '../model/layout.ts';
import type { AcceptedMarker, Marker } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import type { Effect } from '../model/verdict-kind.ts';

/** A component's facts without the line numbers: two kernels with equal facts write and read the same. */
export type ComponentFacts = Omit<ComponentState, 'places'>;

/** A finding before its places are looked up: `placeKeys` name entries of each side's `places`. */
export interface RawFinding extends Omit<Finding, 'where'> {
  placeKeys: { outgoing?: string; incoming?: string };
}

/** One side's kernel as the rules see it. */
export interface SideFacts {
  release: string;
  facts: ComponentFacts;
  /** The layout of a struct of any component of this kernel, by `struct NAME` or `union NAME`. */
  layoutOf: LayoutLookup;
}

/** What every pair carries. */
export interface PairContext {
  component: string;
  target: Target;
  outgoing: SideFacts;
  incoming: SideFacts;
}

export interface ComponentPair extends PairContext {
  errata: readonly Erratum[];
}

export interface MarkerPair extends PairContext {
  writes: Marker;
  reads: Marker;
  /** The entry of the incoming kernel's list that takes what the outgoing kernel writes. */
  accepted: AcceptedMarker | undefined;
  /** The marker lies in a struct, and at another offset of it on each side; then nothing is accepted. */
  isDisplaced: boolean;
  /** Other kernels that write the outgoing marker, or the incoming one, for another layout; none where they are not known. */
  namesakes: readonly KnownMarker[];
}

export interface StructPair extends PairContext {
  /** The outgoing name; the incoming one where the outgoing kernel lacks it. */
  name: string;
  incomingName: string;
  placement: Placement;
  written: Layout | undefined;
  read: Layout | undefined;
  /** The incoming kernel refuses a blob shorter than its own sizeof of this struct. */
  sizeIsChecked: boolean;
  /** Structs of the other side that might be this one under another name. */
  candidates: readonly string[];
}

/** A member with the names of the unnamed types around it in front: `first.phys`. */
export interface FlatMember {
  name: string;
  bitOffset: number;
  bitSize: number;
  type: string;
  encoding: string;
  /** What a pointer points to, as an encoding; absent where it is not known. */
  pointee?: string;
  /** For a row of structs that is compared member by member: bits from one to the next. */
  stride?: number;
}

/** How a struct that both sides embed or point to reads, by its own members. */
export interface EmbeddedReading {
  /** `struct NAME` or `union NAME`. */
  from: string;
  to: string;
  impact: Impact;
  /** What in it reads differently. */
  subjects: readonly string[];
  /** It is pointed to. */
  isPointee?: true;
}

export interface MemberPair extends StructPair {
  written: Layout;
  read: Layout;
  memberName: string;
  writtenMember: FlatMember | undefined;
  readMember: FlatMember | undefined;
  /** Both present under different names at the same place. */
  renamed: boolean;
  /** Where both sides embed a struct, or point to different ones; undefined for anything else. */
  embedded: EmbeddedReading | undefined;
}

export interface ConstantPair extends PairContext {
  name: string;
  incomingName: string;
  writtenConstant: ConstantState | undefined;
  readConstant: ConstantState | undefined;
  writtenValue: ConstantValue | undefined;
  readValue: ConstantValue | undefined;
  /** It is the length of arrays whose members are compared. */
  isShownByMembers: boolean;
}

export interface NodePair extends PairContext {
  path: string;
  writtenNode: FdtNode | undefined;
  readNode: FdtNode | undefined;
  /** What the other side has left over that might be this one under another name. */
  candidates: readonly string[];
}

export interface PropertyPair extends NodePair {
  writtenNode: FdtNode;
  readNode: FdtNode;
  writtenProperty: FdtProperty | undefined;
  readProperty: FdtProperty | undefined;
}

export interface CheckPair extends PairContext {
  check: Check;
  writtenLayout: Layout | undefined;
  readLayout: Layout | undefined;
}

/** Code of a component, how other code calls it, or how wide something of it is. */
export type ComparedCode = Omit<CodeState, 'kind'> & {
  kind?: CallState['kind'] | CodeState['kind'] | 'width';
};

export interface CodePair extends PairContext {
  /** Undefined, or without a hash, where this side's source was read and has no such function. */
  writtenCode: ComparedCode | undefined;
  readCode: ComparedCode | undefined;
  /** Why the two versions mean the same, where somebody read them. */
  reviewed: string | undefined;
}

/** A value that the two kernels compute in other ways: the outgoing one's, and the incoming one's. */
export interface ValueChange {
  from: HandedValueState;
  to: HandedValueState;
}

export interface ValuePair extends PairContext {
  change: ValueChange;
}

/** Memory whose address the outgoing kernel writes and that only the incoming kernel would keep. */
export interface KeptPair extends PairContext {
  /** The entry point that writes the address. */
  function: string;
  /** `STRUCT@BIT` or `property NAME`. */
  place: string;
}

/** What the outgoing kernel writes and does not come back whole from the incoming one. */
export interface RoundTripPair extends PairContext {
  trip: RoundTripState;
  /** Whether the two kernels write by other code, or read by other code. */
  differs: 'reading' | 'writing';
}

/** Everything that was compared, and all findings about it; for the rule that looks for what the others overlook. */
export interface NetPair extends PairContext {
  structs: readonly StructPair[];
  findings: readonly RawFinding[];
}

/** The component on the target asked for, and on others of which both kernels' facts are known. */
export interface TargetsPair {
  component: string;
  here: TargetReading;
  elsewhere: readonly TargetReading[];
}

/** All findings of the component so far; for rules that sum up. */
export interface SummaryPair extends PairContext {
  marker: MarkerPair | undefined;
  findings: readonly RawFinding[];
}

export interface PairByScope {
  check: CheckPair;
  code: CodePair;
  component: ComponentPair;
  constant: ConstantPair;
  kept: KeptPair;
  marker: MarkerPair;
  member: MemberPair;
  net: NetPair;
  node: NodePair;
  presence: NodePair | PropertyPair;
  property: PropertyPair;
  roundTrip: RoundTripPair;
  struct: StructPair;
  summary: SummaryPair;
  targets: TargetsPair;
  value: ValuePair;
}

export type Scope = keyof PairByScope;

/** What a rule says of a pair; the engine adds the rest. */
export interface Emission {
  subject: string;
  message: string;
  outgoing?: FindingSide;
  incoming?: FindingSide;
  /** Where the rule's own impact depends on the case. */
  impact?: Impact;
  effect?: Effect;
  sees?: string;
  condition?: string;
  placeKeys?: RawFinding['placeKeys'];
}

export interface Rule<S extends Scope = Scope> {
  id: string;
  scope: S;
  impact: Impact;
  level: Level;
  /** One sentence, for `rules`. */
  summary: string;
  /** Judges one pair. Never walks, sorts, prints or reads. */
  check(pair: PairByScope[S], emit: (emission: Emission) => void): void;
}

/** Fixes the scope of a rule, so that `check` sees the right pair. */
export function defineRule<S extends Scope>(rule: Rule<S>): Rule<S> {
  return rule;
}

/** The same component of the same pair of kernels, compared on another target. */
export interface TargetReading {
  target: Target;
  impact: Impact;
  /** What gave it that impact, in the order of the findings. */
  causes: RawFinding[];
}

/** What a marker names in one kernel, for finding a marker that names several things. */
export interface KnownMarker {
  /** As people write it: `kho-v1`, `pci 2`. */
  marker: string;
  /** A kernel that writes it. */
  release: string;
  /** sha256 of the form of all that it guards, in hex; equal for equal forms, whatever the names. */
  layoutHash: string;
}

/** Finds the layout of `struct NAME` or `union NAME` in one kernel. */
export type LayoutLookup = (tag: string) => Layout | undefined;
