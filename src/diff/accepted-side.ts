import type { SideFacts } from './rule.ts';

/**
 * What the incoming kernel reads under the marker that the outgoing one writes: its own layouts, or those of the release
 * that the accepted marker names. Not known where that release is not.
 */
export function acceptedSide(
  outgoing: SideFacts,
  incoming: SideFacts,
  named: (release: string) => SideFacts | undefined,
): SideFacts {
  const value = outgoing.facts.marker?.writes;
  const accepts = incoming.facts.marker?.accepts ?? [];
  const release = accepts.find((entry) => entry.value === value && entry.layoutOf)?.layoutOf;
  if (release === undefined || value === undefined) return incoming;
  const side = named(release);
  if (!side) {
    const reason = `it accepts ${String(value)} as written by ${release}, which is not known`;
    return { ...incoming, facts: { ...incoming.facts, available: 'unknown', reason } };
  }
  const { structs, constants, fdt, checks, unchecked, code } = side.facts;
  return {
    ...incoming,
    facts: { ...incoming.facts, structs, constants, fdt, checks, unchecked, code },
    layoutOf: side.layoutOf,
  };
}
