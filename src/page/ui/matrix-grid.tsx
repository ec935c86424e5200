import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signOf } from '../../report/style.ts';
import type { Axis, AxisItem } from '../view/axis.ts';
import type { Opened, View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { describeCell, isInClass } from './cell-text.ts';
import { moveFrom } from './grid-keys.ts';
import type { Lane } from './virtual.ts';
import { useLane } from './virtual.ts';
import { toneOf } from './words.ts';

// Outgoing kernels down, incoming across, both headers sticky. Only what is in view is drawn; one cell at a time can have
// the focus (roving tabindex), and it stays drawn when it is scrolled away. Row and column -1 are the headers.

const ROW = 29;
const BAND = 23;
const GAP = 10;
const MIN_CELL = 30;
const MAX_CELL = 64;

export interface Place {
  row: number;
  column: number;
}

export interface GridProps {
  world: World;
  view: View;
  axis: Axis;
  open(opened: Opened): void;
  turn(series: string): void;
  /** Gets the focus back when what stood open is closed. */
  focusRef: RefObject<() => void>;
}

interface Shape {
  labels: number;
  heads: number;
  cell: number;
}

export function MatrixGrid(props: GridProps) {
  const { world, view, axis, open, turn, focusRef } = props;
  const { items } = axis;
  const scroller = useRef<HTMLDivElement>(null);
  const hover = useRef<HTMLOutputElement>(null);
  const wantsFocus = useRef(false);
  const [active, setActive] = useState<Place>(() => firstPlace(world, view, items));
  const width = useWidth(scroller);
  const shape = shapeOf(items, width);
  const place = {
    row: Math.min(active.row, items.length - 1),
    column: Math.min(active.column, items.length - 1),
  };
  const lane = { count: items.length, scroller: () => scroller.current };
  const rows = useLane({
    ...lane,
    horizontal: false,
    head: shape.heads,
    active: place.row,
    size: (index) => ROW + aboveOf(items[index]),
  });
  const columns = useLane({
    ...lane,
    horizontal: true,
    head: shape.labels,
    active: place.column,
    size: (index) => shape.cell + (items[index]?.isFirst ? GAP : 0),
  } satisfies Lane);
  useLayoutEffect(() => {
    rows.measure();
    columns.measure();
  }, [items, shape.cell, shape.labels, shape.heads]);
  const focusNow = (): void => {
    const { row, column } = place;
    scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`)?.focus({ preventScroll: true });
  };
  focusRef.current = () => {
    show(place);
    focusNow();
  };
  useEffect(() => show(place), []);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    focusNow();
  });
  const show = ({ row, column }: Place): void => {
    if (row >= 0) rows.scrollToIndex(row, { align: 'auto' });
    if (column >= 0) columns.scrollToIndex(column, { align: 'auto' });
  };
  const go = (to: Place): void => {
    wantsFocus.current = true;
    setActive(to);
    show(to);
  };
  const openAt = ({ row, column }: Place): void => {
    const opened = openedAt(world, items, { row, column });
    if (opened) open(opened);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = placeOf(event.target);
    if (!at) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      openAt(at);
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW) - 4);
    const to = moveFrom(at, event, { count: items.length, page });
    if (!to) return;
    event.preventDefault();
    go(to);
  };
  const onClick = (event: MouseEvent): void => {
    const at = placeOf(event.target);
    if (!at) return;
    setActive(at);
    openAt(at);
  };
  const onHover = (event: Event): void => {
    const at = placeOf(event.target);
    const output = hover.current;
    if (!output || !at) return;
    const [from, to] = [items[at.row], items[at.column]];
    output.textContent = from && to ? describeCell(world, view, from, to) : '';
    mark(scroller.current, at);
  };
  const shownColumns = columns.getVirtualItems();
  const across = columns.getTotalSize();
  const opened = view.opened?.kind === 'pair' ? view.opened : undefined;
  const isOpen = (row: AxisItem, column: AxisItem): boolean =>
    opened !== undefined && holds(world, row, opened.outgoing) && holds(world, column, opened.incoming);
  return (
    <div class="grid-frame">
      <div
        ref={scroller}
        class="grid"
        role="grid"
        aria-label={`Live updates for ${view.profile} on ${view.target}: outgoing kernel down, incoming kernel across`}
        aria-rowcount={items.length + 1}
        aria-colcount={items.length + 1}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onMouseOver={onHover}
        onFocusIn={onHover}
        style={{ '--labels': `${shape.labels}px`, '--heads': `${shape.heads}px` }}
      >
        <div role="presentation" class="grid-plane" style={{ width: `${across + 8}px`, height: `${rows.getTotalSize() + 8}px` }}>
          <div role="row" aria-rowindex={1} class="grid-heads" style={{ height: `${shape.heads}px`, width: `${across}px` }}>
            <div role="columnheader" aria-colindex={1} class="grid-corner">
              <span class="corner-from">outgoing ↓</span>
              <span class="corner-to">incoming →</span>
            </div>
            {shownColumns.map(({ index, start, size }) => {
              const item = items[index] as AxisItem;
              return (
                <div
                  key={item.label}
                  role="columnheader"
                  aria-colindex={index + 2}
                  data-row={-1}
                  data-column={index}
                  tabIndex={place.row === -1 && place.column === index ? 0 : -1}
                  class={`column-head${item.isFirst && index > 0 ? ' is-first' : ''}`}
                  style={{ left: `${start + size - shape.cell}px`, width: `${shape.cell}px` }}
                  title={headTitle(world, item, 'incoming')}
                >
                  <span>{item.label}</span>
                </div>
              );
            })}
          </div>
          {rows.getVirtualItems().map(({ index: row, start, size }) => {
            const from = items[row] as AxisItem;
            return (
              <div
                key={from.label}
                role="row"
                aria-rowindex={row + 2}
                class="grid-row"
                style={{ top: `${start}px`, height: `${size}px`, width: `${across}px` }}
              >
                <div role="rowheader" aria-colindex={1} class="row-head">
                  {from.isFirst && from.isFoldable && (
                    <button
                      type="button"
                      class="band"
                      tabIndex={-1}
                      aria-expanded={isUnfolded(view, from.series)}
                      onClick={(event) => {
                        event.stopPropagation();
                        turn(from.series);
                      }}
                    >
                      <span aria-hidden="true">{isUnfolded(view, from.series) ? '▾' : '▸'}</span> {from.series}
                    </button>
                  )}
                  <button
                    type="button"
                    class="row-name"
                    data-row={row}
                    data-column={-1}
                    tabIndex={place.row === row && place.column === -1 ? 0 : -1}
                    title={headTitle(world, from, 'outgoing')}
                  >
                    {from.label}
                  </button>
                </div>
                {shownColumns.map(({ index: column, start: left, size: across }) => {
                  const to = items[column] as AxisItem;
                  const answer = world.answer(view, from.members[0] ?? 0, to.members[0] ?? 0);
                  const isOut = view.only !== undefined && !isInClass(world, view.only, from, to);
                  const tone = answer ? toneOf(answer.verdict, answer.effect) : 't-unknown';
                  const tested = world.agreement(view, from.members[0] ?? 0, to.members[0] ?? 0);
                  return (
                    <div
                      key={to.label}
                      role="gridcell"
                      aria-colindex={column + 2}
                      aria-label={describeCell(world, view, from, to)}
                      aria-selected={isOpen(from, to)}
                      data-row={row}
                      data-column={column}
                      tabIndex={place.row === row && place.column === column ? 0 : -1}
                      class={`cell ${isOut ? 'is-out' : tone}${row === column ? ' is-self' : ''}${isOpen(from, to) ? ' is-open' : ''}`}
                      style={{ left: `${left + across - shape.cell}px`, width: `${shape.cell - 2}px` }}
                    >
                      {isOut ? '' : signOf(answer?.verdict ?? 'unknown', answer?.effect ?? null).mark}
                      {!isOut && tested !== 'untested' && (
                        <span class={`tested is-${tested}`} aria-hidden="true">
                          {tested === 'agrees' ? '✓' : '!'}
                        </span>
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      <output ref={hover} class="hover" aria-hidden="true" />
    </div>
  );
}

/** Room above a row: for the name of a series that can be folded, or a gap before one that cannot. */
function aboveOf(item: AxisItem | undefined): number {
  if (!item?.isFirst) return 0;
  return item.isFoldable ? BAND : GAP;
}

function isUnfolded(view: View, series: string): boolean {
  return view.folded === view.turned.includes(series);
}

/** The pair that a link opens, else the first cell. */
function firstPlace(world: World, { opened }: View, items: readonly AxisItem[]): Place {
  if (opened?.kind !== 'pair') return { row: 0, column: 0 };
  const at = (release: string): number => Math.max(0, items.findIndex((item) => holds(world, item, release)));
  return { row: at(opened.outgoing), column: at(opened.incoming) };
}

function holds(world: World, { members }: AxisItem, release: string): boolean {
  const position = world.positionOf(release);
  return position !== undefined && members.includes(position);
}

function headTitle(world: World, { members }: AxisItem, side: string): string {
  const names = members.map((member) => world.head(member).release);
  return `${names.join(', ')} (${side}): open`;
}

/** The newest member stands for a class of equal kernels. */
function openedAt(world: World, items: readonly AxisItem[], { row, column }: Place): Opened | undefined {
  const release = (index: number): string | undefined => {
    const member = items[index]?.members.at(-1);
    return member === undefined ? undefined : world.head(member).release;
  };
  const [outgoing, incoming] = [release(row), release(column)];
  if (outgoing !== undefined && incoming !== undefined) return { kind: 'pair', outgoing, incoming };
  const alone = outgoing ?? incoming;
  return alone === undefined ? undefined : { kind: 'release', release: alone };
}

function placeOf(target: EventTarget | null): Place | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  if (!element) return undefined;
  return { row: Number(element.dataset.row), column: Number(element.dataset.column) };
}

/** Lights up the headers of a place; drawn past the renderer, for it follows the pointer. */
function mark(scroller: HTMLElement | null, { row, column }: Place): void {
  for (const lit of scroller?.querySelectorAll('.is-lit') ?? []) lit.classList.remove('is-lit');
  scroller?.querySelector(`.column-head[data-column="${column}"]`)?.classList.add('is-lit');
  scroller?.querySelector(`.row-name[data-row="${row}"]`)?.classList.add('is-lit');
}

function shapeOf(items: readonly AxisItem[], width: number): Shape {
  const longest = Math.max(8, ...items.map(({ label }) => label.length));
  const labels = Math.min(290, 34 + longest * 7.4);
  const series = items.filter(({ isFirst }) => isFirst).length;
  const room = (width - labels - series * GAP - 24) / Math.max(1, items.length);
  const cell = Math.max(MIN_CELL, Math.min(MAX_CELL, Math.floor(room)));
  return { labels, heads: Math.min(250, 22 + longest * 7.2), cell };
}

function useWidth(element: RefObject<HTMLElement | null>): number {
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
