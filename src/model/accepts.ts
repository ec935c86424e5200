import { ToolError } from '../errors.ts';
import type { ComponentState } from './component-state.ts';

/**
 * A reader takes a marker with one layout. A component that accepts the same one twice, with the layouts of different
 * releases, says nothing that a verdict could rest on.
 * @throws ToolError DOCUMENT_INVALID
 */
export function checkAccepts(components: Readonly<Record<string, ComponentState>>, label: string): void {
  for (const [id, { marker }] of Object.entries(components)) {
    const known = new Map<string, string | undefined>();
    for (const { value, layoutOf, name = marker?.name } of marker?.accepts ?? []) {
      const key = JSON.stringify([name, value]);
      if (known.has(key) && known.get(key) !== layoutOf) {
        const [one, other] = [known.get(key), layoutOf].map((name) => name ?? 'its own');
        const text = typeof value === 'object' ? JSON.stringify(value) : value;
        throw new ToolError(
          'DOCUMENT_INVALID',
          `${label}: ${id} accepts ${text} twice, with the layouts of ${one} and of ${other}; leave one of them`,
          { path: label },
        );
      }
      known.set(key, layoutOf);
    }
  }
}
