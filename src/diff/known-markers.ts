import { createHash } from 'node:crypto';
import { byCodeUnit } from '../model/canonical.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import { markerText } from './marker-text.ts';
import type { ComponentFacts, KnownMarker, LayoutLookup, SideFacts } from './rule.ts';
import { wireForm } from './wire-form.ts';

/** The marker that a kernel writes for one component and what it names there; undefined where it writes none. */
export function knownMarkerOf(
  { release, facts, layoutOf }: SideFacts,
  target: Target,
): KnownMarker | undefined {
  if (facts.marker?.writes === undefined) return undefined;
  const marker = markerText(facts.marker.writes, facts.marker);
  return { marker, release, layoutHash: layoutHash(facts, layoutOf, target) };
}

function layoutHash(facts: ComponentFacts, layoutOf: LayoutLookup, target: Target): string {
  const structs = Object.values(facts.structs).flatMap(({ layout, placement }) => {
    const own = forTarget(layout, target);
    return own ? [wireForm(own, layoutOf, placement !== 'blob')] : [];
  });
  const constants = Object.values(facts.constants)
    .filter(({ role }) => role !== 'helper' && role !== 'undescribed')
    .map(({ role, value }) => `${role} ${String(forTarget(value, target))}`);
  const properties = facts.fdt.flatMap(({ path, properties }) =>
    properties.map(({ name, type }) => `${path} ${name} ${type}`),
  );
  const form = [structs, constants, properties].map((texts) => texts.sort(byCodeUnit));
  return createHash('sha256').update(JSON.stringify(form)).digest('hex');
}

/** The releases that write the same marker for another layout, one a layout, oldest entry first. */
export function namesakesOf(own: KnownMarker, known: readonly KnownMarker[]): KnownMarker[] {
  const byHash = new Map<string, KnownMarker>();
  for (const entry of known) {
    if (entry.marker !== own.marker || entry.layoutHash === own.layoutHash) continue;
    if (!byHash.has(entry.layoutHash)) byHash.set(entry.layoutHash, entry);
  }
  return [...byHash.values()];
}
