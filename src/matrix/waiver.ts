import type { Finding } from '../model/finding.ts';
import type { GateWaiver } from '../model/gate.ts';
import type { PolicyWaiver } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { isWholeName, matchesRange } from './range.ts';

/** A finding where a waiver may cover it. */
export interface WaivableFinding {
  finding: Finding;
  fingerprint: string;
  component: string;
  outgoing: string;
  incoming: string;
  target: Target;
}

/** Whether a release is the one that is named, or is in the range. A name with all its numbers means that kernel alone. */
export function isNamedBy(text: string, release: string): boolean {
  if (text === release) return true;
  if (isWholeName(text)) return false;
  return matchesRange(release, text);
}

/** The finding means that the incoming kernel takes wrong values for right ones. */
export function isCorruption({ impact, effect }: Pick<Finding, 'effect' | 'impact'>): boolean {
  return impact === 'misread' || effect === 'corruption';
}

interface Entry {
  waiver: PolicyWaiver;
  isExpired: boolean;
  /** Fingerprints of what it matches, by target: the same struct has other numbers on another page size. */
  matches: Map<Target, Set<string>>;
  isPowerless: boolean;
}

/**
 * The waivers of a policy during one run: which one covers a finding, and afterwards what each of them did. A waiver that
 * expired, or that does not accept the corruption that it matches, covers nothing.
 */
export class WaiverBook {
  readonly #entries: readonly Entry[];
  readonly #found = new Map<string, number | undefined>();

  /** `today`: YYYY-MM-DD. A waiver holds on its last day. */
  constructor(waivers: readonly PolicyWaiver[], today: string) {
    this.#entries = waivers.map((waiver) => ({
      waiver,
      isExpired: waiver.expires !== undefined && today > waiver.expires,
      matches: new Map(),
      isPowerless: false,
    }));
  }

  /** The position of the waiver that covers a finding. Each one that matches is noted as used. */
  find(request: WaivableFinding): number | undefined {
    if (this.#entries.length === 0) return undefined;
    const { fingerprint, outgoing, incoming, target } = request;
    const key = `${fingerprint} ${target} ${outgoing} ${incoming}`;
    if (this.#found.has(key)) return this.#found.get(key);
    const at = this.#search(request);
    this.#found.set(key, at);
    return at;
  }

  #search(request: WaivableFinding): number | undefined {
    let covering: number | undefined;
    for (const [position, entry] of this.#entries.entries()) {
      if (!matches(entry.waiver, request)) continue;
      const { target, fingerprint } = request;
      entry.matches.set(target, (entry.matches.get(target) ?? new Set<string>()).add(fingerprint));
      const isAccepted = !isCorruption(request.finding) || entry.waiver['accept-corruption'] === true;
      entry.isPowerless ||= !isAccepted;
      if (isAccepted && !entry.isExpired) covering ??= position;
    }
    return covering;
  }

  /** What each waiver did, in the order of the policy. */
  report(lineOf: (position: number) => number | null): GateWaiver[] {
    return this.#entries.map((entry, position) => {
      const { 'accept-corruption': acceptsCorruption = false, ...waiver } = entry.waiver;
      const matched = new Set([...entry.matches.values()].flatMap((prints) => [...prints]));
      const status = statusOf(entry);
      return {
        ...waiver,
        acceptsCorruption,
        line: lineOf(position),
        status,
        matches: [...matched].sort(),
      };
    });
  }
}

function matches(waiver: PolicyWaiver, request: WaivableFinding): boolean {
  const { fingerprint, rule, component, subject, outgoing, incoming } = waiver;
  const { finding } = request;
  return (
    (fingerprint === undefined || fingerprint === request.fingerprint) &&
    (rule === undefined || rule === finding.rule) &&
    (component === undefined || component === request.component) &&
    (subject === undefined || subject === finding.subject) &&
    (outgoing === undefined || isNamedBy(outgoing, request.outgoing)) &&
    (incoming === undefined || isNamedBy(incoming, request.incoming))
  );
}

function statusOf({ isExpired, isPowerless, matches: found }: Entry): GateWaiver['status'] {
  if (isExpired) return 'expired';
  if ([...found.values()].some((prints) => prints.size > 1)) return 'too-broad';
  if (isPowerless) return 'powerless';
  return found.size === 0 ? 'unused' : 'used';
}
