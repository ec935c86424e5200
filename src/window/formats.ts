import { markerText } from '../diff/marker-text.ts';
import type { Target } from '../model/target.ts';
import { answeringMarker } from '../verdict/answering-marker.ts';
import { isRead, judgeByItself } from '../verdict/by-itself.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable } from '../verdict/kernel.ts';
import type { PairInput } from '../verdict/pair.ts';

// A format is what kernels write of a component that read each other's both ways under one marker: the markers alone do not
// tell, since one marker may stand for several layouts.

/** What verdicts rest on beside the kernels. */
export type Judging = Pick<PairInput, 'errata' | 'erratumApplies' | 'kernelNamed' | 'reviews'>;

export interface Format {
  component: string;
  marker: string;
  guardedBy?: string;
  /** Oldest first. */
  writers: Kernel[];
  /** `nothing`: its writers leave nothing behind, and a reader may demand it all the same. `not known`: what they write. */
  isWithout?: 'not known' | 'nothing';
}

/** The formats of a component that some kernels write, oldest first. */
export function formatsOf(
  component: string,
  kernels: readonly Kernel[],
  { target, judging }: { target: Target; judging: Judging },
): Format[] {
  const formats: Format[] = [];
  for (const isWithout of ['nothing', 'not known'] as const) {
    const writers = kernels.filter((kernel) => withoutFormat(kernel, component, kernels) === isWithout);
    if (writers.length > 0) formats.push({ component, marker: isWithout, writers, isWithout });
  }
  for (const kernel of kernels) {
    if (!isAvailable(factsOf(kernel, component))) continue;
    const mark = markerOf(kernel, component);
    const known = formats.find(
      (format) =>
        format.marker === mark.marker &&
        isSameFormat(format.writers.at(-1) as Kernel, kernel, { component, target, judging }),
    );
    if (known) known.writers.push(kernel);
    else formats.push({ component, ...mark, writers: [kernel] });
  }
  return formats;
}

/** A kernel that leaves nothing: it has what the component rests on, so that a reader comes as far as to look for it. */
function withoutFormat(
  kernel: Kernel,
  component: string,
  kernels: readonly Kernel[],
): Format['isWithout'] | undefined {
  const { available } = factsOf(kernel, component);
  if (available === 'unknown') return 'not known';
  if (available !== 'no') return undefined;
  const having = kernels.find((other) => isAvailable(factsOf(other, component)));
  const needs = having === undefined ? [] : factsOf(having, component).needs;
  return needs.every((need) => factsOf(kernel, need).available !== 'no') ? 'nothing' : undefined;
}

interface Comparison {
  component: string;
  target: Target;
  judging: Judging;
}

function isSameFormat(one: Kernel, other: Kernel, { component, target, judging }: Comparison): boolean {
  const reads = (outgoing: Kernel, incoming: Kernel): boolean =>
    isRead(judgeByItself({ ...judging, outgoing, incoming, target }, component));
  return reads(one, other) && reads(other, one);
}

/** The marker that answers for what a kernel writes of a component, as people write it. */
export function markerOf(kernel: Kernel, component: string): Pick<Format, 'guardedBy' | 'marker'> {
  const marker = answeringMarker(kernel, component);
  const guardedBy = factsOf(kernel, component).marker?.guardedBy;
  return {
    marker: marker ? markerText(marker.writes, marker) : 'no marker',
    ...(guardedBy !== undefined && { guardedBy }),
  };
}
