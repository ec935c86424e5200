import type { ComponentDiff } from '../diff/engine.ts';
import { diffComponent, diffTargets } from '../diff/engine.ts';
import { worstImpact } from '../diff/impact.ts';
import type { ComponentFacts, RawFinding, SideFacts } from '../diff/rule.ts';
import { isLoss, namedConditions } from '../model/condition.ts';
import type { Erratum } from '../model/erratum.ts';
import type { ComponentVerdict, Finding, FindingPlace, KindVerdict, PairVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { ComponentVerdictKind, Effect, Verdict } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import { acceptedRelease, acceptedSide } from './accepted-side.ts';
import type { ClosureEntry } from './closure.ts';
import { closureOf, inferredOf, isCarried, unheardOf } from './closure.ts';
import { openConditions, UnknownBelow, withCondition } from './conditions.ts';
import { driverWords } from './driver-words.ts';
import type { Kernel } from './kernel.ts';
import { factsOf, layoutLookup } from './kernel.ts';
import { summarize } from './summary.ts';
import { LookedUp, namesTarget } from './target-facts.ts';
import type { Visit, WalkSource } from './walk.ts';
import { BELOW, codeOf, RANK, REFUSED, stepsOf, UNREACHED, UNSUPPORTED, verdictAt, walk } from './walk.ts';

// The verdict of an ordered pair: each component of the profile's closure is judged in the order in which the incoming
// kernel reaches it, as far as the walk comes (walk.ts).

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
  /** Say also what each kind of the profile comes to by itself. */
  tellsKinds?: boolean;
  /** The kernel whose layouts an accepted marker names (`accepts[].layoutOf`). */
  kernelNamed?(release: string): Kernel | undefined;
  /** What components came to by themselves: whoever asks several profiles of one pair gives one map to all of them. */
  known?: KnownComponents;
}

/** Components that were judged by themselves, by id: a map, or who finds out in another way. */
export interface KnownComponents {
  get(id: string): Judged | undefined;
  set(id: string, judged: Judged): unknown;
}

export interface Judged {
  kind: ComponentVerdictKind;
  effect: Effect | null;
  findings: RawFinding[];
  /** The same without what other targets say of it, where they say something. */
  here?: Judged;
}

/** Judges a pair. Pure: the same input gives the same answer. */
export function judgePair(input: PairInput): PairVerdict {
  const { outgoing, incoming, profile, known = new Map<string, Judged>() } = input;
  const closure = closureOf(profile, outgoing, incoming);
  const judged = new Map<number, Judged>();
  const source: WalkSource = {
    isWritten: (at) => factsOf(outgoing, (closure[at] as ClosureEntry).id).available !== 'no',
    code: (at) => {
      const { id } = closure[at] as ClosureEntry;
      let own = known.get(id);
      if (!own) {
        own = judgeAlone({ input, id });
        known.set(id, own);
      }
      judged.set(at, own);
      return codeOf(own.kind, own.effect, own.findings);
    },
  };
  const components: ComponentVerdict[] = [];
  const unknown = new UnknownBelow();
  const visit: Visit = (at, code, isTold) => {
    const entry = closure[at] as ClosureEntry;
    const own = judgedAs(code, judged.get(at));
    const below = unknown.below(entry, own.kind === 'unknown');
    if (isTold) components.push(describe(input, entry, { judged: own, below }));
  };
  const { rank, by } = walk(stepsOf(closure, input), source, { visit, isWhole: true });
  const decisive = components.find(({ id }) => id === closure[by]?.id);
  return concluded({ ...input, known }, components, decision(decisive, rank));
}

/** The answer of a pair from its components and what they come to. */
function concluded(input: PairInput, components: ComponentVerdict[], decision: Decision): PairVerdict {
  const { outgoing, incoming, profile, target } = input;
  const verdict = {
    outgoing: outgoing.release,
    incoming: incoming.release,
    profile: profile.name,
    target,
    ...decision,
    summary: '',
    components,
  };
  const kinds = kindsOf(input);
  const conditions = namedConditions(openConditions(verdict), outgoing.release);
  const words = driverWords(outgoing, verdict);
  const summary = summarize(verdict, (id) => {
    const { available, era, reason } = factsOf(outgoing, id);
    return available === 'no' && era !== undefined ? reason : undefined;
  });
  const parts = [summary, ...conditions.filter(isLoss), ...(words === undefined ? [] : [words])];
  return orderKeys({
    ...verdict,
    summary: parts.join('; '),
    ...(conditions.length > 0 && { conditions }),
    ...(kinds && { kinds }),
  });
}

/** Kinds that every reader asks for are told of also where they are not carried. */
const FAMILIAR = ['memory', 'memfd', 'pci'];

