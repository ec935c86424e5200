import type { Placement, StructState } from '../model/component-state.ts';
import type { Layout } from '../model/layout.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { DiffInput } from './diff-input.ts';
import { embeddedTag, readEncoding } from './encoding.ts';
import { isSamePlace } from './flat-member.ts';
import { worstImpact } from './impact.ts';
import { isSameWire, pairByName, pairMembers } from './pairing.ts';
import type { EmbeddedReading, FlatMember, MemberPair, RawFinding, StructPair } from './rule.ts';
import type { Run } from './run-rules.ts';
import { runInto } from './run-rules.ts';
import { isSameLayout } from './same-layout.ts';

/** A struct's layout on a target; undefined where it is not known. */
export function layoutAt(state: StructState | undefined, target: Target): Layout | undefined {
  return state && forTarget(state.layout, target);
}

/** Which struct of the outgoing kernel is compared with which of the incoming one. */
export function pairStructs(input: DiffInput): StructPair[] {
  const { component, outgoing, incoming, target } = input;
  const pairs = pairByName<StructState>({
    written: outgoing.facts.structs,
    read: incoming.facts.structs,
    isAlike: (one, other) => {
      const written = layoutAt(one, target);
      const read = layoutAt(other, target);
      return written !== undefined && read !== undefined && isSameWire(written, read);
    },
  });
  const gated = new Set(incoming.facts.checks.map((check) => check.struct));
  // What one side could not look for is not missing there.
  const isUnread = ({ name, incomingName, written, read }: (typeof pairs)[number]): boolean =>
    (!written && outgoing.facts.unchecked.includes(incomingName)) ||
    (!read && incoming.facts.unchecked.includes(name));
  const known = pairs.filter((pair) => !isUnread(pair));
  return known.map(({ name, incomingName, written, read, candidates }) => ({
    component,
    target,
    outgoing,
    incoming,
    name,
    incomingName,
    placement: stricter(written, read),
    written: layoutAt(written, target),
    read: layoutAt(read, target),
    sizeIsChecked: gated.has(incomingName),
    candidates,
  }));
}

/** Where the two sides place a struct differently, the placement on which more depends than that it stands alone. */
function stricter(written: StructState | undefined, read: StructState | undefined): Placement {
  const [own, other] = [written?.placement ?? read?.placement ?? 'element', read?.placement];
  const isFixed = own !== 'blob' && own !== 'page';
  return isFixed || other === undefined || other === 'blob' || other === 'page' ? own : other;
}

/** By both tags; a struct that is being compared further up holds nothing new. */
export type EmbeddedReadings = Map<string, EmbeddedReading>;

/** Hands a pair of structs and each pair of their members to the rules. */
export function diffStruct(pair: StructPair, run: Run, readings: EmbeddedReadings): void {
  run('struct', pair);
  const { written, read, outgoing, incoming } = pair;
  if (!written || !read) return;
  const lookups = { outgoing: outgoing.layoutOf, incoming: incoming.layoutOf };
  // Most structs are equal in every member, and no rule has anything to say of those.
  if (isSameLayout(written, read, lookups)) return;
  for (const { name: memberName, written: writtenMember, read: readMember, renamed } of pairMembers({
    written,
    read,
    ...lookups,
  })) {
    const embedded = readEmbedded(pair, writtenMember, readMember, readings);
    const isEqual = writtenMember && readMember && !renamed && isSamePlace(writtenMember, readMember);
    // Most members are equal, and no rule has anything to say of those.
    if (isEqual && (embedded?.impact ?? 'none') === 'none') continue;
    const member: MemberPair = {
      ...pair,
      written,
      read,
      memberName,
      writtenMember,
      readMember,
      renamed,
      embedded,
    };
    run('member', member);
  }
}

/** Compares a struct that both sides embed or point to, once, and says what that comes to for those around it. */
function readEmbedded(
  pair: StructPair,
  written: FlatMember | undefined,
  read: FlatMember | undefined,
  readings: EmbeddedReadings,
): EmbeddedReading | undefined {
  if (written && read && readEncoding(written.encoding).element === 'ptr') {
    return readPointee(pair, written.pointee, read.pointee, readings);
  }
  const from = written && embeddedTag(written.encoding);
  const to = read && embeddedTag(read.encoding);
  return from && to ? readInner(pair, from, to, readings) : undefined;
}

/** Pointers to different things, compared as if those were embedded; what both sides call the same is compared by itself. */
function readPointee(
  pair: StructPair,
  from: string | undefined,
  to: string | undefined,
  readings: EmbeddedReadings,
): EmbeddedReading | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  if (embeddedTag(from) && embeddedTag(to))
    return { ...readInner(pair, from, to, readings), isPointee: true };
  return { from, to, impact: 'misread', subjects: [], isPointee: true };
}

function readInner(pair: StructPair, from: string, to: string, readings: EmbeddedReadings): EmbeddedReading {
  const key = `${from} ${to}`;
  const known = readings.get(key);
  if (known) return known;
  readings.set(key, { from, to, impact: 'none', subjects: [] });
  const layouts = { written: pair.outgoing.layoutOf(from), read: pair.incoming.layoutOf(to) };
  const findings: RawFinding[] = [];
  if (layouts.written && layouts.read) {
    const [name = from, incomingName = to] = [from, to].map((tag) => tag.replace(/^\w+ /, ''));
    const inner = { ...pair, ...layouts, name, incomingName, sizeIsChecked: false, candidates: [] };
    diffStruct({ ...inner, placement: 'embedded' }, runInto(findings, pair.component), readings);
  }
  const telling = findings.filter(({ impact }) => impact !== 'none');
  const impact = layouts.written && layouts.read ? worstImpact(telling) : 'unknown';
  const reading = { from, to, impact, subjects: [...new Set(telling.map(({ subject }) => subject))] };
  readings.set(key, reading);
  return reading;
}
