import type { Range, VirtualizerOptions } from '@tanstack/virtual-core';
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type Options = VirtualizerOptions<HTMLElement, HTMLElement>;

/** What one direction of the matrix looks like. */
export interface Lane {
  count: number;
  horizontal: boolean;
  /** Pixels taken by the sticky headers before the first item. */
  head: number;
  size(index: number): number;
  scroller(): HTMLElement | null;
  /** Stays in the document even when it is scrolled away, so that it keeps the focus. */
  active: number;
}

/** The virtualizer of one direction: only what is in view, and the active item, is drawn. */
export function useLane(lane: Lane): Virtualizer<HTMLElement, HTMLElement> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const options: Options = {
    count: lane.count,
    horizontal: lane.horizontal,
    paddingStart: lane.head,
    scrollPaddingStart: lane.head,
    overscan: 4,
    estimateSize: lane.size,
    getScrollElement: lane.scroller,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    initialRect: { width: 1200, height: 800 },
    rangeExtractor: (range) => withActive(range, lane.active),
    onChange: () => redraw(undefined as never),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}

function withActive(range: Range, active: number): number[] {
  const shown = defaultRangeExtractor(range);
  if (active < 0 || active >= range.count || shown.includes(active)) return shown;
  return [...shown, active].sort((a, b) => a - b);
}
