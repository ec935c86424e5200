import type { ShimMember, ShimOutput, ShimQuestion, ShimTreeRow } from '../model/shim.ts';

// What the renderings of a shim say in the same words.

export function memberWords({ from, to, how, check }: ShimMember): string {
  if (how === 'checked') return `copied where it fits: ${check}`;
  if (how === 'renamed') return `copied, taken for ${from}: a guess`;
  if (how === 'marker') return 'set to the marker of the reader';
  if (how === 'elements') return 'elements, each converted by itself';
  if (how === 'reserved') return 'holds nothing';
  if (how === 'copied') return 'copied';
  return from === null
    ? 'not written: see the question'
    : to === null
      ? 'not read: see the question'
      : 'other data: see the question';
}

export function decisionWords({ decision, answers }: ShimQuestion): string {
  if (decision === null) return `open: ${answers.join(', ')}`;
  return typeof decision === 'object' ? `decided: default ${decision.default}` : `decided: ${decision}`;
}

export function treeName({ path, property }: ShimTreeRow): string {
  return property === null ? path : `${path} ${property}`;
}

/** One line on what the shim is, or that none is needed. */
export function shimTitle({
  component,
  outgoing,
  incoming,
  markers,
  isNeeded,
  directions,
}: ShimOutput): string {
  const way = `${component}: ${outgoing} (${markers.outgoing}) -> ${incoming} (${markers.incoming})`;
  if (!isNeeded) return `${way}: nothing differs, no shim is needed`;
  const open = directions.flatMap(({ questions }) => questions).filter(({ decision }) => decision === null);
  return open.length === 0 ? way : `${way}: ${open.length} to be decided before it compiles`;
}

export function overlayWords({ overlay }: ShimOutput): string {
  return 'release' in overlay
    ? `the kernel with the shim is ${overlay.release}`
    : `no overlay: ${overlay.reason}`;
}
