import type { Marker, MarkerValue } from '../model/marker.ts';

/** A marker as people write it: `kho-v4`, `pci 2`, `1`, `features 0x3`. */
export function markerText(
  value: MarkerValue | undefined,
  marker: Pick<Marker, 'name' | 'guardedBy'>,
): string {
  if (value === undefined) return marker.guardedBy ? `under ${marker.guardedBy}` : 'no marker';
  if (typeof value === 'object') return `features required ${value.required}, active ${value.active}`;
  // A device tree holds a list, its entries ended by NULs.
  const text = String(value).replaceAll('\0', ', ');
  return marker.name === undefined ? text : `${marker.name} ${text}`;
}
