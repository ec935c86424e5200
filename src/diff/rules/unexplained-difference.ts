import type { NetPair, StructPair } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { isSameLayout } from '../same-layout.ts';
import { wireForm } from '../wire-form.ts';

export const unexplainedDifference = defineRule({
  id: 'unexplained-difference',
  scope: 'net',
  impact: 'unknown',
  level: 'warning',
  summary:
    'Two layouts are not the same on the wire, or one is not known, and no other rule says what that does.',
  check(pair, emit) {
    for (const struct of pair.structs) {
      const message = unexplained(struct, pair.findings);
      if (message === undefined) continue;
      const { name, incomingName } = struct;
      const placeKeys = { outgoing: `struct ${name}`, incoming: `struct ${incomingName}` };
      emit({ subject: name, message: `${name}: ${message}`, placeKeys });
    }
    for (const side of ['outgoing', 'incoming'] as const) {
      if (!isUncovered(pair, side)) continue;
      const message = `${pair.component}: no layout is known for ${pair.target} in the ${side} kernel`;
      emit({ subject: pair.component, message, placeKeys: {} });
    }
    if ((pair.outgoing.facts.marker === undefined) === (pair.incoming.facts.marker === undefined)) return;
    emit({
      subject: `marker of ${pair.component}`,
      message: `${pair.component}: the marker is known for one of the kernels only`,
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});

function unexplained(struct: StructPair, findings: NetPair['findings']): string | undefined {
  const { name, incomingName, placement, written, read, outgoing, incoming, target } = struct;
  if (!outgoing.facts.structs[name] || !incoming.facts.structs[incomingName]) return undefined;
  if (!written && !read) return undefined;
  const isExplained = findings.some(
    ({ impact, subject }) => impact !== 'none' && (subject === name || subject.startsWith(`${name}.`)),
  );
  if (isExplained) return undefined;
  if (!written || !read) return `its layout on ${target} is known for one of the kernels only`;
  if (isSameLayout(written, read, { outgoing: outgoing.layoutOf, incoming: incoming.layoutOf }))
    return undefined;
  const isSized = placement !== 'blob';
  const form = wireForm(written, outgoing.layoutOf, isSized);
  if (form === wireForm(read, incoming.layoutOf, isSized)) return undefined;
  return 'the two layouts are not the same on the wire, and no rule says what that does';
}

/** Whether a kernel's facts hold structs and none of their layouts is known on this target. */
function isUncovered({ target, ...pair }: NetPair, side: 'incoming' | 'outgoing'): boolean {
  const states = Object.values(pair[side].facts.structs);
  return (
    states.length > 0 &&
    states.every(({ layout }) => layout[target] === undefined && layout.all === undefined)
  );
}