/** What each kind of a profile comes to by itself. */
function kindsOf(whole: PairInput): KindVerdict[] | undefined {
  // What other targets say of a component is told once.
  const { acrossTargets: _, tellsKinds = false, known: judged, ...input } = whole;
  if (!tellsKinds) return undefined;
  const alone = new Map<string, Judged>();
  const known: KnownComponents = {
    get: (id) => {
      const own = alone.get(id) ?? judged?.get(id);
      return own?.here ?? own;
    },
    set: (id, own) => alone.set(id, own),
  };
  const { kinds } = input.profile;
  const unnamed = [
    ...inferredOf(input.profile, input.outgoing),
    ...unheardOf(input.profile, input.outgoing, input.incoming),
  ];
  const inferred = unnamed.map(
    (id): Profile => ({ name: id, summary: 'inferred', required: [id], optional: [], ignored: [] }),
  );
  return (kinds && [...kinds, ...inferred])?.flatMap((kind): KindVerdict[] => {
    if (!isCarried(kind, input.outgoing) && !FAMILIAR.includes(kind.name)) return [];
    const { runsWith } = input.profile;
    const profile = { ...kind, ...(runsWith && { runsWith }) };
    const { verdict, effect, conditions } = judgePair({ ...input, profile, known });
    return [{ profile: kind.name, verdict, effect, ...(conditions && { conditions }) }];
  });
}

/** A component as the walk has it: what lies below may have decided it. */
function judgedAs(code: number, own: Judged | undefined): Judged {
  if ((code & RANK) === UNREACHED) return { kind: 'unreached', effect: null, findings: [] };
  const isBelow = (code & BELOW) !== 0;
  if (!own || isBelow) return { kind: 'unsupported', effect: null, findings: [] };
  if ((code & RANK) === REFUSED && own.effect === 'boot-panic') return withoutPanic(own);
  return (code & RANK) === UNSUPPORTED ? { ...own, kind: 'unsupported', effect: null } : own;
}

/** What is lost where LUO, which would panic for it, does not run. */
function withoutPanic(own: Judged): Judged {
  const effect = 'component-absent';
  const findings = own.findings.map((finding) =>
    finding.effect === 'boot-panic'
      ? { ...finding, effect, message: `${finding.message}; LUO, where it runs, panics` }
      : finding,
  );
  return { ...own, effect, findings } as Judged;
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
    conditions,
    kinds,
    components,
  } = verdict;
  const head = { outgoing, incoming, profile, target, verdict: kind, effect, summary, decidedBy };
  return { ...head, ...(conditions && { conditions }), ...(kinds && { kinds }), components };
}

export interface AloneRequest {
  input: PairInput;
  id: string;
  /** Only the verdict is wanted: findings behind a gate that refuses may be left out. */
  toFirstGate?: boolean;
}

/** A component by itself, as if everything below it had passed. */
export function judgeAlone({ input, id, toFirstGate = false }: AloneRequest): Judged {
  const { outgoing, incoming, target } = input;
  const written = factsOf(outgoing, id);
  const looked = input.acrossTargets === true ? new LookedUp() : undefined;
  const sideOn = (kernel: Kernel, on: Target): SideFacts => ({
    release: kernel.release,
    facts: factsOf(kernel, id),
    layoutOf: on === target && looked ? looked.through(kernel, on) : layoutLookup(kernel, on),
  });
  const readOn = (on: Target): SideFacts =>
    acceptedSide({
      outgoing,
      incoming,
      id,
      own: sideOn(incoming, on),
      named: (release) => {
        const kernel = input.kernelNamed?.(release);
        return kernel && sideOn(kernel, on);
      },
    });
  const diffOn = (on: Target, isToFirstGate = toFirstGate): ComponentDiff =>
    diffComponent({
      component: id,
      target: on,
      toFirstGate: isToFirstGate,
      outgoing: sideOn(outgoing, on),
      incoming: readOn(on),
      errata: errataOf(input, id),
      reviews: input.reviews?.find(({ component }) => component === id)?.functions ?? [],
    });
  const diff = diffOn(target);
  const here = judgedBy(diff.findings, input, id);
  const impact = worstImpact(diff.findings);
  // What is not known here is not held against other targets.
  if (!looked || written === factsOf(incoming, id) || impact === 'unknown') return here;
  const isEqualOn = (other: Target): boolean =>
    acceptedRelease(outgoing, incoming, id) === undefined &&
    looked.isEqualOn(other) &&
    !namesTarget(written) &&
    !namesTarget(factsOf(incoming, id));
  const others = TARGETS.filter((other) => other !== target && !isEqualOn(other));
  // Nothing is told of a target that refuses as well, wherever it does.
  const found = new Map(others.map((other) => [other, diffOn(other, impact === 'refused').findings]));
  const more = diffTargets({ component: id, target, findings: diff.findings, elsewhere: found });
  return more.length === 0 ? here : { ...judgedBy([...diff.findings, ...more], input, id), here };
}

/** What the findings of a component come to. */
function judgedBy(found: readonly RawFinding[], input: PairInput, id: string): Judged {
  const findings = withDispatchEffect(input, id, found);
  const isDemanded = findings.some((finding) => finding.rule === 'presence-now-required');
  if (factsOf(input.outgoing, id).available === 'no' && !isDemanded) {
    return { kind: 'unsupported', effect: null, findings };
  }
  return { ...worstOf(findings), findings };
}

