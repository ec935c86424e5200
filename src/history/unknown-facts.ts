import { components } from '../components/index.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import type { AuditState } from './audit-state.ts';

// What is unknown of a kernel: an audit asks what a change does, and says what it could not look at.

/** Whether the marker that guards a component cannot be read on either side. */
export function isGuardUnknown(kernels: readonly Kernel[], id: string): boolean {
  return kernels.some((kernel) => {
    const guard = factsOf(kernel, id).marker?.guardedBy;
    return guard !== undefined && kernels.some((side) => isUnknown(side, guard));
  });
}

function isUnknown(kernel: Kernel, id: string): boolean {
  return factsOf(kernel, id).available === 'unknown';
}

/** A component that cannot be read on either side of a change, and a file of its declarations that the change touches. */
export interface UnreadTouch {
  component: string;
  file: string;
  reason: string;
}

/** What a change touches of components that are unknown before and after it. */
export function unreadTouches(before: AuditState, after: AuditState): UnreadTouch[] {
  return [...after.kernel.components.keys()].flatMap((component) => {
    if (!isUnknown(before.kernel, component) || !isUnknown(after.kernel, component)) return [];
    const file = touchedFile(component, before, after);
    const { reason = 'a fact is missing' } = factsOf(after.kernel, component);
    return file === undefined ? [] : [{ component, file, reason }];
  });
}

function touchedFile(id: string, before: AuditState, after: AuditState): string | undefined {
  const definition = components().find((component) => component.id === id);
  const eras = definition?.eras ?? [];
  const names = [
    ...new Set(eras.flatMap(({ structs, marker }) => [...Object.keys(structs), marker.macro ?? []].flat())),
  ];
  const files = new Set([...(definition?.anchor.files ?? []), ...eras.flatMap((era) => era.files)]);
  return [...files].find((path) => {
    const [from = '', to = ''] = [before, after].map((state) => state.textOf(path));
    return from !== to && declaredIn(from, path, names) !== declaredIn(to, path, names);
  });
}

/** What a file declares: of a header all of it, since a name may be new there; of code what has a known name. */
function declaredIn(text: string, path: string, names: readonly string[]): string {
  const bare = text.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, ' ');
  const parts = path.endsWith('.h') ? [bare] : names.map((name) => declarationOf(bare, name));
  return parts.join('\n').replace(/\s+/g, ' ').trim();
}

function declarationOf(text: string, name: string): string {
  const struct = new RegExp(`\\b(?:struct|union)\\s+${name}\\s*\\{.*?\\n\\}[^;]*;`, 's').exec(text)?.[0];
  const macro = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b.*$`, 'm').exec(text)?.[0];
  return struct ?? macro ?? '';
}
