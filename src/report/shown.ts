import { sortKeys } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Fidelity } from '../model/fidelity.ts';
import { fidelityOf } from '../model/fidelity.ts';
import type { Marker } from '../model/marker.ts';
import type { ShownComponent, ShownMarker, ShowOutput } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import { uapiOf } from '../model/uapi.ts';

/** A document as `show` prints it, for one target and, on request, one component. */
export function shownDocument(document: CaptureDocument, target: Target, only?: string): ShowOutput {
  const { release, base, vendor, date, origin, provenance, findings, components } = document;
  const chosen = Object.entries(components).filter(([id]) => only === undefined || id === only);
  return {
    release,
    base,
    vendor,
    date: date ?? null,
    target,
    origin,
    provenance,
    findings: findings.filter(({ component }) => only === undefined || component === only),
    components: Object.fromEntries(
      chosen.map(([id, state]) => [id, shownComponent(state, fidelityOf(document, id), target)]),
    ),
    ...(only === undefined && { uapi: uapiOf(document) ?? null }),
  };
}

function shownComponent(state: ComponentState, fidelity: Fidelity, target: Target): ShownComponent {
  const {
    inferred = [],
    doubts = [],
    available,
    reason,
    options,
    needs,
    marker,
    structs,
    constants,
    fdt,
    unchecked,
    places,
  } = state;
  const layouts: ShownComponent['layouts'] = {};
  for (const [name, { layout }] of Object.entries(structs)) {
    const value = forTarget(layout, target);
    const where = places[`struct ${name}`];
    if (value) layouts[name] = { ...value, ...(where !== undefined && { where }) };
  }
  const values: ShownComponent['constants'] = {};
  const roles: ShownComponent['roles'] = {};
  for (const [name, { value, role }] of Object.entries(constants)) {
    const actual = forTarget(value, target);
    if (actual === undefined) continue;
    values[name] = actual;
    roles[name] = role;
  }
  const nodes = fdt.map(({ path, properties }) => {
    const types = properties.map(({ name, type }) => [name, type] as const);
    return [path, Object.fromEntries(types)] as const;
  });
  return {
    fidelity,
    marker: marker ? shownMarker(marker, places.marker) : null,
    available,
    ...(reason !== undefined && { reason }),
    options,
    needs,
    layouts,
    constants: sortKeys(values),
    roles: sortKeys(roles),
    fdt: Object.fromEntries(nodes),
    unchecked,
    inferred,
    doubts,
    where: places,
  };
}

function shownMarker(marker: Marker, where: string | undefined): ShownMarker {
  const { kind, name, writes, accepts, guardedBy, macro } = marker;
  return {
    kind,
    ...(name !== undefined && { name }),
    writes: writes ?? null,
    accepts: accepts.map(({ value }) => value),
    ...(guardedBy !== undefined && { guardedBy }),
    ...(macro !== undefined && { macro }),
    ...(where !== undefined && { where }),
  };
}
