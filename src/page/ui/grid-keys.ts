import type { Place } from './grid-place.ts';

/** How far a key may go. */
export interface Bounds {
  count: number;
  /** Rows of a page. */
  page: number;
}

/** Where a key leads in the matrix, as in every grid of its kind; undefined for a key that does not move. */
export function moveFrom(
  { row, column }: Place,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'ctrlKey' | 'key' | 'metaKey'>,
  { count, page }: Bounds,
): Place | undefined {
  const far = ctrlKey || metaKey;
  const to = ((): Place | undefined => {
    switch (key) {
      case 'ArrowDown':
        return { row: far ? count - 1 : row + 1, column };
      case 'ArrowUp':
        return { row: far ? 0 : row - 1, column };
      case 'ArrowRight':
        return { row, column: far ? count - 1 : column + 1 };
      case 'ArrowLeft':
        return { row, column: far ? 0 : column - 1 };
      case 'PageDown':
        return { row: row + page, column };
      case 'PageUp':
        return { row: Math.max(0, row - page), column };
      case 'Home':
        return { row: far ? 0 : row, column: 0 };
      case 'End':
        return { row: far ? count - 1 : row, column: count - 1 };
      default:
        return undefined;
    }
  })();
  return to && inside(to, count);
}

/** The corner has nothing to show, so that no key leads into it. */
function inside({ row, column }: Place, count: number): Place | undefined {
  const clamp = (value: number): number => Math.max(-1, Math.min(count - 1, value));
  const to = { row: clamp(row), column: clamp(column) };
  return to.row === -1 && to.column === -1 ? undefined : to;
}
