import { byCodeUnit } from '../model/canonical.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { Marker } from '../model/marker.ts';
import type { ReusedMarker } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';

type Facts = Omit<ComponentState, 'places'>;

/**
 * The markers that name several layouts among some kernels on one target, and the subtrees in which readers find things of
 * different forms, sorted by component and marker.
 */
export function findReusedMarkers(kernels: Iterable<Kernel>, target: Target): ReusedMarker[] {
  const found = new Map<string, ReusedMarker>();
  const layoutByWire = new Map<string, ReusedMarker['layouts'][number]>();
  for (const kernel of kernels) {
    for (const [component, { facts }] of kernel.components) {
      if (!isThere(facts)) continue;
      const guard = guardOf(kernel, facts);
      const named = [
        ...(guard ? [{ ...guard, form: wireOf(facts, target) }] : []),
        // Before anything is compared, a reader finds the data by the name of the subtree.
        ...subtreesOf(facts).map((text) => ({ text, id: undefined, form: `found as ${facts.marker?.kind}` })),
      ];
      for (const { text, id, form } of named) {
        const key = `${component} ${text}`;
        const reused = found.get(key) ?? {
          component,
          marker: text,
          ...(id !== undefined && { guardedBy: id }),
          layouts: [],
        };
        found.set(key, reused);
        const wire = `${key} ${form}`;
        const known = layoutByWire.get(wire);
        if (known) known.releases.push(kernel.release);
        else {
          const layout = { releases: [kernel.release], sizes: sizesOf(facts, target) };
          layoutByWire.set(wire, layout);
          reused.layouts.push(layout);
        }
      }
    }
  }
  return [...found.values()]
    .filter(({ layouts }) => layouts.length > 1)
    .sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.marker, b.marker));
}

function isThere({ available }: Facts): boolean {
  return available === 'yes' || available === 'buildable';
}

/** The names of the subtrees that hold a component whose marker lies in them. */
function subtreesOf({ fdt, marker }: Facts): string[] {
  if (marker?.writes === undefined) return [];
  return fdt.flatMap(({ path, notWritten }) =>
    path.startsWith('KHO:/') && !notWritten ? [path.slice('KHO:/'.length)] : [],
  );
}

/** The marker that answers for a component: its own, or that of the component which guards it. */
function guardOf(kernel: Kernel, { marker }: Facts): { text: string; id?: string } | undefined {
  if (!marker) return undefined;
  const own = textOf(marker);
  if (own !== undefined) return { text: own };
  const id = marker.guardedBy;
  const guard = id === undefined ? undefined : kernel.components.get(id)?.facts.marker;
  const text = guard && textOf(guard);
  return text === undefined || id === undefined ? undefined : { text, id };
}

function textOf({ name, writes }: Marker): string | undefined {
  if (writes === undefined) return undefined;
  const value = typeof writes === 'object' ? JSON.stringify(writes) : String(writes);
  return name === undefined ? value : `${name} ${value}`;
}

function layoutsOf({ structs }: Facts, target: Target): [string, Layout][] {
  return Object.entries(structs).flatMap(([name, { layout }]): [string, Layout][] => {
    const here = forTarget(layout, target);
    return here ? [[name, here]] : [];
  });
}

function sizesOf(facts: Facts, target: Target): { [name: string]: number } {
  return Object.fromEntries(layoutsOf(facts, target).map(([name, { size }]) => [name, size]));
}

/** What lies in memory, names of members left out; and the constants that shape it. */
function wireOf(facts: Facts, target: Target): string {
  const shapes = Object.entries(facts.constants)
    .filter(([, { role }]) => role === 'shape')
    .map(([name, { value }]) => [name, forTarget(value, target)]);
  const layouts = layoutsOf(facts, target).map(([name, { size, members }]) => [
    name,
    size,
    placesOf(members),
  ]);
  return JSON.stringify([layouts, shapes]);
}

function placesOf(members: readonly Member[]): unknown[] {
  return members.map(({ bitOffset, bitSize, encoding, members: inner }) => [
    bitOffset,
    bitSize,
    encoding,
    placesOf(inner ?? []),
  ]);
}
