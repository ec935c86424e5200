import type { AcceptedMarker, Marker } from '../model/marker.ts';
import type { Reading } from './build-context.ts';
import { borrowed, contradicted, overruled } from './build-context.ts';
import { markerPattern } from './marker-strings.ts';

/** The marker of a component: the string that the image has, else what its source says. */
export function readMarker(reading: Reading): Marker | undefined {
  const marker = reading.source ? besideSource(reading, reading.source.marker) : ofBuildAlone(reading);
  if (marker) confirmHandover(reading, marker);
  return marker && bySection(reading, marker);
}

function ofBuildAlone(reading: Reading): Marker | undefined {
  const { era, definition, context, origins, unchecked, inferred } = reading;
  if (!era) return undefined;
  const { kind, macro, nameMacro, carrier, dispatcher, guardedBy } = era.marker;
  const rest = {
    carrier,
    ...(dispatcher !== undefined && { dispatcher }),
    ...(guardedBy !== undefined && { guardedBy }),
  };
  if (macro === undefined) return { kind, accepts: [], ...rest };
  const exact = markerInObject(reading);
  const [value, ...others] =
    exact !== undefined
      ? [exact]
      : nameMacro === undefined
        ? (context.strings?.markers(definition) ?? [])
        : [];
  if (value === undefined || others.length > 0) {
    unchecked.add(macro);
    return undefined;
  }
  origins.marker = exact === undefined ? ['rodata', 'inferred'] : ['rodata'];
  if (exact === undefined) inferred.add(`the marker ${value}, the only such string in the image`);
  return { kind, writes: value, accepts: [{ value }], macro, ...rest };
}

function besideSource(reading: Reading, marker: Marker | undefined): Marker | undefined {
  const { definition, context, origins, doubts, isModule } = reading;
  const { strings, lender } = context;
  const { writes } = marker ?? {};
  if (!marker || writes === undefined) return marker;
  const pattern = markerPattern(definition);
  if (typeof writes !== 'string' || !pattern?.test(writes) || !strings || isModule) {
    const shown = typeof writes === 'object' ? JSON.stringify(writes) : writes;
    const subject = marker.macro ?? 'marker';
    doubts.push(borrowed(subject, context, `the marker ${subject} (${shown})`));
    return marker;
  }
  const exact = markerInObject(reading);
  if (exact !== undefined) return inItsObject(reading, { ...marker, writes }, exact);
  const accepted = marker.accepts.map(({ value }) => value);
  // What the kernel lists is in its strings too.
  const listed = listedFor(reading);
  const others = strings
    .markers(definition)
    .filter((text) => !accepted.includes(text) && !listed.includes(text));
  const standing = strings.standing(writes);
  const [other, ...more] = others;
  if (other === undefined && standing === 'whole') {
    origins.marker = [...origins.marker, 'rodata'];
    return marker;
  }
  if (other === undefined && standing === 'end') {
    doubts.push(
      borrowed(writes, context, `the marker ${writes}, which may be the end of another string alone`),
    );
    return marker;
  }
  const has = others.length === 0 ? 'no such string' : strings.markers(definition).join(', ');
  const message = `the marker is ${writes} in ${lender}, and the image has ${has}`;
  if (other === undefined || more.length > 0 || standing === 'whole') {
    doubts.push(contradicted(writes, message, context));
    return marker;
  }
  doubts.push(overruled(writes, `${message}: judged by that`, context));
  origins.marker = ['rodata', 'inferred'];
  return { ...marker, writes: other, accepts: [{ value: other }] };
}

/** The string that the variable of a handler holds, where symbols say where that lies. */
function markerInObject({ era, context }: Reading): string | undefined {
  const { object } = era?.marker ?? {};
  const { memory, symbols } = context.facts;
  if (!object || !memory) return undefined;
  const [struct = '', name] = object.member.split('.');
  const [layout, ...others] = context.declarations.layouts(struct);
  const member = layout?.layout.members.find((one) => one.name === name);
  const address = context.declarations.addressOf(object.symbol, { memory, symbols });
  if (!member || others.length > 0 || address === undefined) return undefined;
  const bytes = memory.at(address + BigInt(member.bitOffset / 8), member.bitSize / 8);
  return bytes && /^([\x20-\x7e]+)\0/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
}

function inItsObject(
  { context, origins, doubts }: Reading,
  marker: Marker & { writes: string },
  exact: string,
): Marker {
  const { writes } = marker;
  if (exact === writes) {
    origins.marker = [...origins.marker, 'rodata'];
    return marker;
  }
  const message = `the marker is ${writes} in ${context.lender} and ${exact} in the build: judged as the build has it`;
  doubts.push(overruled(writes, message, context));
  origins.marker = ['rodata'];
  return { ...marker, writes: exact, accepts: [{ value: exact }] };
}

/** A running kernel shows the marker at the root of what it is about to hand over. */
function confirmHandover({ context, origins, doubts }: Reading, { carrier, writes }: Marker): void {
  const { handedOver } = context.facts;
  if (!handedOver || carrier !== 'fdt:KHO:/' || typeof writes !== 'string') return;
  if (handedOver.compatible.includes(writes)) origins.marker = [...origins.marker, 'handover'];
  else {
    const told = handedOver.compatible.join(', ') || 'nothing';
    const message = `the marker is ${writes} in ${context.lender ?? 'the image'}, and the running kernel hands over ${told}`;
    doubts.push(contradicted(writes, message, context));
  }
}

/** The markers of a component that the build's own list says it accepts. */
function listedFor({ definition, context }: Reading): string[] {
  const pattern = markerPattern(definition);
  return context.facts.liveupdate?.versions.filter((version) => pattern?.test(version)) ?? [];
}

/**
 * A marker that is accepted as the build's own list says: of what stands there beside what the source shows nobody has seen how
 * it is read. A list without what the kernel writes contradicts it.
 */
function bySection(reading: Reading, marker: Marker): Marker {
  const { source, context, origins, doubts } = reading;
  const listed = listedFor(reading);
  if (listed.length === 0) return marker;
  const known = marker.accepts.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const missing = known.filter((version) => !listed.includes(version));
  if (missing.length > 0) {
    const message = `${source ? context.lender : 'its code'} accepts ${known.join(', ')}, and the image's .liveupdate_versions lists ${listed.join(', ')}`;
    doubts.push(contradicted('.liveupdate_versions', message, context));
    return marker;
  }
  origins.marker = [...origins.marker, 'section'];
  const others = listed.filter((version) => !known.includes(version));
  const added = others.map(
    (value): AcceptedMarker => ({
      value,
      asWritten: true,
      conditions: ['its .liveupdate_versions lists it; how it reads it was not seen'],
    }),
  );
  return { ...marker, accepts: [...marker.accepts, ...added] };
}
