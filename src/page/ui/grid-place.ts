import type { AxisItem } from '../view/axis.ts';
import type { Opened, View } from '../view/location.ts';
import type { World } from '../view/world.ts';

/** A cell of the matrix by the positions of its items; -1 stands for the headers. */
export interface Place {
  row: number;
  column: number;
}

/** The place that an event of the matrix is about. */
export function placeOf(target: EventTarget | null): Place | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
  if (!element) return undefined;
  return { row: Number(element.dataset.row), column: Number(element.dataset.column) };
}

/** The element of a place, where it is drawn. */
export function elementAt(scroller: HTMLElement | null, { row, column }: Place): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`) ?? null;
}

/** Lights up the headers of a place; drawn past the renderer, for it follows the pointer. */
export function light(scroller: HTMLElement | null, { row, column }: Place): void {
  for (const lit of scroller?.querySelectorAll('.is-lit') ?? []) lit.classList.remove('is-lit');
  scroller?.querySelector(`.column-head[data-column="${column}"]`)?.classList.add('is-lit');
  scroller?.querySelector(`.row-name[data-row="${row}"]`)?.classList.add('is-lit');
}

/** The pair that a link opens, else the first cell. */
export function firstPlace(world: World, { opened }: View, items: readonly AxisItem[]): Place {
  if (opened?.kind !== 'pair') return { row: 0, column: 0 };
  const at = (release: string): number =>
    Math.max(
      0,
      items.findIndex((item) => holds(world, item, release)),
    );
  return { row: at(opened.outgoing), column: at(opened.incoming) };
}

/** What a place opens: a pair, or from a header a kernel. The newest member stands for a class of equal kernels. */
export function openedAt(
  world: World,
  items: readonly AxisItem[],
  { row, column }: Place,
): Opened | undefined {
  const release = (index: number): string | undefined => {
    const member = items[index]?.members.at(-1);
    return member === undefined ? undefined : world.head(member).release;
  };
  const [outgoing, incoming] = [release(row), release(column)];
  if (outgoing !== undefined && incoming !== undefined) return { kind: 'pair', outgoing, incoming };
  const alone = outgoing ?? incoming;
  return alone === undefined ? undefined : { kind: 'release', release: alone };
}

/** Whether a kernel is among those of an item. */
export function holds(world: World, { members }: AxisItem, release: string): boolean {
  const position = world.positionOf(release);
  return position !== undefined && members.includes(position);
}
