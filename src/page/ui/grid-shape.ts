import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { AxisItem } from '../view/axis.ts';

// How large everything in the matrix is, in pixels.

export const ROW = 29;
const BAND = 23;
const GAP = 10;
const MIN_CELL = 30;
const MAX_CELL = 96;

export interface Shape {
  /** Width of the names of the rows. */
  labels: number;
  /** Height of the names of the columns. */
  heads: number;
  /** Width of a cell. */
  cell: number;
}

/** Cells share the width that there is; names have the room that the longest needs. */
export function shapeOf(items: readonly AxisItem[], width: number): Shape {
  const longest = Math.max(8, ...items.map(({ label }) => label.length));
  const labels = Math.min(290, 34 + longest * 7.4);
  const series = items.filter(({ isFirst }) => isFirst).length;
  const room = (width - labels - series * GAP - 24) / Math.max(1, items.length);
  const cell = Math.max(MIN_CELL, Math.min(MAX_CELL, Math.floor(room)));
  return { labels, heads: Math.min(250, 22 + longest * 7.2), cell };
}

/** A row with what stands above it: the name of a series that can be folded, or a gap before one that cannot. */
export function rowHeight(item: AxisItem | undefined): number {
  if (!item?.isFirst) return ROW;
  return ROW + (item.isFoldable ? BAND : GAP);
}

/** A column with the gap before the first of a series. */
export function columnWidth(item: AxisItem | undefined, { cell }: Shape): number {
  return cell + (item?.isFirst ? GAP : 0);
}

/** The inner width of an element, as it changes. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1100);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return undefined;
    const measure = (): void => setWidth(node.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return width;
}
