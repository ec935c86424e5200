// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows and columns that are not in view
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to cells and names, never to a row as a whole
import type { VirtualItem } from '@tanstack/virtual-core';
import { signOf } from '../../report/style.ts';
import type { AxisItem } from '../view/axis.ts';
import type { View } from '../view/location.ts';
import type { World } from '../view/world.ts';
import { describeCell, isConditional, isInClass, testedOf } from './cell-text.ts';
import type { Place } from './grid-place.ts';
import { holds } from './grid-place.ts';
import type { Shape } from './grid-shape.ts';
import { toneOf } from './words.ts';

/** What the rows and the columns of the matrix share. */
export interface GridParts {
  world: World;
  view: View;
  items: readonly AxisItem[];
  shape: Shape;
  columns: readonly VirtualItem[];
  /** The width of all columns with the names of the rows. */
  width: number;
  /** The place with the tab stop. */
  place: Place;
  turn(series: string): void;
}

/** The names of the columns in view; they stay at the top. */
export function GridHeads({ world, items, shape, columns, width, place }: GridParts) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      class="grid-heads"
      style={{ height: `${shape.heads}px`, width: `${width}px` }}
    >
      <div role="columnheader" aria-colindex={1} class="grid-corner">
        <span class="corner-from">outgoing ↓</span>
        <span class="corner-to">incoming →</span>
      </div>
      {columns.map(({ index, start, size }) => {
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
  );
}

/** One row: its name, which stays at the left, and the cells in view. */
export function GridRow({ row, parts }: { row: VirtualItem; parts: GridParts }) {
  const { items, columns, width } = parts;
  const from = items[row.index] as AxisItem;
  return (
    <div
      role="row"
      aria-rowindex={row.index + 2}
      class="grid-row"
      style={{ top: `${row.start}px`, height: `${row.size}px`, width: `${width}px` }}
    >
      <RowHead from={from} row={row.index} parts={parts} />
      {columns.map((column) => (
        <GridCell
          key={items[column.index]?.label}
          from={from}
          row={row.index}
          column={column}
          parts={parts}
        />
      ))}
    </div>
  );
}

interface HeadProps {
  from: AxisItem;
  row: number;
  parts: GridParts;
}

function RowHead({ from, row, parts: { world, view, place, turn } }: HeadProps) {
  const isUnfolded = view.folded === view.turned.includes(from.series);
  const turnHere = (event: Event): void => {
    event.stopPropagation();
    turn(from.series);
  };
  return (
    <div role="rowheader" aria-colindex={1} class="row-head">
      {from.isFirst && from.isFoldable && (
        <button type="button" class="band" aria-expanded={isUnfolded} onClick={turnHere}>
          <span aria-hidden="true">{isUnfolded ? '▾' : '▸'}</span> {from.series}
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
  );
}

interface CellProps extends HeadProps {
  column: VirtualItem;
}

function GridCell({ from, row, column, parts: { world, view, items, shape, place } }: CellProps) {
  const to = items[column.index] as AxisItem;
  const answer = world.answer(view, from.members[0] ?? 0, to.members[0] ?? 0);
  const [verdict, effect] = [answer?.verdict ?? 'unknown', answer?.effect ?? null] as const;
  const isOut = view.only !== undefined && !isInClass(world, view.only, from, to);
  const { opened } = view;
  const isOpen =
    opened?.kind === 'pair' && holds(world, from, opened.outgoing) && holds(world, to, opened.incoming);
  const looks = [
    'cell',
    isOut ? 'is-out' : `${toneOf(verdict, effect)} is-${testedOf(world, view, from, to)}`,
    ...(!isOut && isConditional(world, view, from, to) ? ['is-conditional'] : []),
    ...(from === to ? ['is-self'] : []),
    ...(isOpen ? ['is-open'] : []),
  ];
  return (
    <div
      role="gridcell"
      aria-colindex={column.index + 2}
      aria-label={describeCell(world, view, from, to)}
      aria-selected={isOpen}
      data-row={row}
      data-column={column.index}
      tabIndex={place.row === row && place.column === column.index ? 0 : -1}
      class={looks.join(' ')}
      style={{ left: `${column.start + column.size - shape.cell}px`, width: `${shape.cell - 2}px` }}
    >
      {isOut ? '' : signOf(verdict, effect).mark}
    </div>
  );
}

function headTitle(world: World, { members }: AxisItem, side: string): string {
  const names = members.map((member) => world.head(member).release);
  return `${names.join(', ')} (${side}): open`;
}
