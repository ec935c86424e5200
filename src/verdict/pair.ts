import type { ComponentDiff } from '../diff/engine.ts';
import { diffComponent, diffTargets } from '../diff/engine.ts';
import type { ComponentFacts, RawFinding, SideFacts } from '../diff/rule.ts';
import type { Erratum } from '../model/erratum.ts';
import type { ComponentVerdict, Finding, FindingPlace, PairVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { ComponentVerdictKind, Effect, Verdict } from '../model/verdict-kind.ts';
import { badness, EFFECTS } from '../model/verdict-kind.ts';
import { acceptedSide } from './accepted-side.ts';
import type { ClosureEntry } from './closure.ts';
import { closureOf } from './closure.ts';
import { driverWords } from './driver-words.ts';
import type { Kernel } from './kernel.ts';
import { factsOf, layoutLookup } from './kernel.ts';
import { summarize } from './summary.ts';

// The verdict of an ordered pair: each component of the profile's closure is judged in the order in which the incoming
// kernel reaches it; the first that fails decides, and what lies above it was never reached (SEMANTICS, section 4).

export interface PairInput {
  outgoing: Kernel;
  incoming: Kernel;
  profile: Profile;
  target: Target;
  errata?: readonly Erratum[];
  /** Functions whose versions were reviewed, by component. */
  reviews?: readonly ReviewDocument[];
  /** Errata that touch a release; a caller that knows release ranges supplies it. */
  erratumApplies?(erratum: Erratum, release: string): boolean;
  /** Say also where the pair reads differently on other targets. */
  acrossTargets?: boolean;
  /** The kernel whose layouts an accepted marker names (`accepts[].layoutOf`). */
  kernelNamed?(release: string): Kernel | undefined;
}

export interface Judged {
  kind: ComponentVerdictKind;
  effect: Effect | null;
  findings: RawFinding[];
}

/** Judges a pair. Pure: the same input gives the same answer. */
export function judgePair(input: PairInput): PairVerdict {
  const { outgoing, incoming, profile, target } = input;
  const closure = closureOf(profile, outgoing, incoming);
  const sides = {
    outgoing: layoutLookup(outgoing, target),
    incoming: layoutLookup(incoming, target),
  };
  const kinds = new Map<string, ComponentVerdictKind>();
  const components: ComponentVerdict[] = [];
  for (const entry of closure) {
    const judged = judgeComponent(input, entry, sides, kinds);
    kinds.set(entry.id, judged.kind);
    if (entry.role === 'outside' && !isWorthTelling(judged)) continue;
    components.push(describe(input, entry, judged));
  }
  const decision = decide(input, components);
  const verdict = {
    outgoing: outgoing.release,
    incoming: incoming.release,
    profile: profile.name,
    target,
    ...decision,
    summary: '',
    components,
  };
  const words = driverWords(outgoing, verdict);
  const summary = summarize(verdict, (id) => {
    const { available, era, reason } = factsOf(outgoing, id);
    return available === 'no' && era !== undefined ? reason : undefined;
  });
  return orderKeys({ ...verdict, summary: words === undefined ? summary : `${summary}; ${words}` });
}

function orderKeys(verdict: PairVerdict): PairVerdict {
  const {
    outgoing,
    incoming,
    profile,
    target,
    verdict: kind,
    effect,
    summary,
    decidedBy,
    components,
  } = verdict;
  return { outgoing, incoming, profile, target, verdict: kind, effect, summary, decidedBy, components };
}

/** Outside the profile only what can end the boot or spoil memory matters. */
export function isWorthTelling({ kind, effect }: Judged): boolean {
  return kind === 'misread' || (kind === 'refused' && effect === 'boot-panic');
}

export type Lookups = { outgoing: SideFacts['layoutOf']; incoming: SideFacts['layoutOf'] };

function judgeComponent(
  input: PairInput,
  { id, needs }: ClosureEntry,
  lookups: Lookups,
  kinds: ReadonlyMap<string, ComponentVerdictKind>,
): Judged {
  const below = needs.map((need) => kinds.get(need));
  const isReached = below.every(isPassed);
  if (!isReached && factsOf(input.outgoing, id).available !== 'no') {
    const kind = below.includes('unsupported') ? 'unsupported' : 'unreached';
    return { kind, effect: null, findings: [] };
  }
  return judgeAlone({ input, id, lookups, isReached });
}

export interface AloneRequest {
  input: PairInput;
  id: string;
  lookups: Lookups;
  /** Everything below it passed. */
  isReached: boolean;
  /** Only the verdict is wanted: findings behind a gate that refuses may be left out. */
  toFirstGate?: boolean;
}

/** A component by itself, whatever lies below it. */
export function judgeAlone(request: AloneRequest): Judged {
  const { input, id, lookups, isReached, toFirstGate = false } = request;
  const { outgoing, incoming, target } = input;
  const written = factsOf(outgoing, id);
  const sideOn = (kernel: Kernel, on: Target, known?: SideFacts['layoutOf']): SideFacts => ({
    release: kernel.release,
    facts: factsOf(kernel, id),
    layoutOf: (on === target ? known : undefined) ?? layoutLookup(kernel, on),
  });
  const readOn = (on: Target): SideFacts =>
    acceptedSide({
      outgoing,
      incoming,
      id,
      own: sideOn(incoming, on, lookups.incoming),
      named: (release) => {
        const kernel = input.kernelNamed?.(release);
        return kernel && sideOn(kernel, on);
      },
    });
  const diffOn = (on: Target): ComponentDiff =>
    diffComponent({
      component: id,
      target: on,
      toFirstGate,
      outgoing: sideOn(outgoing, on, lookups.outgoing),
      incoming: readOn(on),
      errata: errataOf(input, id),
      reviews: input.reviews?.find(({ component }) => component === id)?.functions ?? [],
    });
  const diff = diffOn(target);
  const isShared = written === factsOf(incoming, id);
  if (input.acrossTargets && !isShared) {
    const others = TARGETS.filter((other) => other !== target);
    const elsewhere = new Map(others.map((other) => [other, diffOn(other).findings]));
    diff.findings.push(...diffTargets({ component: id, target, findings: diff.findings, elsewhere }));
  }
  const findings = withDispatchEffect(input, id, diff.findings);
  const isDemanded = findings.some((finding) => finding.rule === 'presence-now-required');
  if (written.available === 'no' && !(isDemanded && isReached)) {
    return { kind: 'unsupported', effect: null, findings };
  }
  return { ...worstOf(findings), findings };
}

export function isPassed(kind: ComponentVerdictKind | undefined): boolean {
  return kind === undefined || kind === 'compatible' || kind === 'compatible-with-notes';
}

function errataOf({ errata = [], erratumApplies, outgoing, incoming }: PairInput, id: string): Erratum[] {
  return errata.filter((erratum) => {
    if (erratum.component !== id) return false;
    const { release } = erratum.side === 'outgoing' ? outgoing : incoming;
    return erratumApplies?.(erratum, release) ?? false;
  });
}

/** A name that nobody registered does what the component that looks it up does with unknown names. */
function withDispatchEffect(input: PairInput, id: string, findings: readonly RawFinding[]): RawFinding[] {
  const written = factsOf(input.outgoing, id);
  const read = factsOf(input.incoming, id);
  const dispatcher = (read.marker ?? written.marker)?.dispatcher;
  if (!dispatcher) return [...findings];
  const { reader } = factsOf(input.incoming, dispatcher);
  const sees =
    read.reader?.unknownNameMessage ?? written.reader?.unknownNameMessage ?? reader?.unknownNameMessage;
  return findings.map((finding) => {
    if (finding.impact !== 'refused' || !isUnknownName(finding, written, read)) return finding;
    return {
      ...finding,
      ...(reader?.onUnknownName && { effect: reader.onUnknownName }),
      ...(sees !== undefined && { sees }),
    };
  });
}

/** Whether a refusal comes from the look-up of the name. With an equal name it is what stands behind it that differs. */
function isUnknownName({ rule }: RawFinding, written: ComponentFacts, read: ComponentFacts): boolean {
  if (rule === 'component-absent' || rule === 'config-disabled') return true;
  const name = read.marker?.name;
  return rule === 'marker-changed' && (name === undefined || name !== written.marker?.name);
}

/** What an impact makes of a component; the first that is there decides. */
export const KIND_BY_IMPACT = [
  ['refused', 'refused'],
  ['unsupported', 'unsupported'],
  ['misread', 'misread'],
  ['unknown', 'unknown'],
  ['note', 'compatible-with-notes'],
] as const;

/** The gates in the order in which the reader comes to them; what a closed one hides was never looked at. */
const GATES: readonly (readonly string[] | undefined)[] = [
  ['component-absent', 'config-disabled'],
  ['marker-changed'],
  undefined,
];

/** The findings of the first gate that refuses, or none. */
function refusals(findings: readonly RawFinding[]): RawFinding[] {
  const refused = findings.filter(({ impact }) => impact === 'refused');
  for (const rules of GATES) {
    const here = refused.filter(({ rule }) => rules === undefined || rules.includes(rule));
    if (here.length > 0) return here;
  }
  return [];
}

function worstOf(findings: readonly RawFinding[]): { kind: Verdict; effect: Effect | null } {
  const kind = KIND_BY_IMPACT.find(([impact]) => findings.some((finding) => finding.impact === impact))?.[1];
  if (kind === 'misread') return { kind, effect: 'corruption' };
  if (kind !== 'refused') return { kind: kind ?? 'compatible', effect: null };
  const effects = refusals(findings).map(({ effect }) => effect);
  return { kind, effect: EFFECTS.find((effect) => effects.includes(effect)) ?? 'component-absent' };
}

function describe(input: PairInput, { id, role }: ClosureEntry, judged: Judged): ComponentVerdict {
  const shown = judged.kind === 'refused' ? gateFindings(judged.findings) : judged.findings;
  const writes = factsOf(input.outgoing, id).marker?.writes;
  const reads = factsOf(input.incoming, id).marker?.writes;
  return {
    id,
    verdict: judged.kind,
    effect: judged.effect,
    role,
    markers: { outgoing: scalar(writes), incoming: scalar(reads) },
    findings: inOrder(shown).map((finding) => locate(input, id, finding)),
  };
}

const ABOUT_GATES = ['marker-bumped-without-change', 'size-gate-catches'];

/** Behind a closed gate nothing is read, so only what closed it is told. */
function gateFindings(findings: readonly RawFinding[]): RawFinding[] {
  return [...refusals(findings), ...findings.filter(({ rule }) => ABOUT_GATES.includes(rule))];
}

const IMPACT_ORDER = ['refused', 'unsupported', 'misread', 'unknown', 'note', 'none'];

/** Worst first, what sums the others up before them. */
function inOrder(findings: readonly RawFinding[]): RawFinding[] {
  const rank = ({ rule, impact }: RawFinding): number =>
    IMPACT_ORDER.indexOf(impact) * 2 - (rule === 'marker-not-bumped' ? 1 : 0);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

function scalar(value: unknown): string | number | null {
  if (value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

function locate(input: PairInput, id: string, { placeKeys, ...finding }: RawFinding): Finding {
  const where: FindingPlace[] = [];
  for (const side of ['outgoing', 'incoming'] as const) {
    const key = placeKeys[side];
    const place = key === undefined ? undefined : input[side].components.get(id)?.places[key];
    const match = place && /^(.*):(\d+)$/.exec(place);
    if (match) where.push({ file: match[1] as string, line: Number(match[2]), side });
  }
  return { ...finding, where };
}

type Decision = Pick<PairVerdict, 'decidedBy' | 'effect' | 'verdict'>;

/** The verdict of a pair from those of its components, which are in the order in which they are reached. */
export function decide(input: PairInput, components: readonly ComponentVerdict[]): Decision {
  const required = components.filter(({ role }) => role === 'required');
  const unsupported = required.find(({ verdict }) => verdict === 'unsupported');
  if (unsupported) return decision(unsupported, 'unsupported', null);
  const unread = required.find(({ verdict }) => verdict === 'unknown');
  const counted = components.filter((component) => isDecisive(input, component));
  const ranked = counted.flatMap((component) => {
    const { verdict, effect } = component;
    return verdict === 'unreached' ? [] : [{ component, verdict, effect, rank: badness(verdict, effect) }];
  });
  ranked.sort((a, b) => a.rank - b.rank);
  const [worst] = ranked;
  if (!worst) return decision(unread, 'unknown', null);
  const hasNotes = components.some(
    (component) =>
      !counted.includes(component) && component.findings.some((finding) => finding.impact !== 'none'),
  );
  if (worst.verdict === 'compatible' && hasNotes) return decision(undefined, 'compatible-with-notes', null);
  return decision(worst.component, worst.verdict, worst.effect);
}

/** Required state and what it rests on; and what ends the boot under the same boot parameter. */
export function isDecisive(input: PairInput, { id, role, effect, verdict }: ComponentVerdict): boolean {
  if (role === 'required' || role === 'dependency') return true;
  if (role === 'optional' || verdict !== 'refused' || effect !== 'boot-panic') return false;
  const { boot } = factsOf(input.incoming, id);
  return input.profile.required.some((required) => factsOf(input.outgoing, required).boot === boot);
}

function decision(
  component: ComponentVerdict | undefined,
  verdict: Verdict,
  effect: Effect | null,
): Decision {
  const decisive = component && decidingFinding(component);
  const decidedBy =
    component && decisive
      ? { component: component.id, rule: decisive.rule, subject: decisive.subject }
      : null;
  return { verdict, effect, decidedBy: verdict === 'compatible' ? null : decidedBy };
}

/** The finding that gave a component its verdict; of several, the one that sums the others up. */
export function decidingFinding({ verdict, effect, findings }: ComponentVerdict): Finding | undefined {
  const impact = KIND_BY_IMPACT.find(([, kind]) => kind === verdict)?.[0];
  const candidates = findings.filter((finding) => finding.impact === impact);
  return (
    candidates.find((finding) => finding.rule === 'marker-not-bumped') ??
    candidates.find((finding) => finding.effect === effect) ??
    candidates[0]
  );
}
