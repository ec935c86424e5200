import { haveSameMarker } from '../verdict/answering-marker.ts';
import { factsOf } from '../verdict/kernel.ts';
import { markerWords } from './plan.ts';
import type { ShimInput } from './shim.ts';
import { checkConvertible, handWork, planOn } from './shim.ts';

/** What a shim for a component would come to. */
export interface ShimNeed {
  /** What is written: `kho-v3`, `nothing`. */
  marker: string;
  isGenerated: boolean;
  words: string;
}

/**
 * Whether a shim is all that a refused component needs; undefined where no shim helps: the reader could not tell what lies
 * before it.
 * @throws ToolError SHIM_UNFIT where nothing of it is known
 */
export function shimNeed(input: Omit<ShimInput, 'both'>): ShimNeed | undefined {
  const { outgoing, incoming, component, target } = input;
  if (factsOf(outgoing, component).available === 'no') {
    const words = `${outgoing.release} writes nothing of it, and ${incoming.release} has to do without`;
    return { marker: 'nothing', isGenerated: false, words };
  }
  checkConvertible(input);
  const plan = planOn(input, { from: outgoing, to: incoming, target });
  if (haveSameMarker(outgoing, incoming, component)) return undefined;
  const marker = markerWords(plan.outgoing);
  const [first] = handWork(plan);
  if (first !== undefined) return { marker, isGenerated: false, words: first };
  const asked = plan.questions.length;
  const checked = plan.structs.flatMap(({ outgoing: struct, members }) =>
    members.flatMap(({ name, conversion }) => (conversion?.check === undefined ? [] : [`${struct}.${name}`])),
  );
  const words = [
    ...(asked > 0 ? [`${asked} to be decided`] : []),
    ...(checked.length > 0 ? [`values that do not fit are refused (${checked.join(', ')})`] : []),
  ];
  return { marker, isGenerated: true, words: words.join('; ') };
}
