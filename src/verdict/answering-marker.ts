import type { Marker } from '../model/marker.ts';
import type { Kernel } from './kernel.ts';
import { factsOf } from './kernel.ts';

/** The marker that answers for a component: its own, or that of the component that guards it. */
export function answeringMarker(kernel: Kernel, id: string): Marker | undefined {
  const { marker } = factsOf(kernel, id);
  return marker?.guardedBy === undefined ? marker : answeringMarker(kernel, marker.guardedBy);
}

/** Whether a reader sees the same before what two kernels write of a component: then it cannot tell one from the other. */
export function haveSameMarker(one: Kernel, other: Kernel, id: string): boolean {
  const [written, read] = [answeringMarker(one, id), answeringMarker(other, id)];
  if (!written || !read) return written === read;
  return written.name === read.name && JSON.stringify(written.writes) === JSON.stringify(read.writes);
}