/**
 * Everything of a component judged by itself that the verdict, effect, cause and conditions of a pair follow from, as a text: two
 * pairs of which it is equal for every component that is reached, and whose kernels have the same shape, come to the same.
 */
export function causeOf(
  { kind, effect, findings }: Judged,
  written: ComponentFacts,
  read: ComponentFacts,
): string {
  const counted = kind === 'refused' ? refusals(findings) : findings;
  const told = counted.flatMap((finding) => [
    finding.rule,
    finding.impact,
    finding.subject,
    finding.effect,
    finding.condition,
  ]);
  const { carrier, dispatcher } = written.marker ?? read.marker ?? {};
  return JSON.stringify([kind, effect, carrier, dispatcher, written.boot ?? read.boot, ...told]);
}

export function isPassed(kind: ComponentVerdictKind): boolean {
  return kind === 'compatible' || kind === 'compatible-with-notes';
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
const KIND_BY_IMPACT = [
  ['refused', 'refused'],
  ['unsupported', 'unsupported'],
  ['misread', 'misread'],
  ['unknown', 'unknown'],
  ['note', 'compatible-with-notes'],
] as const;

/** What of a finding says which gate it is of. */
type Sketch = Pick<Finding, 'impact' | 'rule' | 'subject'>;

/**
 * The place of a refusal's gate among those of its component, in the order in which the reader comes to them: whether it is
 * there, its marker, then what it demands of its tree from the root down. What a closed gate hides was never looked at.
 */
function gateOf({ rule, subject }: Sketch): number {
  if (rule === 'component-absent' || rule === 'config-disabled') return 0;
  if (rule === 'marker-changed') return 1;
  const [path = ''] = subject.split(' ');
  return path.startsWith('/') ? 2 + path.split('/').filter((name) => name !== '').length : 2;
}

/** The findings of the first gate that refuses, or none. */
function refusals<T extends Sketch>(findings: readonly T[]): T[] {
  const refused = findings.filter(({ impact }) => impact === 'refused');
  if (refused.length < 2) return refused;
  const first = Math.min(...refused.map(gateOf));
  return refused.filter((finding) => gateOf(finding) === first);
}

/** What the findings of a component make of it; undefined where nothing is worth a word. */
export function kindOf(findings: readonly Sketch[]): Verdict | undefined {
  if (isReadAllTheSame(findings)) return 'misread';
  return KIND_BY_IMPACT.find(([impact]) => findings.some((finding) => finding.impact === impact))?.[1];
}

/**
 * What is demanded of an entry (`/<subtree>`) is demanded by whoever looks that entry up. The component's own reader goes by
 * what it reads at every boot, so that a fault of an entry does not keep it from reading the rest wrongly.
 */
function isReadAllTheSame(findings: readonly Sketch[]): boolean {
  const gates = refusals(findings);
  if (gates.length === 0 || !gates.every(isOfEntry)) return false;
  return findings.some(
    (finding) => finding.impact === 'misread' && finding.rule !== 'marker-not-bumped' && !isOfEntry(finding),
  );
}

function isOfEntry({ subject }: Sketch): boolean {
  return subject.startsWith('/<');
}

function worstOf(findings: readonly RawFinding[]): { kind: Verdict; effect: Effect | null } {
  const kind = kindOf(findings);
  if (kind === 'misread') return { kind, effect: 'corruption' };
  if (kind !== 'refused') return { kind: kind ?? 'compatible', effect: null };
  const effects = refusals(findings).map(({ effect }) => effect);
  return { kind, effect: EFFECTS.find((effect) => effects.includes(effect)) ?? 'component-absent' };
}

interface Described {
  judged: Judged;
  /** Components below it of which it is not known whether they accept. */
  below: readonly string[];
}

/** A judged component as it is told. */
export function describe(
  input: PairInput,
  entry: ClosureEntry,
  { judged, below }: Described,
): ComponentVerdict {
  const { id, role } = entry;
  const shown = judged.kind === 'refused' ? gateFindings(judged.findings) : judged.findings;
  const writes = factsOf(input.outgoing, id).marker?.writes;
  const reads = factsOf(input.incoming, id).marker?.writes;
  return {
    id,
    verdict: judged.kind,
    effect: judged.effect,
    role,
    markers: { outgoing: scalar(writes), incoming: scalar(reads) },
    findings: inOrder(shown).map((finding) =>
      locate(input, id, withCondition(finding, { ...input, entry, below })),
    ),
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

/** The answer of a rank, and what decided it. */
export function decision(component: ComponentVerdict | undefined, rank: number): Decision {
  const verdict = verdictAt(rank);
  const decisive = component && decidingFinding(component);
  const decidedBy =
    component && decisive
      ? { component: component.id, rule: decisive.rule, subject: decisive.subject }
      : null;
  return { verdict, effect: component?.effect ?? null, decidedBy };
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
