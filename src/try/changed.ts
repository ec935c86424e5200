import type { ComponentFacts } from '../diff/rule.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable } from '../verdict/kernel.ts';

/**
 * How a kernel that was booted differs, in what an update rests on, from the release whose name it bears; undefined where it
 * does not. A test of one that differs is no test of the release.
 */
export function changesOf(
  kernel: Kernel,
  release: Kernel | undefined,
  components: readonly string[],
  target: Target,
): string | undefined {
  if (!release) return undefined;
  const changes = components.flatMap((id) => {
    const [own, known] = [factsOf(kernel, id), factsOf(release, id)];
    if (!isAvailable(known)) return [];
    if (own.available === 'no') return [`without ${own.options.join(', ') || id}`];
    return changedFacts(own, known, target);
  });
  return changes.length > 0 ? [...new Set(changes)].join('; ') : undefined;
}

function changedFacts(own: ComponentFacts, known: ComponentFacts, target: Target): string[] {
  const layouts = Object.entries(known.structs).flatMap(([name, { layout }]) => {
    const mine = own.structs[name];
    return mine && differs(forTarget(mine.layout, target), forTarget(layout, target))
      ? [`struct ${name}`]
      : [];
  });
  const constants = Object.entries(known.constants).flatMap(([name, { value }]) => {
    const mine = own.constants[name];
    const [is, was] = [mine && forTarget(mine.value, target), forTarget(value, target)];
    return mine && differs(is, was) ? [`${name} is ${String(is)}, not ${String(was)}`] : [];
  });
  const [is, was] = [own.marker?.writes, known.marker?.writes];
  const marker = is !== undefined && differs(is, was) ? [`marker is ${String(is)}, not ${String(was)}`] : [];
  return [...marker, ...layouts, ...constants];
}

/** A type may be spelled in another way by a build; where its bits are is what counts. */
function differs(one: unknown, other: unknown): boolean {
  return one !== undefined && other !== undefined && textOf(one) !== textOf(other);
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    ['encoding', 'inferred', 'type'].includes(key) ? undefined : inner,
  );
}
