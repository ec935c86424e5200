import type { CodeState } from '../model/component-state.ts';
import type { Target } from '../model/target.ts';
import { codeOn } from './code-on.ts';
import { otherOptions } from './code-options.ts';
import { diffCalls } from './diff-calls.ts';
import { diffConstants } from './diff-constants.ts';
import type { DiffInput } from './diff-input.ts';
import type { EmbeddedReadings } from './diff-structs.ts';
import { diffStruct, pairStructs } from './diff-structs.ts';
import { diffAbsent, diffFdt } from './diff-tree.ts';
import { diffValues } from './diff-values.ts';
import { diffWidths } from './diff-widths.ts';
import { pairMarkers } from './pair-markers.ts';
import { reasonFor } from './reviewed.ts';
import type { PairContext, RawFinding, SideFacts, StructPair } from './rule.ts';
import type { Run } from './run-rules.ts';
import { runInto } from './run-rules.ts';
import { readingOf } from './targets.ts';

// Walks one component of a pair of kernels and hands each pair of facts to the rules of its scope. Rules only judge;
// pairing is in pairing.ts, what follows from the findings is decided in src/verdict.

export type { DiffInput } from './diff-input.ts';

export interface ComponentDiff {
  findings: RawFinding[];
  /** The marker is taken, or nothing checks it. */
  accepted: boolean;
}

/** Compares what one kernel writes of a component with what the other reads, on one target. */
export function diffComponent(input: DiffInput): ComponentDiff {
  const findings: RawFinding[] = [];
  const { component, target, outgoing, incoming } = input;
  const context: PairContext = { component, target, outgoing, incoming };
  const run = runInto(findings, input.component);
  run('component', { ...context, errata: input.errata });
  if (!isPresent(input.outgoing) && isPresent(input.incoming)) diffAbsent(input, run);
  if (!isPresent(input.outgoing) || !isPresent(input.incoming)) return { findings, accepted: false };
  const marker = pairMarkers(input);
  if (marker) run('marker', marker);
  if (input.toFirstGate && findings.some(({ impact }) => impact === 'refused')) {
    return { findings, accepted: false };
  }
  const structs = pairStructs(input);
  diffChecks(input, structs, run);
  const embeddedReadings: EmbeddedReadings = new Map();
  for (const pair of structs) diffStruct(pair, run, embeddedReadings);
  diffConstants(input, run);
  diffFdt(input, run);
  diffCode(input, findings, run);
  diffCalls(input, findings, run);
  diffWidths(input, findings, run);
  diffValues(input, findings, run);
  run('net', { ...context, structs, findings });
  run('summary', { ...context, marker, findings });
  const refused = findings.some((finding) => finding.rule === 'marker-changed');
  return { findings, accepted: !refused };
}

/** What a pair's findings on one target and on others say together: whether it reads differently elsewhere. */
export function diffTargets(options: {
  component: string;
  target: Target;
  findings: readonly RawFinding[];
  /** The findings on other targets that both kernels' documents cover. */
  elsewhere: ReadonlyMap<Target, readonly RawFinding[]>;
}): RawFinding[] {
  const { component, target, findings, elsewhere } = options;
  const summary: RawFinding[] = [];
  runInto(summary, component)('targets', {
    component,
    here: readingOf(target, findings),
    elsewhere: [...elsewhere].map(([other, found]) => readingOf(other, found)),
  });
  return summary;
}

function isPresent(side: SideFacts): boolean {
  return side.facts.available === 'yes' || side.facts.available === 'buildable';
}

function diffChecks(input: DiffInput, structs: readonly StructPair[], run: Run): void {
  const { component, target, outgoing, incoming } = input;
  for (const check of incoming.facts.checks) {
    const pair = structs.find(({ incomingName }) => incomingName === check.struct);
    const writtenLayout = pair?.written ?? outgoing.layoutOf(`struct ${check.struct}`);
    const readLayout = incoming.layoutOf(`struct ${check.struct}`);
    run('check', { component, target, outgoing, incoming, check, writtenLayout, readLayout });
  }
}

function diffCode(input: DiffInput, findings: readonly RawFinding[], run: Run): void {
  const { component, target, outgoing, incoming } = input;
  // Code that follows data which is read wrongly has nothing to add: only under an equal layout it may mean something else.
  if (findings.some(({ impact }) => impact === 'misread')) return;
  const [written, read] = [codeOn(outgoing.facts.code, target), codeOn(incoming.facts.code, target)];
  if (!written.isKnown || !read.isKnown) return;
  // A macro of a file's own in the place of the kernel's: who uses it looks the same on both sides.
  const hasStandIn =
    written.standIns.some((name) => !read.byName.has(name)) ||
    read.standIns.some((name) => !written.byName.has(name));
  const added = [...read.byName.keys()].filter((name) => !written.byName.has(name));
  for (const name of [...written.byName.keys(), ...added]) {
    const writtenCode = written.byName.get(name);
    const readCode = read.byName.get(name);
    if (isSameCode(writtenCode, readCode, hasStandIn)) continue;
    const reviewed = reasonFor(input, writtenCode, readCode);
    run('code', { component, target, outgoing, incoming, writtenCode, readCode, reviewed });
  }
}

/** Equal by itself, or with its helpers put in; with its helpers alone where one of those is on one side only. */
function isSameCode(written?: CodeState, read?: CodeState, hasStandIn = false): boolean {
  if (!written || !read || written.hash === undefined || read.hash === undefined) return false;
  if (otherOptions(written, read).length > 0) return false;
  if ((written.whole ?? written.hash) === (read.whole ?? read.hash)) return true;
  return written.hash === read.hash && !hasStandIn;
}
