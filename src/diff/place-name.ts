import type { LayoutLookup } from './rule.ts';

const PLACE = /^(\w+)@(\d+)/;

/** Whether a text is a place in handed-over data: `STRUCT@BIT`, or a row of such. */
export function isPlaceText(text: string): boolean {
  return PLACE.test(text);
}

/** A place by the name of its member; anything else as it is. */
export function placeName(place: string, layoutOf: LayoutLookup): string {
  const [, struct, bit] = PLACE.exec(place) ?? [];
  if (struct === undefined) return place;
  const member = layoutOf(`struct ${struct}`)?.members.find(({ bitOffset }) => bitOffset === Number(bit));
  return member ? `${struct}.${member.name}` : struct;
}
