// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows and columns that are not in view
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Axis } from '../view/axis.ts';
import type { Opened, View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { describeCell } from './cell-text.ts';
import { moveFrom } from './grid-keys.ts';
import type { Place } from './grid-place.ts';
import { elementAt, firstPlace, light, openedAt, placeOf } from './grid-place.ts';
import type { GridParts } from './grid-row.tsx';
import { GridHeads, GridRow } from './grid-row.tsx';
import type { Shape } from './grid-shape.ts';
import { columnWidth, ROW, rowHeight, shapeOf, useWidth } from './grid-shape.ts';
import { useLane } from './virtual.ts';

// Outgoing kernels down, incoming across, both headers sticky. Only what is in view is drawn; one cell at a time can have
// the focus (roving tabindex), and it stays drawn when it is scrolled away. Row and column -1 are the headers.

export interface GridProps {
  world: World;
  view: View;
  axis: Axis;
  open(opened: Opened): void;
  turn(series: string): void;
  /** Gets the focus back when what stood open is closed. */
  focusRef: RefObject<() => void>;
}

/** The matrix. */
export function MatrixGrid(props: GridProps) {
  const { world, view, axis, turn } = props;
  const { items } = axis;
  const scroller = useRef<HTMLDivElement>(null);
  const hover = useRef<HTMLOutputElement>(null);
  const shape = shapeOf(items, useWidth(scroller));
  const { place, rows, columns, ...handlers } = useMoves(props, { scroller, hover, shape });
  const width = columns.getTotalSize();
  const parts: GridParts = {
    world,
    view,
    items,
    shape,
    columns: columns.getVirtualItems(),
    width,
    place,
    turn,
  };
  return (
    <div class="grid-frame">
      <div
        ref={scroller}
        class="grid"
        role="grid"
        aria-label={`Live updates for ${view.profile} on ${view.target}: outgoing kernel down, incoming kernel across`}
        aria-rowcount={items.length + 1}
        aria-colcount={items.length + 1}
        style={{ '--labels': `${shape.labels}px` }}
        {...handlers}
      >
        <div
          role="presentation"
          class="grid-plane"
          style={{ width: `${width + 8}px`, height: `${rows.getTotalSize() + 8}px` }}
        >
          <GridHeads {...parts} />
          {rows.getVirtualItems().map((row) => (
            <GridRow key={items[row.index]?.label} row={row} parts={parts} />
          ))}
        </div>
      </div>
      <output ref={hover} class="hover" aria-hidden="true" />
    </div>
  );
}

interface Surface {
  scroller: RefObject<HTMLDivElement | null>;
  /** Tells what is under the pointer. */
  hover: RefObject<HTMLOutputElement | null>;
  shape: Shape;
}

/** Where the focus is, what is in view, and what the keys and the pointer do. */
function useMoves({ world, view, axis, open, focusRef }: GridProps, { scroller, hover, shape }: Surface) {
  const { items } = axis;
  const [active, setActive] = useState<Place>(() => firstPlace(world, view, items));
  const last = items.length - 1;
  const place = { row: Math.min(active.row, last), column: Math.min(active.column, last) };
  // Keys may come faster than the matrix is drawn.
  const latest = useRef(place);
  latest.current = place;
  const wantsFocus = useRef(false);
  const lane = { count: items.length, scroller: () => scroller.current };
  const rows = useLane({
    ...lane,
    horizontal: false,
    head: shape.heads,
    active: place.row,
    size: (index) => rowHeight(items[index]),
  });
  const columns = useLane({
    ...lane,
    horizontal: true,
    head: shape.labels,
    active: place.column,
    size: (index) => columnWidth(items[index], shape),
  });
  const show = ({ row, column }: Place): void => {
    if (row >= 0) rows.scrollToIndex(row, { align: 'auto' });
    if (column >= 0) columns.scrollToIndex(column, { align: 'auto' });
  };
  const focus = (): void => elementAt(scroller.current, place)?.focus({ preventScroll: true });
  focusRef.current = () => {
    show(place);
    focus();
  };
  useLayoutEffect(() => {
    rows.measure();
    columns.measure();
  }, [items, shape.cell, shape.labels, shape.heads]);
  useEffect(() => show(place), []);
  useLayoutEffect(() => {
    if (wantsFocus.current) focus();
    wantsFocus.current = false;
  });
  const go = (to: Place): void => {
    wantsFocus.current = true;
    latest.current = to;
    setActive(to);
    show(to);
  };
  const openAt = (at: Place): void => {
    const opened = openedAt(world, items, at);
    if (opened) open(opened);
  };
  const tell = ({ target }: Event): void => {
    const at = placeOf(target);
    if (!at || !hover.current) return;
    const [from, to] = [items[at.row], items[at.column]];
    hover.current.textContent = from && to ? describeCell(world, view, from, to) : '';
    light(scroller.current, at);
  };
  return {
    place,
    rows,
    columns,
    onMouseOver: tell,
    onFocusIn: tell,
    onClick: ({ target }: Event): void => {
      const at = placeOf(target);
      if (!at) return;
      latest.current = at;
      setActive(at);
      openAt(at);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (!placeOf(event.target)) return;
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 4);
      const isOpening = event.key === 'Enter' || event.key === ' ';
      const to = moveFrom(latest.current, event, { count: items.length, page });
      if (!isOpening && !to) return;
      event.preventDefault();
      if (isOpening) openAt(latest.current);
      else if (to) go(to);
    },
  };
}
