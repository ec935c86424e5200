import type { ConstantState, FdtNode, StructState } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { Layout } from '../model/layout.ts';
import type { AcceptedMarker, Marker, MarkerValue } from '../model/marker.ts';
import type { ReviewedFunction } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import { isSameWire, pairByName, pairMembers } from './pairing.ts';
import type {
  Emission,
  MarkerPair,
  MemberPair,
  PairByScope,
  PairContext,
  RawFinding,
  Rule,
  Scope,
  SideFacts,
  StructPair,
} from './rule.ts';
import { RULES } from './rules/index.ts';

// Walks one component of a pair of kernels and hands each pair of facts to the rules of its scope. Rules only judge;
// pairing is in pairing.ts, what follows from the findings is decided in src/verdict.

const RULES_BY_SCOPE = groupByScope(RULES as readonly Rule[]);

function groupByScope(rules: readonly Rule[]): Map<Scope, Rule[]> {
  const groups = new Map<Scope, Rule[]>();
  for (const rule of rules) groups.set(rule.scope, [...(groups.get(rule.scope) ?? []), rule]);
  return groups;
}

export interface DiffInput {
  component: string;
  target: Target;
  outgoing: SideFacts;
  incoming: SideFacts;
  errata: readonly Erratum[];
  /** Versions of this component's functions that were reviewed. */
  reviews: readonly ReviewedFunction[];
}

export interface ComponentDiff {
  findings: RawFinding[];
  /** The marker is taken, or nothing checks it. */
  accepted: boolean;
}

/** Compares what one kernel writes of a component with what the other reads, on one target. */
export function diffComponent(input: DiffInput): ComponentDiff {
  const findings: RawFinding[] = [];
  const context: PairContext = input;
  const run = <S extends Scope>(scope: S, pair: PairByScope[S]): void => {
    for (const rule of RULES_BY_SCOPE.get(scope) ?? []) runRule(rule as Rule<S>, pair, context, findings);
  };
  run('component', { ...context, errata: input.errata });
  if (!isPresent(input.outgoing) && isPresent(input.incoming)) diffAbsent(input, run);
  if (!isPresent(input.outgoing) || !isPresent(input.incoming)) return { findings, accepted: false };
  const marker = pairMarkers(input);
  if (marker) run('marker', marker);
  diffChecks(input, run);
  diffStructs(input, run);
  diffConstants(input, run);
  diffFdt(input, run);
  diffCode(input, run);
  run('summary', { ...context, marker, findings });
  const refused = findings.some((finding) => finding.rule === 'marker-changed');
  return { findings, accepted: !refused };
}

type Run = <S extends Scope>(scope: S, pair: PairByScope[S]) => void;

function isPresent(side: SideFacts): boolean {
  return side.facts.available === 'yes' || side.facts.available === 'buildable';
}

function runRule<S extends Scope>(
  rule: Rule<S>,
  pair: PairByScope[S],
  context: PairContext,
  findings: RawFinding[],
): void {
  const emit = ({ impact, outgoing, incoming, placeKeys, ...emission }: Emission): void => {
    const actual = impact ?? rule.impact;
    findings.push({
      rule: rule.id,
      impact: actual,
      level: actual === 'note' || actual === 'none' ? 'note' : rule.level,
      outgoing: outgoing ?? {},
      incoming: incoming ?? {},
      ...emission,
      placeKeys: placeKeys ?? { outgoing: emission.subject, incoming: emission.subject },
    });
  };
  try {
    rule.check(pair, emit);
  } catch (error) {
    emit({
      subject: context.component,
      message: `the rule ${rule.id} failed on ${context.component}: ${error instanceof Error ? error.message : String(error)}`,
      impact: 'unknown',
    });
  }
}

/** Equality as the reader decides it. A composite string counts as a whole. */
function takes(entry: AcceptedMarker, written: MarkerValue, reads: Marker): boolean {
  if (typeof written === 'object') {
    if (typeof entry.value !== 'object') return false;
    const known = BigInt(entry.value.supported);
    return (BigInt(written.required) & ~known) === 0n;
  }
  return typeof entry.value !== 'object' && entry.value === written && reads.kind !== 'feature-bits';
}

function pairMarkers({ outgoing, incoming, ...context }: DiffInput): MarkerPair | undefined {
  const { marker: writes } = outgoing.facts;
  const { marker: reads } = incoming.facts;
  if (!writes || !reads) return undefined;
  const written = writes.writes;
  const accepted =
    written === undefined || writes.name !== reads.name
      ? undefined
      : reads.accepts.find((entry) => takes(entry, written, reads));
  return { ...context, outgoing, incoming, writes, reads, accepted };
}

function diffChecks({ outgoing, incoming, ...context }: DiffInput, run: Run): void {
  for (const check of incoming.facts.checks) {
    const writtenLayout = outgoing.layoutOf(`struct ${check.struct}`);
    const readLayout = incoming.layoutOf(`struct ${check.struct}`);
    run('check', { ...context, outgoing, incoming, check, writtenLayout, readLayout });
  }
}

