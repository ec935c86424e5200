import type { Fidelity } from './fidelity.ts';
import type { Layout } from './layout.ts';
import type { Target } from './target.ts';
import type { ComponentVerdictKind, Effect, Verdict } from './verdict-kind.ts';

/**
 * What a finding does to the hand-over. It decides the verdict and cannot be configured.
 * `none`: the two read the same; the finding only tells why.
 */
export type Impact = 'misread' | 'none' | 'note' | 'refused' | 'unknown' | 'unsupported';

/** How loud a finding is. Users may change it; the verdict does not. */
export type Level = 'error' | 'note' | 'warning';

/** A fact on one side of a finding: short names to scalars. */
export type FindingSide = { [name: string]: boolean | number | string | null };

export interface FindingPlace {
  file: string;
  /**
   * @minimum 1
   * @asType integer
   */
  line: number;
  side: 'incoming' | 'outgoing';
}

/** What a rule reports of a pair. */
export interface Finding {
  rule: string;
  impact: Impact;
  level: Level;
  /** What it is about: a struct, `struct.member`, a constant, a marker, a node, a function. */
  subject: string;
  /** One sentence that stands alone. */
  message: string;
  outgoing: FindingSide;
  incoming: FindingSide;
  where: FindingPlace[];
  /** For `refused`: what the refusal does. */
  effect?: Effect;
  /** What the operator reads on the console then; the kernel's own words. */
  sees?: string;
  /** Of a note: when its pass holds. Of anything worse: when it comes to that. */
  condition?: string;
}

/** A struct that decides a component, as each side has it; null where a side lacks it. */
export interface ComparedLayouts {
  struct: string;
  outgoing: Layout | null;
  incoming: Layout | null;
}

/** The marker that answers for a component: its own, or that of the component that guards it. */
export interface Guard {
  component: string;
  /** The macro that holds it in the incoming kernel. */
  macro: string | null;
}

export interface ComponentVerdict {
  id: string;
  verdict: ComponentVerdictKind;
  effect: Effect | null;
  /** Part of the profile itself (`required`, `optional`), below it (`dependency`), or looked at because it can end the boot. */
  role: 'dependency' | 'optional' | 'outside' | 'required';
  markers: { outgoing: string | number | null; incoming: string | number | null };
  findings: Finding[];
  /** Given by `check` for a component that fails. */
  guard?: Guard;
  /** Given by `check`: where each side's facts come from. */
  fidelity?: { outgoing: Fidelity; incoming: Fidelity };
  /** Given by `check`: the structs that the failing findings name, in their order. */
  layouts?: ComparedLayouts[];
}

/** What one kind of state comes to. */
export interface KindVerdict {
  profile: string;
  verdict: Verdict;
  effect: Effect | null;
  /** What the answer depends on. */
  conditions?: string[];
}

/** The answer for an ordered pair (CLI.md, `check`). */
export interface PairVerdict {
  outgoing: string;
  incoming: string;
  profile: string;
  target: Target;
  verdict: Verdict;
  effect: Effect | null;
  /** One line in words. */
  summary: string;
  /** In the order in which the incoming kernel reaches them. */
  components: ComponentVerdict[];
  /** The component and rule that decided, where something did. */
  decidedBy: { component: string; rule: string; subject: string } | null;
  /** What the answer depends on, in sentences that bear the names of the kernels: `panics if 6.19.11 runs with liveupdate=on`. */
  conditions?: string[];
  /** Of a profile with kinds: what each comes to; `unsupported` for what the outgoing kernel does not carry. */
  kinds?: KindVerdict[];
  rollback?: PairVerdict;
}
