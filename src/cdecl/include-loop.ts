import { ToolError } from '../errors.ts';
import type { FileView } from './file-view.ts';
import { errorAt, type PlacedText } from './place.ts';
import { readSource } from './source.ts';
import type { Space } from './space.ts';

/**
 * Throws C_INCLUDE_LOOP where a file includes itself, directly or through headers none of which has a guard: no
 * compiler could read it. Headers with a guard end such a loop and are not looked into.
 */
export function checkIncludes(space: Space, view: FileView): void {
  const stack: string[] = [];
  const done = new Set<string>();
  const visit = (file: PlacedText, includes: FileView['includes']) => {
    stack.push(file.path);
    for (const include of includes) {
      const path = include.depth > 0 ? undefined : space.resolveInclude(file.path, include);
      if (path === undefined || done.has(path)) continue;
      const source = readSource(space.world.tree, path);
      if (!source || source.isGuarded) continue;
      if (stack.includes(path)) {
        throw errorAt('C_INCLUDE_LOOP', `${include.spelled} is included again and again`, file, include.line);
      }
      const header = viewIfReadable(space, path);
      if (header) visit(header, header.includes);
    }
    stack.pop();
    done.add(file.path);
  };
  visit(view, view.includes);
}

/** A header that cannot be read throws where it is needed, not here. */
function viewIfReadable(space: Space, path: string): FileView | undefined {
  try {
    return space.view(path);
  } catch (error) {
    if (error instanceof ToolError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}