function layoutAt(state: StructState | undefined, target: Target): Layout | undefined {
  return state && forTarget(state.layout, target);
}

function diffStructs(input: DiffInput, run: Run): void {
  const { outgoing, incoming, target } = input;
  const pairs = pairByName<StructState>({
    written: outgoing.facts.structs,
    read: incoming.facts.structs,
    alike: (one, other) => {
      const written = layoutAt(one, target);
      const read = layoutAt(other, target);
      return written !== undefined && read !== undefined && isSameWire(written, read);
    },
  });
  const gated = new Set(incoming.facts.checks.map((check) => check.struct));
  for (const { name, incomingName, written, read } of pairs) {
    const pair: StructPair = {
      ...input,
      name,
      incomingName,
      placement: (written ?? read)?.placement ?? 'element',
      written: layoutAt(written, target),
      read: layoutAt(read, target),
      sizeIsChecked: gated.has(incomingName),
    };
    run('struct', pair);
    diffMembers(pair, run);
  }
}

function diffMembers(pair: StructPair, run: Run): void {
  const { written, read } = pair;
  if (!written || !read) return;
  for (const entry of pairMembers(written, read)) {
    const member: MemberPair = {
      ...pair,
      written,
      read,
      memberName: entry.name,
      writtenMember: entry.written,
      readMember: entry.read,
      renamed: entry.renamed,
    };
    run('member', member);
  }
}

function diffConstants(input: DiffInput, run: Run): void {
  const { outgoing, incoming, target } = input;
  const pairs = pairByName<ConstantState>({
    written: outgoing.facts.constants,
    read: incoming.facts.constants,
    alike: (one, other) =>
      one.role === other.role && forTarget(one.value, target) === forTarget(other.value, target),
  });
  const skipped = new Set([...outgoing.facts.unchecked, ...incoming.facts.unchecked]);
  for (const { name, incomingName, written, read } of pairs) {
    if (skipped.has(name)) continue;
    run('constant', {
      ...input,
      name,
      incomingName,
      writtenConstant: written,
      readConstant: read,
      writtenValue: written && forTarget(written.value, target),
      readValue: read && forTarget(read.value, target),
    });
  }
}

/**
 * The outgoing kernel lacks the component, and its reader is called all the same: what it demands inside the tree of
 * another component is missing.
 */
function diffAbsent(input: DiffInput, run: Run): void {
  if (!input.incoming.facts.reader?.always) return;
  for (const readNode of input.incoming.facts.fdt) {
    if (isHandoverEntry(readNode.path)) continue;
    run('presence', { ...input, path: readNode.path, writtenNode: undefined, readNode });
  }
}

function nodesByPath(nodes: readonly FdtNode[]): Record<string, FdtNode> {
  return Object.fromEntries(nodes.map((node) => [node.path, node]));
}

function diffFdt(input: DiffInput, run: Run): void {
  const nodes = pairByName<FdtNode>({
    written: nodesByPath(input.outgoing.facts.fdt),
    read: nodesByPath(input.incoming.facts.fdt),
    alike: (one, other) => isHandoverEntry(one.path) === isHandoverEntry(other.path),
  });
  for (const { name: path, written: writtenNode, read: readNode } of nodes) {
    const pair = { ...input, path, writtenNode, readNode };
    run('node', pair);
    run('presence', pair);
    if (!writtenNode || !readNode || writtenNode.notWritten) continue;
    const properties = pairByName({
      written: Object.fromEntries(writtenNode.properties.map((property) => [property.name, property])),
      read: Object.fromEntries(readNode.properties.map((property) => [property.name, property])),
      alike: (one, other) => one.type === other.type,
    });
    for (const { written: writtenProperty, read: readProperty } of properties) {
      const propertyPair = { ...pair, writtenNode, readNode, writtenProperty, readProperty };
      run('property', propertyPair);
      run('presence', propertyPair);
    }
  }
}

/** A subtree's own entry in the tree of KHO, which no other kind of node replaces. */
function isHandoverEntry(path: string): boolean {
  return path.startsWith('KHO:/');
}

function diffCode(input: DiffInput, run: Run): void {
  const { outgoing, incoming, reviews } = input;
  for (const writtenCode of outgoing.facts.code) {
    const readCode = incoming.facts.code.find((code) => code.function === writtenCode.function);
    if (!readCode) continue;
    const reviewed = reviews.find(
      (review) => review.function === readCode.function && hasBoth(review, writtenCode.hash, readCode.hash),
    );
    run('code', { ...input, writtenCode, readCode, reviewed: reviewed?.reason });
  }
}

function hasBoth({ same }: ReviewedFunction, one = '', other = ''): boolean {
  return same.includes(one) && same.includes(other);
}
